/** The data schedules: what generation m trains on. A new kind is one schema here and its entry in `scheduleKinds`. */
import { z } from 'zod';
import { integer, kind, kinds, MAX_SAMPLES, strict } from './fields.js';

/** A number of samples, or the count of each context in the corpus. */
export type Size = number | 'corpus';

const OR_CORPUS = ', or "corpus" with a text model';

function size(meaning: string) {
  const error = `a whole number from 1 to ${MAX_SAMPLES}${OR_CORPUS}`;
  return z
    .union([integer(1, MAX_SAMPLES, OR_CORPUS), z.literal('corpus')], { error })
    .describe(`${meaning}: 1 to ${MAX_SAMPLES} samples, or "corpus" (text only): each context's count in the corpus.`);
}

const sampleSize = size('Training set size n of every generation and context');

const fullySynthetic = strict({
  kind: kind('fully-synthetic', 'Generation 1: n real samples; generation m: n samples from generation m - 1.'),
  sampleSize,
});

const partiallySynthetic = strict({
  kind: kind('partially-synthetic', 'The same real samples in every generation, and synthetic ones from generation m - 1 (none in generation 1).'),
  real: size('Number N of fixed real samples'),
  synthetic: size('Number n of samples from the previous generation'),
}).superRefine(({ real, synthetic }, context) => {
  if (typeof real === 'number' && typeof synthetic === 'number' && real + synthetic > MAX_SAMPLES) {
    const message = `a number of samples with real + synthetic at most ${MAX_SAMPLES}`;
    context.addIssue({ code: 'custom', path: ['synthetic'], message, input: synthetic });
  }
});

const mostRecent = strict({
  kind: kind('most-recent', 'floor(n / K) new samples from each of the last K sources; source 0 is p^(0) itself.'),
  sampleSize,
  window: integer(1, MAX_SAMPLES).describe('Window K, in sources: 1 to sampleSize.'),
}).superRefine(({ sampleSize, window }, context) => {
  if (typeof sampleSize === 'number' && window > sampleSize) {
    const message = `a whole number from 1 to ${sampleSize} (sampleSize)`;
    context.addIssue({ code: 'custom', path: ['window'], message, input: window });
  }
});

const randomlySampled = strict({
  kind: kind('randomly-sampled', 'Each of the n samples from a source drawn uniformly from 0 ... m - 1; source 0 is p^(0) itself.'),
  sampleSize,
});

/** Every kind of schedule. */
export const scheduleKinds = [fullySynthetic, partiallySynthetic, mostRecent, randomlySampled] as const;

export const scheduleSchema = kinds(scheduleKinds).describe('The data schedule: what each generation trains on.');

export type Schedule = z.output<typeof scheduleSchema>;
export type ScheduleKind = Schedule['kind'];

/** Schedules under which every run collapses in the end, so that `until-collapse` needs no `maxGenerations`. */
export const certainCollapse: ReadonlySet<ScheduleKind> = new Set<ScheduleKind>(['fully-synthetic', 'most-recent']);

/** The schedule's fields that may say "corpus". */
export function sizesOf(schedule: Schedule): { field: string; size: Size }[] {
  if (schedule.kind === 'partially-synthetic') {
    return [
      { field: 'schedule.real', size: schedule.real },
      { field: 'schedule.synthetic', size: schedule.synthetic },
    ];
  }
  return [{ field: 'schedule.sampleSize', size: schedule.sampleSize }];
}
