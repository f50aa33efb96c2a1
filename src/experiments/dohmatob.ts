/** What the figures of Dohmatob et al. (arXiv 2410.04840) share: fits of a mixture, their law, and how the two are compared. */
import { type Claim, compare, type Estimate, estimate, worst, zScore } from '../figures/claim.js';
import type { Curve } from '../figures/series.js';
import { populationOf } from '../theory/linear/predict.js';
import { type TestError, testError } from '../theory/linear/test-error.js';
import { weightedTestError } from '../theory/linear/weighted.js';
import type { DataTable, ExperimentContext, Outcome } from './experiment.js';
import type { Run } from './run.js';
import { valuesAt } from './seddik.js';

export const paper = 'Dohmatob et al., arXiv 2410.04840';
export const metric = 'test-error';

/** One mixture and one model: Sigma = I, Gamma = I/d, Delta = (c^2/d) I. */
export interface Setting {
  /** d. */
  dimension: number;
  /** n. */
  samples: number;
  /** p_2. */
  share: number;
  /** c^2. */
  quality: number;
  /** Variance of all label noise. */
  noise: number;
  /** lambda. */
  ridge: number;
  /** m; left out: ridge regression on x itself. */
  width?: number;
  /** a, the total weight of the synthetic part; left out: every sample weighs the same. */
  weight?: number;
  /** Energy of the truth: 1 unless said. */
  signal?: number;
}

export function modelOf({ dimension, ridge, width, signal = 1 }: Setting) {
  const shared = { dimension, ridge, spectrum: { kind: 'isotropic' as const }, gamma: Array<number>(dimension).fill(signal / dimension) };
  return width === undefined ? { kind: 'ridge' as const, ...shared } : { kind: 'random-projections' as const, ...shared, width };
}

export function scheduleOf({ samples, share, quality, noise, weight }: Setting) {
  const mixture = { kind: 'mixture' as const, samples, syntheticFraction: share, noiseReal: noise, noiseSynthetic: noise, quality };
  return { ...mixture, ...(weight !== undefined && { syntheticWeight: weight }) };
}

/** B, V and zeta by Theorems 1 and 2, or by the law of weighted mixing. */
export function lawOf(setting: Setting): TestError {
  const schedule = scheduleOf(setting);
  const population = populationOf(modelOf(setting), schedule);
  const { weight, ridge } = setting;
  return weight === undefined ? testError(population, schedule, setting) : weightedTestError(population, schedule, ridge, weight);
}

/** Simulated fits of one setting. */
export interface Fits {
  setting: Setting;
  run: Run;
  values: number[];
  error: Estimate;
  expected: number;
}

/** Simulates `replicates` fits; seeds follow one another within a figure. */
export async function simulateFits(context: ExperimentContext, setting: Setting, replicates: number, seed: number): Promise<Fits> {
  const { samples, share, quality, width, weight } = setting;
  const label = [
    `n = ${samples}`,
    ...(width === undefined ? [] : [`m = ${width}`]),
    `p₂ = ${share}`,
    `c² = ${quality}`,
    ...(weight === undefined ? [] : [`a = ${weight}`]),
  ].join(', ');
  const run = await context.simulate(label, {
    ...{ model: modelOf(setting), schedule: scheduleOf(setting), generations: 1, metrics: [metric], seed, replicates },
  });
  const values = valuesAt(run, metric, 0);
  return { setting, run, values, error: estimate(values), expected: lawOf(setting).total };
}

/**
 * Whether simulation and law differ, on the average over a curve's fits, by no more than what the law leaves out at finite d: each
 * error counts in units of its law, so that all points weigh alike.
 */
export function agrees(claim: string, source: string, fits: readonly Fits[], allowance: number): Claim {
  const { mean, standardError } = estimate(fits.flatMap(({ values, expected }) => values.map((value) => value / expected)));
  return compare(claim, source, { mean: Math.abs(mean - 1), standardError }, '<=', allowance);
}

/** The same for several curves: the worst stands for all. */
export function allAgree(claim: string, source: string, curves: readonly (readonly Fits[])[], allowance: number): Claim {
  return worst(
    curves.map((fits) => {
      const { share, quality } = fits[0].setting;
      return agrees(`${claim} (p₂ = ${share}, c² = ${quality})`, source, fits, allowance);
    }),
  );
}

/** Points with error bars of two standard errors, against what `x` says of a setting. */
export function markedCurve(name: string, fits: readonly Fits[], x: (setting: Setting) => number): Curve {
  return {
    name,
    x: fits.map(({ setting }) => x(setting)),
    y: fits.map(({ error }) => error.mean),
    halfWidth: fits.map(({ error }) => 2 * error.standardError),
    exact: fits.map(({ expected }) => expected),
  };
}

/** Numbers from `from` to `to` in equal ratios. */
export function ratios(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
}

export function resultsOf(fits: readonly Fits[]): Outcome['results'] {
  return fits.map(({ run, expected }) => ({ label: run.label, result: run.result, expected: { [metric]: [expected] } }));
}

export function tableOf(fits: readonly Fits[]): DataTable {
  return {
    columns: ['samples', 'width', 'syntheticFraction', 'quality', 'runs', 'testError', 'standardError', 'expected', 'z'],
    rows: fits.map(({ setting: { samples, width, share, quality }, values, error, expected }) => [
      ...[samples, width ?? null, share, quality, values.length],
      ...[error.mean, error.standardError, expected, zScore(error, expected)],
    ]),
  };
}
