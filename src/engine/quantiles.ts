/** Exact quantiles, of the first replicates that fit where there are too many values. */
import { RowSorter } from './row-sorter.js';
import { ranksOf, Selector } from './selector.js';

/** Values held per metric. */
export const MOST_VALUES = 10_000_000;
/** Values turned at a time: 16 MB at most, and no more than fit into a cache where that is many rows. */
const MOST_TURNED = 1 << 21;
const TURNED_VALUES = 1 << 15;
const TURNED_ROWS = 32;
/** So few values are sorted; of more, only the order statistics needed are put in place. */
const SORTED_UP_TO = 1024;
/** Replicates and rows that are turned at a time: both sides of the turn stay in the fastest cache. */
const TILE = 32;
export const PROBABILITIES: readonly number[] = [0.05, 0.5, 0.95];

/** Quantile of sorted numbers, linear between order statistics (Hyndman and Fan's type 7). */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const [below, above] = ranksOf(probability, sorted.length);
  const low = sorted[below];
  const high = sorted[above];
  if (low === high || at === below) return low;
  if (low === Number.NEGATIVE_INFINITY) return low;
  return low + (at - below) * (high - low);
}

export class Quantiles {
  private readonly kept: Float64Array[] = [];
  private values = 0;
  private rows = 0;
  private full = false;

  constructor(private readonly columns: number) {}

  /** A replicate's rows; the last one holds for all later rows. */
  add(values: Float64Array): void {
    const rows = values.length / this.columns;
    this.rows = Math.max(this.rows, rows);
    this.values += rows;
    if (this.values > MOST_VALUES) this.full = true;
    if (!this.full) this.kept.push(values);
  }

  /** Whether no more replicates are kept. */
  get isFull(): boolean {
    return this.full;
  }

  /** How many replicates the quantiles come from. */
  get replicates(): number {
    return this.kept.length;
  }

  /** Quantiles of each column by row, keyed by probability. */
  columnsByRow(): Record<string, (number | null)[]>[] {
    const { columns } = this;
    const n = this.kept.length;
    const result = Array.from({ length: columns }, () => PROBABILITIES.map(() => [] as (number | null)[]));
    const sorters = result.map(() => (n <= SORTED_UP_TO ? new RowSorter(n) : undefined));
    const selector = n > SORTED_UP_TO ? new Selector(n, PROBABILITIES) : undefined;
    // Some rows at a time, turned so that a row's replicates stand side by side: each replicate is then read in order.
    const rowsOf = (most: number) => Math.floor(most / (columns * Math.max(1, n)));
    const wanted = Math.min(this.rows, rowsOf(MOST_TURNED), Math.max(TURNED_ROWS, rowsOf(TURNED_VALUES)));
    const together = Math.max(1, wanted);
    const turned = new Float64Array(together * columns * n);
    for (let first = 0; first < this.rows; first += together) {
      const rows = Math.min(together, this.rows - first);
      this.turn(turned, first, rows);
      for (let i = 0; i < rows * columns; i++) {
        const values = turned.subarray(i * n, (i + 1) * n);
        const ordered = sorters[i % columns]?.sort(values) ?? selector?.select(values) ?? values;
        const lists = result[i % columns];
        for (let q = 0; q < lists.length; q++) lists[q].push(n > 0 ? quantile(ordered, PROBABILITIES[q]) : null);
      }
    }
    return result.map((lists) => Object.fromEntries(PROBABILITIES.map((probability, q) => [String(probability), lists[q]])));
  }

  /** Some rows of every replicate, row after row. */
  private turn(turned: Float64Array, first: number, rows: number): void {
    const width = rows * this.columns;
    const n = this.kept.length;
    const tile = new Float64Array(Math.min(TILE, n) * width);
    for (let start = 0; start < n; start += TILE) {
      const height = Math.min(TILE, n - start);
      for (let r = 0; r < height; r++) this.copy(this.kept[start + r], first * this.columns, tile, r * width, width);
      for (let i = 0; i < width; i++) {
        for (let r = 0; r < height; r++) turned[i * n + start + r] = tile[r * width + i];
      }
    }
  }

  /** A replicate's values from `from` on to the tile; the last row holds for those that there are not. */
  private copy(values: Float64Array, from: number, tile: Float64Array, to: number, width: number): void {
    const there = Math.max(0, Math.min(width, values.length - from));
    for (let i = 0; i < there; i++) tile[to + i] = values[from + i];
    const last = values.length - this.columns;
    for (let i = there; i < width; i++) tile[to + i] = values[last + (i % this.columns)];
  }
}
