/** Order statistics of rows that are looked at one after the other, each of a number of values and many more that are all the same. */
import { RowSorter } from './row-sorter.js';
import { Selector } from './selector.js';

/** So few values are sorted; of more, only the order statistics needed are looked for. */
const SORTED_UP_TO = 1024;

export class OrderStatistics {
  private readonly selector: Selector | undefined;
  private sorter: RowSorter | undefined;
  private sorted: Float64Array | undefined;
  private copies = 0;
  private value = 0;
  /** How many of the row's own values are less than `value`. */
  private less = 0;

  /** @param most values of a row at most */
  constructor(most: number) {
    this.selector = most > SORTED_UP_TO ? new Selector(most) : undefined;
  }

  /**
   * Turns to the next row, which may be reordered; its values come from the same places as those of the row before, of which the last
   * may be missing.
   * @param copies how often `value` counts beside
   */
  open(row: Float64Array, copies: number, value: number): void {
    this.copies = copies;
    this.value = value;
    if (this.selector && row.length > SORTED_UP_TO) {
      this.sorted = undefined;
      this.selector.open(row);
    } else {
      this.sorter ??= new RowSorter(row.length);
      this.sorted = this.sorter.sort(row);
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

  private own(first: number, second: number): [number, number] {
    if (this.sorted) return [this.sorted[first], this.sorted[second]];
    return this.selector?.pair(first, second) ?? [Number.NaN, Number.NaN];
  }
}

function countLess(row: Float64Array, value: number): number {
  let count = 0;
  for (let i = 0; i < row.length; i++) count += +(row[i] < value);
  return count;
}
