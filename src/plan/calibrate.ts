/**
 * The L1 criterion by simulation; docs/MATH.md#planner-l1. The mean L1 drift is c(n) times the bound by types, with a c that
 * changes slowly with n. A few steps find the amount; simulations on both sides of it then give c and its slope there.
 */
import type { Truth } from '../models/truth.js';
import type { TruthSums } from './contexts.js';
import { mostSynthetic } from './laws.js';
import { largestSimulated, type MeasureOptions, measure, measured, replicatesFor } from './measure.js';
import type { CheckedRequest } from './request.js';
import { type Allowed, allowed, bisect, type Profile } from './search.js';

export interface CalibrationStep {
  /** Amount simulated. */
  synthetic: number;
  /** Mean L1 drift and its standard error. */
  drift: number;
  standardError: number;
  replicates: number;
}

/** A mean L1 drift by the fit, and its standard error. */
export interface Fitted {
  value: number;
  standardError: number;
}

export interface Calibration {
  /** The amounts by the fit; where `largest` is above 0, `againFrom` is that of the bound. */
  allowed: Allowed;
  /** The edge of the answer if the drift were two standard errors larger, and smaller; absent where any amount, or none, is allowed. */
  interval?: [number, number];
  /** c at the answer. */
  ratio: number;
  /** The drift that the fit says near the answer, from the bound. */
  drift(synthetic: number, bound: number): Fitted;
  steps: CalibrationStep[];
}

/** c of a normal drift, sqrt(2/pi): where the search starts. */
const normal = Math.sqrt(2 / Math.PI);
const mostSteps = 5;
/** A candidate is good enough when the drift there is within this part of the tolerance. */
const closeEnough = 0.03;
/** The bracket is a candidate divided and multiplied by this. */
const spread = 1.25;

export async function calibrate(
  request: CheckedRequest,
  truth: Truth,
  sums: TruthSums,
  bound: Profile,
  options: MeasureOptions,
): Promise<Calibration> {
  const { tolerance } = request;
  const farthest = Math.min(mostSynthetic, largestSimulated(truth, request));
  const replicates = replicatesFor(sums.tokens, request);
  const steps: CalibrationStep[] = [];
  const simulateAt = async (synthetic: number) => {
    const result = await measure(request, truth, synthetic, 1 + steps.length, replicates, options);
    const { mean: drift, standardError } = measured(result, 'l1-first');
    steps.push({ synthetic, drift, standardError, replicates });
    return drift;
  };
  let ratio = normal;
  let candidate = edgeOf(allowed(bound, tolerance / ratio), bound, farthest);
  for (let step = 0; step < mostSteps; step++) {
    const drift = await simulateAt(candidate);
    ratio = drift / bound.curve.at(candidate);
    const next = edgeOf(allowed(bound, tolerance / ratio), bound, farthest);
    if (next === candidate || Math.abs(drift / tolerance - 1) < closeEnough) break;
    candidate = next;
  }
  const rough = allowed(bound, tolerance / ratio);
  if (rough.largest === Infinity || (rough.largest === 0 && rough.againFrom === null)) {
    return { allowed: rough, ratio, drift: regress(steps.slice(-1), bound), steps };
  }
  const low = Math.max(1, Math.floor(candidate / spread));
  let high = Math.min(farthest, Math.max(Math.ceil(candidate * spread), candidate + 1));
  for (const n of new Set([low, high])) if (n !== candidate) await simulateAt(n);
  const fitted = () =>
    regress(
      steps.filter(({ synthetic }) => synthetic >= low && synthetic <= high),
      bound,
    );
  const edge = (drift: Calibration['drift'], sigmas: number) =>
    solve(rough, bound, tolerance, (n) => {
      const { value, standardError } = drift(n, bound.curve.at(n));
      return value + sigmas * standardError;
    });
  let drift = fitted();
  const { synthetic: worst } = bound.worst;
  if (edge(drift, 0) === Infinity && worst > high && worst <= farthest) {
    // Any amount, if c stays what it is: so look at the worst one.
    high = worst;
    await simulateAt(worst);
    drift = fitted();
  }
  const found = edge(drift, 0);
  const at = Math.min(Math.max(1, found), worst);
  const scale = bound.curve.at(at);
  const interval: [number, number] = [edge(drift, 2), edge(drift, -2)];
  return { allowed: answerOf(rough, found, allowed(bound, tolerance)), interval, ratio: drift(at, scale).value / scale, drift, steps };
}

/** The edge found takes the place of the rough one; the other edge is that of the bound, which is safe. */
function answerOf(rough: Allowed, found: number, safe: Allowed): Allowed {
  if (rough.largest === 0) return { ...rough, againFrom: found };
  return { largest: found, againFrom: found === Infinity ? null : safe.againFrom, beyond: false };
}

/** Where to simulate next: at the edge of what is allowed, or where the drift is largest, if all is allowed. */
function edgeOf({ largest, againFrom }: Allowed, { worst }: Profile, farthest: number): number {
  const edge = largest === Infinity ? worst.synthetic : largest > 0 ? largest : (againFrom ?? 1);
  return Math.max(1, Math.min(edge, farthest));
}

/** The exact edge where a fitted drift, which rises up to the edge or falls from it, meets the tolerance. */
function solve({ largest, againFrom }: Allowed, { worst }: Profile, tolerance: number, drift: (n: number) => number): number {
  if (largest > 0) {
    if (drift(worst.synthetic) <= tolerance) return Infinity;
    return drift(1) > tolerance ? 0 : bisect(1, worst.synthetic, (n) => drift(n) <= tolerance);
  }
  const from = Math.min(worst.synthetic, againFrom ?? 1);
  return drift(from) <= tolerance ? from : bisect(from, mostSynthetic, (n) => drift(n) > tolerance) + 1;
}

/** log c = intercept + slope x log n by least squares with the weights of the measurements; a constant where there is one amount. */
function regress(steps: readonly CalibrationStep[], { curve }: Profile): Calibration['drift'] {
  const points = steps.map(({ synthetic, drift, standardError }) => ({
    x: Math.log(synthetic),
    y: Math.log(drift / curve.at(synthetic)),
    weight: (drift / Math.max(standardError, 1e-12 * drift)) ** 2,
  }));
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const centre = points.reduce((sum, { x, weight }) => sum + weight * x, 0) / total;
  const level = points.reduce((sum, { y, weight }) => sum + weight * y, 0) / total;
  const width = points.reduce((sum, { x, weight }) => sum + weight * (x - centre) ** 2, 0);
  const slope = width > 0 ? points.reduce((sum, { x, y, weight }) => sum + weight * (x - centre) * (y - level), 0) / width : 0;
  const nearest = Math.min(...points.map(({ x }) => x)) - Math.log(spread);
  const farthest = Math.max(...points.map(({ x }) => x)) + Math.log(spread);
  return (synthetic, bound) => {
    // Further from what was simulated c stays what it is.
    const x = Math.min(farthest, Math.max(nearest, Math.log(synthetic)));
    const value = bound * Math.exp(level + slope * (x - centre));
    const relative = 1 / total + (width > 0 ? (x - centre) ** 2 / width : 0);
    return { value, standardError: value * Math.sqrt(relative) };
  };
}
