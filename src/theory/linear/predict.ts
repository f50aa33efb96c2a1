/** The test error of a regression spec, in closed form. */
import { checkGenerations } from '../check.js';
import { iterativeErrors } from './generations.js';
import { population as makePopulation, type Population, type SpectrumLaw } from './population.js';
import { type Mixture, type TestError, testError } from './test-error.js';
import { weightedTestError } from './weighted.js';

/** Ridge regression or random projections, as a spec has them. */
export interface LinearModel {
  kind: 'ridge' | 'random-projections';
  dimension: number;
  spectrum: SpectrumLaw;
  /** Diagonal of Gamma; default 1/d each. */
  gamma?: ArrayLike<number>;
  ridge: number;
  /** m, for random projections. */
  width?: number;
}

/** The `mixture` schedule, as a spec has it. */
export interface MixtureSchedule extends Mixture {
  quality?: number;
  delta?: ArrayLike<number>;
  /** a: total weight of the synthetic part; left out: every sample weighs the same. */
  syntheticWeight?: number;
  /** Whether later generations draw their real part anew. */
  real?: 'fresh' | 'fixed';
  /** Whether labels from earlier fits carry noise. */
  relabelling?: 'noisy' | 'noise-free';
}

/** What has a closed form. */
export interface LinearPrediction {
  /** Of generation 1; absent for weighted random projections. */
  testError?: TestError;
  /** By generation; absent where some generation asked for has no closed form. */
  totals?: number[];
}

/** The population of a model and a schedule. Throws InputError as `population`. */
export function populationOf({ dimension, spectrum, gamma }: LinearModel, { quality, delta }: MixtureSchedule): Population {
  return makePopulation(dimension, spectrum, { gamma, quality, delta });
}

/**
 * @param generations increasing whole numbers from 1. After 1 there is a closed form for unweighted ridge with fresh real data; without a ridge
 * penalty random projections with m >= d are least squares, and so have it too, where n >= d.
 * @throws InputError for values outside their ranges
 */
export function predict(model: LinearModel, schedule: MixtureSchedule, generations: readonly number[]): LinearPrediction {
  checkGenerations(generations, 1);
  const people = populationOf(model, schedule);
  const { syntheticWeight, real = 'fresh', relabelling = 'noisy' } = schedule;
  const { ridge, width } = model.kind === 'ridge' ? { ridge: model.ridge, width: undefined } : model;
  if (syntheticWeight !== undefined && width !== undefined) return {};
  const first =
    syntheticWeight === undefined
      ? testError(people, schedule, { ridge, width })
      : weightedTestError(people, schedule, ridge, syntheticWeight);
  const last = Math.max(...generations);
  if (last === 1) return { testError: first, totals: [first.total] };
  const leastSquares = ridge === 0 && schedule.samples >= model.dimension && (width === undefined || width >= model.dimension);
  const unlabelled = schedule.syntheticFraction === 0;
  if (unlabelled) return { testError: first, totals: generations.map(() => first.total) };
  if (syntheticWeight !== undefined || real === 'fixed' || (width !== undefined && !leastSquares)) return { testError: first };
  const errors = iterativeErrors(people, schedule, ridge, last, { noiseFree: relabelling === 'noise-free' });
  return { testError: first, totals: generations.map((m) => errors[m - 1]) };
}
