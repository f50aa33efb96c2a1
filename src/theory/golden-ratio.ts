/**
 * Which share of the weight the real samples should have: He et al. 2025 (arXiv 2502.18049); docs/MATH.md#golden-ratio. N real and n generated
 * samples make a training set; the real ones have share r of the total weight. Distances are squared, in units of the truth's
 * variance (1 - S_0, or the trace of the covariance), in the long run.
 */
import { inputError } from '../errors.js';
import { checkSize } from './check.js';
import type { Estimator } from './gaussian.js';

export { goldenShare } from './training-law.js';

/** The long run: squared distance of the mean from the truth, and variance. Without an unbiased estimator they sum to 1. */
export interface Stationary {
  drift: number;
  variance: number;
}

/**
 * Newly drawn real samples in every generation. For the categorical model, and the Gaussian by maximum likelihood, drift =
 * (r^2/N + (1 - r)^2/n)/(1 - (1 - r)^2 (1 - 1/n)).
 * @param real N, `synthetic` n: 1 to 1e12; `share` r in (0, 1]
 * @throws InputError outside these ranges
 */
export function freshStationary(real: number, synthetic: number, share: number, estimator: Estimator = 'mle'): Stationary {
  check(real, synthetic, share);
  const a = 1 - share;
  const squares = (share * share) / real + (a * a) / synthetic;
  if (estimator === 'mle') {
    const drift = squares / (share * (1 + a) + (a * a) / synthetic);
    return { drift, variance: 1 - drift };
  }
  // T = k (r + a T - r D), k = 1/(1 - squares), and D (1 - a^2) = a^2 T/n + r^2/N.
  const k = 1 / (1 - squares);
  const kept = share * (1 + a);
  const slope = (a * a) / synthetic / kept;
  const start = (share * share) / real / kept;
  const variance = (k * share * (1 - start)) / (1 - k * a + k * share * slope);
  return { drift: slope * variance + start, variance };
}

/**
 * The share with the least drift for fresh real samples, exactly: the root in (0, 1) of (1 - 1/n) r^2 + (k + 1/n) r - k = 0, k = N/n. It tends to the golden
 * share for large n.
 */
export function bestFreshShare(real: number, synthetic: number): number {
  check(real, synthetic, 1);
  const k = real / synthetic;
  const linear = k + 1 / synthetic;
  return (2 * k) / (linear + Math.sqrt(linear * linear + 4 * k * (1 - 1 / synthetic)));
}

/**
 * The same real samples in every generation: the drift is 1/N + (1 - 1/N) ((1 - r)^2/n)/(1 - (1 - r)^2 (1 - 1/n)), which falls with r. The best share is 1: without
 * the generated samples.
 */
export function fixedStationary(real: number, synthetic: number, share: number): Stationary {
  check(real, synthetic, share);
  const a = 1 - share;
  const noise = (a * a) / synthetic;
  const drift = 1 / real + ((1 - 1 / real) * noise) / (share * (1 + a) + noise);
  return { drift, variance: 1 - drift };
}

function check(real: number, synthetic: number, share: number): void {
  checkSize('real', real);
  checkSize('synthetic', synthetic);
  if (!(share > 0 && share <= 1)) throw inputError('share', share, 'above 0, at most 1');
}
