/** Tail probabilities of the distributions that test statistics have. Written for the verification alone. */

/** Lanczos coefficients for g = 7 (Godfrey 2001). */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** ln Gamma(x), x > 0; relative error about 1e-14. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const z = x - 1;
  let sum = lanczos[0];
  for (let i = 1; i < lanczos.length; i++) sum += lanczos[i] / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * Q(a, x), the regularised upper incomplete gamma function, a > 0, x >= 0: series below a + 1, Lentz's continued fraction
 * above (Press et al., Numerical Recipes, 6.2). Small values keep their digits.
 */
export function upperGamma(a: number, x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; term > sum * 1e-17 && k < 1e6; k++) {
      term *= x / (a + k);
      sum += term;
    }
    return Math.max(0, 1 - front * sum);
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let i = 1; i < 1e6; i++) {
    const numerator = -i * (i - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

/** I_x(a, b), the regularised incomplete beta function, a, b > 0, x in [0, 1]: Lentz's continued fraction (Numerical Recipes, 6.4). */
export function lowerBeta(x: number, a: number, b: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - lowerBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 1e5; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}

/** P(|T| >= |t|) of Student's t with `degrees` degrees of freedom. */
export function studentTail(t: number, degrees: number): number {
  return lowerBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** P(F >= f) of Fisher's F with d1 and d2 degrees of freedom. */
export function fisherTail(f: number, d1: number, d2: number): number {
  return lowerBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
}

/** P(X >= x) of a chi-square variable with `degrees` degrees of freedom. */
export function chiSquareTail(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** The x >= 0 at which a falling tail probability reaches `alpha`. */
function critical(tail: (x: number) => number, alpha: number): number {
  let low = 0;
  let high = 1;
  while (tail(high) > alpha) high *= 2;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (tail(middle) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/** The x that a chi-square variable exceeds with probability `alpha`. */
export function chiSquareCritical(alpha: number, degrees: number): number {
  return critical((x) => chiSquareTail(x, degrees), alpha);
}

/** The |t| that Student's t exceeds with probability `alpha`, on both sides together. */
export function studentCritical(alpha: number, degrees: number): number {
  return critical((x) => studentTail(x, degrees), alpha);
}

/** ln P(X = k) of a Binomial(n, p) variable, 0 < p < 1. */
function logBinomial(k: number, n: number, p: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p);
}

/** P(X = k) of a Binomial(n, p) variable. */
export function binomialMass(k: number, n: number, p: number): number {
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  return Math.exp(logBinomial(k, n, p));
}

/** P(X < k), or P(X > k), of a Binomial(n, p) variable: the smaller terms one after the other, from k outwards. */
function beyond(k: number, n: number, p: number, step: 1 | -1): number {
  const odds = p / (1 - p);
  let sum = 0;
  let mass = binomialMass(k, n, p);
  for (let x = k; x !== (step === 1 ? n : 0); x += step) {
    mass *= step === 1 ? ((n - x) / (x + 1)) * odds : x / (n - x + 1) / odds;
    sum += mass;
    if (mass < sum * 1e-17) break;
  }
  return sum;
}

/**
 * Two-sided p-value of k successes in n trials of probability p. `u`, uniform on (0, 1), splits the mass at k, so that the
 * p-value is exactly uniform when p is right.
 */
export function binomialTest(k: number, n: number, p: number, u: number): number {
  if (p <= 0 || p >= 1) return binomialMass(k, n, p) === 1 ? u : 0;
  const at = u * binomialMass(k, n, p);
  const rest = (1 - u) * binomialMass(k, n, p);
  // Each sum is taken on the side where it is small.
  if (k < n * p) {
    const below = beyond(k, n, p, -1) + at;
    return Math.min(1, 2 * Math.min(below, 1 - below));
  }
  const above = beyond(k, n, p, 1) + rest;
  return Math.min(1, 2 * Math.min(above, 1 - above));
}

/** P(D_n >= d) of the Kolmogorov-Smirnov statistic of n independent values (Stephens 1970), n >= 5 or so. */
export function kolmogorovTail(d: number, n: number): number {
  const x = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * d;
  if (x < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/** The Kolmogorov-Smirnov distance of values in [0, 1] from the uniform distribution. */
export function uniformDistance(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.reduce((most, x, i) => Math.max(most, (i + 1) / sorted.length - x, x - i / sorted.length), 0);
}
