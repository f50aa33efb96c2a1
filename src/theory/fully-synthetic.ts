/**
 * Fully synthetic training: Theorem 1 and Proposition 1 of Seddik et al. (arXiv 2404.05090); docs/MATH.md#theorem-1.
 * Every generation is n samples of the generation before; generation 1 is n samples of the truth.
 */
import { checkGenerations, checkSimpson, checkSize } from './check.js';

/** 1 - (1 - 1/n)^m, to full precision for any n and m. */
function lost(m: number, n: number): number {
  return m === 0 ? 0 : -Math.expm1(m * Math.log1p(-1 / n));
}

/** (1 - 1/n)^m. */
function kept(m: number, n: number): number {
  return m === 0 ? 1 : Math.exp(m * Math.log1p(-1 / n));
}

/**
 * S_m = 1 - (1 - 1/n)^m (1 - S_0), the mean Simpson index of each generation (Theorem 1).
 * @param generations whole numbers >= 0
 * @param sampleSize n, 1 to 1e12
 * @param simpson0 S_0 of the truth, in (0, 1]
 * @throws InputError outside these ranges
 */
export function expectedSimpson(generations: readonly number[], sampleSize: number, simpson0: number): number[] {
  checkGenerations(generations);
  checkSize('sampleSize', sampleSize);
  checkSimpson(simpson0);
  return generations.map((m) => simpson0 + (1 - simpson0) * lost(m, sampleSize));
}

/**
 * E||p^(m) - p^(u)||_2^2 = S_m - S_u for each generation m >= u (p^(m) is a martingale); docs/MATH.md#second-moments.
 * @param from u: 1, the first trained model, unless said; 0 is the truth
 * @throws InputError as `expectedSimpson`, and for a generation before `from`
 */
export function expectedSquaredDrift(generations: readonly number[], sampleSize: number, simpson0: number, from = 1): number[] {
  checkGenerations([from]);
  checkGenerations(generations, from);
  checkSize('sampleSize', sampleSize);
  checkSimpson(simpson0);
  return generations.map((m) => (1 - simpson0) * kept(from, sampleSize) * lost(m - from, sampleSize));
}

/**
 * Bounds of Theorem 1 on rho_m = P(T <= m), each cut to [0, 1]; docs/MATH.md#theorem-1. Generation 0 has rho_0 = 0.
 * @param support number of types with positive probability, >= 1
 * @throws InputError outside the ranges, or if simpson0 < 1/support
 */
export function collapseProbabilityBounds(
  generations: readonly number[],
  sampleSize: number,
  simpson0: number,
  support: number,
): { lower: number[]; upper: number[] } {
  checkGenerations(generations);
  checkSize('sampleSize', sampleSize);
  checkSize('support', support);
  checkSimpson(simpson0, support);
  const cut = (x: number) => Math.min(1, Math.max(0, x));
  const spread = spreadRatio(simpson0, support);
  return {
    lower: generations.map((m) => (m === 0 ? 0 : cut(1 - sampleSize * (1 - simpson0) * kept(m, sampleSize)))),
    upper: generations.map((m) => (m === 0 ? 0 : cut(1 - spread * kept(m, sampleSize)))),
  };
}

/**
 * Bounds of Proposition 1 on the mean total collapse time E[T], in generations; docs/MATH.md#proposition-1.
 * With support 1 both are 1. @throws InputError as `collapseProbabilityBounds`
 */
export function collapseTimeBounds(sampleSize: number, simpson0: number, support: number): { lower: number; upper: number } {
  checkSize('sampleSize', sampleSize);
  checkSize('support', support);
  checkSimpson(simpson0, support);
  if (support === 1) return { lower: 1, upper: 1 };
  return {
    lower: 1 + spreadRatio(simpson0, support) * (sampleSize - 1),
    upper: 1 + Math.max(0, 1 - simpson0) * sampleSize * (sampleSize - 1),
  };
}

/** (1 - S_0)/(1 - 1/support), in [0, 1]: how near the truth is to uniform; 0 with support 1. */
function spreadRatio(simpson0: number, support: number): number {
  return support === 1 ? 0 : Math.min(1, Math.max(0, (1 - simpson0) / (1 - 1 / support)));
}
