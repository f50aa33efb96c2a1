/** The budget against the tolerance and against the number of real samples. */
import { MAX_SAMPLES } from '../spec/fields.js';
import { syntheticBudget } from '../theory/partially-synthetic.js';
import { collapseLaw } from './collapse.js';
import { sumContexts } from './contexts.js';
import { type CurveKind, driftCurve } from './laws.js';
import type { Planned } from './plan.js';
import { type Allowed, allowed, profile } from './search.js';

/**
 * What a line shows: the root mean square drift; the mean L1 drift by its bound, by the plan's c (taken as constant), and by
 * equation 11 of Seddik et al.; the probability of collapse.
 */
export const budgetLines = ['l2', 'l1', 'l1-by-type', 'equation-11', 'collapse'] as const;
export type BudgetLine = (typeof budgetLines)[number];

export interface BudgetPoint {
  /** What varies. */
  against: 'tolerance' | 'real';
  tolerance: number;
  /** null: the corpus, or a schedule without a real sample of its own. */
  real: number | null;
  line: BudgetLine;
  /** Infinity: any amount. */
  largest: number;
  againFrom: number | null;
}

const tolerances = 61;
const reals = 33;
/** The N axis spans this factor each way. */
const realSpan = 100;
/** An L1 distance is at most 2. */
const largestTolerance = 2;
/** Generations times amounts that the laws may walk through. */
const mostSteps = 3e8;

/** Points of all lines, for the plan's own schedule and horizon. */
export function budgetPoints(planned: Planned): BudgetPoint[] {
  const { plan, request } = planned;
  const { tolerance } = request;
  if (request.criterion === 'collapse') return logGrid(1e-4, 0.5, 13).map((t) => collapsePoint(planned, t));
  const real = typeof plan.real === 'number' ? plan.real : null;
  const smallest = Math.min(tolerance, driftCurve('l2', planned.sums, request.schedule, request.generations).at(1) || tolerance);
  const across = logGrid(Math.max(smallest, tolerance / 1000), Math.max(largestTolerance, tolerance), tolerances);
  const points = pointsAt(planned, 'tolerance', real, across);
  if (real === null) return points;
  const costly = request.schedule === 'accumulate' && request.generations * 1000 * reals > mostSteps;
  const sizes = logGrid(Math.max(1, real / realSpan), Math.min(MAX_SAMPLES, real * realSpan), costly ? 5 : reals);
  for (const size of new Set(sizes.map(Math.round))) points.push(...pointsAt(planned, 'real', size, [tolerance]));
  return points;
}

function pointsAt(
  { request, truth, calibration }: Planned,
  against: BudgetPoint['against'],
  real: number | null,
  across: readonly number[],
): BudgetPoint[] {
  const { schedule, generations } = request;
  const size = real ?? request.real;
  const sums = sumContexts(truth, size);
  const profileOf = (kind: CurveKind) => profile(driftCurve(kind, sums, schedule, generations), schedule === 'fully-synthetic');
  const l2 = profileOf('l2');
  const byType = profileOf('l1-by-type');
  const types = truth.contexts.map(({ p }) => p.length);
  return across.flatMap((tolerance) => {
    const point = (line: BudgetLine, { largest, againFrom, beyond }: Allowed): BudgetPoint[] =>
      beyond ? [] : [{ against, tolerance, real, line, largest, againFrom }];
    const points = [...point('l2', allowed(l2, tolerance)), ...point('l1-by-type', allowed(byType, tolerance))];
    if (calibration) points.push(...point('l1', allowed(byType, tolerance / calibration.ratio)));
    if (schedule === 'partially-synthetic' && typeof size === 'number') {
      const largest = Math.floor(types.reduce((least, s) => Math.min(least, syntheticBudget(size, tolerance, s)), Infinity));
      points.push(...point('equation-11', { largest, againFrom: null, beyond: false }));
    }
    return points;
  });
}

function collapsePoint({ request, truth, plan }: Planned, tolerance: number): BudgetPoint {
  const { largest, againFrom } = collapseLaw(truth, { ...request, tolerance }).allowed;
  const real = typeof plan.real === 'number' ? plan.real : null;
  return { against: 'tolerance', tolerance, real, line: 'collapse', largest, againFrom };
}

/** `count` numbers from `low` to `high`, evenly spaced in the logarithm. */
function logGrid(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Number((low * (high / low) ** (i / (count - 1))).toPrecision(6)));
}
