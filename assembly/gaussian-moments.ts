// Moments of a set of weighted samples in d dimensions, which are all that a Gaussian needs of it, and the Gaussian
// fitted to them. docs/MATH.md#gaussian
import { word } from './header';
import * as A from './layout';
import { cholesky, fillZeros, logDeterminant, lowerTimesVector } from './matrix';
import { fillNormals } from './normal';
import { loadF64, multiply, storeF64, toI32 } from './primitives';
import { wishart } from './wishart';

// A record: number of samples, sum of weights, sum of squared weights, mean variance and log determinant of the fit,
// nothing, then the mean (d), the scatter about it (d x d) and the Cholesky factor of the fitted covariance (d x d).
const MEAN: i32 = 48;

let d: i32 = 0;
let unbiased: bool = false;
/** Bytes of a d x d matrix and of a vector. */
let matrix: i32 = 0;
let vector: i32 = 0;

/** Reads the dimension and the estimator from the header. */
export function openMoments(): void {
  d = word(A.DIMENSION);
  unbiased = word(A.UNBIASED) != 0;
  vector = d << 3;
  matrix = multiply(d, d) << 3;
}
export function dimension(): i32 {
  return d;
}
/** Bytes of a record. */
export function momentBytes(): i32 {
  return MEAN + vector + (matrix << 1);
}
export function countOf(at: i32): f64 {
  return loadF64(at);
}
export function varianceOf(at: i32): f64 {
  return loadF64(at + 24);
}
export function logDeterminantOf(at: i32): f64 {
  return loadF64(at + 32);
}
export function meanOf(at: i32): i32 {
  return at + MEAN;
}
export function scatterOf(at: i32): i32 {
  return at + MEAN + vector;
}
export function factorOf(at: i32): i32 {
  return at + MEAN + vector + matrix;
}

/** No samples. */
export function clearMoments(at: i32): void {
  fillZeros(at, momentBytes() >> 3);
}

function setWeights(at: i32, count: f64, weight: f64, squares: f64): void {
  storeF64(at, count);
  storeF64(at + 8, weight);
  storeF64(at + 16, squares);
}

export function copyMoments(from: i32, to: i32): void {
  const bytes: i32 = momentBytes();
  for (let i: i32 = 0; i < bytes; i += 8) storeF64(to + i, loadF64(from + i));
}

/** Adds the samples of `from` to those of `to`, each with `weight` times its weight (Chan, Golub & LeVeque 1983). */
export function addMoments(to: i32, from: i32, weight: f64): void {
  const before: f64 = loadF64(to + 8);
  const added: f64 = weight * loadF64(from + 8);
  const total: f64 = before + added;
  const share: f64 = added / total;
  const spread: f64 = before * share;
  const mean: i32 = meanOf(to);
  const other: i32 = meanOf(from);
  const shift: i32 = word(A.ADDR_VECTORS);
  for (let i: i32 = 0; i < vector; i += 8) storeF64(shift + i, loadF64(other + i) - loadF64(mean + i));
  for (let i: i32 = 0; i < vector; i += 8) storeF64(mean + i, loadF64(mean + i) + share * loadF64(shift + i));
  const scatter: i32 = scatterOf(to) - scatterOf(from);
  let at: i32 = scatterOf(from);
  for (let j: i32 = 0; j < vector; j += 8) {
    const x: f64 = spread * loadF64(shift + j);
    for (let i: i32 = 0; i < vector; i += 8) {
      storeF64(at + scatter, loadF64(at + scatter) + weight * loadF64(at) + x * loadF64(shift + i));
      at += 8;
    }
  }
  setWeights(to, loadF64(to) + loadF64(from), total, loadF64(to + 16) + weight * weight * loadF64(from + 16));
}

/** Adds one sample at `x`. */
export function addSample(to: i32, x: i32, weight: f64): void {
  const total: f64 = loadF64(to + 8) + weight;
  const share: f64 = weight / total;
  const spread: f64 = loadF64(to + 8) * share;
  const mean: i32 = meanOf(to);
  const shift: i32 = word(A.ADDR_VECTORS);
  for (let i: i32 = 0; i < vector; i += 8) storeF64(shift + i, loadF64(x + i) - loadF64(mean + i));
  for (let i: i32 = 0; i < vector; i += 8) storeF64(mean + i, loadF64(mean + i) + share * loadF64(shift + i));
  let at: i32 = scatterOf(to);
  for (let j: i32 = 0; j < vector; j += 8) {
    const y: f64 = spread * loadF64(shift + j);
    for (let i: i32 = 0; i < vector; i += 8) {
      storeF64(at, loadF64(at) + y * loadF64(shift + i));
      at += 8;
    }
  }
  setWeights(to, loadF64(to) + 1.0, total, loadF64(to + 16) + weight * weight);
}

/** One sample of the fit of `model`, its covariance times `heat`, to `x`. */
export function drawSample(model: i32, heat: f64, x: i32): void {
  const z: i32 = word(A.ADDR_VECTORS) + vector;
  const scale: f64 = Math.sqrt(heat);
  fillNormals(z, d);
  lowerTimesVector(factorOf(model), d, d, z, x);
  for (let i: i32 = 0; i < vector; i += 8) storeF64(x + i, loadF64(meanOf(model) + i) + scale * loadF64(x + i));
}

/**
 * Moments of n samples of the fit of `model`, its covariance times `heat`, to `to`: the mean and the scatter are
 * independent, the one normal, the other Wishart with n - 1 degrees of freedom.
 */
export function drawMoments(model: i32, heat: f64, n: f64, to: i32): void {
  const z: i32 = word(A.ADDR_VECTORS) + vector;
  const factor: i32 = z + vector;
  const scale: f64 = Math.sqrt(heat / n);
  const mean: i32 = meanOf(to);
  setWeights(to, n, n, n);
  fillNormals(z, d);
  lowerTimesVector(factorOf(model), d, d, z, mean);
  for (let i: i32 = 0; i < vector; i += 8) storeF64(mean + i, loadF64(meanOf(model) + i) + scale * loadF64(mean + i));
  wishart(factorOf(model), d, n - 1.0, scatterOf(to), factor);
  const end: i32 = scatterOf(to) + matrix;
  for (let at: i32 = scatterOf(to); at < end; at += 8) storeF64(at, heat * loadF64(at));
}

/** Fits a Gaussian: covariance, its trace / d, its Cholesky factor and log determinant. */
export function fit(at: i32): void {
  const total: f64 = loadF64(at + 8);
  const divisor: f64 = unbiased ? total - loadF64(at + 16) / total : total;
  const factor: i32 = factorOf(at);
  const scatter: i32 = scatterOf(at);
  const size: f64 = d;
  let trace: f64 = 0.0;
  for (let i: i32 = 0; i < matrix; i += 8) storeF64(factor + i, divisor > 0.0 ? loadF64(scatter + i) / divisor : 0.0);
  for (let i: i32 = 0; i < d; i++) trace += loadF64(factor + (multiply(i, (d + 1) | 0) << 3));
  const rank: f64 = loadF64(at) - 1.0;
  cholesky(factor, d, rank < size ? toI32(rank) : d);
  storeF64(at + 24, trace / size);
  storeF64(at + 32, logDeterminant(factor, d));
}
