/** Exact quantiles, of the first replicates that fit where there are too many values. */
import { RowSorter } from './row-sorter.js';

/** Values held per metric. */
export const MOST_VALUES = 10_000_000;
/** Values turned at a time: 16 MB at most, and no more than fit into a cache where that is many rows. */
const MOST_TURNED = 1 << 21;
const TURNED_VALUES = 1 << 15;
const TURNED_ROWS = 32;
/** So few values are sorted; of more, only the order statistics needed are put in place. */
const SORTED_UP_TO = 512;
export const PROBABILITIES: readonly number[] = [0.05, 0.5, 0.95];

/** Quantile of sorted numbers, linear between order statistics (Hyndman and Fan's type 7). */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
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
        const ordered = sorters[i % columns]?.sort(values) ?? selected(values);
        const lists = result[i % columns];
        for (let q = 0; q < lists.length; q++) lists[q].push(n > 0 ? quantile(ordered, PROBABILITIES[q]) : null);
      }
    }
    return result.map((lists) => Object.fromEntries(PROBABILITIES.map((probability, q) => [String(probability), lists[q]])));
  }

  private turn(turned: Float64Array, first: number, rows: number): void {
    const { columns } = this;
    const n = this.kept.length;
    for (let r = 0; r < n; r++) {
      const values = this.kept[r];
      const last = values.length - columns;
      for (let i = 0; i < rows; i++) {
        const at = Math.min((first + i) * columns, last);
        for (let k = 0; k < columns; k++) turned[(i * columns + k) * n + r] = values[at + k];
      }
    }
  }
}

/** The values, reordered so that the order statistics that quantiles need are in place. */
function selected(values: Float64Array): Float64Array {
  const last = values.length - 1;
  const ranks = PROBABILITIES.flatMap((probability) => {
    const below = Math.floor(last * probability);
    return [below, Math.min(below + 1, last)];
  });
  putInPlace(values, ranks, 0, ranks.length, 0, last);
  return values;
}

/**
 * Quickselect (Hoare) of several increasing ranks at once: afterwards values[rank] is what it would be if
 * values[low ... high] were sorted, for the ranks numbered from ... to - 1.
 */
function putInPlace(values: Float64Array, ranks: readonly number[], from: number, to: number, low: number, high: number): void {
  if (from >= to || low >= high) return;
  const pivot = values[(low + high) >> 1];
  let i = low;
  let j = high;
  while (i <= j) {
    while (values[i] < pivot) i++;
    while (values[j] > pivot) j--;
    if (i > j) break;
    const swapped = values[i];
    values[i++] = values[j];
    values[j--] = swapped;
  }
  let left = from;
  while (left < to && ranks[left] <= j) left++;
  let right = left;
  while (right < to && ranks[right] < i) right++;
  putInPlace(values, ranks, from, left, low, j);
  putInPlace(values, ranks, right, to, i, high);
}
