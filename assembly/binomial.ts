// Binomial(n, p) for n up to 2^48 (beyond, the logarithms below lose too many digits): inversion (BINV) where the mean is small, else transformed rejection with a
// squeeze (BTRS, Hoermann 1993). docs/MATH.md#binomials
import { exp, log, log1p } from './math';
import { uniform } from './stream';

/** Binomial with p = part / whole, 0 <= part <= whole; part and whole need not be integers. */
export function binomial(n: f64, part: f64, whole: f64): f64 {
  if (n <= 0.0 || part <= 0.0) return 0.0;
  const rest: f64 = whole - part;
  if (rest <= 0.0) return n;
  // The smaller side is computed from the difference, so that p near 1 loses no digits.
  if (part <= rest) return draw(n, part / whole);
  return n - draw(n, rest / whole);
}

function draw(n: f64, p: f64): f64 {
  return n * p < 10.0 ? inversion(n, p) : rejection(n, p);
}

function inversion(n: f64, p: f64): f64 {
  const odds: f64 = p / (1.0 - p);
  const none: f64 = exp(n * log1p(-p));
  const limit: f64 = n < 120.0 ? n : 120.0; // beyond 120 the mass is below 1e-80
  let u: f64 = uniform();
  let f: f64 = none;
  let x: f64 = 0.0;
  while (u > f) {
    u -= f;
    x += 1.0;
    if (x > limit) {
      // Rounding left nothing to stop at: start again.
      u = uniform();
      f = none;
      x = 0.0;
    } else {
      f *= ((n - x + 1.0) / x) * odds;
    }
  }
  return x;
}

/** log k! less (k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2 (Hoermann 1993). */
export function stirlingError(k: f64): f64 {
  if (k > 9.0) return stirlingSeries(k + 1.0);
  if (k == 0.0) return 0.08106146679532726;
  if (k == 1.0) return 0.04134069595540929;
  if (k == 2.0) return 0.02767792568499834;
  if (k == 3.0) return 0.02079067210376509;
  if (k == 4.0) return 0.01664469118982119;
  if (k == 5.0) return 0.01387612882307075;
  if (k == 6.0) return 0.01189670994589177;
  if (k == 7.0) return 0.01041126526197209;
  if (k == 8.0) return 0.009255462182712733;
  return 0.008330563433362871;
}

function stirlingSeries(x: f64): f64 {
  const square: f64 = x * x;
  return (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / x;
}

function rejection(n: f64, p: f64): f64 {
  const q: f64 = 1.0 - p;
  const deviation: f64 = Math.sqrt(n * p * q);
  const b: f64 = 1.15 + 2.53 * deviation;
  const a: f64 = -0.0873 + 0.0248 * b + 0.01 * p;
  const centre: f64 = n * p + 0.5;
  const squeeze: f64 = 0.92 - 4.2 / b;
  const alpha: f64 = (2.83 + 5.1 / b) * deviation;
  while (true) {
    const u: f64 = uniform() - 0.5;
    const v: f64 = uniform();
    const us: f64 = 0.5 - Math.abs(u);
    const k: f64 = Math.floor(((2.0 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) return k;
    if (!(k >= 0.0) || k > n) continue;
    // Four draws in five do not come this far.
    const odds: f64 = p / q;
    const mode: f64 = Math.floor((n + 1.0) * p);
    const atMode: f64 = stirlingError(mode) + stirlingError(n - mode);
    const height: f64 = log((v * alpha) / (a / (us * us) + b));
    const bound: f64 =
      (mode + 0.5) * log((mode + 1.0) / (odds * (n - mode + 1.0))) +
      (n + 1.0) * log((n - mode + 1.0) / (n - k + 1.0)) +
      (k + 0.5) * log((odds * (n - k + 1.0)) / (k + 1.0)) +
      atMode -
      stirlingError(k) -
      stirlingError(n - k);
    if (height <= bound) return k;
  }
}
