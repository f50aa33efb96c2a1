/** What a run found: all of a result but where it comes from, and its digest. */
import type { NgramSample } from '../backend/ngram-kernel.js';
import { isRegression, type Spec } from '../spec/spec.js';
import type { TextCorpus } from '../text/corpus.js';
import { detokenise } from '../text/detokenise.js';
import type { Result, TextSample } from './result.js';
import type { Summaries } from './summary.js';

export type Findings = Omit<Result, 'provenance' | 'digest'>;

/**
 * @param samples texts that the first replicate wrote, in order
 * @param corpus of a language model
 */
export function findings(spec: Spec, summaries: Summaries, samples: readonly NgramSample[], corpus: TextCorpus | undefined): Findings {
  return {
    ...summaries,
    ...oneFit(spec, summaries),
    ...(corpus && { samples: samples.map((sample) => readable(sample, corpus)) }),
  };
}

function readable({ replicate, generation, cut, tokens }: NgramSample, { vocabulary, unit }: TextCorpus): TextSample {
  return { replicate, generation, text: detokenise(tokens, vocabulary, unit), cut };
}

/** The test error of a regression's first fit. */
function oneFit(spec: Spec, { generation, metrics }: Summaries): Pick<Result, 'testError'> {
  const error = metrics['test-error'];
  if (!isRegression(spec) || generation[0] !== 1 || error === undefined) return {};
  return { testError: { mean: error.mean[0], standardError: error.standardError[0] } };
}
