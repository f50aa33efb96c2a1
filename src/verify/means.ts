/** Means against closed forms: second moments of every schedule with weights and errors, mean shares, the expected support. */

import { dataLaw } from '../laws/data-law.js';
import { probabilityToken } from '../metrics/registry.js';
import type { Truth } from '../models/truth.js';
import type { SampledSpec, Spec } from '../spec/spec.js';
import { expectedSupport } from '../theory/coalescent.js';
import { momentMetrics } from '../theory/context-moments.js';
import { expectedTypes, group } from '../theory/distribution.js';
import { fixedRealSize, replaceSize } from '../theory/training-law.js';
import { type Check, checkOf } from './check.js';
import { generationsOf, observe, type Situation, specOf } from './observe.js';
import { curveTest, meanTest } from './tests.js';
import { contextsOf } from './theory-laws.js';

/** The predicted means of a metric at increasing generations. @throws RangeError where there is no closed form */
export function predictedMeans(metric: string, spec: Spec, generations: readonly number[], truth: Truth): number[] {
  const token = probabilityToken(metric);
  const contexts = contextsOf(spec, truth, token === undefined ? {} : { [metric]: Number(token) });
  const values = metric === 'support' ? supports(spec, generations, truth) : momentMetrics(contexts, generations, [metric])[metric];
  if (!values) throw new RangeError(`${metric} of ${spec.schedule.kind} has no closed form`);
  return values;
}

/** Of training without errors. */
function supports(spec: Spec, generations: readonly number[], { contexts }: Truth): number[] | undefined {
  const law = dataLaw((spec as SampledSpec).schedule);
  const [n, real] = [replaceSize(law), fixedRealSize(law)];
  const sums = generations.map(() => 0);
  for (const { p, weight } of contexts) {
    const types = real === undefined ? n && expectedSupport(generations, n, p) : generations.map(() => expectedTypes(group(p), real));
    if (!types) return undefined;
    types.forEach((value, i) => (sums[i] += weight * value));
  }
  return sums;
}

const theories: Record<string, string> = {
  simpson: 'second moments',
  'l2-first': 'second moments',
  'l2-truth': 'second moments',
  support: 'lineages',
  'outside-truth': 'accumulated errors',
};

/** The mean of a metric in one generation (Student's t), or in several at once (Hotelling's T^2). */
export function meanCheck(situation: Situation, metric: string): Check {
  const generations = generationsOf(situation);
  const curve = generations.length > 1;
  const otherwise = situation.error ? 'accumulated errors' : 'the truth: models are unbiased';
  return checkOf(situation, `${metric}${curve ? '-curve' : ''}`, theories[metric] ?? otherwise, async (seed, context) => {
    const { spec, truth, values } = await observe(specOf(situation, seed, [metric], context), context);
    const predicted = predictedMeans(metric, spec, generations, truth);
    return curve ? curveTest(values, predicted) : meanTest(values, predicted[0]);
  });
}
