/**
 * Recursive training the slow and plain way: every training set is a list of samples, drawn one by one, with fair bits of
 * another generator. The independent implementation for metrics without a closed form.
 */

import type { Sampling } from '../spec/sampling.js';
import type { Schedule } from '../spec/schedule.js';
import type { FairBits } from './random.js';
import { sampler } from './rules.js';

type Samples = number[];

/** Training sets of generations 1 ... last, as lists of token indices. `rule`: how models are sampled. */
export function trainingSets(schedule: Schedule, rule: Sampling, p: ArrayLike<number>, last: number, bits: FairBits): Samples[] {
  const running: number[] = [];
  for (let i = 0, sum = 0; i < p.length; i++) running.push((sum += p[i]));
  const fromTruth = () => {
    const u = bits.uniform() * running[running.length - 1];
    return Math.max(
      0,
      running.findIndex((sum) => u < sum),
    );
  };
  const draw = (n: number, one: () => number): Samples => Array.from({ length: n }, one);
  const from = (samples: Samples) => sampler(samples, rule, bits);
  const models: (() => number)[] = [];
  const sets: Samples[] = [];
  /** Samples kept from generation to generation. */
  let kept: Samples = [];

  const next = (m: number): Samples => {
    const before = sets[m - 2];
    switch (schedule.kind) {
      case 'fully-synthetic':
        return draw(Number(schedule.sampleSize), m === 1 ? fromTruth : from(before));
      case 'partially-synthetic':
        if (m === 1) return draw(Number(schedule.real), fromTruth);
        return [...sets[0], ...draw(Number(schedule.synthetic), from(before))];
      case 'fresh': {
        const newly = draw(Number(schedule.real), fromTruth);
        return m === 1 ? newly : [...newly, ...draw(Number(schedule.synthetic), from(before))];
      }
      case 'most-recent': {
        const batch = Math.floor(Number(schedule.sampleSize) / schedule.window);
        const sources = Array.from({ length: Math.min(m, schedule.window) }, (_, k) => m - 1 - k);
        return sources.flatMap((t) => draw(batch, t === 0 ? fromTruth : from(sets[t - 1])));
      }
      case 'randomly-sampled':
        return draw(Number(schedule.sampleSize), () => {
          const t = bits.below(m);
          if (t === 0) return fromTruth();
          models[t] ??= from(sets[t - 1]);
          return models[t]();
        });
      case 'accumulate':
        kept = m === 1 ? draw(Number(schedule.real), fromTruth) : [...kept, ...draw(Number(schedule.synthetic), from(before))];
        return kept;
      case 'accumulate-subsample': {
        const size = Number(schedule.corpusSize);
        kept = m === 1 ? draw(size, fromTruth) : [...kept, ...draw(Math.round(schedule.rate * size), from(before))];
        // No model makes these: no rule applies.
        return schedule.replacement ? draw(size, sampler(kept, { kind: 'plain' }, bits)) : withoutReplacement(kept, size, bits);
      }
      default:
        throw new RangeError(`${(schedule as Schedule).kind}: not drawn pick by pick`);
    }
  };
  for (let m = 1; m <= last; m++) sets.push(next(m));
  return sets;
}

/** `size` of the samples, by the first steps of a shuffle. */
function withoutReplacement(samples: Samples, size: number, bits: FairBits): Samples {
  const list = samples.slice();
  for (let i = 0; i < size; i++) {
    const j = i + bits.below(list.length - i);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list.slice(0, size);
}

/** Token frequencies. */
export function frequencies(samples: Samples, tokens: number): number[] {
  const shares = new Array<number>(tokens).fill(0);
  for (const token of samples) shares[token] += 1 / samples.length;
  return shares;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The metrics by their definitions (docs/MATH.md#metrics). */
export const definitions: Record<string, (q: readonly number[], first: readonly number[], truth: readonly number[]) => number> = {
  simpson: (q) => sum(q.map((x) => x * x)),
  max: (q) => Math.max(...q),
  support: (q) => q.filter((x) => x > 0).length,
  entropy: (q) => -sum(q.map((x) => (x > 0 ? x * Math.log(x) : 0))),
  'l1-first': (q, first) => sum(q.map((x, i) => Math.abs(x - first[i]))),
  'l2-first': (q, first) => sum(q.map((x, i) => (x - first[i]) ** 2)),
  'l1-truth': (q, _, truth) => sum(q.map((x, i) => Math.abs(x - truth[i]))),
  'l2-truth': (q, _, truth) => sum(q.map((x, i) => (x - truth[i]) ** 2)),
  'kl-truth': (q, _, truth) => sum(q.map((x, i) => (x > 0 ? x * Math.log(x / truth[i]) : 0))),
};
