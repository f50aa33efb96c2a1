/** Sample sizes of schedules. */
import { z } from 'zod';
import { integer } from './fields.js';

/** A number of samples, or the count of each context in the corpus. */
export type Size = number | 'corpus';

const OR_CORPUS = ', or "corpus" with a text model';

/** A size of 1 to `largest` samples, or "corpus"; `meaning` begins its description. */
export function sizeSchema(largest: number, meaning: string) {
  const error = `a whole number from 1 to ${largest}${OR_CORPUS}`;
  return z
    .union([integer(1, largest, OR_CORPUS), z.literal('corpus')], { error })
    .describe(`${meaning}: 1 to ${largest} samples, or "corpus" (text only): each context's count in the corpus.`);
}
