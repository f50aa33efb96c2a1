/** Sampling rules: how a model is sampled. They apply to generated samples, never to real ones. A new kind is one schema here. */
import type { z } from 'zod';
import { integer, kind, kinds, MAX_VOCABULARY, real, strict } from './fields.js';

const plain = strict({ kind: kind('plain', 'Samples as the model gives them.') });

const temperature = strict({
  kind: kind('temperature', 'Probabilities to the power 1 / temperature, scaled to sum to 1.'),
  temperature: real('a finite number from 0.001 to 1000', (number, error) => number.min(0.001, error).max(1000, error)).describe(
    'Temperature: 0.001 to 1000; 1 is plain, below 1 sharpens, above 1 flattens.',
  ),
});

const topK = strict({
  kind: kind('top-k', 'Only the k most probable tokens.'),
  k: integer(1, MAX_VOCABULARY).describe(
    `Number of tokens kept: 1 to ${MAX_VOCABULARY}; of equal ones those that come first in the vocabulary.`,
  ),
});

const topP = strict({
  kind: kind('top-p', 'Only the fewest most probable tokens that together have probability p (nucleus sampling).'),
  p: real('a number above 0, at most 1', (number, error) => number.gt(0, error).max(1, error)).describe(
    'Probability kept: above 0, at most 1.',
  ),
});

const verifier = strict({
  kind: kind(
    'verifier',
    'A verifier that knows the support of p^(0): it keeps a generated sample with a probability that depends on whether its token is in there, and drawing goes on until n samples are kept. (Where it could keep none, it keeps all.)',
  ),
  keepInside: real('a number from 1e-9 to 1', (number, error) => number.min(1e-9, error).max(1, error))
    .default(1)
    .describe('Probability to keep a sample whose token is in the support of p^(0): 1e-9 to 1. Default: 1.'),
  keepOutside: real('a number from 0 to 1', (number, error) => number.min(0, error).max(1, error)).describe(
    'Probability to keep any other sample: 0 to 1. Only keepOutside / keepInside matters to the law.',
  ),
});

/** Every sampling rule. */
export const samplingKinds = [plain, temperature, topK, topP, verifier] as const;

export const samplingSchema = kinds(samplingKinds).describe('How generated samples are drawn; never applied to real ones. Default: plain.');

export type Sampling = z.output<typeof samplingSchema>;
