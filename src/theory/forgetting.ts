/**
 * How words are forgotten: the count of a word in each corpus that a model writes from the last one, the setting of Suresh et al.
 * (arXiv 2412.17646). Under maximum likelihood a count is a draw around the last one: Bernoulli (binomial) in corpora of n tokens, Poisson
 * where n is large. Count 0 is for ever. The time to forget grows in proportion to the count: half of the words that the corpus has k times
 * are gone after about 2 k / ln 2 generations.
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSize } from './check.js';

/** Counts up to which corpora of n tokens are told from the Poisson limit: beyond, words are lost so late that the two are one. */
export const LARGEST_BERNOULLI = 64;
/** Counts that the table of a step holds; a count beyond it is lost as in the limit. */
const TABLE = 4 * LARGEST_BERNOULLI;

/**
 * P(a word is still there in generation m), counts drawn as X_(m+1) ~ Poisson(X_m), X_1 = `count`: 1 - q^count with
 * q_1 = 0, q_(m+1) = exp(q_m - 1), exactly.
 * @param generations m >= 1, in increasing order
 * @throws InputError for a count or generations that are none
 */
export function poissonSurvival(count: number, generations: readonly number[]): number[] {
  checkSize('count', count);
  checkIncreasing(generations);
  let m = 1;
  let lost = 0;
  return generations.map((generation) => {
    for (; m < generation; m++) lost = Math.exp(lost - 1);
    return lost === 0 ? 1 : -Math.expm1(count * Math.log(lost));
  });
}

/**
 * The same with corpora of n tokens: X_(m+1) ~ Binomial(n, X_m / n), which loses words a little more slowly than Poisson. Step by step over all
 * counts up to 256; what a step takes beyond them, and a count above `LARGEST_BERNOULLI`, is as in the Poisson limit.
 * @param tokens n
 * @param generations m >= 1, in increasing order
 * @returns survival of a word of a given count, one number for each generation
 * @throws InputError for numbers out of range
 */
export function bernoulliSurvival(tokens: number, generations: readonly number[]): (count: number) => number[] {
  checkSize('tokens', tokens);
  checkIncreasing(generations);
  const top = Math.min(tokens, TABLE);
  const rows = Array.from({ length: top + 1 }, (_, from) => binomialRow(tokens, from / tokens, top));
  let lost = Float64Array.from({ length: top + 1 }, (_, count) => (count === 0 ? 1 : 0));
  let limit = 0;
  let m = 1;
  const tables = generations.map((generation) => {
    for (; m < generation; m++) {
      lost = Float64Array.from(rows, (row) => dot(row, lost, limit ** top));
      limit = Math.exp(limit - 1);
    }
    return lost;
  });
  return (count) => {
    checkSize('count', count);
    if (count > tokens) throw inputError('count', count, `at most ${tokens}, the tokens`);
    return count <= LARGEST_BERNOULLI ? tables.map((table) => 1 - table[count]) : poissonSurvival(count, generations);
  };
}

/** Of words with these counts, how many are expected to be left in each generation. */
export function expectedWords(counts: Iterable<number>, survival: (count: number) => readonly number[], generations: number): number[] {
  const byCount = new Map<number, number>();
  for (const count of counts) if (count > 0) byCount.set(count, (byCount.get(count) ?? 0) + 1);
  const left = new Array<number>(generations).fill(0);
  for (const [count, words] of byCount) survival(count).forEach((share, i) => (left[i] += words * share));
  return left;
}

/** P(X = 0 ... top) of Binomial(n, p), each from the one before. */
function binomialRow(n: number, p: number, top: number): Float64Array<ArrayBuffer> {
  const row = new Float64Array(top + 1);
  if (p >= 1) {
    if (n <= top) row[n] = 1;
    return row;
  }
  row[0] = Math.exp(n * Math.log1p(-p));
  for (let x = 0; x < top; x++) row[x + 1] = (row[x] * (n - x) * p) / ((x + 1) * (1 - p));
  return row;
}

/** sum_y row[y] values[y], and what the row lacks at `rest`. */
function dot(row: Float64Array, values: Float64Array, rest: number): number {
  let sum = 0;
  let mass = 0;
  for (let y = 0; y < row.length; y++) {
    sum += row[y] * values[y];
    mass += row[y];
  }
  return sum + Math.max(0, 1 - mass) * rest;
}

function checkIncreasing(generations: readonly number[]): void {
  checkGenerations(generations, 1);
  generations.forEach((generation, i) => {
    if (i > 0 && generation <= generations[i - 1]) throw inputError('generations', generations, 'an increasing list');
  });
}
