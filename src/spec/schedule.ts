/** The data schedules: what generation m trains on. A new kind is one schema here and its entry in `scheduleKinds`. */
import { z } from 'zod';
import { customRange, customSchema } from './custom.js';
import { integer, kind, kinds, MAX_SAMPLES, real as realNumber, refuse, strict } from './fields.js';
import { mixtureSchedule } from './regression.js';
import { type Size, sizeSchema } from './size.js';

export type { Size };

/**
 * Every kind of schedule, with training sets and batches of at most `largest` samples.
 * A simulation draws at most `MAX_SAMPLES`; a prediction takes more.
 */
export function scheduleKinds(largest = MAX_SAMPLES) {
  const size = (meaning: string) => sizeSchema(largest, meaning);

  function checkSum({ real, synthetic }: { real: Size; synthetic: Size }, context: z.core.$RefinementCtx): void {
    if (typeof real === 'number' && typeof synthetic === 'number' && real + synthetic > largest) {
      refuse(context, ['synthetic'], `a number of samples with real + synthetic at most ${largest}`, synthetic);
    }
  }

  const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= largest;

  const sampleSize = size('Training set size n of every generation and context');

  const fullySynthetic = strict({
    kind: kind('fully-synthetic', 'Generation 1: n real samples; generation m: n samples from generation m - 1.'),
    sampleSize,
  });

  const partiallySynthetic = strict({
    kind: kind(
      'partially-synthetic',
      'The same real samples in every generation, and synthetic ones from generation m - 1 (none in generation 1).',
    ),
    real: size('Number N of fixed real samples'),
    synthetic: size('Number n of samples from the previous generation'),
  }).superRefine(checkSum);

  const mostRecent = strict({
    kind: kind('most-recent', 'floor(n / K) new samples from each of the last K sources; source 0 is p^(0) itself.'),
    sampleSize,
    window: integer(1, largest).describe('Window K, in sources: 1 to sampleSize.'),
  }).refine(({ sampleSize, window }) => !isSize(sampleSize) || (Number.isInteger(window) && window >= 1 && window <= sampleSize), {
    path: ['window'],
    error: ({ input }) => `a whole number from 1 to ${(input as { sampleSize: number }).sampleSize} (sampleSize)`,
    // Also where window itself is wrong or missing, so that the message names the right end.
    when: () => true,
  });

  const randomlySampled = strict({
    kind: kind('randomly-sampled', 'Each of the n samples from a source drawn uniformly from 0 ... m - 1; source 0 is p^(0) itself.'),
    sampleSize,
  });

  const accumulate = strict({
    kind: kind(
      'accumulate',
      'Everything so far: the same real samples and the samples that every earlier generation made, kept and not redrawn.',
    ),
    real: size('Number N of fixed real samples, which generation 1 is trained on'),
    synthetic: size('Number n of samples that each generation adds'),
  }).superRefine(checkSum);

  const accumulateSubsample = strict({
    kind: kind(
      'accumulate-subsample',
      'A subsample of constant size of everything so far: the real corpus and round(rate x corpusSize) kept samples of each earlier generation. Generation 1: the corpus itself (with replacement: a sample of it).',
    ),
    corpusSize: size('Size C of the real corpus and of every training set'),
    rate: realNumber(`a finite number above 0, with round(rate x corpusSize) from 1 to ${largest}`, (number, error) =>
      number.gt(0, error),
    ).describe(`Rate k: each generation adds round(k C) samples to the pool, 1 to ${largest}.`),
    replacement: z
      .boolean({ error: 'true or false' })
      .default(false)
      .describe('Whether a training set is drawn from the pool with replacement. Default: false.'),
  }).superRefine(({ corpusSize, rate }, context) => {
    if (typeof corpusSize !== 'number') return;
    const added = batchOf(rate, corpusSize);
    if (!(added >= 1 && added <= largest)) {
      refuse(context, ['rate'], `a finite number above 0, with round(rate x corpusSize) from 1 to ${largest}; it is ${added}`, rate);
    }
  });

  const fresh = strict({
    kind: kind('fresh', 'Newly drawn real samples in every generation, and synthetic ones from generation m - 1 (none in generation 1).'),
    real: size('Number N of newly drawn real samples'),
    synthetic: size('Number n of samples from the previous generation'),
  }).superRefine(checkSum);

  // Wang et al.'s name; it becomes fully-synthetic, so that nothing else has to know it.
  const replace = strict({
    kind: kind('replace', 'Another name of fully-synthetic, as large as the corpus unless said.'),
    sampleSize: sampleSize.default('corpus'),
  }).transform(({ sampleSize }) => ({ kind: 'fully-synthetic' as const, sampleSize }));

  return [
    fullySynthetic,
    partiallySynthetic,
    mostRecent,
    randomlySampled,
    accumulate,
    accumulateSubsample,
    fresh,
    customSchema(largest),
    mixtureSchedule,
    replace,
  ] as const;
}

/** The schema of a data schedule; `largest` as for `scheduleKinds`. */
export function scheduleSchema(largest = MAX_SAMPLES) {
  return kinds(scheduleKinds(largest)).describe('The data schedule: what each generation trains on.');
}

export type Schedule = z.output<ReturnType<typeof scheduleSchema>>;
/** The schedules of models that are trained on samples: all but that of regression models. */
export type SampleSchedule = Exclude<Schedule, { kind: 'mixture' }>;
export type ScheduleKind = Schedule['kind'];
/** The schedule of one kind, defaults filled in. */
export type ScheduleOf<Kind extends ScheduleKind> = Extract<Schedule, { kind: Kind }>;

/** Samples that one generation adds to the pool of accumulate-subsample: rate x corpusSize, rounded half up. */
export function batchOf(rate: number, corpusSize: number): number {
  return Math.round(rate * corpusSize);
}

/** The schedule's fields that may say "corpus", with their paths in the spec. */
export function sizesOf(schedule: Schedule): { path: (string | number)[]; size: Size }[] {
  const field = (name: string, size: Size) => ({ path: ['schedule', name], size });
  switch (schedule.kind) {
    case 'partially-synthetic':
    case 'accumulate':
    case 'fresh':
      return [field('real', schedule.real), field('synthetic', schedule.synthetic)];
    case 'mixture':
      return [];
    case 'accumulate-subsample':
      return [field('corpusSize', schedule.corpusSize)];
    case 'custom': {
      if ('table' in schedule) return [];
      const sizes = schedule.sources.map(({ size }, i) => ({ path: ['schedule', 'sources', i, 'size'], size }));
      return schedule.first === undefined ? sizes : [...sizes, field('first', schedule.first)];
    }
    default:
      return [field('sampleSize', schedule.sampleSize)];
  }
}

/** Samples in the smallest and in the largest training set of generations 1 ... `last` (which may be Infinity). */
export function trainingRange(schedule: Schedule, last: number, count = 0): { smallest: number; largest: number } {
  if (schedule.kind === 'mixture') return { smallest: schedule.samples, largest: schedule.samples };
  if (schedule.kind === 'custom') return customRange(schedule, last, count);
  const [first, added = 0] = sizesOf(schedule).map(({ size }) => (size === 'corpus' ? count : size));
  const later = Math.max(0, last - 1);
  switch (schedule.kind) {
    case 'most-recent': {
      const each = Math.floor(first / schedule.window);
      return { smallest: each, largest: each * Math.min(schedule.window, last) };
    }
    case 'accumulate':
      return { smallest: first, largest: first + later * added };
    case 'partially-synthetic':
    case 'fresh':
      return { smallest: first, largest: first + Math.min(1, later) * added };
    default:
      return { smallest: first, largest: first };
  }
}
