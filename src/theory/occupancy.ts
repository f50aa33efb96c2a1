/**
 * Ancestral lineages of fully synthetic training. k lineages of one generation have as many distinct parents among n as
 * k balls fill of n boxes; the chain K_0 = n, K_1, ... counts the ancestors. docs/MATH.md#lineages.
 */

/**
 * Probabilities below this are dropped. Small n: they would soon underflow, and probabilities of collapse are off by less than 1e-285.
 * Large n: rows would be very wide, and what is dropped is far below the rounding of any mean.
 */
function negligibleFor(n: number): number {
  return n <= 10_000 ? 1e-300 : 1e-60;
}

/** Numbers kept in the cache of rows (8 bytes each), and how far apart the rows are that are kept beyond it. */
const cacheSize = 8_000_000;
const markEvery = 512;

/** A row P(k -> j) of the occupancy chain, from column j = `first`. */
interface Row {
  k: number;
  first: number;
  values: Float64Array;
}

const firstRow: Row = { k: 1, first: 1, values: Float64Array.of(1) };

/**
 * Visits the rows P(k -> j) of the occupancy chain for k = 1 (or that of `start`) ... last (at most n), each made from the one before by
 * P(k -> j) = P(k-1 -> j) j/n + P(k-1 -> j-1) (n-j+1)/n. `row[j]` holds P(k -> j) for lo <= j <= hi and is
 * overwritten by the next row; entries below `cutoff` at the ends of a row are dropped. Stops when `visit` returns false. Time O(last * (hi - lo)), memory O(n).
 */
export function sweepRows(
  n: number,
  last: number,
  cutoff: number,
  visit: (k: number, row: Float64Array, lo: number, hi: number) => unknown,
  start = firstRow,
): void {
  const share = new Float64Array(n + 1);
  for (let j = 0; j <= n; j++) share[j] = j / n;
  const row = new Float64Array(last + 2);
  row.set(start.values, start.first);
  let lo = start.first;
  let hi = lo + start.values.length - 1;
  if (visit(start.k, row, lo, hi) === false) return;
  for (let k = start.k + 1; k <= last; k++) {
    row[hi + 1] = row[hi] * share[n - hi];
    for (let j = hi; j > lo; j--) row[j] = row[j] * share[j] + row[j - 1] * share[n - j + 1];
    row[lo] *= share[lo];
    if (row[hi + 1] >= cutoff) hi++;
    else row[hi + 1] = 0;
    while (lo < hi && row[lo] < cutoff) row[lo++] = 0;
    if (visit(k, row, lo, hi) === false) return;
  }
}

/** The distribution of K_t, stepped forward from K_0 = n; `probability[k]` = P(K_t = k) for lo <= k <= hi, else 0. */
export class LineageCount {
  probability: Float64Array;
  lo: number;
  hi: number;
  /** t. */
  step = 0;
  private next: Float64Array;
  private readonly smallest: number;
  /** Rows 1 ... rows.length - 1, each from column `first[k]`; made on the first step. */
  private readonly rows: Float64Array[] = [];
  private readonly first: number[] = [];
  /** Single rows beyond these, to make the others from. */
  private readonly marks: Row[] = [];

  constructor(private readonly n: number) {
    this.smallest = negligibleFor(n);
    this.probability = new Float64Array(n + 1);
    this.next = new Float64Array(n + 1);
    this.probability[n] = 1;
    this.lo = n;
    this.hi = n;
  }

  /** True once all samples descend from one ancestor with certainty: further steps change nothing. */
  get absorbed(): boolean {
    return this.hi === 1;
  }

  /** Moves from K_t to K_(t+1). */
  advance(): void {
    this.step++;
    if (this.absorbed) return;
    if (this.rows.length === 0) this.fillCache();
    const { probability, next, lo, hi } = this;
    let least = lo;
    if (hi < this.rows.length) {
      for (let k = lo; k <= hi; k++) {
        spread(next, probability[k], this.rows[k], this.first[k], 0, this.rows[k].length);
        least = Math.min(least, this.first[k]);
      }
    } else {
      const visit = (k: number, row: Float64Array, from: number, to: number) => {
        if (k < lo) return;
        spread(next, probability[k], row, from, from, to + 1);
        least = Math.min(least, from);
      };
      sweepRows(this.n, hi, this.smallest, visit, this.startFor(lo));
    }
    probability.fill(0, lo, hi + 1);
    this.probability = next;
    this.next = probability;
    this.trim(least, hi);
  }

  /** Sets the range [lo, hi], dropping what is too small at its ends, and takes out the rounding of the total. */
  private trim(lo: number, hi: number): void {
    const { probability } = this;
    let total = 0;
    for (let k = hi; k >= lo; k--) total += probability[k];
    for (let k = lo; k <= hi; k++) probability[k] /= total;
    while (hi > 1 && probability[hi] < this.smallest) probability[hi--] = 0;
    while (lo < hi && probability[lo] < this.smallest) probability[lo++] = 0;
    this.lo = lo;
    this.hi = hi;
  }

  private fillCache(): void {
    let used = 0;
    this.rows.push(new Float64Array(0));
    this.first.push(1);
    sweepRows(this.n, this.n, this.smallest, (k, row, lo, hi) => {
      used += hi - lo + 1;
      if (used <= cacheSize) {
        this.rows.push(row.slice(lo, hi + 1));
        this.first.push(lo);
      } else if (k % markEvery === 0) this.marks.push({ k, first: lo, values: row.slice(lo, hi + 1) });
    });
  }

  /** The last row kept that is not after row k. */
  private startFor(k: number): Row {
    const cached = Math.min(k, this.rows.length - 1);
    let row: Row = { k: cached, first: this.first[cached], values: this.rows[cached] };
    for (const mark of this.marks) if (mark.k <= k) row = mark;
    return row;
  }
}

/** next[first + i - from] += weight * row[i] for from <= i < to. */
function spread(next: Float64Array, weight: number, row: Float64Array, first: number, from: number, to: number): void {
  if (weight === 0) return;
  const shift = first - from;
  for (let i = from; i < to; i++) next[shift + i] += weight * row[i];
}
