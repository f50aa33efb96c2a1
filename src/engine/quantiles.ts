/** Exact quantiles, of the first replicates that fit where there are too many values. */
import { giveRoom, takeRoom } from '../backend/buffers.js';
import { NumberList } from './number-list.js';
import { OrderStatistics } from './order-statistics.js';

/** Values held per metric. */
export const MOST_VALUES = 10_000_000;
/** Values turned at a time: 16 MB at most, and no more than fit into a cache where that is many rows. */
const MOST_TURNED = 1 << 21;
const TURNED_VALUES = 1 << 13;
const TURNED_ROWS = 32;
/** Replicates that are turned at a time: both sides of the turn stay in the fastest cache. */
const TILE = 32;
export const PROBABILITIES: readonly number[] = [0.05, 0.5, 0.95];

/** Quantile of n numbers, linear between order statistics (Hyndman and Fan's type 7). */
export function quantile(n: number, probability: number, statistics: OrderStatistics): number {
  const at = (n - 1) * probability;
  const below = Math.floor(at);
  const [low, high] = statistics.pair(below, Math.min(below + 1, n - 1));
  if (low === high || at === below) return low;
  if (low === Number.NEGATIVE_INFINITY) return low;
  return low + (at - below) * (high - low);
}

export class Quantiles {
  /** What the replicates' values are in. */
  private readonly arrays: Float64Array[] = [];
  /** Of each replicate: which array, where in it, and how many rows. */
  private readonly array = new NumberList();
  private readonly start = new NumberList();
  private readonly length = new NumberList();
  private values = 0;
  private rows = 0;
  private fewestRows = Number.POSITIVE_INFINITY;
  private full = false;

  /** @param most values that are held */
  constructor(
    private readonly columns: number,
    private readonly most = MOST_VALUES,
  ) {}

  /** A replicate's rows, from `from` to `to` - 1 of the values; the last one holds for all later rows. */
  add(values: Float64Array, from: number, to: number): void {
    const rows = (to - from) / this.columns;
    this.rows = Math.max(this.rows, rows);
    this.fewestRows = Math.min(this.fewestRows, rows);
    this.values += rows;
    if (this.values > this.most) this.full = true;
    if (this.full) return;
    if (this.arrays.at(-1) !== values) this.arrays.push(values);
    this.array.push(this.arrays.length - 1);
    this.start.push(from);
    this.length.push(rows);
  }

  /** Whether no more replicates are kept. */
  get isFull(): boolean {
    return this.full;
  }

  /** How many replicates the quantiles come from. */
  get replicates(): number {
    return this.length.length;
  }

  /** Quantiles of each column by row, keyed by probability. */
  columnsByRow(): Record<string, (number | null)[]>[] {
    const { columns, replicates: n } = this;
    const lists = Array.from({ length: columns }, () => PROBABILITIES.map(() => [] as (number | null)[]));
    const statistics = lists.map(() => new OrderStatistics());
    // Replicates with more rows first: those that have ended are left out, if they all have the same values from then on.
    const order = this.longestFirst();
    const ended = this.lastRow(order);
    let alive = n;
    let room = takeRoom(this.rowsTogether(n) * columns * n);
    for (let first = 0, rows = 0; first < this.rows; first += rows) {
      while (ended && alive > 0 && this.length.at(order[alive - 1]) <= first) alive--;
      rows = Math.min(this.rows - first, this.rowsTogether(alive));
      if (room.length < rows * columns * alive) {
        giveRoom(room);
        room = takeRoom(rows * columns * alive);
      }
      this.turn(room, order.subarray(0, alive), first, rows);
      for (let i = 0; i < rows * columns; i++) {
        const k = i % columns;
        statistics[k].open(room.subarray(i * alive, (i + 1) * alive), n - alive, ended?.[k] ?? 0);
        PROBABILITIES.forEach((p, q) => {
          lists[k][q].push(n > 0 ? quantile(n, p, statistics[k]) : null);
        });
      }
    }
    giveRoom(room);
    return lists.map((list) => Object.fromEntries(PROBABILITIES.map((probability, q) => [String(probability), list[q]])));
  }

  private longestFirst(): Uint32Array {
    const order = new Uint32Array(this.replicates);
    for (let r = 0; r < order.length; r++) order[r] = r;
    return this.fewestRows === this.rows ? order : order.sort((a, b) => this.length.at(b) - this.length.at(a));
  }

  /** The last row of all replicates with fewer rows than the longest; undefined if they differ. */
  private lastRow(order: Uint32Array): Float64Array | undefined {
    const last = (r: number) => {
      const end = this.start.at(r) + this.length.at(r) * this.columns;
      return this.arrays[this.array.at(r)].subarray(end - this.columns, end);
    };
    if (this.fewestRows === this.rows) return undefined;
    const shorter = order.filter((r) => this.length.at(r) < this.rows);
    if (shorter.length === 0) return undefined;
    const common = last(shorter[0]);
    return shorter.every((r) => last(r).every((value, k) => value === common[k])) ? common : undefined;
  }

  private rowsTogether(alive: number): number {
    const rowsOf = (most: number) => Math.floor(most / (this.columns * Math.max(1, alive)));
    return Math.max(1, Math.min(rowsOf(MOST_TURNED), Math.max(TURNED_ROWS, rowsOf(TURNED_VALUES))));
  }

  /** Some rows of some replicates, row after row: a row's replicates stand side by side, and each replicate is read in order. */
  private turn(turned: Float64Array, replicates: Uint32Array, first: number, rows: number): void {
    const width = rows * this.columns;
    const n = replicates.length;
    const tile = new Float64Array(Math.min(TILE, n) * width);
    for (let start = 0; start < n; start += TILE) {
      const height = Math.min(TILE, n - start);
      for (let r = 0; r < height; r++) this.copy(replicates[start + r], first, tile, r * width, width);
      for (let i = 0; i < width; i++) {
        for (let r = 0; r < height; r++) turned[i * n + start + r] = tile[r * width + i];
      }
    }
  }

  /** A replicate's rows from `first` on to the tile; the last row holds for those that there are not. */
  private copy(replicate: number, first: number, tile: Float64Array, to: number, width: number): void {
    const { columns } = this;
    const values = this.arrays[this.array.at(replicate)];
    const start = this.start.at(replicate);
    const end = start + this.length.at(replicate) * columns;
    const from = start + first * columns;
    const there = Math.max(0, Math.min(width, end - from));
    for (let i = 0; i < there; i++) tile[to + i] = values[from + i];
    for (let i = there; i < width; i++) tile[to + i] = values[end - columns + (i % columns)];
  }
}
