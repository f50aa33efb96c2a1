/** Effective degrees of freedom, df_k(t) = tr Sigma^k (Sigma + t)^-k, and their distance from a number of samples. */
import type { Population } from './population.js';

/** df_1, df_2 and what their differences need, at one t >= 0. */
export interface Degrees {
  /** df_2. */
  second: number;
  /** df_1 - df_2 = tr t Sigma (Sigma + t)^-2, which is also -d df_1 / d log t. */
  slope: number;
  /** 1 - df_1/k for k degrees (samples or features); 1 for infinite k. */
  rest(k: number): number;
}

/**
 * k - df_1 is summed as (k - K) + sum_{l > t} t/(l + t) - sum_{l <= t} l/(l + t) with K the number of eigenvalues l > t: a whole
 * number and terms below 1/2. So it keeps its digits where df_1 is near k.
 */
export function degrees({ eigenvalue, multiplicity }: Population, t: number): Degrees {
  let large = 0;
  let below = 0;
  let second = 0;
  let slope = 0;
  for (let i = eigenvalue.length - 1; i >= 0; i--) {
    const l = eigenvalue[i];
    const count = multiplicity[i];
    const kept = l / (l + t);
    const lost = t / (l + t);
    second += count * kept * kept;
    slope += count * kept * lost;
    if (l > t) {
      large += count;
      below += count * lost;
    } else {
      below -= count * kept;
    }
  }
  return { second, slope, rest: (k) => (k === Infinity ? 1 : (k - large + below) / k) };
}
