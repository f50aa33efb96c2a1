/** What the laws of the planner need of p^(0): a few sums over contexts, for each size of real sample that occurs. */
import type { Truth, TruthContext } from '../models/truth.js';
import type { Real } from './request.js';

/** The contexts that have the same number of real samples. Weights are those of the truth: they sum to 1 over all groups. */
export interface ContextGroup {
  /** Real samples N of each. */
  real: number;
  /** Sum over contexts of weight x sum_i p_i (1 - p_i). */
  spread: number;
  /** Sum over contexts of weight x sum_i sqrt(p_i (1 - p_i)). */
  root: number;
}

export interface TruthSums {
  groups: ContextGroup[];
  contexts: number;
  /** Tokens with positive probability, over all contexts. */
  tokens: number;
  /** Weighted mean of the number of types s. */
  types: number;
  /** Weighted mean of S_0 = sum_i p_i^2. */
  simpson: number;
  /** Real samples of all contexts together. */
  totalReal: number;
}

/** Real samples N of one context. */
export function realOf(context: TruthContext, real: Real): number {
  return real === 'corpus' ? (context.count ?? 0) : real;
}

export function sumContexts(truth: Truth, real: Real): TruthSums {
  const groups = new Map<number, ContextGroup>();
  const sums = { contexts: truth.contexts.length, tokens: 0, types: 0, simpson: 0, totalReal: 0 };
  for (const context of truth.contexts) {
    const { p, weight } = context;
    const size = realOf(context, real);
    const group = groups.get(size) ?? { real: size, spread: 0, root: 0 };
    groups.set(size, group);
    let squares = 0;
    let spread = 0;
    let root = 0;
    for (let i = p.length - 1; i >= 0; i--) {
      // With one type 1 - p is 0, whatever rounding left of p.
      const variance = p.length === 1 ? 0 : p[i] * (1 - p[i]);
      squares += p[i] * p[i];
      spread += variance;
      root += Math.sqrt(variance);
    }
    group.spread += weight * spread;
    group.root += weight * root;
    sums.tokens += p.length;
    sums.types += weight * p.length;
    sums.simpson += weight * squares;
    sums.totalReal += size;
  }
  return { ...sums, groups: [...groups.values()] };
}
