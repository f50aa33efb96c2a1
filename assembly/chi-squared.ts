// Gamma, chi-square and chi variates (Marsaglia & Tsang, ACM TOMS 26, 2000), docs/MATH.md#chi-squared.
import { exp, log } from './math';
import { normal } from './normal';
import { uniform } from './stream';

/**
 * Logarithm of the share of normals x that are kept: x^2/2 + d (1 - v + ln v), v = (1 + e)^3, e = x/(3 sqrt d). The
 * first terms of its series in e cancel, and so would the digits where d is large; small e takes what is left of it.
 */
export function logKept(x: f64, e: f64, d: f64): f64 {
  if (Math.abs(e) < 0.0625) {
    const g: f64 = 1.0 / 8.0 - e * (1.0 / 9.0 - e * (1.0 / 10.0 - e * (1.0 / 11.0 - e * (1.0 / 12.0))));
    const square: f64 = e * e;
    return -3.0 * d * square * square * (1.0 / 4.0 - e * (1.0 / 5.0 - e * (1.0 / 6.0 - e * (1.0 / 7.0 - e * g))));
  }
  const t: f64 = 1.0 + e;
  return 0.5 * x * x + d * (1.0 - t * t * t + 3.0 * log(t));
}

/** Gamma with shape a >= 1. */
function gammaAboveOne(a: f64): f64 {
  const d: f64 = a - 1.0 / 3.0;
  const c: f64 = 1.0 / (3.0 * Math.sqrt(d));
  while (true) {
    const x: f64 = normal();
    const e: f64 = c * x;
    if (e <= -1.0) continue;
    const t: f64 = 1.0 + e;
    const u: f64 = uniform();
    const square: f64 = x * x;
    if (u < 1.0 - 0.0331 * (square * square) || log(u) < logKept(x, e, d)) return d * (t * t * t);
  }
}

/** Gamma with shape a > 0 (up to about 10^15) and scale 1; never 0 from a = 1/2 on. */
export function gamma(a: f64): f64 {
  if (a >= 1.0) return gammaAboveOne(a);
  const x: f64 = gammaAboveOne(a + 1.0);
  return x * exp(log(1.0 - uniform()) / a);
}

/** Chi-square with nu > 0 degrees of freedom. */
export function chiSquared(nu: f64): f64 {
  return 2.0 * gamma(0.5 * nu);
}

/** Its square root: the length of nu standard normals. */
export function chi(nu: f64): f64 {
  return Math.sqrt(chiSquared(nu));
}
