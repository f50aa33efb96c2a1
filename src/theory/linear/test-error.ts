/** Test error of ridge regression and of random projections fitted to real and synthetic data: Dohmatob et al. (arXiv 2410.04840), Theorems 1 and 2. */
import { checkNonNegative, checkShare, checkSizeOrLimit, product } from './check.js';
import { type FixedPoint, fixedPoint } from './fixed-point.js';
import type { Population } from './population.js';

/** The training set: n samples, p_2 of them synthetic. */
export interface Mixture {
  /** n, a whole number from 1 to 1e12, or Infinity for the limit. */
  samples: number;
  /** p_2, in [0, 1], used as it is. */
  syntheticFraction: number;
  /** Label noise of the real part, a variance >= 0. */
  noiseReal: number;
  /** Label noise of the synthetic part, a variance >= 0. */
  noiseSynthetic: number;
}

/** What is fitted. */
export interface Fit {
  /** lambda >= 0, on the mean squared error; 0 is the limit from above, the fit of least norm. */
  ridge: number;
  /** m, for random projections: 1 to 1e12 features with projection entries N(0, 1/d). Left out: ridge regression on x itself. */
  width?: number;
}

/** E||Sigma^(1/2) (w_hat - w_1)||^2 and its parts; infinite at the interpolation threshold without ridge. */
export interface TestError {
  bias: number;
  variance: number;
  /** What the synthetic labels cost. */
  zeta: number;
  total: number;
}

/**
 * Theorem 2 in one unknown; Theorem 1 is its case m = infinity. Asymptotic in d, n, m at fixed ratios: at finite d the error is off by
 * a relative O(1/d).
 * @throws InputError for arguments outside their ranges
 */
export function testError(population: Population, mixture: Mixture, fit: Fit): TestError {
  checkMixture(mixture);
  checkFit(fit);
  const { width, ridge } = fit;
  const level = width === undefined ? ridge : (ridge * population.dimension) / width;
  return errorsAt(population, mixture, fixedPoint(population, mixture.samples, width ?? Infinity, level));
}

/** B, V and zeta at a solved fixed point. */
export function errorsAt({ eigenvalue, signal, shift }: Population, mixture: Mixture, point: FixedPoint): TestError {
  const { theta, etaRest, u, gain, corner } = point;
  const synthetic = mixture.syntheticFraction;
  const real = 1 - synthetic;
  let lost = 0;
  let learnt = 0;
  let spread = 0;
  let biasCorner = 0;
  let shiftCorner = 0;
  for (let i = eigenvalue.length - 1; i >= 0; i--) {
    // M1, 1 - M1 and M2 = M1 (M1 + (1 - eta)(1 - M1)); all sums are of terms >= 0.
    const first = theta / (eigenvalue[i] + theta);
    const kept = eigenvalue[i] / (eigenvalue[i] + theta);
    const second = first * (first + etaRest * kept);
    lost += signal[i] * second;
    learnt += shift[i] * kept * (kept + etaRest * first);
    spread += shift[i] * (real * real + 2 * real * synthetic * first + synthetic * synthetic * second);
    biasCorner += (corner * signal[i]) / eigenvalue[i];
    shiftCorner += (corner * shift[i]) / eigenvalue[i];
  }
  const variance = product(u, meanNoise(mixture));
  const bias = product(gain, lost) + biasCorner;
  const zeta =
    synthetic ** 2 * learnt + product(u, synthetic * synthetic * real * learnt + synthetic * spread) + synthetic ** 3 * shiftCorner;
  return { bias, variance, zeta, total: bias + variance + zeta };
}

/** s^2 = p_1 s_1^2 + p_2 s_2^2. */
export function meanNoise({ syntheticFraction, noiseReal, noiseSynthetic }: Mixture): number {
  return (1 - syntheticFraction) * noiseReal + syntheticFraction * noiseSynthetic;
}

/**
 * What no amount of data removes: the test error at n = infinity. For ridge at small lambda zeta tends to p_2^2 tr Delta Sigma:
 * that is strong model collapse.
 * @throws InputError as `testError`
 */
export function dataLimit(population: Population, mixture: Omit<Mixture, 'samples'>, fit: Fit): TestError {
  return testError(population, { ...mixture, samples: Infinity }, fit);
}

/** Throws unless every number of a mixture is in its range. */
export function checkMixture({ samples, syntheticFraction, noiseReal, noiseSynthetic }: Mixture): void {
  checkSizeOrLimit('samples', samples);
  checkShare('syntheticFraction', syntheticFraction);
  checkNonNegative('noiseReal', noiseReal);
  checkNonNegative('noiseSynthetic', noiseSynthetic);
}

function checkFit({ ridge, width }: Fit): void {
  checkNonNegative('ridge', ridge);
  if (width !== undefined) checkSizeOrLimit('width', width);
}
