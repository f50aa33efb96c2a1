/** From the fields of a spec to the laws of src/theory: numbers in the place of "corpus", nothing left to defaults. */
import { inputError } from '../../errors.js';
import { dataLaw, type SizedSchedule } from '../../laws/data-law.js';
import type { TruthContext } from '../../models/truth.js';
import type { Sampling } from '../../spec/sampling.js';
import type { Spec } from '../../spec/spec.js';
import type { Estimator } from '../../theory/gaussian.js';
import type { PredictedGaussian } from '../../theory/predict-gaussian.js';
import type { ErrorLaw, VerifierLaw, WeightingLaw } from '../../theory/training-law.js';

/** The parts of a spec that the laws depend on. */
export interface LawfulSpec {
  schedule: SizedSchedule;
  weighting?: WeightingLaw;
  sampling: Sampling | ({ kind: 'verifier' } & VerifierLaw);
  model:
    | { kind: 'categorical'; error?: ErrorLaw }
    | { kind: 'gaussian'; dimension: number; estimator: Estimator; collapseVariance: number };
}

/** A spec of a model that is trained on samples, as the laws see it. */
export function lawful(spec: Spec): LawfulSpec {
  return spec as LawfulSpec;
}

/**
 * How a context is trained, and what its models' errors and the verifier make of it.
 * @throws InputError for an error outside the support of a context that has all tokens, as a simulation does
 */
export function contextLaw(spec: LawfulSpec, { count, label, tokens }: TruthContext, vocabulary: number) {
  const { schedule, weighting, sampling, model } = spec;
  if (model.kind === 'categorical' && model.error && (model.error.tokens ?? 'outside') === 'outside' && tokens.length >= vocabulary) {
    const allowed = `"support" or "vocabulary", because context ${JSON.stringify(label)} lacks no token of the vocabulary`;
    throw inputError('model.error.tokens', 'outside', allowed);
  }
  return {
    law: dataLaw(schedule, count),
    weighting,
    error: model.kind === 'categorical' ? model.error : undefined,
    verifier: sampling.kind === 'verifier' ? { keepInside: sampling.keepInside, keepOutside: sampling.keepOutside } : undefined,
  };
}

/** The Gaussian of a spec; undefined for other models. */
export function gaussianLaw({ schedule, weighting, sampling, model }: LawfulSpec): PredictedGaussian | undefined {
  if (model.kind !== 'gaussian') return undefined;
  const { dimension, estimator, collapseVariance } = model;
  const temperature = sampling.kind === 'temperature' ? sampling.temperature : 1;
  return { schedule: dataLaw(schedule), weighting, dimension, estimator, collapseVariance, temperature };
}

/** Whether the laws know a sampling rule: one that leaves every distribution as it is, or a verifier. */
export function isLinear({ sampling, model }: LawfulSpec, vocabulary: number): boolean {
  switch (sampling.kind) {
    case 'plain':
    case 'verifier':
      return true;
    case 'temperature':
      return model.kind === 'gaussian' || sampling.temperature === 1;
    case 'top-k':
      return sampling.k >= vocabulary;
    case 'top-p':
      return sampling.p === 1;
    default:
      return false;
  }
}
