/**
 * Partially synthetic training: Theorems 2 and 3 and equation 11 of Seddik et al. (arXiv 2404.05090);
 * docs/MATH.md#theorem-2. Every generation m >= 2 is the same N real samples and n samples of the generation before.
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSimpson, checkSize } from './check.js';
import { power, retention } from './retention.js';

/**
 * Mean Simpson index S_m of each generation (Theorem 2). The last term alpha beta^m / N of the paper's formula is
 * printed with a minus; it stands here with a plus, as the recursion and simulation require (docs/MATH.md#theorem-2).
 * @param generations whole numbers >= 0 (0 gives S_0)
 * @param real N, 1 to 1e12
 * @param synthetic n, 1 to 1e12
 * @param simpson0 S_0 of the truth, in (0, 1]
 * @throws InputError outside these ranges
 */
export function expectedSimpson(generations: readonly number[], real: number, synthetic: number, simpson0: number): number[] {
  checkGenerations(generations);
  check(real, synthetic, simpson0);
  const { alpha, logBeta } = retention(real, synthetic);
  const perReal = 1 / real;
  return generations.map((m) => {
    if (m === 0) return simpson0;
    const betaPower = power(logBeta, m - 1);
    const noise = perReal * (1 + 2 * alpha - (1 - perReal) * alpha * betaPower);
    const truth = (1 - perReal) * simpson0 * (1 + alpha + alpha * betaPower * perReal);
    return (noise + truth) / (1 + (1 + perReal) * alpha);
  });
}

/**
 * Exact mean square drift E||p^(m) - p^(u)||_2^2 of each generation m >= u, without cancellation. From u = 1 it is
 * G_m = S_m - S_1 = (alpha^2/n) (1 - S_1) (1 - beta^(m-1))/(1 - beta); from a later one G_m + G_u - 2 alpha^(m-u) G_u; from the
 * truth (u = 0) G_m + (1 - S_0)/N; docs/MATH.md#theorem-2.
 * @param from u: 1, the first trained model, unless said
 * @throws InputError as `expectedSimpson`, and for a generation before `from`
 */
export function expectedSquaredDrift(
  generations: readonly number[],
  real: number,
  synthetic: number,
  simpson0: number,
  from = 1,
): number[] {
  checkGenerations([from]);
  checkGenerations(generations, from);
  check(real, synthetic, simpson0);
  const { alpha, logAlpha, oneMinusBeta, logBeta } = retention(real, synthetic);
  const scale = ((alpha * alpha) / synthetic) * (1 - 1 / real) * (1 - simpson0);
  const gain = (m: number) => (m <= 1 ? 0 : (scale * -Math.expm1((m - 1) * logBeta)) / oneMinusBeta);
  if (from === 0) return generations.map((m) => (m === 0 ? 0 : gain(m) + (1 - simpson0) / real));
  return generations.map((m) => {
    if (m === from) return 0;
    // G_m - G_u, and what the two have forgotten of each other.
    const grown = (scale * power(logBeta, from - 1) * -Math.expm1((m - from) * logBeta)) / oneMinusBeta;
    return grown - 2 * gain(from) * Math.expm1((m - from) * logAlpha);
  });
}

const c0 = Math.exp(3) / (2 * Math.PI);
const c1 = (6 * Math.E) / Math.PI ** 1.5;

/**
 * Theorem 3: E||p^(m) - p^(1)||_1 stays below (1/N) sqrt(pi n / 2) G_n(s) for every m >= 2. Very loose: often above 2,
 * the most that the distance can be, and Infinity where it overflows; docs/MATH.md#theorem-3.
 * @param support s, number of types with positive probability, >= 1
 * @throws InputError outside the ranges
 */
export function l1DriftBound(real: number, synthetic: number, support: number): number {
  checkSize('real', real);
  checkSize('synthetic', synthetic);
  checkSize('support', support);
  const n = synthetic;
  const s = support;
  let logG: number;
  if (s >= (c0 * n) / Math.E + 2) logG = Math.log(c1 * s) + (c0 * n) / (2 * Math.E);
  else if (s >= (c0 * n) / 4 + 2) logG = Math.log(c1 * s) + (s / 2) * Math.log((c0 * n) / s);
  else logG = s < 60 ? Math.log(2 ** s - 2) : s * Math.LN2;
  return Math.exp(logG + Math.log((Math.PI * n) / 2) / 2 - Math.log(real));
}

/**
 * Equation 11: the most synthetic samples that keep the mean ||p^(m) - p^(1)||_1 within `epsilon` by Theorem 3, as a real number
 * (round down); 0 if the theorem allows none; docs/MATH.md#equation-11.
 * @param real N, 1 to 1e12
 * @param epsilon allowed distance, above 0
 * @param support s, >= 1
 * @throws InputError outside the ranges
 */
export function syntheticBudget(real: number, epsilon: number, support: number): number {
  checkSize('real', real);
  checkSize('support', support);
  if (!(epsilon > 0 && epsilon < Infinity)) throw inputError('epsilon', epsilon, 'a number above 0');
  const byAccuracy = Math.log((Math.SQRT2 * Math.PI * real * epsilon) / (6 * Math.E * support));
  return Math.max(0, 2 * Math.PI * Math.exp(-2) * Math.min(support - 2, byAccuracy));
}

function check(real: number, synthetic: number, simpson0: number): void {
  checkSize('real', real);
  checkSize('synthetic', synthetic);
  checkSimpson(simpson0);
}
