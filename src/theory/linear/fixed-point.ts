/** The one unknown that a linear model's test error depends on, and what follows from it; docs/MATH.md#linear-fixed-point. */
import { type Degrees, degrees } from './degrees.js';
import type { Population } from './population.js';
import { increasingRoot } from './root.js';

/** The solution theta of theta (1 - df_1/m)(1 - df_1/n) = level. */
export interface FixedPoint {
  /** theta >= 0, the ridge penalty that the population sees. */
  theta: number;
  /** 1 - eta, in [0, 1]: 0 without projections. */
  etaRest: number;
  /** u >= 0, infinite at the interpolation threshold. */
  u: number;
  /** 1/(1 - D), which is 1 + u. */
  gain: number;
  /** Limit of u theta (1 - eta) where u is infinite and theta 0 (m = n = d without ridge), else 0. */
  corner: number;
}

/**
 * @param samples n > 0, may be infinite
 * @param width m > 0, infinite without projections
 * @param level lambda d/m (random projections) or lambda (ridge), >= 0; 0 is the limit from above
 */
export function fixedPoint(population: Population, samples: number, width: number, level: number): FixedPoint {
  const theta = solve(population, samples, width, level);
  const at = degrees(population, theta);
  const { restSamples, restWidth } = rests(at, population.dimension, samples, width, level, theta);
  const slopeSamples = at.slope / samples;
  const slopeWidth = at.slope / width;
  const eta = slopeWidth === 0 ? 1 : restWidth / (restWidth + slopeWidth);
  const etaRest = slopeWidth === 0 ? 0 : slopeWidth / (restWidth + slopeWidth);
  // D and 1 - D, each as a sum of terms >= 0.
  const share = at.second / samples + slopeSamples * etaRest;
  const shareRest = restSamples + slopeSamples * eta;
  const isCorner = shareRest === 0 && theta === 0 && width === samples;
  return { theta, etaRest, u: share / shareRest, gain: 1 / shareRest, corner: isCorner ? 1 / (3 * meanInverse(population)) : 0 };
}

function solve(population: Population, samples: number, width: number, level: number): number {
  const { dimension, trace, eigenvalue } = population;
  const least = Math.min(samples, width);
  const most = Math.max(samples, width);
  if (least === Infinity) return level;
  if (level === 0 && least >= dimension) return 0;
  // df_1(t) >= d l/(l + t) with l the smallest eigenvalue, and <= tr Sigma / t.
  const threshold = least < dimension ? eigenvalue[eigenvalue.length - 1] * ((dimension - least) / least) : 0;
  if (level === 0) {
    const gap = (t: number) => {
      const at = degrees(population, t);
      return { value: at.rest(least), slope: at.slope / least };
    };
    return increasingRoot(gap, threshold, trace / least);
  }
  const excess = (t: number) => {
    const at = degrees(population, t);
    const first = at.rest(least);
    const second = at.rest(most);
    if (!(first > 0 && second > 0)) return { value: -Infinity, slope: 1 };
    return {
      value: Math.log((t / level) * first * second),
      slope: 1 + at.slope / (least * first) + at.slope / (most * second),
    };
  };
  return increasingRoot(excess, Math.max(level, threshold), Math.max(4 * level, (2 * trace) / least));
}

/** 1 - df_1/n and 1 - df_1/m. The smaller one comes from the equation where it would be a difference of equals. */
function rests(at: Degrees, dimension: number, samples: number, width: number, level: number, theta: number) {
  const least = Math.min(samples, width);
  const larger = at.rest(Math.max(samples, width));
  let smaller = at.rest(least);
  if (least < dimension) {
    smaller = samples === width ? Math.sqrt(level / theta) : level / theta / larger;
    if (samples === width) return { restSamples: smaller, restWidth: smaller };
  }
  return samples <= width ? { restSamples: smaller, restWidth: larger } : { restSamples: larger, restWidth: smaller };
}

/** tr Sigma^-1 / d. */
function meanInverse({ dimension, eigenvalue, multiplicity }: Population): number {
  return eigenvalue.reduce((sum, l, i) => sum + multiplicity[i] / l, 0) / dimension;
}
