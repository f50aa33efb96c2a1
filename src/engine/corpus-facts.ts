/** What a result says about the corpus of a language model. */
import type { CorpusSource, TextCorpus } from '../text/corpus.js';
import { grammarFacts } from '../text/grammar-exact.js';
import { storyGrammar } from '../text/stories.js';
import type { Documents } from '../text/vocabulary.js';

export interface CorpusFacts extends CorpusSource {
  /** What the models are trained on, and what they are scored on. Tokens without the ends of documents. */
  training: { documents: number; tokens: number };
  validation: { documents: number; tokens: number };
  /** Different tokens of the training documents, without `<unk>`. */
  vocabulary: number;
  /** Held-out tokens that are `<unk>`, and different tokens among them. */
  unknown: { tokens: number; types: number };
  /** Of the built-in stories: the least perplexity that a model can have, expected over all stories; ends of stories counted. */
  perplexityFloor?: number;
}

export function corpusFacts({ source, training, validation, vocabulary, unknown }: TextCorpus): CorpusFacts {
  const built = source.files === 0;
  return {
    ...source,
    training: size(training),
    validation: size(validation),
    vocabulary: vocabulary.length - 1,
    unknown,
    ...(built && { perplexityFloor: grammarFacts(storyGrammar()).perplexity }),
  };
}

function size({ tokens, offsets }: Documents) {
  return { documents: offsets.length - 1, tokens: tokens.length };
}
