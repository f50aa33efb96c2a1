/**
 * Training sets in which the number R of real samples is random, and real samples have weight w: means over R of what the second
 * moments need (docs/MATH.md#random-shares). R is binomial (a source picked for each sample, or a pool with replacement)
 * or hypergeometric (a pool without).
 */

/** How many of n samples are real. */
export interface RealCount {
  samples: number;
  /** Probability of a real sample. */
  probability: number;
  /** Size of the pool, where it is drawn from without replacement; the pool's real part is `probability` of it. */
  pool?: number;
}

/** Means over R of k times: 1, alpha, alpha^2, and the noise of both parts, alpha^2 v(R) and (1 - alpha)^2 v(n - R). */
export interface ShareMoments {
  factor: number;
  share: number;
  square: number;
  noise: [number, number];
}

/** Terms that a sum over R takes, about. */
export function termsOf({ samples, probability, pool }: RealCount): number {
  const correction = pool === undefined ? 1 : (pool - samples) / Math.max(1, pool - 1);
  return 20 + 20 * Math.sqrt(samples * probability * (1 - probability) * correction);
}

/** Terms below this part of the largest are left out. */
const negligible = 1e-25;

/**
 * The means, plain (k = 1) and with k(R) of an unbiased estimator, W^2/(W^2 - sum w_i^2), W = w R + n - R.
 * alpha = w R/W. Noise of r samples of a part: v = 1/r, or (M - r)/(r (M - 1)) without replacement from the M of it.
 */
export function shareMoments(count: RealCount, weight: number): { plain: ShareMoments; unbiased: ShareMoments } {
  const { samples: n, probability, pool } = count;
  const real = pool === undefined ? Infinity : pool * probability;
  const synthetic = pool === undefined ? Infinity : pool - real;
  const plain: ShareMoments = { factor: 0, share: 0, square: 0, noise: [0, 0] };
  const unbiased: ShareMoments = { factor: 0, share: 0, square: 0, noise: [0, 0] };
  const noise = (r: number, of: number) => (r === 0 ? 0 : of === Infinity ? 1 / r : of === 1 ? 0 : (of - r) / (r * (of - 1)));
  overCounts(count, (r, p) => {
    const total = weight * r + n - r;
    const alpha = (weight * r) / total;
    const squares = (weight * weight * r + n - r) / (total * total);
    add(plain, p, r, alpha);
    add(unbiased, p / (1 - squares), r, alpha);
  });
  function add(sums: ShareMoments, k: number, r: number, alpha: number): void {
    sums.factor += k;
    sums.share += k * alpha;
    sums.square += k * alpha * alpha;
    sums.noise[0] += k * alpha * alpha * noise(r, real);
    sums.noise[1] += k * (1 - alpha) * (1 - alpha) * noise(n - r, synthetic);
  }
  return { plain, unbiased };
}

/** Visits the counts r with their probabilities, from the most likely one outwards. */
function overCounts({ samples: n, probability: q, pool }: RealCount, visit: (r: number, probability: number) => void): void {
  const real = pool === undefined ? 0 : Math.round(pool * q);
  const [least, most] = pool === undefined ? [q === 1 ? n : 0, q === 0 ? 0 : n] : [Math.max(0, n - (pool - real)), Math.min(n, real)];
  /** P(r + 1)/P(r). */
  const ratio = (r: number) =>
    pool === undefined ? ((n - r) * q) / ((r + 1) * (1 - q)) : ((real - r) * (n - r)) / ((r + 1) * (pool - real - n + r + 1));
  const centre = pool === undefined ? (n + 1) * q : ((n + 1) * (real + 1)) / (pool + 2);
  const mode = Math.min(most, Math.max(least, Math.floor(centre)));
  const up: number[] = [1];
  for (let r = mode; r < most && up[up.length - 1] > negligible; r++) up.push(up[up.length - 1] * ratio(r));
  const down: number[] = [1];
  for (let r = mode; r > least && down[down.length - 1] > negligible; r--) down.push(down[down.length - 1] / ratio(r - 1));
  let sum = -1;
  for (let i = up.length - 1; i >= 0; i--) sum += up[i];
  for (let i = down.length - 1; i >= 0; i--) sum += down[i];
  for (let i = down.length - 1; i >= 1; i--) visit(mode - i, down[i] / sum);
  for (let i = 0; i < up.length; i++) visit(mode + i, up[i] / sum);
}
