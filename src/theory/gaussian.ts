/**
 * Recursive training of a Gaussian whose truth is N(0, I_d) (docs/MATH.md#gaussian). Means and variances are exact for every schedule;
 * determinants and the collapse time are of fully synthetic training: generation m is n samples of N(mu, Sigma) of the one before.
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSize } from './check.js';
import { logGap, trigamma } from './gamma.js';
import { replaceSize, type TrainingLaw } from './training-law.js';
import { trainingProgram } from './training-program.js';
import { TrainingWalk } from './training-walk.js';

/** Covariance divided by the total weight, or by what makes it unbiased for independent samples: n - 1, with weights W - sum w_i^2/W. */
export type Estimator = 'mle' | 'unbiased';

/** How a Gaussian is trained. Generated samples have covariance `temperature` x Sigma (default 1). */
export interface GaussianTraining extends Pick<TrainingLaw, 'schedule' | 'weighting'> {
  estimator: Estimator;
  temperature?: number;
}

/** E tr Sigma_m/d and E||mu_m||^2/d: neither depends on d. */
export interface GaussianMoments {
  variance: number[];
  meanShift: number[];
}

/**
 * Mean variance and mean squared shift of the mean, per dimension, at each generation (whole numbers >= 1, any order).
 * @throws InputError for sizes, weights or generations out of range; for the unbiased estimator on a single sample
 */
export function gaussianMoments(training: GaussianTraining, generations: readonly number[]): GaussianMoments {
  checkGenerations(generations, 1);
  const { estimator, temperature = 1 } = training;
  checkTemperature(temperature);
  const n = replaceSize(training.schedule);
  if (n !== undefined) return replaceMoments(n, estimator, temperature, generations);
  const last = generations.reduce((most, m) => Math.max(most, m), 0);
  const family = { truthSpread: 1, unbiased: estimator === 'unbiased', temperature };
  const walk = new TrainingWalk(trainingProgram(training, last), family, last);
  const order = generations.map((_, i) => i).sort((a, b) => generations[a] - generations[b]);
  const moments: GaussianMoments = { variance: [], meanShift: [] };
  let next = 0;
  for (let m = 1; m <= last; m++) {
    const { spread, fromTruth } = walk.step();
    for (; next < order.length && generations[order[next]] === m; next++) {
      moments.variance[order[next]] = spread;
      moments.meanShift[order[next]] = fromTruth;
    }
  }
  return moments;
}

/** Fully synthetic: the variance is t^(m-1) c^m, c = 1 - 1/n or 1; the mean moves by 1/n of the variance sampled, each time. */
function replaceMoments(n: number, estimator: Estimator, temperature: number, generations: readonly number[]): GaussianMoments {
  checkEstimator(n, estimator);
  const logFactor = estimator === 'mle' ? Math.log1p(-1 / n) : 0;
  const logStep = Math.log(temperature) + logFactor;
  const oneMinusStep = logStep === 0 ? 0 : -Math.expm1(logStep);
  const power = (log: number, m: number) => (m === 0 ? 1 : Math.exp(m * log));
  return {
    variance: generations.map((m) => power(logStep, m - 1) * power(logFactor, 1)),
    meanShift: generations.map((m) => (oneMinusStep === 0 ? m / n : -Math.expm1(m * logStep) / oneMinusStep / n)),
  };
}

/** Mean and variance of one generation's change. */
export interface Increment {
  mean: number;
  variance: number;
}

/**
 * ln det Sigma_m - ln det Sigma_(m-1) of fully synthetic training: a sum of d independent ln(chi^2_(n-i)/k), i = 1 ... d, k = n or n - 1. The same law
 * in every generation, the first one against the truth, and independent between generations; from the second on d ln(temperature) comes on top.
 * @param sampleSize n, above `dimension`; otherwise Sigma is singular
 * @throws InputError for sizes out of range
 */
export function logDeterminantIncrement(sampleSize: number, dimension: number, estimator: Estimator): Increment {
  checkSize('dimension', dimension, 1e6);
  checkSize('sampleSize', sampleSize);
  if (sampleSize <= dimension) throw inputError('sampleSize', sampleSize, `above the dimension, ${dimension}`);
  const law = { mean: 0, variance: 0 };
  for (let i = 1; i <= dimension; i++) {
    law.mean += logVariance(sampleSize, i, estimator);
    law.variance += trigamma((sampleSize - i) / 2);
  }
  return law;
}

/** E ln(chi^2_(n-i)/k): the growth of the i-th axis' log variance in a generation, also its Lyapunov exponent (doubled). */
function logVariance(n: number, i: number, estimator: Estimator): number {
  const divisor = estimator === 'mle' ? n : n - 1;
  // ln chi^2_f = ln f - (ln(f/2) - psi(f/2)) in the mean.
  return Math.log1p((n - i - divisor) / divisor) - logGap((n - i) / 2);
}

/**
 * Rate at which ln(tr Sigma) falls in the long run of fully synthetic training, per generation and for every dimension: ln k - ln 2 - psi((n-1)/2), k = n
 * or n - 1, less ln(temperature). It is positive even where the mean variance stays the same.
 * @throws InputError for n below 2
 */
export function collapseRate(sampleSize: number, estimator: Estimator, temperature = 1): number {
  checkSize('sampleSize', sampleSize);
  checkTemperature(temperature);
  if (sampleSize < 2) throw inputError('sampleSize', sampleSize, 'at least 2');
  return -logVariance(sampleSize, 1, estimator) - Math.log(temperature);
}

/** Bounds of the mean collapse time, and an approximation in between. */
export interface GaussianCollapse {
  mean: number;
  lower: number;
  upper: number;
}

/**
 * E[T] of fully synthetic training in one dimension, T the first generation with a variance below `threshold`. By Wald's identity
 * it is (b + E R)/rate with b = -ln(threshold) and R the overshoot; 0 < E R <= E[X | X > 0] as a step's density is log-concave (docs/MATH.md#gaussian-collapse).
 * `mean` takes E R for small steps: 0.5826 s + rate/4 + s^2/6, s^2 the variance of a step.
 * In more dimensions `lower` holds for tr Sigma/d, the rest does not.
 * @returns undefined where the variance does not fall, or starts below the threshold
 * @throws InputError for n below 2 or a threshold that is not positive
 */
export function gaussianCollapseTime(
  sampleSize: number,
  estimator: Estimator,
  threshold: number,
  temperature = 1,
): GaussianCollapse | undefined {
  const rate = collapseRate(sampleSize, estimator, temperature);
  if (!(threshold > 0)) throw inputError('collapseVariance', threshold, 'above 0');
  // Generation 1 samples the truth, without the temperature.
  const barrier = -Math.log(threshold) - Math.log(temperature);
  if (!(rate > 0 && barrier > 0)) return undefined;
  const divisor = estimator === 'mle' ? sampleSize : sampleSize - 1;
  const most = meanPositiveStep((sampleSize - 1) / 2, divisor / 2 / temperature);
  const spread = trigamma((sampleSize - 1) / 2);
  const likely = Math.min(0.5826 * Math.sqrt(spread) + rate / 4 + spread / 6, most);
  const time = (overshoot: number) => Math.max(1, (barrier + overshoot) / rate);
  return { mean: time(likely), lower: time(0), upper: time(most) };
}

/** E[X | X > 0] of X = ln(c/G), G gamma distributed of shape a: Simpson's rule on the density exp(-a t + c (1 - e^-t)), t > 0. */
function meanPositiveStep(a: number, c: number): number {
  const log = (t: number) => -a * t - c * Math.expm1(-t);
  let end = 1 / Math.sqrt(a + c);
  while (log(end) > -45 || log(end) > log(end / 2)) end *= 1.5;
  const steps = 4000;
  let mass = 0;
  let mean = 0;
  for (let i = 0; i <= steps; i++) {
    const t = (end * i) / steps;
    const weight = (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(log(t));
    mass += weight;
    mean += weight * t;
  }
  return mean / mass;
}

export function checkEstimator(n: number, estimator: Estimator): void {
  checkSize('sampleSize', n);
  if (estimator === 'unbiased' && n < 2) throw inputError('sampleSize', n, 'at least 2 for the unbiased estimator');
}

function checkTemperature(temperature: number): void {
  if (!(temperature > 0 && temperature < Infinity)) throw inputError('temperature', temperature, 'a finite number above 0');
}
