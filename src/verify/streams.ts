/** Random streams: nothing that should be independent is correlated. */

import { parseSpec } from '../spec/spec.js';
import { type Check, checkOf } from './check.js';
import { column, type Observation, observe, type Situation, specOf } from './observe.js';
import { uncorrelatedTest } from './tests.js';

type Values = ArrayLike<number>;

function check(
  kind: string,
  situation: Situation,
  measure: (observed: Observation) => [Values, Values],
  metrics = ['probability:0'],
): Check {
  return checkOf(situation, `correlation-${kind}`, 'independence', async (seed, context) => {
    const spec = specOf(situation, seed, metrics, context);
    return uncorrelatedTest(...measure(await observe(spec, context)));
  });
}

/** Replicate r and replicate r + `lag`, in pairs that do not overlap. */
export function replicatesCheck(situation: Situation, lag: number): Check {
  return check(`replicates-${lag}`, situation, ({ values }) => {
    const firsts = Array.from(values.keys()).filter((r) => Math.floor(r / lag) % 2 === 0 && r + lag < values.length);
    return [firsts.map((r) => values[r]), firsts.map((r) => values[r + lag])];
  });
}

/** p^(m) - p^(m-1) in one generation and the next, `at` being three in a row, where p^(m) is a martingale (not with fresh real data). */
export function generationsCheck(situation: Situation): Check {
  return check('generations', situation, ({ values }) => {
    const [a, b, c] = [0, 1, 2].map((i) => column(values, 3, i));
    return [b.map((x, r) => x - a[r]), c.map((x, r) => x - b[r])];
  });
}

/** Collapse times of two contexts of one replicate; the situation has two contexts or more. */
export function contextsCheck(situation: Situation): Check {
  return check(
    'contexts',
    situation,
    ({ collapseTimes, truth }) => {
      const contexts = truth.contexts.length;
      const replicates = collapseTimes.length / contexts;
      const last = Number(situation.at) + 1;
      const times = [0, 1].map((j) => Float64Array.from({ length: replicates }, (_, r) => collapseTimes[r * contexts + j] || last));
      return [times[0], times[1]];
    },
    ['simpson'],
  );
}

/** Runs of two seeds that differ by `step`. */
export function seedsCheck(situation: Situation, step: number): Check {
  return checkOf(situation, `correlation-seeds-${step}`, 'independence', async (seed, context) => {
    const spec = specOf(situation, seed, ['probability:0'], context);
    const one = await observe(spec, context);
    const other = await observe(parseSpec({ ...spec, seed: neighbour(seed, step) }), context);
    return uncorrelatedTest(one.values, other.values);
  });
}

/** The seed `step` further on, or as far back where there is none. */
function neighbour(seed: number, step: number): number {
  return seed + step <= Number.MAX_SAFE_INTEGER ? seed + step : seed - step;
}
