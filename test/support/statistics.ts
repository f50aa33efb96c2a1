// Test statistics with stated false-alarm rates. Every statistical test of these files has alpha = 1e-6, a fixed seed and no second try.
export const ALPHA = 1e-6;

/** ln Gamma(x), x > 0 (Lanczos). */
export function logGamma(x: number): number {
  const c = [76.18009172947146, -86.50532032941677, 24.01409824083091, -1.231739572450155, 0.1208650973866179e-2, -0.5395239384953e-5];
  const t = x + 5.5 - (x + 0.5) * Math.log(x + 5.5);
  let sum = 1.000000000190015;
  for (let j = 0; j < 6; j++) sum += c[j] / (x + 1 + j);
  return -t + Math.log((2.5066282746310005 * sum) / x);
}

/** P(chi-square with `df` degrees of freedom >= x): the regularised upper incomplete gamma function. */
export function chiSquareTail(x: number, df: number): number {
  const a = df / 2;
  const z = x / 2;
  if (z <= 0) return 1;
  const front = Math.exp(-z + a * Math.log(z) - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let k = 1; k < 10000 && term > sum * 1e-16; k++) sum += term *= z / (a + k);
    return 1 - front * sum;
  }
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return front * h;
}

/** Two-sided p-value of a standard normal z. */
export function normalTail(z: number): number {
  return chiSquareTail(z * z, 1);
}

/** |z| that a standard normal exceeds with probability `alpha`, two-sided. */
export function criticalZ(alpha: number): number {
  let low = 0;
  let high = 40;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > alpha) low = middle;
    else high = middle;
  }
  return high;
}

/** Merges cells from the end of the list until each expects at least `least`. */
function merged(observed: readonly number[], expected: readonly number[], least: number): [number[], number[]] {
  const order = expected.map((_, i) => i).sort((i, j) => expected[j] - expected[i]);
  const o: number[] = [];
  const e: number[] = [];
  let restO = 0;
  let restE = 0;
  for (const i of order) {
    if (expected[i] >= least) {
      o.push(observed[i]);
      e.push(expected[i]);
    } else {
      restO += observed[i];
      restE += expected[i];
    }
  }
  if (restE >= least || o.length === 0) {
    o.push(restO);
    e.push(restE);
  } else if (restE > 0 || restO > 0) {
    o[o.length - 1] += restO;
    e[e.length - 1] += restE;
  }
  return [o, e];
}

/** p-value of Pearson's test of counts against probabilities (which sum to 1); small cells are merged. An impossible outcome gives 0. */
export function goodnessOfFit(observed: readonly number[], probability: readonly number[]): number {
  const total = observed.reduce((sum, x) => sum + x, 0);
  if (observed.some((x, i) => x > 0 && !(probability[i] > 0))) return 0;
  const [o, e] = merged(
    observed,
    probability.map((p) => p * total),
    10,
  );
  const x = o.reduce((sum, count, i) => sum + (count - e[i]) ** 2 / e[i], 0);
  return o.length < 2 ? 1 : chiSquareTail(x, o.length - 1);
}

/** p-value of the test that two lists of counts have the same law. */
export function sameLaw(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  const at = (list: readonly number[], i: number) => list[i] ?? 0;
  const pooled = Array.from({ length }, (_, i) => at(a, i) + at(b, i));
  const totalA = a.reduce((sum, x) => sum + x, 0);
  const totalB = b.reduce((sum, x) => sum + x, 0);
  const [ma, pa] = merged(
    Array.from({ length }, (_, i) => at(a, i)),
    pooled,
    20,
  );
  let x = 0;
  ma.forEach((count, i) => {
    const other = pa[i] - count;
    const share = pa[i] / (totalA + totalB);
    x += (count - share * totalA) ** 2 / (share * totalA) + (other - share * totalB) ** 2 / (share * totalB);
  });
  return ma.length < 2 ? 1 : chiSquareTail(x, ma.length - 1);
}

/** Binomial(n, p) probabilities of 0 ... n, from the mode outwards and divided by their sum. */
export function binomialLaw(n: number, p: number): number[] {
  if (p <= 0) return [1, ...new Array<number>(n).fill(0)];
  if (p >= 1) return [...new Array<number>(n).fill(0), 1];
  const law = new Array<number>(n + 1).fill(0);
  const mode = Math.min(n, Math.floor((n + 1) * p));
  law[mode] = 1;
  for (let k = mode; k > 0; k--) law[k - 1] = law[k] * ((k * (1 - p)) / ((n - k + 1) * p));
  for (let k = mode; k < n; k++) law[k + 1] = law[k] * (((n - k) * p) / ((k + 1) * (1 - p)));
  const sum = law.reduce((total, x) => total + x, 0);
  return law.map((x) => x / sum);
}

/** All ways to write n as a sum of `parts` numbers >= 0, in lexicographic order. */
export function compositions(n: number, parts: number): number[][] {
  if (parts === 1) return [[n]];
  return Array.from({ length: n + 1 }, (_, first) => compositions(n - first, parts - 1).map((rest) => [first, ...rest])).flat();
}

/** Multinomial probability of `counts`. */
export function multinomialProbability(counts: readonly number[], p: readonly number[]): number {
  const n = counts.reduce((sum, x) => sum + x, 0);
  let value = 1;
  let k = n;
  counts.forEach((count, i) => {
    for (let j = 1; j <= count; j++) value *= (k-- * p[i]) / j;
  });
  return value;
}
