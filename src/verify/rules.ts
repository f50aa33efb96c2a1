/** Sampling rules by their definitions (docs/MATH.md#sampling-rules), for the pick-by-pick implementation. */
import type { Sampling } from '../spec/sampling.js';

/**
 * What a rule makes of the weights of a model's tokens.
 * @throws RangeError for a rule that is not one of weights
 */
export function ruled(weights: readonly number[], rule: Sampling): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  /** Tokens from the most frequent down; sorting is stable. */
  const order = weights.map((_, token) => token).sort((a, b) => weights[b] - weights[a]);
  const only = (kept: ReadonlySet<number>) => weights.map((weight, token) => (kept.has(token) ? weight : 0));
  switch (rule.kind) {
    case 'temperature':
      return weights.map((weight) => (weight === 0 ? 0 : (weight / total) ** (1 / rule.temperature)));
    case 'top-k':
      return only(new Set(order.slice(0, rule.k)));
    case 'top-p': {
      let sum = 0;
      return only(
        new Set(
          order.filter((token) => {
            const needed = sum < rule.p * total;
            sum += weights[token];
            return needed;
          }),
        ),
      );
    }
    default:
      throw new RangeError(`${rule.kind}: not a rule of weights`);
  }
}
