/** Data schedules as programs for the kernels: one line per kind (docs/MATH.md#schedule-moments). */
import { MIXTURE, POOL, POOL_REPLACED, TRUTH } from '../backend/job.js';
import { inputError } from '../errors.js';
import { batchOf, type SampleSchedule } from '../spec/schedule.js';
import { drawn, fixed, intoPool, MOST_BLOCKS, program, resolve, type ScheduleProgram } from './blocks.js';
import { custom } from './custom.js';

export type { ScheduleProgram } from './blocks.js';

type Maker<K extends SampleSchedule['kind']> = (schedule: Extract<SampleSchedule, { kind: K }>, lastGeneration: number) => ScheduleProgram;

// Programs that are the same for all sizes are made once, and so are the tables that are made of them.
const replacing = program([[drawn(TRUTH)], [drawn(1)]], 1);
const keepingReal = program([[drawn(TRUTH)], [fixed(TRUTH), drawn(1, 1)]], 2);
const mixing = program([[drawn(TRUTH)], [drawn(MIXTURE)]], 1);
const accumulating = program([[drawn(TRUTH)], [fixed(1), drawn(1, 1)]], 2);
const refreshing = program([[drawn(TRUTH)], [drawn(TRUTH), drawn(1, 1)]], 2);

const fullySynthetic: Maker<'fully-synthetic'> = ({ sampleSize }) => ({
  program: replacing,
  sizes: (count) => [resolve(sampleSize, count)],
});

const partiallySynthetic: Maker<'partially-synthetic'> = ({ real, synthetic }) => ({
  program: keepingReal,
  sizes: (count) => [resolve(real, count), resolve(synthetic, count)],
});

/** Generation m draws floor(n/K) samples from each source max(0, m - K) ... m - 1 (Seddik et al. 2024, section 2). */
const mostRecent: Maker<'most-recent'> = ({ sampleSize, window }, lastGeneration) => {
  const longest = Math.min(window + 1, lastGeneration);
  if (longest * Math.min(window, longest) > MOST_BLOCKS) {
    const allowed = `at most ${Math.floor(Math.sqrt(MOST_BLOCKS))} for so many generations (the schedule is a table)`;
    throw inputError('schedule.window', window, allowed);
  }
  const generations = Array.from({ length: longest }, (_, index) => {
    const m = index + 1;
    const sources = Array.from({ length: Math.min(m, window) }, (_, k) => Math.max(0, m - window) + k);
    return sources.map((t) => drawn(t === 0 ? TRUTH : m - t));
  });
  return {
    program: program(generations, 1, Math.min(window, lastGeneration)),
    sizes: (count) => [Math.floor(resolve(sampleSize, count) / window)],
  };
};

const randomlySampled: Maker<'randomly-sampled'> = ({ sampleSize }) => ({
  program: mixing,
  sizes: (count) => [resolve(sampleSize, count)],
});

/** Everything so far, kept: the whole training set of the generation before, and n new samples from its model. */
const accumulate: Maker<'accumulate'> = ({ real, synthetic }, lastGeneration) => ({
  program: accumulating,
  sizes: (count) => [resolve(real, count), resolve(synthetic, count)],
  largest: ([first, added]) => first + (lastGeneration - 1) * added,
});

/** The pool starts with the corpus; each model adds its batch before the next training set is drawn (Wang et al. 2025). */
const accumulateSubsample: Maker<'accumulate-subsample'> = ({ corpusSize, rate, replacement }) => {
  const subsample = drawn(replacement ? POOL_REPLACED : POOL);
  return {
    program: program(
      [
        [intoPool(TRUTH), subsample],
        [intoPool(1, 1), subsample],
      ],
      2,
    ),
    sizes: (count) => {
      const size = resolve(corpusSize, count);
      return [size, batchOf(rate, size)];
    },
    largest: ([size]) => size,
  };
};

const freshReal: Maker<'fresh'> = ({ real, synthetic }) => ({
  program: refreshing,
  sizes: (count) => [resolve(real, count), resolve(synthetic, count)],
});

const makers: { [K in SampleSchedule['kind']]: Maker<K> } = {
  'fully-synthetic': fullySynthetic,
  'partially-synthetic': partiallySynthetic,
  'most-recent': mostRecent,
  'randomly-sampled': randomlySampled,
  accumulate,
  'accumulate-subsample': accumulateSubsample,
  fresh: freshReal,
  custom,
};

/** The program of a schedule. */
export function scheduleProgram(schedule: SampleSchedule, lastGeneration: number): ScheduleProgram {
  return (makers[schedule.kind] as Maker<SampleSchedule['kind']>)(schedule, lastGeneration);
}
