/**
 * Fresh data: every generation m >= 2 is N newly drawn real samples and n samples of the generation before; generation 1
 * is N real samples. Closed forms; docs/MATH.md#schedule-moments.
 */
import { checkGenerations, checkSimpson, checkSize } from './check.js';
import { power, retention } from './retention.js';

/**
 * Mean Simpson index S_m of each generation.
 * @param generations whole numbers >= 0 (0 gives S_0)
 * @param real N, 1 to 1e12
 * @param synthetic n, 1 to 1e12
 * @param simpson0 S_0 of the truth, in (0, 1]
 * @throws InputError outside these ranges
 */
export function expectedSimpson(generations: readonly number[], real: number, synthetic: number, simpson0: number): number[] {
  return expectedSquaredDrift(generations, real, synthetic, simpson0, 0).map((distance) => simpson0 + distance);
}

/**
 * E||p^(m) - p^(u)||_2^2 of each generation m >= u. From the truth (u = 0) it is D_m = S_m - S_0; from a later one
 * D_m + D_u - 2 alpha^(m-u) D_u, since each generation keeps the share alpha = n/(N+n) of what the one before had learnt.
 * @param from u: 1, the first trained model, unless said
 * @throws InputError as `expectedSimpson`, and for a generation before `from`
 */
export function expectedSquaredDrift(
  generations: readonly number[],
  real: number,
  synthetic: number,
  simpson0: number,
  from = 1,
): number[] {
  checkGenerations([from]);
  checkGenerations(generations, from);
  checkSize('real', real);
  checkSize('synthetic', synthetic);
  checkSimpson(simpson0);
  const { logAlpha, oneMinusBeta, logBeta } = retention(real, synthetic);
  // D_m = limit + beta^(m-1) (D_1 - limit).
  const limit = (1 - simpson0) / ((real + synthetic) * oneMinusBeta);
  const above = (1 - simpson0) / real - limit;
  const distance = (m: number) => (m === 0 ? 0 : limit + above * power(logBeta, m - 1));
  if (from === 0) return generations.map(distance);
  return generations.map((m) => {
    if (m === from) return 0;
    const change = above * power(logBeta, from - 1) * Math.expm1((m - from) * logBeta);
    return change - 2 * distance(from) * Math.expm1((m - from) * logAlpha);
  });
}
