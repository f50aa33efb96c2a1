// Poisson variates of any mean: inversion below 10, else transformed rejection with a squeeze (PTRS, Hoermann 1993).
// docs/MATH.md#poisson
import { stirlingError } from './binomial';
import { exp, log, log1p } from './math';
import { uniform } from './stream';

const HALF_LOG_TWO_PI: f64 = 0.91893853320467274178;

/** Poisson with a mean up to 2^48. */
export function poisson(mean: f64): f64 {
  return mean < 10.0 ? inversion(mean) : rejection(mean);
}

function inversion(mean: f64): f64 {
  const none: f64 = exp(-mean);
  let u: f64 = uniform();
  let f: f64 = none;
  let x: f64 = 0.0;
  while (u > f) {
    u -= f;
    x += 1.0;
    if (x > 120.0) {
      // Rounding left nothing to stop at (the mass beyond is below 1e-80): start again.
      u = uniform();
      f = none;
      x = 0.0;
    } else {
      f *= mean / x;
    }
  }
  return x;
}

function rejection(mean: f64): f64 {
  const b: f64 = 0.931 + 2.53 * Math.sqrt(mean);
  const a: f64 = -0.059 + 0.02483 * b;
  const alpha: f64 = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze: f64 = 0.9277 - 3.6224 / (b - 2.0);
  const top: f64 = HALF_LOG_TWO_PI + 0.5 * log(mean);
  while (true) {
    const u: f64 = uniform() - 0.5;
    const v: f64 = uniform();
    const us: f64 = 0.5 - Math.abs(u);
    const k: f64 = Math.floor(((2.0 * a) / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0.0) || (us < 0.013 && v > us)) continue;
    if (log((v * alpha) / (a / (us * us) + b)) <= logMass(k, mean) - top) return k;
  }
}

/** log P(X = k) + log(2 pi mean) / 2 of a Poisson variable; terms that are huge where the mean is have been taken out. */
export function logMass(k: f64, mean: f64): f64 {
  const beyond: f64 = k + 1.0 - mean;
  return beyond - (k + 0.5) * log1p(beyond / mean) - stirlingError(k);
}
