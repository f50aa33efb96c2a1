/**
 * Ridge over generations: every generation draws new covariates and relabels its synthetic part with the fit before. With p_2 = 1 this
 * is repeated replacement (Dohmatob et al., arXiv 2402.07712), else iterative mixing (arXiv 2410.04840). The law for any spectrum and
 * ridge is derived in docs/MATH.md#iterative.
 */
import { inputError } from '../../errors.js';
import { checkGenerations } from '../check.js';
import { checkNonNegative, product } from './check.js';
import { fixedPoint } from './fixed-point.js';
import { type Population, shiftEnergy } from './population.js';
import { checkMixture, type Mixture, meanNoise } from './test-error.js';

/** Second moments of a labelling model w against the truth w_1, over the eigenspaces of Sigma; `Population` has the same order. */
export interface LabelError {
  /** E (w - w_1)' Sigma (w - w_1) over each eigenspace. */
  energy: Float64Array;
  /** E w_1' Sigma (w - w_1) over each eigenspace: below 0 where ridge shrinks. */
  cross: Float64Array;
}

/** The labelling model of the first generation: w_2 with w_2 - w_1 ~ N(0, Delta), independent of w_1. */
export function firstLabels(population: Population): LabelError {
  return { energy: Float64Array.from(population.shift), cross: new Float64Array(population.shift.length) };
}

/** Test error of a model: tr Sigma E (w - w_1)(w - w_1)'. */
export function energyOf({ energy }: LabelError): number {
  return energy.reduce((sum, value) => sum + value, 0);
}

/**
 * The fit of one generation on `mixture`, its synthetic part labelled by a model with error `labels` (independent of the covariates).
 * @throws InputError for arguments outside their ranges
 */
export function nextGeneration(population: Population, labels: LabelError, mixture: Mixture, ridge: number): LabelError {
  return advance(population, labels, termsOf(population, mixture, ridge));
}

function advance({ eigenvalue, multiplicity, signal }: Population, labels: LabelError, terms: Terms): LabelError {
  let residual = terms.labelNoise;
  eigenvalue.forEach((_, i) => {
    residual += terms.residual(i, labels.energy[i], labels.cross[i]);
  });
  const energy = new Float64Array(eigenvalue.length);
  const cross = new Float64Array(eigenvalue.length);
  eigenvalue.forEach((_, i) => {
    const { lost, passed } = terms.at(i);
    energy[i] =
      product(passed ** 2, labels.energy[i]) -
      2 * passed * lost * labels.cross[i] +
      lost ** 2 * signal[i] +
      multiplicity[i] * product(terms.noise(i), residual);
    cross[i] = passed * labels.cross[i] - lost * signal[i];
  });
  return { energy, cross };
}

/**
 * Iterative mixing: test errors E_1 ... E_T. Generation 1's synthetic part is labelled by w_2; generation t's by the fit t - 1.
 * Without ridge and with n > d, E_(t+1) = V + b E_t.
 * @param options `noiseFree`: from generation 2 on synthetic labels carry no noise
 * @throws InputError for arguments outside their ranges
 */
export function iterativeErrors(
  population: Population,
  mixture: Mixture,
  ridge: number,
  generations: number,
  { noiseFree = false }: { noiseFree?: boolean } = {},
): number[] {
  checkGenerations([generations], 1);
  const later = noiseFree ? { ...mixture, noiseSynthetic: 0 } : mixture;
  return follow(population, mixture, later, ridge, generations);
}

/** What E_t tends to under iterative mixing; infinite where errors pass on undiminished (p_2 = 1, no ridge). Parameters as there. */
export function iterativeLimit(
  population: Population,
  mixture: Mixture,
  ridge: number,
  { noiseFree = false }: { noiseFree?: boolean } = {},
): number {
  const { eigenvalue, multiplicity, signal } = population;
  const later = noiseFree ? { ...mixture, noiseSynthetic: 0 } : mixture;
  const terms = termsOf(population, later, ridge);
  // Without ridge and real data nothing is ever lost: the errors of the first labels stay, and noise adds up.
  if (terms.at(0).passedRest === 0) return terms.labelNoise === 0 ? shiftEnergy(population) : Infinity;
  // energy_i = own_i + each_i R with R the residual variance, which is linear in the energies.
  let residual = terms.labelNoise;
  let fedBack = 0;
  let own = 0;
  let each = 0;
  eigenvalue.forEach((_, i) => {
    const { lost, passed, passedRest } = terms.at(i);
    const cross = lost === 0 ? 0 : (-lost * signal[i]) / passedRest;
    const scale = 1 / (passedRest * (1 + passed));
    const fixed = product(scale, lost ** 2 * signal[i] - 2 * passed * lost * cross);
    const slope = multiplicity[i] * product(scale, terms.noise(i));
    residual += terms.residual(i, fixed, cross);
    fedBack += terms.residual(i, slope, 0) - terms.residual(i, 0, 0);
    own += fixed;
    each += slope;
  });
  if (residual === 0) return own;
  return fedBack < 1 ? own + (each * residual) / (1 - fedBack) : Infinity;
}

/**
 * Repeated replacement: generation 1 is fitted to n real samples, every later one to n samples labelled by the fit before.
 * Test errors E_1 ... E_T; without ridge and with n > d they grow by s^2 (d/n)/(1 - d/n) a generation.
 * @param training n and the label noise (real in generation 1, synthetic after)
 * @throws InputError for arguments outside their ranges
 */
export function replacementErrors(
  population: Population,
  training: Omit<Mixture, 'syntheticFraction'>,
  ridge: number,
  generations: number,
): number[] {
  checkGenerations([generations], 1);
  return follow(population, { ...training, syntheticFraction: 0 }, { ...training, syntheticFraction: 1 }, ridge, generations);
}

/**
 * Labels that have gone through k least-squares fits of `samples` = n_0 > d + 1 samples each: the exact energy k s^2 d/(n_0 - d - 1), spread like
 * Sigma^-1. As `quality` of a population at p_2 = 1 it gives the error of any last fit (arXiv 2402.07712).
 * @throws InputError unless n_0 > d + 1
 */
export function replacedQuality(generations: number, dimension: number, samples: number, noise: number): number {
  checkNonNegative('generations', generations);
  checkNonNegative('noise', noise);
  if (!(samples > dimension + 1)) throw inputError('samples', samples, `more than ${dimension + 1} (the dimension and 1)`);
  return (generations * noise * dimension) / (samples - dimension - 1);
}

/** b of E_(t+1) = V + b E_t without ridge, n > d: p_2^2 (1 + p_1 u) + p_2 u p_1^2, u = (d/n)/(1 - d/n). */
export function passedOn(dimension: number, { samples, syntheticFraction: p2 }: Pick<Mixture, 'samples' | 'syntheticFraction'>): number {
  const u = dimension / (samples - dimension);
  const p1 = 1 - p2;
  return p2 * p2 * (1 + p1 * u) + p2 * u * p1 * p1;
}

/** Test errors of generations 1 ... T: the first on one mixture, all others on another. */
function follow(population: Population, first: Mixture, later: Mixture, ridge: number, generations: number): number[] {
  let labels = nextGeneration(population, firstLabels(population), first, ridge);
  const errors = [energyOf(labels)];
  const terms = termsOf(population, later, ridge);
  while (errors.length < generations) {
    labels = advance(population, labels, terms);
    errors.push(energyOf(labels));
  }
  return errors;
}

type Terms = ReturnType<typeof termsOf>;

/** What one generation does to each direction, and the noise that all directions share. */
function termsOf(population: Population, mixture: Mixture, ridge: number) {
  checkMixture(mixture);
  checkNonNegative('ridge', ridge);
  const { samples, syntheticFraction: p2 } = mixture;
  const { theta, gain } = fixedPoint(population, samples, Infinity, ridge);
  const { eigenvalue, signal } = population;
  const lostOf = (i: number) => theta / (eigenvalue[i] + theta);
  const keptOf = (i: number) => eigenvalue[i] / (eigenvalue[i] + theta);
  return {
    /** s^2. */
    labelNoise: meanNoise(mixture),
    /** M1; p_2 (1 - M1); 1 - p_2 (1 - M1). */
    at: (i: number) => ({ lost: lostOf(i), passed: p2 * keptOf(i), passedRest: 1 - p2 + p2 * lostOf(i) }),
    /** Energy that unit residual variance leaves in one direction: (1 + u) (1 - M1)^2/n. */
    noise: (i: number) => (gain * keptOf(i) ** 2) / samples,
    /** What labels with this error add to the residual variance. */
    residual: (i: number, energy: number, cross: number) =>
      lostOf(i) ** 2 * (signal[i] + 2 * p2 * cross) + product(p2 * (1 - p2 + p2 * lostOf(i) ** 2), energy),
  };
}
