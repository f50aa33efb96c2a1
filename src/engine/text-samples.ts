/** What the kernels give of the texts that models write, as a result says it. */
import { ngramSamples } from '../backend/ngram-kernel.js';
import type { TextCorpus } from '../text/corpus.js';
import { detokenise } from '../text/detokenise.js';
import type { TextSample } from './result.js';

/** @param text as `drainText` gives it */
export function readableSamples(text: Int32Array, { vocabulary, unit }: Pick<TextCorpus, 'vocabulary' | 'unit'>): TextSample[] {
  return ngramSamples(text).map(({ replicate, generation, cut, tokens }) => ({
    replicate,
    generation,
    text: detokenise(tokens, vocabulary, unit),
    cut,
  }));
}
