/**
 * The exact law of the collapse of many contexts (docs/MATH.md#lineages) on a grid of generations that reaches to the collapse of
 * all. `theory/collapse-law.ts` walks through every generation; a corpus needs hundreds of thousands of them, so here the
 * chain of lineage counts jumps as soon as few lineages are left, by powers of its transition matrix.
 */
import { Pace } from '../models/pace.js';
import { group, powerSums } from '../theory/distribution.js';
import { sweepRows } from '../theory/occupancy.js';

/** n samples a generation of a truth p. */
export interface LawContext {
  sampleSize: number;
  p: ArrayLike<number>;
}

/** Arrays are aligned with `generation`. */
export interface GridLaw {
  /** Increasing, from 1: dense at first, then 64 for each doubling, with those that were asked for. */
  generation: number[];
  /** Mean number of contexts that have collapsed, and the variance of that number in one run. */
  collapsed: Float64Array;
  variance: Float64Array;
  /** P(T <= m), T being when the last context collapses. */
  cdf: Float64Array;
  /** E[T], by the trapezoidal rule between the generations of the grid: within about 2e-5 of it. */
  mean: number;
}

/** Probabilities below this are dropped: with it, those of the law are off by less than 1e-13. */
const cutoff = 1e-18;
/** Lineages from which on the chain jumps, and from which on its rows are kept. */
const fewLineages = 48;
const keptRows = 2048;
/** Grid generations for each doubling. */
const perDoubling = 64;
/** Work that the law may take: n^1.5 summed over the different n, about ten seconds. */
const mostWork = 6e8;

/** The largest sample size up to which the law of these contexts is computed: Infinity where there is time for all of them. */
export function largestAffordable(sampleSizes: readonly number[]): number {
  const sizes = [...new Set(sampleSizes)].sort((a, b) => a - b);
  let work = 0;
  for (const n of sizes) {
    work += n ** 1.5;
    if (work > mostWork) return n - 1;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The law on a grid that includes the generations `at`, as far as anything happens. Time: about n^1.5 for each different n, seconds for a text of a million tokens.
 * @throws the signal's reason when it is aborted
 */
export async function gridLaw(contexts: readonly LawContext[], at: readonly number[], signal?: AbortSignal): Promise<GridLaw> {
  const largest = contexts.reduce((most, { sampleSize }) => Math.max(most, sampleSize), 1);
  // P(T_j > m) is below 3 (1 - 1/n)^(m - 1): what comes after this end is below 1e-10.
  const end = Math.ceil(largest * (25 + Math.log(contexts.length)));
  const generation = grid(end, at);
  const law = {
    generation,
    collapsed: new Float64Array(generation.length),
    variance: new Float64Array(generation.length),
    cdf: new Float64Array(generation.length),
  };
  const pace = new Pace(signal);
  for (const [n, group] of bySampleSize(contexts)) await addGroup(law, n, group, pace);
  for (let g = 0; g < generation.length; g++) law.cdf[g] = Math.exp(law.cdf[g]);
  return { ...law, mean: meanOf(generation, law.cdf) };
}

function grid(end: number, at: readonly number[]): number[] {
  const generations = new Set(at.filter((m) => m <= end));
  for (let m = 1, step = 1; m < end; m += step) {
    generations.add(m);
    if (m === 2 * perDoubling * step) step *= 2;
  }
  return [...generations.add(end)].sort((a, b) => a - b);
}

function bySampleSize(contexts: readonly LawContext[]): Map<number, LawContext[]> {
  const groups = new Map<number, LawContext[]>();
  for (const context of contexts) {
    const group = groups.get(context.sampleSize) ?? [];
    groups.set(context.sampleSize, group);
    group.push(context);
  }
  return groups;
}

/** Adds the contexts of one n, which share the chain of lineage counts; `cdf` takes logarithms. */
async function addGroup(law: Omit<GridLaw, 'mean'>, n: number, contexts: readonly LawContext[], pace: Pace): Promise<void> {
  const sums = contexts.map(({ p }) => powerSums(group(p), n));
  const lineages = new Lineages(n);
  for (const [g, m] of law.generation.entries()) {
    // The samples of generation m have K_(m-1) ancestors among those of generation 1.
    await lineages.to(m - 1, pace);
    for (const f of sums) {
      const rho = lineages.mean(f);
      law.collapsed[g] += rho;
      law.variance[g] += rho * (1 - rho);
      law.cdf[g] += Math.log(rho);
    }
  }
}

/** Sum over m >= 0 of P(T > m); between two generations of the grid it runs in a straight line. */
function meanOf(generation: readonly number[], cdf: ArrayLike<number>): number {
  let sum = 1;
  for (let g = 1; g < generation.length; g++) {
    const [before, after] = [1 - cdf[g - 1], 1 - cdf[g]];
    sum += (generation[g] - generation[g - 1]) * 0.5 * (before + after) + 0.5 * (before - after);
  }
  return sum;
}

/** The distribution of the number of lineages K_t, from K_0 = n. */
class Lineages {
  private step = 0;
  private probability: Float64Array;
  private next: Float64Array;
  private lo: number;
  private hi: number;
  /** Row k from column `from`, once few enough lineages are left. */
  private rows: { from: number; values: Float64Array }[] = [];
  /** Transition matrix to the power 2^i, row-major, each row and column from 0 lineages. */
  private readonly powers: Float64Array[] = [];

  constructor(private readonly n: number) {
    this.probability = new Float64Array(n + 1);
    this.next = new Float64Array(n + 1);
    this.probability[n] = 1;
    this.lo = n;
    this.hi = n;
  }

  /** E[f(K_t)]. */
  mean(f: ArrayLike<number>): number {
    let mean = 0;
    for (let k = this.hi; k >= this.lo; k--) mean += this.probability[k] * f[k];
    return Math.min(1, mean);
  }

  /** Goes on to K_step. */
  async to(step: number, pace: Pace): Promise<void> {
    while (this.step < step && this.hi > 1) {
      if (this.hi <= fewLineages) return this.jump(step);
      this.advance();
      await pace.turn();
    }
    this.step = step;
  }

  private advance(): void {
    const { hi, lo, next, probability } = this;
    if (this.rows.length === 0 && hi <= keptRows) this.keepRows();
    let least = lo;
    const spread = (k: number, row: Float64Array, shift: number, from: number, to: number) => {
      const weight = probability[k];
      for (let j = from; j <= to; j++) next[j] += weight * row[j - shift];
      least = Math.min(least, from);
    };
    if (this.rows.length > 0) {
      for (let k = lo; k <= hi; k++)
        spread(k, this.rows[k].values, this.rows[k].from, this.rows[k].from, this.rows[k].from + this.rows[k].values.length - 1);
    } else {
      sweepRows(this.n, hi, cutoff, (k, row, from, to) => {
        if (k >= lo) spread(k, row, 0, from, to);
      });
    }
    this.step++;
    this.swap(least);
  }

  private keepRows(): void {
    this.rows.push({ from: 0, values: new Float64Array(0) });
    sweepRows(this.n, this.hi, cutoff, (_k, row, from, to) => {
      this.rows.push({ from, values: row.slice(from, to + 1) });
    });
  }

  /** By powers of the matrix, one for each bit of the distance. */
  private jump(step: number): void {
    let distance = step - this.step;
    for (let bit = 0; distance > 0 && this.hi > 1; bit++, distance = Math.floor(distance / 2)) {
      if (distance % 2 === 0) continue;
      const power = this.power(bit);
      const { hi, lo, next, probability } = this;
      for (let k = lo; k <= hi; k++) {
        const weight = probability[k];
        for (let j = 1; j <= k; j++) next[j] += weight * power[k * (fewLineages + 1) + j];
      }
      this.swap(1);
    }
    this.step = step;
  }

  private power(bit: number): Float64Array {
    const size = Math.min(this.n, fewLineages);
    const width = fewLineages + 1;
    while (this.powers.length <= bit) {
      const square = new Float64Array(width * width);
      const last = this.powers.at(-1);
      if (!last) {
        sweepRows(this.n, size, cutoff, (k, row, from, to) => {
          for (let j = from; j <= to; j++) square[k * width + j] = row[j];
        });
      } else {
        for (let k = 1; k <= size; k++) {
          for (let i = 1; i <= k; i++) {
            const weight = last[k * width + i];
            for (let j = 1; j <= i; j++) square[k * width + j] += weight * last[i * width + j];
          }
        }
      }
      this.powers.push(square);
    }
    return this.powers[bit];
  }

  /** Takes `next`, filled from `least` on, as the distribution; drops what is too small at its ends and what rounding did to its sum. */
  private swap(least: number): void {
    const { next, probability } = this;
    probability.fill(0, this.lo, this.hi + 1);
    this.probability = next;
    this.next = probability;
    let total = 0;
    for (let k = this.hi; k >= least; k--) total += next[k];
    for (let k = least; k <= this.hi; k++) next[k] /= total;
    this.lo = least;
    while (this.hi > 1 && next[this.hi] < cutoff) next[this.hi--] = 0;
    while (this.lo < this.hi && next[this.lo] < cutoff) next[this.lo++] = 0;
  }
}
