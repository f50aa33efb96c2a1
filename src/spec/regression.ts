/**
 * Regression on real and synthetic data: the models `ridge` and `random-projections`, and the schedule `mixture`. Fields of either that
 * depend on the other are checked by `checkRegression`.
 */
import { z } from 'zod';
import { integer, kind, kinds, MAX_COUNT, real, strict } from './fields.js';

/** Largest dimension d. */
export const MAX_DIMENSION = 1e5;
/** Most samples of a mixture: their number costs nothing where they are drawn as Wishart matrices. */
export const MAX_MIXTURE = 1e12;
/** Eigenvalues stay in this range, so that no product of two leaves the range of doubles. */
const LEAST_EIGENVALUE = 1e-100;
const MOST_EIGENVALUE = 1e100;

type Context = z.core.$RefinementCtx;

const nonNegative = () => real('a finite number, 0 or more', (number, error) => number.min(0, error));
const share = () => real('a number from 0 to 1', (number, error) => number.min(0, error).max(1, error));

/** A diagonal matrix in the eigenbasis of Sigma. */
function diagonal(meaning: string) {
  const error = `an array of numbers, 0 or more, one for each dimension (at most ${MAX_DIMENSION})`;
  return z.array(nonNegative(), { error }).min(1, { error }).max(MAX_DIMENSION, { error }).describe(meaning);
}

const eigenvalueAllowed = `a number from ${LEAST_EIGENVALUE} to ${MOST_EIGENVALUE}`;
const eigenvalue = real(eigenvalueAllowed, (number, error) => number.min(LEAST_EIGENVALUE, error).max(MOST_EIGENVALUE, error));
const eigenvaluesAllowed = { error: `an array of 1 to ${MAX_DIMENSION} positive numbers` };

/** Every kind of spectrum of Sigma, the covariance of x. */
export const spectrumKinds = [
  strict({ kind: kind('isotropic', 'Sigma = I.') }),
  strict({
    kind: kind('power-law', 'Eigenvalues i^-exponent, i = 1 ... d.'),
    exponent: nonNegative().describe(`Exponent: 0 or more, with dimension^-exponent at least ${LEAST_EIGENVALUE}.`),
  }),
  strict({
    kind: kind('explicit', 'The eigenvalues themselves; the dimension is their number.'),
    eigenvalues: z
      .array(eigenvalue, eigenvaluesAllowed)
      .min(1, eigenvaluesAllowed)
      .max(MAX_DIMENSION, eigenvaluesAllowed)
      .describe(`Eigenvalues of Sigma in any order, each ${eigenvalueAllowed}.`),
  }),
] as const;

const shared = {
  dimension: integer(1, MAX_DIMENSION)
    .optional()
    .describe(`Dimension d of x: 1 to ${MAX_DIMENSION}. With explicit eigenvalues it is their number and may be left out.`),
  spectrum: kinds(spectrumKinds).default({ kind: 'isotropic' }).describe('Spectrum of Sigma, the covariance of x. Default: isotropic.'),
  gamma: diagonal(
    'Diagonal of Gamma, the covariance of the true weights w_1, in the order of the eigenvalues. Default: 1/d each.',
  ).optional(),
  ridge: nonNegative()
    .default(0)
    .describe('Ridge penalty lambda on the mean squared error: 0 (the fit of least norm) or more. Default: 0.'),
};

type Sized = { dimension?: number; spectrum: z.output<typeof shared.spectrum>; gamma?: number[] };

function checkSizes({ dimension, spectrum, gamma }: Sized, context: Context): void {
  const given = spectrum.kind === 'explicit' ? spectrum.eigenvalues.length : undefined;
  const size = dimension ?? given;
  if (size === undefined) {
    refuse(context, ['dimension'], `a whole number from 1 to ${MAX_DIMENSION}`);
    return;
  }
  if (given !== undefined && given !== size) refuse(context, ['dimension'], `${given}, the number of eigenvalues (or leave it out)`);
  if (gamma !== undefined && gamma.length !== size) refuse(context, ['gamma'], `${size} numbers, one for each dimension`);
  if (spectrum.kind === 'power-law' && size ** -spectrum.exponent < LEAST_EIGENVALUE) {
    refuse(context, ['spectrum', 'exponent'], `a number with dimension^-exponent at least ${LEAST_EIGENVALUE}`);
  }
}

function withDimension<T extends Sized>(model: T): T & { dimension: number } {
  return { ...model, dimension: model.dimension ?? (model.spectrum as { eigenvalues: number[] }).eigenvalues.length };
}

const ridge = strict({ kind: kind('ridge', 'Ridge regression of y on x ~ N(0, Sigma) in d dimensions.'), ...shared })
  .superRefine(checkSizes)
  .transform(withDimension);

const randomProjections = strict({
  kind: kind(
    'random-projections',
    'Ridge regression of y on m random projections Sx, entries of S drawn from N(0, 1/d) in every replicate.',
  ),
  ...shared,
  width: integer(1, MAX_COUNT).describe(`Number m of projections: 1 to ${MAX_COUNT}.`),
})
  .superRefine(checkSizes)
  .transform(withDimension);

/** Every regression model. */
export const regressionModelKinds = [ridge, randomProjections] as const;

/** The data of regression models; a new kind is one schema here. */
export const mixtureSchedule = strict({
  kind: kind(
    'mixture',
    'n samples, a fraction of them synthetic. Generation 1: labels from a model w_2 of given quality; generation m: from the fit of generation m - 1. Covariates of the synthetic part are new in every generation.',
  ),
  samples: integer(1, MAX_MIXTURE).describe(`Number n of samples of every generation: 1 to ${MAX_MIXTURE}.`),
  syntheticFraction: share().describe(
    'Fraction p_2 of synthetic samples, 0 to 1. A simulation draws floor(n p_2 + 1/2) of them, a prediction uses p_2 as it is.',
  ),
  noiseReal: nonNegative().describe('Variance of the label noise of real samples: 0 or more.'),
  noiseSynthetic: nonNegative().optional().describe('Variance of the label noise of synthetic samples: 0 or more. Default: noiseReal.'),
  quality: nonNegative()
    .optional()
    .describe(
      'c^2, 0 or more: Delta = (c^2/d) Sigma^-1, so that the labelling model of generation 1 has test error c^2. Give this or delta.',
    ),
  delta: diagonal('Diagonal of Delta, the covariance of w_2 - w_1, in the order of the eigenvalues.').optional(),
  syntheticWeight: share()
    .optional()
    .describe(
      'Weighted mixing: total weight a of the synthetic part; real samples weigh (1 - a)/p_1 and synthetic ones a/p_2. Default: a = p_2, every sample weighs 1.',
    ),
  real: z
    .enum(['fresh', 'fixed'], { error: '"fresh" or "fixed"' })
    .default('fresh')
    .describe('Real samples of later generations: "fresh", newly drawn, or "fixed", those of generation 1. Default: fresh.'),
  draw: z
    .enum(['auto', 'data'], { error: '"auto" or "data"' })
    .default('auto')
    .describe(
      'How a training set is drawn: "data", sample by sample, or "auto", as a Wishart matrix where that is cheaper, whose cost does not depend on the number of samples. The law is the same, the digest is not. Default: auto.',
    ),
  relabelling: z
    .enum(['noisy', 'noise-free'], { error: '"noisy" or "noise-free"' })
    .default('noisy')
    .describe('Labels that a fit of an earlier generation gives: with the synthetic noise, or without. Default: noisy.'),
})
  .superRefine((schedule, context) => {
    const { syntheticFraction, quality, delta, syntheticWeight } = schedule;
    if (quality !== undefined && delta !== undefined) refuse(context, ['quality'], 'quality or delta, not both');
    if (quality === undefined && delta === undefined && syntheticFraction > 0) {
      refuse(context, ['quality'], 'a finite number, 0 or more (or give delta instead)');
    }
    if (syntheticWeight === undefined) return;
    const parts = splitSamples(schedule);
    if ((syntheticFraction === 0 || parts.synthetic === 0) && syntheticWeight !== 0) {
      refuse(context, ['syntheticWeight'], '0, because there are no synthetic samples');
    }
    if ((syntheticFraction === 1 || parts.real === 0) && syntheticWeight !== 1) {
      refuse(context, ['syntheticWeight'], '1, because there are no real samples');
    }
  })
  .transform((schedule) => ({
    ...schedule,
    noiseSynthetic: schedule.noiseSynthetic ?? schedule.noiseReal,
    ...(schedule.delta === undefined && { quality: schedule.quality ?? 0 }),
  }));

export type Spectrum = z.output<typeof shared.spectrum>;
export type RegressionModel = z.output<typeof ridge> | z.output<typeof randomProjections>;
export type MixtureSchedule = z.output<typeof mixtureSchedule>;

/** Generations of a mixture unless said: one fit. */
export const MIXTURE_GENERATIONS = 1;

/** How many samples of each part a simulation draws: floor(n p_2 + 1/2) synthetic ones. */
export function splitSamples({ samples, syntheticFraction }: { samples: number; syntheticFraction: number }) {
  const synthetic = Math.min(samples, Math.floor(samples * syntheticFraction + 0.5));
  return { real: samples - synthetic, synthetic };
}

/** What neither the model nor the schedule can check by itself; `refuse` takes a path from the spec's root and what is allowed. */
export function checkRegression(
  { dimension }: Pick<RegressionModel, 'dimension'>,
  { delta }: Pick<MixtureSchedule, 'delta'>,
  refuse: (path: PropertyKey[], allowed: string) => void,
): void {
  if (delta !== undefined && delta.length !== dimension) refuse(['schedule', 'delta'], `${dimension} numbers, one for each dimension`);
}

function refuse(context: Context, path: PropertyKey[], message: string): void {
  context.addIssue({ code: 'custom', path, message, input: undefined });
}
