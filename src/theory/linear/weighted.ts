/**
 * Weighted mixing: ridge regression with weights (1-a)/p_1 on the real samples and a/p_2 on the synthetic ones. The paper has the first
 * order for isotropic covariates; the law for any spectrum, ratio and ridge is derived in docs/MATH.md#weighted.
 */
import { inputError } from '../../errors.js';
import { checkNonNegative, checkShare, product } from './check.js';
import { type Degrees, degrees } from './degrees.js';
import { fixedPoint } from './fixed-point.js';
import { minimum } from './minimum.js';
import { type Population, shiftEnergy } from './population.js';
import { increasingRoot } from './root.js';
import { checkMixture, errorsAt, type Mixture, type TestError } from './test-error.js';

/**
 * Test error of the weighted fit; with a = p_2 all weights are 1 and it is Theorem 1.
 * @param mixture a part without samples takes no weight: p_2 = 0 needs a = 0, p_2 = 1 needs a = 1
 * @param ridge lambda >= 0
 * @param weight a in [0, 1], the total weight of the synthetic part
 * @throws InputError for arguments outside their ranges
 */
export function weightedTestError(population: Population, mixture: Mixture, ridge: number, weight: number): TestError {
  checkMixture(mixture);
  checkNonNegative('ridge', ridge);
  checkWeight(mixture, weight);
  const { samples, syntheticFraction } = mixture;
  if (weight === 0 || weight === 1) {
    // One part alone: plain ridge on its samples.
    const part = { ...mixture, samples: samples * (weight === 0 ? 1 - syntheticFraction : syntheticFraction), syntheticFraction: weight };
    return errorsAt(population, part, fixedPoint(population, part.samples, Infinity, ridge));
  }
  return errorsBetween(population, mixture, ridge, weight);
}

/**
 * First order in phi = d/n without ridge, any spectrum, c^2 = tr Delta Sigma:
 * a^2 c^2 + phi [(1-a)^2 s_1^2/p_1 + a^2 s_2^2/p_2] + phi a^2 c^2 [3 (1-a)^2/p_1 + ((1-a)^2 + 2 a^2 - 2 a)/p_2].
 * @throws InputError as `weightedTestError`
 */
export function weightedFirstOrder(population: Population, mixture: Mixture, weight: number): number {
  checkMixture(mixture);
  checkWeight(mixture, weight);
  const { samples, syntheticFraction, noiseReal, noiseSynthetic } = mixture;
  const quality = weight ** 2 * shiftEnergy(population);
  const real = weight === 1 ? 0 : (1 - weight) ** 2 / (1 - syntheticFraction);
  const synthetic = weight === 0 ? 0 : weight ** 2 / syntheticFraction;
  const crossed = weight === 0 || weight === 1 ? 0 : ((1 - weight) ** 2 - 2 * weight * (1 - weight)) / syntheticFraction;
  return quality + (population.dimension / samples) * (real * noiseReal + synthetic * noiseSynthetic + quality * (3 * real + crossed));
}

/** The weight at which the first two terms of `weightedFirstOrder` are least: a* = phi r/(c^2 + phi (r + s_2^2/p_2)), r = s_1^2/p_1; it vanishes with phi. `bestWeight` has no such approximation. */
export function firstOrderWeight(population: Population, mixture: Mixture): number {
  checkMixture(mixture);
  const { samples, syntheticFraction, noiseReal, noiseSynthetic } = mixture;
  if (syntheticFraction === 0) return 0;
  if (syntheticFraction === 1) return 1;
  const phi = population.dimension / samples;
  const real = (phi * noiseReal) / (1 - syntheticFraction);
  const synthetic = (phi * noiseSynthetic) / syntheticFraction;
  const quality = shiftEnergy(population);
  return real === 0 ? 0 : real / (quality + real + synthetic);
}

/**
 * The best weight by the whole law, to a relative 1e-6 or so (the error is flat there), and the error at it.
 * @throws InputError as `weightedTestError`
 */
export function bestWeight(population: Population, mixture: Mixture, ridge: number): { weight: number; error: TestError } {
  checkMixture(mixture);
  checkNonNegative('ridge', ridge);
  const { syntheticFraction } = mixture;
  const at = (weight: number) => ({ weight, error: weightedTestError(population, mixture, ridge, weight) });
  if (syntheticFraction === 0 || syntheticFraction === 1) return at(syntheticFraction);
  const grid = [0, syntheticFraction, 1];
  for (let a = 0.5; a > 1e-13; a /= 2) grid.push(a, 1 - a);
  return at(minimum((weight) => at(weight).error.total, grid));
}

function errorsBetween(population: Population, mixture: Mixture, ridge: number, weight: number): TestError {
  const { samples, syntheticFraction } = mixture;
  const shares = [1 - syntheticFraction, syntheticFraction];
  const weights = [(1 - weight) / shares[0], weight / shares[1]];
  const kappa = solve(population, samples, ridge, shares, weights);
  const at = degrees(population, kappa);
  const { h, epsilon } = shrinkage(at, samples, weights);
  // t_k sum to 1; y_k df_2/n is what part k adds to the variance.
  const part = (k: number) => weights[k] / (h + weights[k] * epsilon);
  const t = [shares[0] * part(0), shares[1] * part(1)];
  const y = [shares[0] * part(0) ** 2, shares[1] * part(1) ** 2];
  const perSample = at.second / samples;
  const rest = h * (t[0] / (h + weights[0] * epsilon) + t[1] / (h + weights[1] * epsilon)) + ((y[0] + y[1]) * at.slope) / samples;
  const gain = 1 / rest;
  let lost = 0;
  let learnt = 0;
  let spread = 0;
  population.eigenvalue.forEach((l, i) => {
    const kept = l / (l + kappa);
    lost += population.signal[i] * (kappa / (l + kappa)) ** 2;
    learnt += population.shift[i] * (t[1] * kept) ** 2;
    spread += population.shift[i] * (t[0] + (t[1] * kappa) / (l + kappa)) ** 2;
  });
  const bias = product(gain, lost);
  const variance = product(gain, perSample * (mixture.noiseReal * y[0] + mixture.noiseSynthetic * y[1]));
  const zeta = learnt + product(gain, perSample * (y[0] * learnt + y[1] * spread));
  return { bias, variance, zeta, total: bias + variance + zeta };
}

/** kappa with kappa h(kappa) = lambda. */
function solve(population: Population, samples: number, ridge: number, shares: number[], weights: number[]): number {
  const { dimension, trace, eigenvalue } = population;
  if (samples === Infinity) return ridge;
  if (ridge === 0 && samples >= dimension) return 0;
  const threshold = samples < dimension ? eigenvalue[eigenvalue.length - 1] * ((dimension - samples) / samples) : 0;
  const value = (kappa: number) => {
    const at = degrees(population, kappa);
    if (ridge === 0) return { value: at.rest(samples), slope: at.slope / samples };
    const { h, epsilon } = shrinkage(at, samples, weights);
    if (!(h > 0)) return { value: -Infinity, slope: 1 };
    let byH = 0;
    let byEpsilon = 0;
    weights.forEach((w, k) => {
      byH += (shares[k] * w) / (h + w * epsilon) ** 2;
      byEpsilon += (shares[k] * w * w) / (h + w * epsilon) ** 2;
    });
    return { value: Math.log((kappa / ridge) * h), slope: 1 + ((byEpsilon / byH) * at.slope) / samples / h };
  };
  return increasingRoot(
    value,
    Math.max(ridge, threshold),
    ridge === 0 ? trace / samples : Math.max(2 * ridge, (2 * (weights[0] + weights[1]) * trace) / samples),
  );
}

/** epsilon = df_1/n and the positive root h of 1 = sum_k p_k w_k/(h + w_k epsilon); 0 where there is none. */
function shrinkage(at: Degrees, samples: number, [w1, w2]: number[]): { h: number; epsilon: number } {
  const epsilon = (at.second + at.slope) / samples;
  const rest = at.rest(samples);
  if (!(rest > 0)) return { h: 0, epsilon };
  const b = (w1 + w2) * epsilon - 1;
  const c = w1 * w2 * epsilon * rest;
  const root = Math.sqrt(b * b + 4 * c);
  return { h: b > 0 ? (2 * c) / (b + root) : (root - b) / 2, epsilon };
}

function checkWeight({ syntheticFraction }: Mixture, weight: number): void {
  checkShare('weight', weight);
  if (syntheticFraction === 0 && weight !== 0) throw inputError('weight', weight, '0, because there are no synthetic samples');
  if (syntheticFraction === 1 && weight !== 1) throw inputError('weight', weight, '1, because there are no real samples');
}
