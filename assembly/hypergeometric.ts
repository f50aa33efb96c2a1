// Hypergeometric variates: inversion where the mean is small, else ratio of uniforms (HRUA*, Stadlober 1989).
// docs/MATH.md#hypergeometric
import { stirlingError } from './binomial';
import { exp, log, log1p } from './math';
import { uniform } from './stream';

/** log a! - log b!, exact to about 1e-9 even where both are huge and near each other. */
function logFactorialRatio(a: f64, b: f64): f64 {
  const d: f64 = a - b;
  return (a + 0.5) * log1p(d / (b + 1.0)) + d * (log(b + 1.0) - 1.0) + stirlingError(a) - stirlingError(b);
}

/** How many of `good` items are among `n` drawn without replacement from `whole`; integers, 0 <= good, n <= whole. */
export function hypergeometric(n: f64, good: f64, whole: f64): f64 {
  const bad: f64 = whole - good;
  if (n <= 0.0 || good <= 0.0) return 0.0;
  if (bad <= 0.0) return n;
  if (n >= whole) return good;
  // The smaller class and the smaller side of the draw.
  const few: f64 = good < bad ? good : bad;
  const rest: f64 = whole - n;
  const drawn: f64 = n < rest ? n : rest;
  let x: f64 = (few * drawn) / whole < 10.0 ? inversion(drawn, few, whole) : ratio(drawn, few, whole);
  if (good > bad) x = drawn - x;
  return n < rest ? x : good - x;
}

/** From 0 upwards. */
function inversion(n: f64, few: f64, whole: f64): f64 {
  const many: f64 = whole - few;
  const none: f64 = exp(logFactorialRatio(many, whole) + logFactorialRatio(whole - n, many - n));
  const limit: f64 = n < few ? n : few;
  let u: f64 = uniform();
  let f: f64 = none;
  let x: f64 = 0.0;
  while (u > f) {
    u -= f;
    if (x >= limit) {
      // Rounding left nothing to stop at: start again.
      u = uniform();
      f = none;
      x = 0.0;
    } else {
      f *= ((few - x) * (n - x)) / ((x + 1.0) * (many - n + x + 1.0));
      x += 1.0;
    }
  }
  return x;
}

function ratio(n: f64, few: f64, whole: f64): f64 {
  const many: f64 = whole - few;
  const p: f64 = few / whole;
  const centre: f64 = n * p + 0.5;
  const variance: f64 = ((whole - n) * n * p * (1.0 - p)) / (whole - 1.0);
  const spread: f64 = Math.sqrt(variance + 0.5);
  const width: f64 = 1.7155277699214135 * spread + 0.8989161620588988;
  const mode: f64 = Math.floor(((n + 1.0) * (few + 1.0)) / (whole + 2.0));
  const most: f64 = (n < few ? n : few) + 1.0;
  const far: f64 = Math.floor(centre + 16.0 * spread);
  const end: f64 = most < far ? most : far;
  while (true) {
    const u: f64 = 1.0 - uniform(); // in (0, 1]
    const v: f64 = uniform();
    const x: f64 = centre + (width * (v - 0.5)) / u;
    if (!(x >= 0.0) || x >= end) continue;
    const k: f64 = Math.floor(x);
    const t: f64 =
      logFactorialRatio(mode, k) +
      logFactorialRatio(few - mode, few - k) +
      logFactorialRatio(n - mode, n - k) +
      logFactorialRatio(many - n + mode, many - n + k);
    if (u * (4.0 - u) - 3.0 <= t) return k;
    if (u * (u - t) >= 1.0) continue;
    if (2.0 * log(u) <= t) return k;
  }
}
