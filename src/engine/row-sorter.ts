/** Sorts rows of numbers one after the other: replicates keep about their order from one generation to the next. */

/** Places that numbers are moved by, on average, before sorting anew is faster. */
const MOST_MOVES = 12;

export class RowSorter {
  /** Columns in the order of an earlier row. */
  private order: Uint32Array;
  private readonly sorted: Float64Array;
  /** Rows until the order is made anew. */
  private wait = 1;
  private failures = 0;

  constructor(columns: number) {
    this.order = Uint32Array.from({ length: columns }, (_, i) => i);
    this.sorted = new Float64Array(columns);
  }

  /** The row's numbers in increasing order, until the next call; the row may be reordered. Later rows may be shorter, not longer. */
  sort(row: Float64Array): Float64Array {
    if (row.length < this.order.length) this.order = this.order.filter((column) => column < row.length);
    if (this.wait > 0) {
      if (--this.wait === 0) this.order.sort((a, b) => row[a] - row[b]);
    } else if (this.insert(row)) {
      this.failures = 0;
      return this.sorted.subarray(0, row.length);
    } else {
      this.failures = 2 * this.failures + 1;
      this.wait = this.failures;
    }
    return row.sort();
  }

  /** Insertion into the order of the row before; false where that takes too long. */
  private insert(row: Float64Array): boolean {
    const { order, sorted } = this;
    let moves = MOST_MOVES * row.length;
    for (let i = 0; i < row.length; i++) {
      const column = order[i];
      const value = row[column];
      let j = i;
      while (j > 0 && sorted[j - 1] > value) {
        sorted[j] = sorted[j - 1];
        order[j] = order[j - 1];
        j--;
      }
      sorted[j] = value;
      order[j] = column;
      moves -= i - j;
      // NaN has no place.
      if (moves < 0 || Number.isNaN(value)) return false;
    }
    return true;
  }
}
