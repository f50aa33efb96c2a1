/**
 * Exact laws of fully synthetic training, from its lineages traced backwards (docs/MATH.md#lineages): the samples of
 * generation m descend from K_(m-1) samples of generation 1, and those are independent draws from p. They hold
 * for every n and p; the papers give bounds only. All take n up to 1e6 (rows of the lineage chain are narrow, about
 * sqrt(n) wide); above that use `diffusionCollapseTime`, by then a few parts per million off.
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSize } from './check.js';
import { expectedTypes, group, powerSums } from './distribution.js';
import { LineageCount, sweepRows } from './occupancy.js';

/** The largest sample size n of the exact laws. */
export const largestSampleSize = 1e6;

/** Lineage counts less likely than this do not change an expected support size (which is between 1 and 1e12). */
const negligible = 1e-30;

/** Moves of the lineage count less likely than this do not change a mean collapse time (which is below 2 n). */
const negligibleMove = 1e-40;

/**
 * rho_m = P(T <= m) = E[f(K_(m-1))], f(k) = sum_i p_i^k, for each generation; relative error about 1e-12.
 * Time: milliseconds at n = 400, about O(n^1.5) for the first generations and then little for each further one.
 * @param generations whole numbers >= 0, in any order (rho_0 = 0)
 * @param sampleSize n, 1 to 1e6
 * @param p probabilities of the types, sum 1
 * @throws InputError outside these ranges
 */
export function collapseProbability(generations: readonly number[], sampleSize: number, p: ArrayLike<number>): number[] {
  checkSize('sampleSize', sampleSize, largestSampleSize);
  const distribution = group(p);
  if (distribution.support === 1) return oneType(generations, 0);
  const sums = powerSums(distribution, sampleSize);
  return overGenerations(generations, sampleSize, 0, (lineages) => collapsed(lineages, sums));
}

/**
 * Expected number of types with positive probability in each generation: E[sum_i (1 - (1 - p_i)^K)], K = K_(m-1).
 * Time as `collapseProbability`, and O(number of different p_i) for each lineage count that occurs.
 * @throws InputError as `collapseProbability`
 */
export function expectedSupport(generations: readonly number[], sampleSize: number, p: ArrayLike<number>): number[] {
  checkSize('sampleSize', sampleSize, largestSampleSize);
  const distribution = group(p);
  if (distribution.support === 1) return oneType(generations, 1);
  const types = new Float64Array(sampleSize + 1);
  return overGenerations(generations, sampleSize, distribution.support, ({ probability, lo, hi }) => {
    let mean = 0;
    for (let k = lo; k <= hi; k++) {
      if (probability[k] < negligible) continue;
      if (types[k] === 0) types[k] = expectedTypes(distribution, k);
      mean += probability[k] * types[k];
    }
    return mean;
  });
}

/**
 * Mean total collapse time E[T] = 1 + H(n) in generations: H(k) is the mean number of generations in which the types of
 * k samples still differ. Time O(n^1.5), memory O(n): milliseconds at n = 400, a second or so at 1e5, half a minute at 1e6.
 * @param sampleSize n, 1 to 1e6
 * @param p probabilities of the types, sum 1
 * @throws InputError outside these ranges
 */
export function expectedCollapseTime(sampleSize: number, p: ArrayLike<number>): number {
  checkSize('sampleSize', sampleSize, largestSampleSize);
  const distribution = group(p);
  if (distribution.support === 1) return 1;
  const sums = powerSums(distribution, sampleSize);
  const waiting = new Float64Array(sampleSize + 1);
  sweepRows(sampleSize, sampleSize, negligibleMove, (k, row, lo, hi) => {
    if (k === 1) return;
    const to = Math.min(hi, k - 1);
    let leaving = 0;
    let after = 0;
    for (let j = lo; j <= to; j++) {
      leaving += row[j];
      after += row[j] * waiting[j];
    }
    // `leaving` is 1 - P(k -> k), as a sum of positive terms: no cancellation, and rounding of the row divides out.
    waiting[k] = (1 - sums[k] + after) / leaving;
  });
  return 1 + waiting[sampleSize];
}

/**
 * The smallest generation m with P(T <= m) >= probability.
 * @param probability above 0, below 1
 * @param sampleSize n, 1 to 1e6
 * @param p probabilities of the types, sum 1
 * @throws InputError outside these ranges
 */
export function collapseTimeQuantile(probability: number, sampleSize: number, p: ArrayLike<number>): number {
  if (!(probability > 0 && probability < 1)) throw inputError('probability', probability, 'above 0 and below 1');
  checkSize('sampleSize', sampleSize, largestSampleSize);
  const distribution = group(p);
  if (distribution.support === 1) return 1;
  const sums = powerSums(distribution, sampleSize);
  const lineages = new LineageCount(sampleSize);
  while (!lineages.absorbed && collapsed(lineages, sums) < probability) lineages.advance();
  return lineages.step + 1;
}

/**
 * Diffusion limit of E[T]: -2 n sum_i (1 - p_i) ln(1 - p_i), at least 1. For Zipf-like p it is 8 % above the exact value at
 * n = 10, 1.2 % at 100, 0.4 % at 400; docs/MATH.md#diffusion and `diffusionError`.
 * @param sampleSize n, 1 to 1e12
 * @param p probabilities of the types, sum 1
 * @throws InputError outside these ranges
 */
export function diffusionCollapseTime(sampleSize: number, p: ArrayLike<number>): number {
  checkSize('sampleSize', sampleSize);
  const { probability, multiplicity, support } = group(p);
  if (support === 1) return 1;
  let sum = 0;
  for (let i = probability.length - 1; i >= 0; i--) {
    const q = probability[i];
    if (q < 1) sum -= multiplicity[i] * (1 - q) * Math.log1p(-q);
  }
  return Math.max(1, 2 * sampleSize * sum);
}

/**
 * How far `diffusionCollapseTime` may be from E[T], in generations: 1 + (ln n)/3. The true difference is about (ln n)/3 + 0.7 for most p; compared with
 * the exact law for n up to 1e5, it was below this bound for every p tried (docs/MATH.md#diffusion).
 */
export function diffusionError(sampleSize: number): number {
  checkSize('sampleSize', sampleSize);
  return 1 + Math.log(sampleSize) / 3;
}

/** E[f(K_t)]: the probability that all lineages are of one type. */
export function collapsed({ probability, lo, hi }: LineageCount, sums: Float64Array): number {
  let mean = 0;
  for (let k = hi; k >= lo; k--) mean += probability[k] * sums[k];
  return Math.min(1, mean);
}

/** With a single type every generation is collapsed. */
function oneType(generations: readonly number[], atZero: number): number[] {
  checkGenerations(generations);
  return generations.map((m) => (m === 0 ? atZero : 1));
}

/** Steps the lineage count through the generations in rising order; the values come back in the order asked for. */
function overGenerations(
  generations: readonly number[],
  sampleSize: number,
  atZero: number,
  value: (lineages: LineageCount) => number,
): number[] {
  checkGenerations(generations);
  const order = generations.map((_, i) => i).sort((a, b) => generations[a] - generations[b]);
  const values = new Array<number>(generations.length);
  const lineages = new LineageCount(sampleSize);
  for (const i of order) {
    while (lineages.step < generations[i] - 1 && !lineages.absorbed) lineages.advance();
    values[i] = generations[i] === 0 ? atZero : value(lineages);
  }
  return values;
}
