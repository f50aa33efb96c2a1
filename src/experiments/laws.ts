/** What the figures of this project's own schedules share: from a spec to its law, curves of a run, exact expectations. */
import type { Curve } from '../figures/series.js';
import { dataLaw } from '../laws/data-law.js';
import type { SampleSchedule } from '../spec/schedule.js';
import { type TrainingLaw, type TrainingMoments, trainingMoments } from '../theory/training.js';
import type { Run, RunSpec } from './run.js';
import { means } from './seddik.js';

/**
 * Exact means at each generation. A Zipf-like truth on `support` of `vocabulary` tokens has sum p_i^2 = `simpson`.
 * @throws RangeError where there is no closed form
 */
export function exactMeans(
  law: Omit<TrainingLaw, 'schedule'> & { schedule: RunSpec['schedule'] },
  truth: { vocabulary: number; support: number; simpson: number },
  generations: readonly number[],
): TrainingMoments {
  const { vocabulary, support, simpson: simpson0 } = truth;
  const moments = trainingMoments(
    { ...law, schedule: dataLaw(law.schedule as SampleSchedule) },
    { simpson0, support, vocabulary },
    generations,
  );
  if (!moments) throw new RangeError(`no closed form for ${JSON.stringify(law)}`);
  return moments;
}

/** A metric's mean over the runs, as a curve. */
export function meanCurve(name: string, run: Run, metric: string): Curve {
  return { name, x: run.generation, y: means(run, metric) };
}

/** The first runs' trajectories, as curves. */
export function runCurves(name: string, run: Run, metric: string, count: number): Curve[] {
  return run
    .values(metric)
    .slice(0, count)
    .map((y) => ({ name, x: run.generation, y }));
}
