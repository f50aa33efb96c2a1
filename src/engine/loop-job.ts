/** The part of a job that every model family has: from a spec's schedule, generations and metrics. */
import type { LoopJob } from '../backend/job.js';
import { inputError } from '../errors.js';
import { type ScheduleProgram, scheduleProgram } from '../schedules/registry.js';
import { MAX_SAMPLES } from '../spec/limits.js';
import { lastGeneration, type SampledSpec, type Spec } from '../spec/spec.js';

/** Last generation where nothing else ends a chain. */
const NO_END = 1_000_000_000;
/** Values (generations x metrics) that a result can hold: several lists of this many numbers. */
const MOST_VALUES = 2 ** 26;
/** Until collapse, a chain takes about this many generations for each sample of its training set. */
const GENERATIONS_PER_SAMPLE = 2;

/** The loop's part of a job, all but the cost of a generation, and the size of the largest training set. */
export interface LoopParts {
  loop: Omit<LoopJob, 'metrics' | 'generationCost'>;
  largest: number;
}

/**
 * @param counts size of each context in the corpus, undefined where there is none
 * @throws InputError for training sets or results that are too large
 */
export function loopParts(spec: SampledSpec, counts: readonly (number | undefined)[]): LoopParts {
  const schedule = scheduleProgram(spec.schedule, lastOf(spec));
  const { sizes, largest } = sampleSizes(schedule, counts);
  return { loop: { ...chainParts(spec, counts.length, largest), program: schedule.program, sizes }, largest };
}

function lastOf(spec: Spec): number {
  return Math.min(lastGeneration(spec), NO_END);
}

/**
 * What needs no schedule.
 * @param largest size of the largest training set
 * @throws InputError for results that are too large
 */
export function chainParts(spec: Spec, contextCount = 1, largest = 1) {
  const last = lastOf(spec);
  checkLength(spec, last, largest);
  return {
    seed: spec.seed,
    contextCount,
    report: Array.isArray(spec.generations) ? Int32Array.from(spec.generations) : null,
    lastGeneration: last,
    untilCollapse: spec.generations === 'until-collapse',
  };
}

/** The table of sample sizes, contexts x slots, and the size of the largest training set. */
function sampleSizes({ program, sizes: sizesOf, largest: largestOf }: ScheduleProgram, counts: readonly (number | undefined)[]) {
  const sizes = new Uint32Array(counts.length * program.sizeSlots);
  let largest = 0;
  counts.forEach((count, j) => {
    const row = sizesOf(count);
    const total = largestOf?.(row) ?? largestSum(program, row);
    if (total > MAX_SAMPLES) throw inputError('schedule', total, `at most ${MAX_SAMPLES} samples in a training set`);
    sizes.set(row, j * program.sizeSlots);
    largest = Math.max(largest, total);
  });
  return { sizes, largest };
}

/** The largest number of samples that one generation's blocks give. */
function largestSum({ generations }: LoopJob['program'], sizes: readonly number[]): number {
  return generations.reduce((largest, blocks) => Math.max(largest, sum(blocks.map(({ size }) => sizes[size]))), 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** That the result's lists fit into memory. */
function checkLength({ generations, metrics }: Spec, last: number, largest: number): void {
  const until = generations === 'until-collapse';
  const rows = Array.isArray(generations) ? generations.length : until ? Math.min(last, GENERATIONS_PER_SAMPLE * largest) : last;
  if (rows * metrics.length <= MOST_VALUES) return;
  const most = Math.floor(MOST_VALUES / metrics.length);
  const given = until ? `${generations}, which takes about ${rows} generations` : rows;
  throw inputError('generations', given, `at most ${most} to report with ${metrics.length} metrics; give a list of them, or fewer metrics`);
}
