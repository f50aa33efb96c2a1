/**
 * Means and standard errors over replicates of rows of numbers, with memory for the rows only. Where some values are
 * infinite, so is the mean (NaN if of both signs), and the standard error is NaN.
 */
export class Moments {
  /** The first replicate's values, subtracted before summing so that squares lose no digits; its last row holds on. */
  private readonly shift: Float64Array;
  private readonly lastShift: Float64Array;
  private sums: Float64Array;
  private squares: Float64Array;
  /** Replicates that have ended: how many end before each row, and what their last rows (less lastShift) add. */
  private tailCounts: Float64Array;
  private tailSums: Float64Array;
  private tailSquares: Float64Array;
  private rows = 0;
  private replicates = 0;

  /**
   * @param columns numbers per row
   * @param values those from `from` to `to` - 1 are the first replicate's rows; `add` it too
   */
  constructor(
    private readonly columns: number,
    values: Float64Array,
    from: number,
    to: number,
  ) {
    // An infinite shift would make the finite values NaN.
    this.shift = values.slice(from, to).map((value) => (Number.isFinite(value) ? value : 0));
    this.lastShift = this.shift.slice(to - from - columns);
    const length = to - from + columns;
    this.sums = new Float64Array(length);
    this.squares = new Float64Array(length);
    this.tailCounts = new Float64Array(length);
    this.tailSums = new Float64Array(length);
    this.tailSquares = new Float64Array(length);
  }

  /** A replicate's rows, from `from` to `to` - 1 of the values; the last one holds for all later rows. */
  add(values: Float64Array, from: number, to: number): void {
    const { columns, shift, lastShift } = this;
    const length = to - from;
    this.replicates++;
    this.rows = Math.max(this.rows, length / columns);
    this.reserve(length + columns);
    const { sums, squares } = this;
    const shared = Math.min(length, shift.length);
    for (let i = 0; i < shared; i++) {
      const d = values[from + i] - shift[i];
      sums[i] += d;
      squares[i] += d * d;
    }
    for (let i = shared; i < length; i++) {
      const d = values[from + i] - lastShift[i % columns];
      sums[i] += d;
      squares[i] += d * d;
    }
    for (let k = 0; k < columns; k++) {
      const d = values[to - columns + k] - lastShift[k];
      this.tailCounts[length + k]++;
      this.tailSums[length + k] += d;
      this.tailSquares[length + k] += d * d;
    }
  }

  private reserve(needed: number): void {
    if (needed <= this.sums.length) return;
    const length = Math.max(needed, 2 * this.sums.length);
    this.sums = extend(this.sums, length);
    this.squares = extend(this.squares, length);
    this.tailCounts = extend(this.tailCounts, length);
    this.tailSums = extend(this.tailSums, length);
    this.tailSquares = extend(this.tailSquares, length);
  }

  /** Mean and standard error (null for one replicate) of one column, by row. */
  column(k: number): { mean: number[]; standardError: (number | null)[] } {
    const n = this.replicates;
    const mean: number[] = [];
    const standardError: (number | null)[] = [];
    let [count, sum, square] = [0, 0, 0];
    for (let row = 0; row < this.rows; row++) {
      const i = row * this.columns + k;
      count += this.tailCounts[i];
      sum += this.tailSums[i];
      square += this.tailSquares[i];
      const shift = i < this.shift.length ? this.shift[i] : this.lastShift[k];
      // The tails were summed up around lastShift: move them to this row's shift.
      const move = this.lastShift[k] - shift;
      const average = (this.sums[i] + sum + count * move) / n;
      const squares = this.squares[i] + square + 2 * move * sum + count * move * move;
      mean.push(shift + average);
      standardError.push(n > 1 ? Math.sqrt(Math.max(0, squares - n * average * average) / (n - 1) / n) : null);
    }
    return { mean, standardError };
  }
}

function extend(array: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(array);
  return longer;
}
