/** What a run found: all of a result but where it comes from, and its digest. */
import { isRegression, type Spec } from '../spec/spec.js';
import type { Result, TextSample } from './result.js';
import type { Summaries } from './summary.js';

export type Findings = Omit<Result, 'provenance' | 'digest'>;

/** @param samples of a language model: texts that the first replicate wrote, in order */
export function findings(spec: Spec, summaries: Summaries, samples: TextSample[] | undefined): Findings {
  return {
    ...summaries,
    ...oneFit(spec, summaries),
    ...(samples && { samples }),
  };
}

/** The test error of a regression's first fit. */
function oneFit(spec: Spec, { generation, metrics }: Summaries): Pick<Result, 'testError'> {
  const error = metrics['test-error'];
  if (!isRegression(spec) || generation[0] !== 1 || error === undefined) return {};
  return { testError: { mean: error.mean[0], standardError: error.standardError[0] } };
}
