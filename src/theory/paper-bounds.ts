/** The bounds that the papers prove, for a schedule on one context or many. */
import { contextHasError, type PredictedContext } from './context-moments.js';
import { group, simpson } from './distribution.js';
import { collapseProbabilityBounds, collapseTimeBounds } from './fully-synthetic.js';
import { l1DriftBound } from './partially-synthetic.js';
import { realWeight, replaceSize } from './training-law.js';

export interface Bounds {
  /** On E[T] (Seddik et al., Proposition 1). */
  collapseTime?: { lower: number; upper: number };
  /** On P(T <= m) at each generation (Theorem 1). */
  cdf?: { lower: number[]; upper: number[] };
  /** On the mean L1 distance to generation 1 (Theorem 3); Infinity where it overflows. */
  'l1-first'?: { upper: number[] };
}

/**
 * The papers' bounds at the given generations (>= 1). Of several contexts: T is when the last one collapses, so that
 * probabilities multiply and E[T] lies between the largest lower bound and the sum of the upper ones; distances are averaged.
 */
export function paperBounds(contexts: readonly PredictedContext[], generation: readonly number[]): Bounds {
  if (contexts.some(contextHasError)) return {};
  const plain = contexts.every(({ law, weighting }) => realWeight({ schedule: law, weighting }) === 1);
  if (plain && contexts.every(({ law }) => law.kind === 'partially-synthetic'))
    return { 'l1-first': { upper: driftBound(contexts, generation) } };
  return collapseBounds(contexts, generation);
}

function driftBound(contexts: readonly PredictedContext[], generation: readonly number[]): number[] {
  let bound = 0;
  for (const { law, p, weight } of contexts) {
    if (law.kind === 'partially-synthetic') bound += weight * l1DriftBound(law.real, law.synthetic, group(p).support);
  }
  // The theorem is about m >= 2; generation 1 is at distance 0 from itself.
  return generation.map((m) => (m === 1 ? 0 : bound));
}

function collapseBounds(contexts: readonly PredictedContext[], generation: readonly number[]): Bounds {
  const time = { lower: 1, upper: 0 };
  const cdf = { lower: generation.map(() => 1), upper: generation.map(() => 1) };
  for (const { law, p } of contexts) {
    const n = replaceSize(law);
    if (n === undefined) return {};
    const simpson0 = simpson(p);
    const { support } = group(p);
    const { lower, upper } = collapseTimeBounds(n, simpson0, support);
    time.lower = Math.max(time.lower, lower);
    time.upper += upper;
    const each = collapseProbabilityBounds(generation, n, simpson0, support);
    generation.forEach((_, i) => {
      cdf.lower[i] *= each.lower[i];
      cdf.upper[i] *= each.upper[i];
    });
  }
  return { collapseTime: time, cdf };
}
