/** What the laws say to someone who plans: when more data stops helping, and how wide random projections should be. */
import { inputError } from '../../errors.js';
import { largestSize } from '../check.js';
import { wholeMinimum } from './minimum.js';
import type { Population } from './population.js';
import { dataLimit, type Fit, type Mixture, type TestError, testError } from './test-error.js';

/** From where on the error is near what no amount of data removes. */
export interface DataPlateau {
  /** Error at n = infinity. */
  limit: TestError;
  /** Least n from which on the error stays at or below factor x limit; Infinity where no n up to 1e12 is enough (a limit of 0: more data always helps). */
  samples: number;
  /** Error at that n (at n = infinity where there is none). */
  error: TestError;
}

/**
 * The n at which more data of the same mixture stops helping.
 * @param mixture without its samples
 * @param factor above 1: how far above the limit counts as there, 1.1 for 10 %
 * @throws InputError for arguments outside their ranges
 */
export function dataPlateau(population: Population, mixture: Omit<Mixture, 'samples'>, fit: Fit, factor = 1.1): DataPlateau {
  if (!(factor > 1 && factor < Infinity)) throw inputError('factor', factor, 'a finite number above 1');
  const limit = dataLimit(population, mixture, fit);
  const at = (samples: number) => testError(population, { ...mixture, samples }, fit);
  const there = (samples: number) => at(samples).total <= factor * limit.total;
  // Downwards from the most; the error may rise again below the interpolation threshold, so that is tried by itself.
  const thresholds = [population.dimension, fit.width ?? 1].filter((k) => k < largestSize);
  const grid = [...new Set([...thresholds, ...Array.from({ length: 40 }, (_, k) => 2 ** k), largestSize])].sort((a, b) => b - a);
  const missed = grid.findIndex((samples) => !there(samples));
  if (missed === 0) return { limit, samples: Infinity, error: limit };
  if (missed < 0) return { limit, samples: 1, error: at(1) };
  let low = grid[missed];
  let high = grid[missed - 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (there(middle)) high = middle;
    else low = middle;
  }
  return { limit, samples: high, error: at(high) };
}

/** The best width of random projections. */
export interface BestWidth {
  /** m, a whole number from 1 to the most asked for. */
  width: number;
  error: TestError;
  /** Error as m goes to infinity at this ridge: that of the fit of least norm on x itself. */
  wideLimit: TestError;
}

/**
 * The width m of least total error for this mixture and ridge. Where the error falls all the way, it is `most`, and `wideLimit` says what is left to gain.
 * @param most largest width considered; 100 max(n, d) unless said, at most 1e12
 * @throws InputError for arguments outside their ranges
 */
export function bestWidth(population: Population, mixture: Mixture, ridge: number, most?: number): BestWidth {
  const { dimension } = population;
  const { samples } = mixture;
  const wideLimit = testError(population, mixture, { ridge: 0 });
  const top = most ?? Math.min(largestSize, 100 * Math.max(dimension, samples === Infinity ? 1 : samples));
  if (!(Number.isSafeInteger(top) && top >= 1 && top <= largestSize))
    throw inputError('most', top, `a whole number from 1 to ${largestSize}`);
  const grid = [1, top];
  for (let width = 1.25; width < top; width *= 1.25) grid.push(Math.ceil(width));
  const near = [dimension, samples].flatMap((k) => [k - 1, k, k + 1]);
  grid.push(...near.filter((width) => width >= 1 && width <= top));
  const at = (width: number) => testError(population, mixture, { ridge, width });
  const width = wholeMinimum((tried) => at(tried).total, grid);
  return { width, error: at(width), wideLimit };
}
