/**
 * Mean Simpson index and mean square drift of the named data schedules, without the full table of second moments
 * (docs/MATH.md#schedule-moments).
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSimpson, checkSize } from './check.js';
import * as fresh from './fresh.js';
import * as fullySynthetic from './fully-synthetic.js';
import * as partiallySynthetic from './partially-synthetic.js';
import { accumulate, accumulateSubsample, mostRecent, randomlySampled, type Walk } from './walks.js';

/**
 * A data schedule, in the spec's names; sizes are 1 to 1e12, `window` is at most `sampleSize`. `batch`: what each model adds to the
 * pool, round(rate x corpusSize).
 */
export type ScheduleLaw =
  | { kind: 'fully-synthetic'; sampleSize: number }
  | { kind: 'partially-synthetic'; real: number; synthetic: number }
  | { kind: 'most-recent'; sampleSize: number; window: number }
  | { kind: 'randomly-sampled'; sampleSize: number }
  | { kind: 'accumulate'; real: number; synthetic: number }
  | { kind: 'accumulate-subsample'; corpusSize: number; batch: number; replacement?: boolean }
  | { kind: 'fresh'; real: number; synthetic: number };

/** The longest window, in generations, of which the moments are kept. */
const longestWindow = 4096;

/**
 * S_m = E sum_i (p_i^(m))^2 for each generation (whole numbers >= 0, any order). Time: O(1) a generation for fully-synthetic,
 * partially-synthetic and fresh, O(1) for every generation up to the last for the others, O(window) for most-recent.
 * @param simpson0 S_0 of the truth, in (0, 1]
 * @throws InputError for sizes, window, generations or simpson0 out of range
 */
export function scheduleSimpson(schedule: ScheduleLaw, generations: readonly number[], simpson0: number): number[] {
  switch (schedule.kind) {
    case 'fully-synthetic':
      return fullySynthetic.expectedSimpson(generations, schedule.sampleSize, simpson0);
    case 'partially-synthetic':
      return partiallySynthetic.expectedSimpson(generations, schedule.real, schedule.synthetic, simpson0);
    default:
      return scheduleSquaredDrift(schedule, generations, simpson0, 0).map((distance) => Math.min(1, simpson0 + distance));
  }
}

/**
 * E||p^(m) - p^(u)||_2^2 for each generation m >= u; cost and errors as `scheduleSimpson`.
 * @param from u: 1, the first trained model, unless said; 0 is the truth
 */
export function scheduleSquaredDrift(schedule: ScheduleLaw, generations: readonly number[], simpson0: number, from = 1): number[] {
  switch (schedule.kind) {
    case 'fully-synthetic':
      return fullySynthetic.expectedSquaredDrift(generations, schedule.sampleSize, simpson0, from);
    case 'partially-synthetic':
      return partiallySynthetic.expectedSquaredDrift(generations, schedule.real, schedule.synthetic, simpson0, from);
    case 'fresh':
      return fresh.expectedSquaredDrift(generations, schedule.real, schedule.synthetic, simpson0, from);
    default:
      return walked(schedule, generations, simpson0, from);
  }
}

type Walked = Exclude<ScheduleLaw, { kind: 'fully-synthetic' | 'partially-synthetic' | 'fresh' }>;

function walkOf(schedule: Walked, last: number): Walk {
  switch (schedule.kind) {
    case 'randomly-sampled':
      checkSize('sampleSize', schedule.sampleSize);
      return randomlySampled(schedule.sampleSize);
    case 'most-recent': {
      const { sampleSize, window } = schedule;
      checkSize('sampleSize', sampleSize);
      checkSize('window', window, sampleSize);
      if (Math.min(window, last) > longestWindow) throw inputError('window', window, `at most ${longestWindow} for the closed form`);
      return mostRecent(Math.floor(sampleSize / window), window);
    }
    case 'accumulate':
      checkSize('real', schedule.real);
      checkSize('synthetic', schedule.synthetic);
      return accumulate(schedule.real, schedule.synthetic);
    case 'accumulate-subsample':
      checkSize('corpusSize', schedule.corpusSize);
      checkSize('batch', schedule.batch);
      return accumulateSubsample(schedule.corpusSize, schedule.batch, schedule.replacement ?? false);
  }
}

/** The drift at the generations asked for, in their order, from one walk to the last of them. */
function walked(schedule: Walked, generations: readonly number[], simpson0: number, from: number): number[] {
  checkGenerations([from]);
  checkGenerations(generations, from);
  checkSimpson(simpson0);
  const order = generations.map((_, i) => i).sort((a, b) => generations[a] - generations[b]);
  const values = new Array<number>(generations.length).fill(0);
  const last = order.length === 0 ? 0 : generations[order[order.length - 1]];
  let next = 0;
  while (next < order.length && generations[order[next]] === 0) next++;
  walkOf(schedule, last)(last, from, (m, drift) => {
    while (next < order.length && generations[order[next]] === m) values[order[next++]] = (1 - simpson0) * drift;
  });
  return values;
}

/** Steps of work of `scheduleSimpson` and `scheduleSquaredDrift` up to generation `last`, some nanoseconds each; Infinity for a window too long. */
export function momentWork(schedule: ScheduleLaw, last: number): number {
  switch (schedule.kind) {
    case 'fully-synthetic':
    case 'partially-synthetic':
    case 'fresh':
      return 1;
    case 'most-recent': {
      const window = Math.min(schedule.window, last);
      return window > longestWindow ? Infinity : last * window;
    }
    default:
      return last;
  }
}
