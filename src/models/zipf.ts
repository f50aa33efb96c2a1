/** Zipf's law, p_i proportional to i^-a, by exponent or by Simpson index. */
import { exp, log } from '../generated/javascript/math.js';
import type { InitialOf } from '../spec/initial.js';
import { type Distribution, normalise } from './distribution.js';
import type { Truth } from './truth.js';

/** Zipf's law with exponent `a` >= 0 on tokens 0 ... support - 1. Tokens whose weight is below the smallest double are dropped. */
export function zipf(support: number, a: number): Distribution {
  return normalise(logarithms(support).map((x) => exp(-a * x)));
}

/**
 * The exponent a >= 0 at which Zipf's law on `support` tokens has the Simpson index (sum of p_i^2) given, in [1/support, 1).
 * Newton's method inside a bracket that shrinks at every step, so that it ends wherever the index is flat.
 */
export function solveExponent(support: number, simpson: number): number {
  const logs = logarithms(support);
  if (simpson <= 1 / support) return 0;
  let low = 0;
  let high = 1;
  while (simpsonOf(logs, high).value < simpson && high < 1024) {
    low = high;
    high *= 2;
  }
  let a = high === 1 ? 0.5 : low;
  // Each step halves the bracket or is a Newton step inside it; 200 are more than bisection alone needs.
  for (let step = 0; step < 200; step++) {
    const { value, slope } = simpsonOf(logs, a);
    if (value < simpson) low = a;
    else if (value > simpson) high = a;
    else return a;
    const newton = a - (value - simpson) / slope;
    // A step that leaves the bracket, or that no longer moves, hands over to bisection or ends.
    const next = newton > low && newton < high ? newton : low + (high - low) / 2;
    if (next === a || next <= low || next >= high) return a;
    if (Math.abs(next - a) <= 2.220446049250313e-16 * a) return next;
    a = next;
  }
  return a;
}

/** Simpson index of Zipf's law and its derivative by the exponent. */
function simpsonOf(logs: Float64Array, a: number): { value: number; slope: number } {
  let first = 0;
  let second = 0;
  let firstLog = 0;
  let secondLog = 0;
  // From the smallest weight up: the large ones do not swallow the small ones.
  for (let i = logs.length - 1; i >= 0; i--) {
    const w = exp(-a * logs[i]);
    first += w;
    second += w * w;
    firstLog += w * logs[i];
    secondLog += w * w * logs[i];
  }
  const value = second / (first * first);
  return { value, slope: 2 * (value * (firstLog / first) - secondLog / (first * first)) };
}

function logarithms(support: number): Float64Array {
  const logs = new Float64Array(support);
  for (let i = 0; i < support; i++) logs[i] = log(i + 1);
  return logs;
}

/** p^(0) of `initial.kind: "zipf"`: one context. */
export function zipfTruth({ vocabulary, support, exponent, simpson }: InitialOf<'zipf'>): Truth {
  const a = exponent ?? solveExponent(support, simpson as number);
  return { vocabulary, contexts: [{ label: '0', weight: 1, ...zipf(support, a) }] };
}
