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

/** Every sampling rule. */
export const samplingKinds = [plain, temperature, topK, topP] as const;

export const samplingSchema = kinds(samplingKinds).describe('How generated samples are drawn; never applied to real ones. Default: plain.');

export type Sampling = z.output<typeof samplingSchema>;
