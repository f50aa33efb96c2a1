/** Means and standard errors over replicates of rows of numbers, with memory for the rows only. */
export class Moments {
  /** Subtracted before summing, so that squares lose no digits: a row's first value, or one per column. */
  private readonly shift: Float64Array;
  private sums: Float64Array;
  private squares: Float64Array;
  /** What ended rows add to every later row: differences, summed up at the end. */
  private tailSums: Float64Array;
  private tailSquares: Float64Array;
  private rows = 0;
  private replicates = 0;

  /**
   * @param columns numbers per row
   * @param first the first replicate: its values where every replicate has the same rows, else its last row
   */
  constructor(
    private readonly columns: number,
    first: Float64Array,
    private readonly ragged: boolean,
  ) {
    this.shift = ragged ? first.slice(first.length - columns) : first.slice();
    this.sums = new Float64Array(first.length);
    this.squares = new Float64Array(first.length);
    this.tailSums = new Float64Array(ragged ? first.length + columns : 0);
    this.tailSquares = new Float64Array(ragged ? first.length + columns : 0);
  }

  /** A replicate's rows; under `ragged` its last row holds for all later ones too. */
  add(values: Float64Array): void {
    const { columns, shift } = this;
    const rows = values.length / columns;
    if (rows > this.rows) this.grow(rows);
    this.replicates++;
    const { sums, squares } = this;
    for (let i = 0, k = 0; i < values.length; i++) {
      const d = values[i] - shift[this.ragged ? k : i];
      sums[i] += d;
      squares[i] += d * d;
      if (++k === columns) k = 0;
    }
    if (!this.ragged) return;
    for (let k = 0; k < columns; k++) {
      const d = values[values.length - columns + k] - shift[k];
      this.tailSums[values.length + k] += d;
      this.tailSquares[values.length + k] += d * d;
    }
  }

  private grow(rows: number): void {
    this.rows = rows;
    const needed = rows * this.columns;
    if (needed <= this.sums.length) return;
    const length = Math.max(needed, 2 * this.sums.length);
    this.sums = extend(this.sums, length);
    this.squares = extend(this.squares, length);
    this.tailSums = extend(this.tailSums, length + this.columns);
    this.tailSquares = extend(this.tailSquares, length + this.columns);
  }

  /** Mean and standard error of one column, by row. */
  column(k: number): { mean: number[]; standardError: (number | null)[] } {
    const n = this.replicates;
    const mean: number[] = [];
    const standardError: (number | null)[] = [];
    let tailSum = 0;
    let tailSquare = 0;
    for (let row = 0; row < this.rows; row++) {
      const i = row * this.columns + k;
      if (this.ragged) {
        tailSum += this.tailSums[i];
        tailSquare += this.tailSquares[i];
      }
      const average = (this.sums[i] + tailSum) / n;
      const variance = (this.squares[i] + tailSquare - n * average * average) / (n - 1);
      mean.push(this.shift[this.ragged ? k : i] + average);
      standardError.push(n > 1 ? Math.sqrt(Math.max(0, variance) / n) : null);
    }
    return { mean, standardError };
  }
}

function extend(array: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(array);
  return longer;
}
