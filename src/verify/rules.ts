/** Sampling rules by their definitions (docs/MATH.md#sampling-rules), for the pick-by-pick implementation. */
import type { Sampling } from '../spec/sampling.js';
import type { FairBits } from './random.js';

/** A way to draw one sample of a model, given the training set that the model was fitted to. */
export type Draw = () => number;

/** Samples of the model of a training set under a rule. @throws RangeError for a rule that is not known here */
export function sampler(samples: readonly number[], rule: Sampling, bits: FairBits): Draw {
  if (rule.kind === 'plain') return () => samples[bits.below(samples.length)];
  const counts: number[] = [];
  for (const token of samples) counts[token] = (counts[token] ?? 0) + 1;
  const weights = ruled(
    Array.from(counts, (count) => count ?? 0),
    samples.length,
    rule,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return () => {
    const u = bits.uniform() * total;
    let sum = 0;
    for (let token = 0; token < weights.length; token++) {
      sum += weights[token];
      if (u < sum) return token;
    }
    return weights.findLastIndex((weight) => weight > 0);
  };
}

function ruled(counts: readonly number[], size: number, rule: Sampling): number[] {
  /** Tokens from the most frequent down; sorting is stable. */
  const order = counts.map((_, token) => token).sort((a, b) => counts[b] - counts[a]);
  switch (rule.kind) {
    case 'temperature':
      return counts.map((count) => (count === 0 ? 0 : (count / size) ** (1 / rule.temperature)));
    case 'top-k': {
      const kept = new Set(order.slice(0, rule.k));
      return counts.map((count, token) => (kept.has(token) ? count : 0));
    }
    case 'top-p': {
      let sum = 0;
      const kept = new Set(
        order.filter((token) => {
          const needed = sum < rule.p * size;
          sum += counts[token];
          return needed;
        }),
      );
      return counts.map((count, token) => (kept.has(token) ? count : 0));
    }
    default:
      throw new RangeError(`${rule.kind}: not drawn pick by pick`);
  }
}
