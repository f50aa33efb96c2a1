/** Data schedules as programs for the kernels: one line per kind (docs/MATH.md#schedule-moments). */
import { type Block, MIXTURE, type Program, TRUTH } from '../backend/job.js';
import { inputError } from '../errors.js';
import type { Schedule } from '../spec/schedule.js';

/** A program is a table; this many blocks take 200 MB. */
const MOST_BLOCKS = 1 << 24;

export interface ScheduleProgram {
  program: Program;
  /** Sample sizes of one context, by the slots of the program. `count`: its size in the corpus. */
  sizes(count: number | undefined, label: string): number[];
}

type Maker<K extends Schedule['kind']> = (schedule: Extract<Schedule, { kind: K }>, lastGeneration: number) => ScheduleProgram;

const fresh = (source: number, size = 0): Block => ({ source, size, fixed: false });

/** A size of the spec for one context. */
function resolve(size: number | 'corpus', count: number | undefined): number {
  return size === 'corpus' ? (count ?? 0) : size;
}

function program(generations: Block[][], sizeSlots: number, lookBack = 1): Program {
  const usesMixture = generations.some((blocks) => blocks.some(({ source }) => source === MIXTURE));
  return { generations, sizeSlots, lookBack, usesMixture };
}

const fullySynthetic: Maker<'fully-synthetic'> = ({ sampleSize }) => ({
  program: program([[fresh(TRUTH)], [fresh(1)]], 1),
  sizes: (count) => [resolve(sampleSize, count)],
});

const partiallySynthetic: Maker<'partially-synthetic'> = ({ real, synthetic }) => ({
  program: program([[fresh(TRUTH, 0)], [{ source: TRUTH, size: 0, fixed: true }, fresh(1, 1)]], 2),
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
    return sources.map((t) => fresh(t === 0 ? TRUTH : m - t));
  });
  return {
    program: program(generations, 1, Math.min(window, lastGeneration)),
    sizes: (count, label) => {
      const n = resolve(sampleSize, count);
      if (window > n) throw inputError('schedule.window', window, `at most the sampleSize, which is ${n} in context "${label}"`);
      return [Math.floor(n / window)];
    },
  };
};

const randomlySampled: Maker<'randomly-sampled'> = ({ sampleSize }) => ({
  program: program([[fresh(TRUTH)], [fresh(MIXTURE)]], 1),
  sizes: (count) => [resolve(sampleSize, count)],
});

const makers: { [K in Schedule['kind']]: Maker<K> } = {
  'fully-synthetic': fullySynthetic,
  'partially-synthetic': partiallySynthetic,
  'most-recent': mostRecent,
  'randomly-sampled': randomlySampled,
};

/** The program of a schedule. */
export function scheduleProgram(schedule: Schedule, lastGeneration: number): ScheduleProgram {
  return (makers[schedule.kind] as Maker<Schedule['kind']>)(schedule, lastGeneration);
}
