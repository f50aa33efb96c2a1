/** Total collapse times of fully synthetic training against the exact laws of its lineages. */
import { parseSpec } from '../spec/spec.js';
import { collapseProbability, collapseTimeQuantile, expectedCollapseTime } from '../theory/coalescent.js';
import { type Check, checkOf, type Measurement } from './check.js';
import { observe, type Situation, specOf } from './observe.js';
import { FairBits } from './random.js';
import { lawTest, meanTest, proportionTest } from './tests.js';

/** `at` of the situation is not used: every chain runs until it has collapsed. */
export type CollapseSituation = Omit<Situation, 'at' | 'schedule'> & { sampleSize: number };

function check(
  metric: string,
  situation: CollapseSituation,
  test: (times: Uint32Array, p: Float64Array, seed: number) => Measurement,
): Check {
  const schedule = { kind: 'fully-synthetic', sampleSize: situation.sampleSize } as const;
  return checkOf({ ...situation, schedule }, metric, 'lineages', async (seed, context) => {
    const spec = specOf({ ...situation, schedule, at: 1 }, seed, ['support'], context);
    const { truth, collapseTimes } = await observe(parseSpec({ ...spec, generations: 'until-collapse' }), context);
    return test(collapseTimes, truth.contexts[0].p, seed);
  });
}

/** E[T]. */
export function collapseMeanCheck(situation: CollapseSituation): Check {
  return check('collapse-mean', situation, (times, p) => meanTest(times, expectedCollapseTime(situation.sampleSize, p)));
}

/** P(T <= m) at the generation m that theory gives for a quantile: a number of successes, tested exactly. */
export function collapseCdfCheck(situation: CollapseSituation, quantile: number): Check {
  return check(`collapse-cdf-${quantile}`, situation, (times, p, seed) => {
    const m = collapseTimeQuantile(quantile, situation.sampleSize, p);
    const [predicted] = collapseProbability([m], situation.sampleSize, p);
    return proportionTest(times.filter((time) => time <= m).length, times.length, predicted, new FairBits(seed).uniform());
  });
}

const CELLS = 20;

/** The whole law of T, in cells of about equal probability. */
export function collapseLawCheck(situation: CollapseSituation): Check {
  return check('collapse-law', situation, (times, p) => {
    const cuts = Array.from({ length: CELLS - 1 }, (_, i) => collapseTimeQuantile((i + 1) / CELLS, situation.sampleSize, p));
    const edges = [...new Set(cuts)];
    const cumulative = [0, ...collapseProbability(edges, situation.sampleSize, p), 1];
    const observed = new Float64Array(edges.length + 1);
    for (const time of times) observed[edges.filter((edge) => edge < time).length]++;
    return lawTest(
      observed,
      Array.from(observed, (_, i) => cumulative[i + 1] - cumulative[i]),
    );
  });
}
