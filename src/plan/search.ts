/** Which amounts keep a drift within a tolerance: exact whole numbers, by bisection. */
import { type Curve, mostSynthetic } from './laws.js';

/** Points for each doubling of n. */
const perDoubling = 8;

/** A drift on a grid of amounts, its worst amount included. */
export interface Profile {
  curve: Curve;
  amounts: number[];
  values: number[];
  worst: { synthetic: number; value: number };
  /** Small amounts are no answer (fully-synthetic: a real sample of 1 is collapsed from the start and does not drift). */
  onlyFrom: boolean;
}

/** The amounts within a tolerance: 1 ... `largest`, and those from `againFrom` on. */
export interface Allowed {
  /** 0: not even one sample; Infinity: any amount. */
  largest: number;
  /** The least amount above `largest` from which all are within the tolerance again; null if there is none. */
  againFrom: number | null;
  /** `largest` is as far as the law is computed; more may be within the tolerance. */
  beyond: boolean;
}

/**
 * Evaluates a drift where its shape shows. With one size of real sample it has one maximum (docs/MATH.md#planner), so
 * that `allowed` is exact; with several, the drift is a sum of such curves, none of which turns faster than this grid.
 */
export function profile(curve: Curve, onlyFrom = false): Profile {
  const amounts: number[] = [];
  for (let k = 0, n = 1; n < mostSynthetic; k++, n = Math.round(2 ** (k / perDoubling))) if (n !== amounts.at(-1)) amounts.push(n);
  amounts.push(mostSynthetic);
  const values = amounts.map((n) => curve.at(n));
  let top = 0;
  values.forEach((value, i) => {
    if (value > values[top]) top = i;
  });
  const synthetic = maximum(curve, amounts[Math.max(0, top - 1)], amounts[Math.min(amounts.length - 1, top + 1)]);
  const value = curve.at(synthetic);
  if (amounts[top] !== synthetic && value > values[top]) {
    const place = amounts.findIndex((n) => n > synthetic);
    amounts.splice(place, 0, synthetic);
    values.splice(place, 0, value);
    return { curve, amounts, values, worst: { synthetic, value }, onlyFrom };
  }
  return { curve, amounts, values, worst: { synthetic: amounts[top], value: values[top] }, onlyFrom };
}

/** The amounts for which the drift is at most `tolerance`. */
export function allowed({ curve, amounts, values, onlyFrom }: Profile, tolerance: number): Allowed {
  const within = (value: number) => value <= tolerance;
  const first = values.findIndex((value) => !within(value));
  if (first < 0) {
    const always = within(Math.max(curve.limit, curve.ceiling));
    return { largest: always ? Infinity : mostSynthetic, againFrom: null, beyond: !always };
  }
  const largest = first === 0 || onlyFrom ? 0 : bisect(amounts[first - 1], amounts[first], (n) => within(curve.at(n)));
  const last = values.findLastIndex((value) => !within(value));
  const returns = last < values.length - 1 && within(curve.limit);
  const againFrom = returns ? bisect(amounts[last], amounts[last + 1], (n) => !within(curve.at(n))) + 1 : null;
  return { largest, againFrom, beyond: false };
}

/** The largest n in [low, high) that `holds`, where it holds at `low`, not at `high`, and changes once. */
export function bisect(low: number, high: number, holds: (n: number) => boolean): number {
  let yes = low;
  let no = high;
  while (no - yes > 1) {
    const middle = yes + Math.floor((no - yes) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** The whole number in [low, high] where a function with one maximum is largest. */
function maximum(curve: Curve, low: number, high: number): number {
  let from = low;
  let to = high;
  while (to > from) {
    const middle = from + Math.floor((to - from) / 2);
    if (curve.at(middle) < curve.at(middle + 1)) from = middle + 1;
    else to = middle;
  }
  return from;
}
