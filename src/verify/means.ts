/** Means against closed forms: second moments of every schedule, the mean model, which is the truth, the expected support. */
import { probabilityToken } from '../metrics/registry.js';
import type { Truth, TruthContext } from '../models/truth.js';
import { batchOf, type Schedule, type ScheduleOf } from '../spec/schedule.js';
import { expectedSupport } from '../theory/coalescent.js';
import { simpson } from '../theory/distribution.js';
import { type ScheduleLaw, scheduleSimpson, scheduleSquaredDrift } from '../theory/schedule-moments.js';
import { type Check, checkOf } from './check.js';
import { generationsOf, observe, type Situation, specOf } from './observe.js';
import { curveTest, meanTest } from './tests.js';

/** The predicted mean of a metric in one generation. @throws RangeError where there is no closed form */
export function predictedMean(metric: string, schedule: Schedule, m: number, truth: Truth): number {
  return truth.contexts.reduce((sum, context) => sum + context.weight * ofContext(metric, schedule, m, context), 0);
}

function ofContext(metric: string, schedule: Schedule, m: number, { p, tokens }: TruthContext): number {
  const law = lawOf(schedule);
  const token = probabilityToken(metric);
  if (token !== undefined) return p[tokens.indexOf(Number(token))] ?? 0;
  const simpson0 = simpson(p);
  if (metric === 'simpson') return scheduleSimpson(law, [m], simpson0)[0];
  // E p^(m) = p, so E<p^(m), p> = S_0.
  if (metric === 'l2-truth') return scheduleSimpson(law, [m], simpson0)[0] - simpson0;
  if (metric === 'l2-first') return scheduleSquaredDrift(law, [m], simpson0)[0];
  if (metric === 'support' && schedule.kind === 'fully-synthetic') {
    return expectedSupport([m], Number((schedule as ScheduleOf<'fully-synthetic'>).sampleSize), p)[0];
  }
  throw new RangeError(`${metric} of ${schedule.kind} has no closed form`);
}

/** A schedule as the theory takes it. */
function lawOf(schedule: Schedule): ScheduleLaw {
  if (schedule.kind !== 'accumulate-subsample') return schedule as ScheduleLaw;
  const { kind, rate, replacement } = schedule;
  const corpusSize = Number(schedule.corpusSize);
  return { kind, corpusSize, batch: batchOf(rate, corpusSize), replacement };
}

const theories: Record<string, string> = {
  simpson: 'second moments',
  'l2-first': 'second moments',
  'l2-truth': 'second moments',
  support: 'lineages',
};

/** The mean of a metric in one generation (Student's t), or in several at once (Hotelling's T^2). */
export function meanCheck(situation: Situation, metric: string): Check {
  const generations = generationsOf(situation);
  const curve = generations.length > 1;
  return checkOf(
    situation,
    `${metric}${curve ? '-curve' : ''}`,
    theories[metric] ?? 'the truth: models are unbiased',
    async (seed, context) => {
      const { spec, truth, values } = await observe(specOf(situation, seed, [metric], context), context);
      const predicted = generations.map((m) => predictedMean(metric, spec.schedule, m, truth));
      return curve ? curveTest(values, predicted) : meanTest(values, predicted[0]);
    },
  );
}
