/** Specs and truths as the closed forms take them. */

import { dataLaw } from '../laws/data-law.js';
import type { Truth } from '../models/truth.js';
import { categoricalSpec, isGaussian, type Spec } from '../spec/spec.js';
import type { PredictedContext } from '../theory/context-moments.js';
import type { GaussianTraining } from '../theory/gaussian.js';

/** The contexts of a truth as they are trained; `watched`: the token of each metric `probability:TOKEN`. */
export function contextsOf(spec: Spec, { contexts, vocabulary }: Truth, watched: Readonly<Record<string, number>>): PredictedContext[] {
  const { sampling, schedule, weighting } = categoricalSpec(spec);
  return contexts.map(({ p, tokens, weight }) => ({
    law: dataLaw(schedule),
    weighting,
    error: categoricalSpec(spec).model.error,
    verifier: sampling.kind === 'verifier' ? sampling : undefined,
    p,
    weight,
    vocabulary,
    watched: Object.fromEntries(Object.entries(watched).map(([name, token]) => [name, p[tokens.indexOf(token)] ?? 0])),
  }));
}

/** The training of a Gaussian. @throws RangeError for other models */
export function gaussianTraining(spec: Spec): GaussianTraining {
  if (!isGaussian(spec)) throw new RangeError(`${spec.model.kind}: not a Gaussian`);
  const { schedule, weighting, sampling, model } = spec;
  const temperature = sampling.kind === 'temperature' ? sampling.temperature : 1;
  return { schedule: dataLaw(schedule), weighting, estimator: model.estimator, temperature };
}
