/** The model families. A new one is a schema here, its entry in `modelKinds`, and its metrics in src/metrics/. */
import { z } from 'zod';
import { integer, kind, kinds, real, strict, word } from './fields.js';
import { initialSchema } from './initial.js';
import { ngramModel } from './ngram.js';
import { regressionModelKinds } from './regression.js';

/** Most sizes that a list of errors has. */
const MAX_ERRORS = 100_000;
const MAX_DIMENSION = 64;

const errorSize = real('a number from 0 to 1000', (number, error) => number.min(0, error).max(1000, error));
const errorSizes = `a number from 0 to 1000, or a list of 1 to ${MAX_ERRORS} such numbers`;

const error = strict({
  size: z
    .union([errorSize, z.array(errorSize, { error: errorSizes }).min(1, { error: errorSizes }).max(MAX_ERRORS, { error: errorSizes })], {
      error: errorSizes,
    })
    .describe('Size a of the error, 0 to 1000: a number, or a list with those of generations 1, 2, ..., whose last one repeats.'),
  tokens: word(['outside', 'support', 'vocabulary'])
    .default('outside')
    .describe(
      'What the error is uniform over: "outside": the tokens of the vocabulary that p^(0) lacks in the context; "support": those that it has; "vocabulary": all. Default: "outside".',
    ),
}).describe(
  'An error that every generation makes (Wang et al. 2025): the model of generation m is (q + a e) / (1 + a), q the distribution of its training set, e the error. Default: none.',
);

const categorical = strict({
  kind: kind('categorical', 'The empirical next-token distribution of each context.'),
  initial: initialSchema,
  error: error.optional(),
});

const gaussian = strict({
  kind: kind('gaussian', 'A normal distribution: mean and covariance, fitted to each training set. The truth is N(0, I).'),
  dimension: integer(1, MAX_DIMENSION).default(1).describe(`Dimension d: 1 to ${MAX_DIMENSION}. Default: 1.`),
  estimator: word(['mle', 'unbiased'])
    .default('mle')
    .describe('Estimator of the covariance: "mle" divides by the number of samples n, "unbiased" by n - 1. Default: "mle".'),
  collapseVariance: real('a number above 0, below 1', (number, error) => number.gt(0, error).lt(1, error))
    .default(0.001)
    .describe('A chain has collapsed once its mean variance, tr(Sigma) / d, is below this: above 0, below 1. Default: 0.001.'),
});

/** Every model family. */
export const modelKinds = [categorical, gaussian, ...regressionModelKinds, ngramModel] as const;
export const modelSchema = kinds(modelKinds).describe('The model family and the true distribution.');

export type Model = z.output<typeof modelSchema>;
export type CategoricalModel = Extract<Model, { kind: 'categorical' }>;
export type GaussianModel = Extract<Model, { kind: 'gaussian' }>;
export type ModelError = NonNullable<CategoricalModel['error']>;

/** The sizes of an error in generations 1, 2, ...; the last one repeats. */
export function errorSizesOf({ size }: ModelError): readonly number[] {
  return typeof size === 'number' ? [size] : size;
}
