/** Order statistics of rows that are looked at one after the other, each of a number of values and many more that are all the same. */
import { RowSorter } from './row-sorter.js';
import { Selector } from './selector.js';

/** So few values are sorted; of more, only the order statistics needed are looked for. */
const SORTED_UP_TO = 1024;

export class OrderStatistics {
  // Made for the first row that needs it: later ones are no longer.
  private selector: Selector | undefined;
  private sorter: RowSorter | undefined;
  /** The row's own values at two ranks. */
  private own: (first: number, second: number) => [number, number] = () => [Number.NaN, Number.NaN];
  private copies = 0;
  private value = 0;
  /** How many of the row's own values are less than `value`. */
  private less = 0;

  /**
   * Turns to the next row, which may be reordered; its values come from the same places as those of the row before, of which the last
   * may be missing.
   * @param copies how often `value` counts beside
   */
  open(row: Float64Array, copies: number, value: number): void {
    this.copies = copies;
    this.value = value;
    if (row.length > SORTED_UP_TO) {
      const selector = (this.selector ??= new Selector(row.length));
      selector.open(row);
      this.own = (first, second) => selector.pair(first, second);
    } else {
      this.sorter ??= new RowSorter(row.length);
      const sorted = this.sorter.sort(row);
      this.own = (first, second) => [sorted[first], sorted[second]];
    }
    this.less = copies > 0 ? countLess(row, value) : row.length;
  }

  /** At two ranks from 0, `second` being `first` or the next one. */
  pair(first: number, second: number): [number, number] {
    const [one, two] = [this.place(first), this.place(second)];
    if (one < 0 && two < 0) return [this.value, this.value];
    if (one < 0) return [this.value, this.own(two, two)[0]];
    if (two < 0) return [this.own(one, one)[0], this.value];
    return this.own(one, two);
  }

  /** The rank among the row's own values; negative: it is one of the copies. */
  private place(rank: number): number {
    if (rank < this.less) return rank;
    return rank < this.less + this.copies ? -1 : rank - this.copies;
  }
}

function countLess(row: Float64Array, value: number): number {
  let count = 0;
  for (let i = 0; i < row.length; i++) count += +(row[i] < value);
  return count;
}
