/**
 * The drift from generation 1 as a function of the amount of synthetic data; docs/MATH.md#planner. For every type i
 * E(p_i^(m) - p_i^(1))^2 = u p_i (1 - p_i), with a factor u of the schedule alone.
 */
import { scheduleSquaredDrift } from '../theory/second-moments.js';
import type { TruthSums } from './contexts.js';
import type { PlanSchedule } from './request.js';

/** The largest amount that the laws are computed for. */
export const mostSynthetic = 1e12;

/** The factor u for N real and n synthetic samples. */
interface DriftLaw {
  at(real: number, synthetic: number): number;
  /** The limit as n grows. */
  limit(real: number): number;
  /** A number that u does not exceed beyond `mostSynthetic`. */
  ceiling(real: number): number;
}

/** A drift as a function of n = 1 ... `mostSynthetic`. */
export interface Curve {
  at(synthetic: number): number;
  limit: number;
  ceiling: number;
}

/** Root mean square drift; mean L1 drift by the bounds sum_i sqrt(E(p_i^(m) - p_i^(1))^2), and sqrt(s) times the first. */
export type CurveKind = 'l2' | 'l1-by-type' | 'l1-by-root-s';

export function driftCurve(kind: CurveKind, sums: TruthSums, schedule: PlanSchedule, generations: number): Curve {
  const law = generations === Infinity ? endless(schedule) : upTo(schedule, generations);
  const total = (u: (real: number) => number): number => {
    let sum = 0;
    for (const { real, spread, root } of sums.groups) {
      if (spread > 0) sum += kind === 'l1-by-type' ? root * Math.sqrt(u(real)) : spread * u(real);
    }
    if (kind === 'l1-by-type') return sum;
    return Math.sqrt(kind === 'l2' ? sum : sums.types * sum);
  };
  return {
    at: (synthetic) => total((real) => law.at(real, synthetic)),
    limit: total((real) => law.limit(real)),
    ceiling: total((real) => law.ceiling(real)),
  };
}

/** A finite horizon: a very large sample of a model is that model, so that nothing drifts in the limit. */
function upTo(schedule: PlanSchedule, generations: number): DriftLaw {
  const at = (real: number, synthetic: number) => {
    const law = schedule === 'fully-synthetic' ? { kind: schedule, sampleSize: synthetic } : { kind: schedule, real, synthetic };
    // The law of one fair coin has 1 - S_0 = 1/2; a power of two divides out without rounding.
    return 2 * scheduleSquaredDrift(law, [generations], 0.5)[0];
  };
  const limit = () => 0;
  // Only under partially-synthetic can the worst amount, which is of the order of N m, be larger than the laws go.
  const ceiling = schedule === 'partially-synthetic' ? endless(schedule).ceiling : (real: number) => at(real, mostSynthetic);
  return { at, limit, ceiling };
}

/** The limit of many generations. */
function endless(schedule: PlanSchedule): DriftLaw {
  if (schedule === 'fresh') {
    const at = (real: number, n: number) => 1 / real + (real + n) / (real * real + (2 * real + 1) * n);
    return { at, limit: (real) => 1 / real + 1 / (2 * real + 1), ceiling: (real) => at(real, mostSynthetic) };
  }
  const limit = (real: number) => (1 - 1 / real) / (2 * real + 1);
  return { at: (real, n) => ((1 - 1 / real) * n) / (real * real + (2 * real + 1) * n), limit, ceiling: limit };
}
