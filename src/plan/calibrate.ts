/**
 * The L1 criterion by simulation. The mean L1 drift is c times the bound by types, where c changes slowly with the amount
 * (sqrt(2/pi) where the drift is normal): simulating a candidate measures c there, and c gives the next candidate.
 */
import type { Truth } from '../models/truth.js';
import type { TruthSums } from './contexts.js';
import { largestSimulated, type MeasureOptions, measure, measured, replicatesFor } from './measure.js';
import type { CheckedRequest } from './request.js';
import { allowed, type Allowed, type Profile } from './search.js';

export interface CalibrationStep {
  /** Amount simulated. */
  synthetic: number;
  /** Mean L1 drift and its standard error. */
  drift: number;
  standardError: number;
  /** The drift divided by the bound. */
  ratio: number;
  replicates: number;
}

export interface Calibration {
  allowed: Allowed;
  /** The last c and its standard error. */
  ratio: number;
  ratioError: number;
  /** What would be allowed if c were two standard errors higher, and lower. */
  interval: [Allowed, Allowed];
  steps: CalibrationStep[];
}

const normal = Math.sqrt(2 / Math.PI);
const mostSteps = 6;

export async function calibrate(
  request: CheckedRequest,
  truth: Truth,
  sums: TruthSums,
  bound: Profile,
  options: MeasureOptions,
): Promise<Calibration> {
  const farthest = largestSimulated(truth, request);
  const replicates = replicatesFor(sums.tokens, request);
  const steps: CalibrationStep[] = [];
  let ratio = normal;
  let ratioError = 0;
  const solve = (c: number) => allowed(bound, request.tolerance / Math.max(c, Number.MIN_VALUE));
  for (;;) {
    const candidate = Math.min(farthest, candidateOf(solve(ratio), bound));
    const { mean: drift, standardError } = measured(await measure(request, truth, candidate, 1 + steps.length, replicates, options), 'l1-first');
    const scale = bound.curve.at(candidate);
    ratio = drift / scale;
    ratioError = standardError / scale;
    steps.push({ synthetic: candidate, drift, standardError, ratio, replicates });
    const next = Math.min(farthest, candidateOf(solve(ratio), bound));
    // Close enough: the curve moves less between the two amounts than the error of the measurement.
    const moved = Math.abs(bound.curve.at(next) - scale) * ratio;
    if (next === candidate || moved <= standardError || steps.length === mostSteps) break;
  }
  const interval: [Allowed, Allowed] = [solve(ratio + 2 * ratioError), solve(ratio - 2 * ratioError)];
  return { allowed: solve(ratio), ratio, ratioError, interval, steps };
}

/** Where to simulate next: at the edge of what is allowed, or where the drift is largest, if all is allowed. */
function candidateOf({ largest, againFrom }: Allowed, { worst }: Profile): number {
  if (largest === Infinity) return worst.synthetic;
  return Math.max(1, largest > 0 ? largest : (againFrom ?? 1));
}
