/**
 * Mean Simpson index and mean square drift of the named data schedules, without the full table of second moments
 * (docs/MATH.md#schedule-moments). D(t, u) = E<p^(t) - p, p^(u) - p> throughout.
 */
import { inputError } from '../errors.js';
import { checkGenerations, checkSimpson, checkSize } from './check.js';
import * as fullySynthetic from './fully-synthetic.js';
import * as partiallySynthetic from './partially-synthetic.js';

/** A data schedule, in the spec's names; sizes are 1 to 1e12, `window` is at most `sampleSize`. */
export type ScheduleLaw =
  | { kind: 'fully-synthetic'; sampleSize: number }
  | { kind: 'partially-synthetic'; real: number; synthetic: number }
  | { kind: 'most-recent'; sampleSize: number; window: number }
  | { kind: 'randomly-sampled'; sampleSize: number };

/** The longest window, in generations, of which the moments are kept. */
const longestWindow = 4096;

/**
 * S_m = E sum_i (p_i^(m))^2 for each generation (whole numbers >= 0, any order). Time: O(1) a generation for the first two
 * schedules, O(1) for every generation up to the last for randomly-sampled, O(window) for most-recent.
 * @param simpson0 S_0 of the truth, in (0, 1]
 * @throws InputError for sizes, window, generations or simpson0 out of range
 */
export function scheduleSimpson(schedule: ScheduleLaw, generations: readonly number[], simpson0: number): number[] {
  switch (schedule.kind) {
    case 'fully-synthetic':
      return fullySynthetic.expectedSimpson(generations, schedule.sampleSize, simpson0);
    case 'partially-synthetic':
      return partiallySynthetic.expectedSimpson(generations, schedule.real, schedule.synthetic, simpson0);
    default: {
      checkGenerations(generations);
      const { own } = centred(schedule, latest(generations), simpson0);
      return generations.map((m) => simpson0 + own[m]);
    }
  }
}

/**
 * E||p^(m) - p^(1)||_2^2 for each generation m >= 1; cost and errors as `scheduleSimpson`.
 */
export function scheduleSquaredDrift(schedule: ScheduleLaw, generations: readonly number[], simpson0: number): number[] {
  switch (schedule.kind) {
    case 'fully-synthetic':
      return fullySynthetic.expectedSquaredDrift(generations, schedule.sampleSize, simpson0);
    case 'partially-synthetic':
      return partiallySynthetic.expectedSquaredDrift(generations, schedule.real, schedule.synthetic, simpson0);
    default: {
      checkGenerations(generations, 1);
      const { own, withFirst } = centred(schedule, latest(generations), simpson0);
      return generations.map((m) => (m === 1 ? 0 : Math.max(0, own[m] - 2 * withFirst[m] + own[1])));
    }
  }
}

/** D(m, m) and D(m, 1) for m = 0 ... last. */
interface Centred {
  own: Float64Array;
  withFirst: Float64Array;
}

function centred(schedule: Extract<ScheduleLaw, { kind: 'most-recent' | 'randomly-sampled' }>, last: number, simpson0: number): Centred {
  checkSize('sampleSize', schedule.sampleSize);
  checkSimpson(simpson0);
  if (schedule.kind === 'randomly-sampled') return randomlySampled(schedule.sampleSize, last, simpson0);
  checkSize('window', schedule.window, schedule.sampleSize);
  if (Math.min(schedule.window, last) > longestWindow) {
    throw inputError('window', schedule.window, `at most ${longestWindow} for the closed form`);
  }
  return mostRecent(schedule.sampleSize, schedule.window, last, simpson0);
}

/** Each sample of generation m picks its source uniformly from 0 ... m-1; `mixture` is D of that uniform mixture with itself. */
function randomlySampled(n: number, last: number, simpson0: number): Centred {
  const own = new Float64Array(last + 2);
  const withFirst = new Float64Array(last + 2);
  let mixture = 0;
  for (let m = 1; m <= last; m++) {
    own[m] = mixture + (1 - simpson0 - mixture) / n;
    // The mixture's product with an earlier generation never changes again: for generation 1 it is half of D(1, 1).
    withFirst[m] = m === 1 ? own[1] : own[1] / 2;
    mixture += (own[m] - mixture) / (m + 1) ** 2;
  }
  return { own, withFirst };
}

/**
 * floor(n/K) new samples from each of the sources max(0, m-K) ... m-1. Products of the last K sources stand in a ring
 * (source t in slot t mod K), and `column[u]` is the sum of D(t, u) over the sources t of the next generation.
 */
function mostRecent(n: number, window: number, last: number, simpson0: number): Centred {
  const batch = Math.floor(n / window);
  const size = Math.min(window, last + 1);
  const own = new Float64Array(last + 2);
  const withFirst = new Float64Array(last + 2);
  const products = Array.from({ length: size }, () => new Float64Array(size));
  const column = new Float64Array(size);
  for (let m = 1; m <= last; m++) {
    const from = Math.max(0, m - window);
    const count = m - from;
    const row = new Float64Array(size);
    let mixture = 0;
    let noise = 0;
    for (let u = from; u < m; u++) {
      row[u % size] = column[u % size] / count;
      mixture += row[u % size] / count;
      noise += (1 - simpson0 - own[u]) / batch;
      withFirst[m] += withFirst[u] / count;
    }
    own[m] = mixture + noise / (count * count);
    if (m === 1) withFirst[1] = own[1];

    const slot = m % size;
    const leaving = m >= window ? products[slot].slice() : undefined;
    const kept = leaving ? from + 1 : from;
    let sum = own[m];
    for (let u = kept; u < m; u++) {
      const i = u % size;
      if (leaving) column[i] -= leaving[i];
      column[i] += row[i];
      products[slot][i] = products[i][slot] = row[i];
      sum += row[i];
    }
    products[slot][slot] = own[m];
    column[slot] = sum;
  }
  return { own, withFirst };
}

function latest(generations: readonly number[]): number {
  return generations.reduce((most, m) => Math.max(most, m), 0);
}
