// Moments of a set of weighted samples in d dimensions, which are all that a Gaussian needs of it, and the Gaussian
// fitted to them. docs/MATH.md#gaussian
import { word } from './header';
import * as A from './layout';
import { addToRoot, fillZeros, logDeterminant, lowerTimesLower, lowerTimesVector } from './matrix';
import { fillNormals } from './normal';
import { loadF64, multiply, storeF64 } from './primitives';
import { bartlett, bartlettColumns } from './wishart';

// A record: number of samples, sum of weights, sum of squared weights, mean variance and log determinant of the fit,
// whether it comes from a singular model, then the mean (d), a lower triangular root of the scatter about it (d x d) and
// the Cholesky factor of the fitted covariance (d x d). Roots, because a scatter matrix would lose its small eigenvalues.
const MEAN: i32 = 48;
/** 2^-44: rounding errors of a few hundred operations. */
const ROUNDING: f64 = 5.684341886080802e-14;

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
export function rootOf(at: i32): i32 {
  return at + MEAN + vector;
}
export function factorOf(at: i32): i32 {
  return at + MEAN + vector + matrix;
}

/** Whether some of the samples come from a singular model. */
function isSingular(at: i32): bool {
  return loadF64(at + 40) != 0.0;
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

/** Moves the mean of `to` towards `x` by `share`, and adds the spread of that, `spread` times the squared shift. */
function moveMean(to: i32, x: i32, share: f64, spread: f64): void {
  const mean: i32 = meanOf(to);
  const shift: i32 = word(A.ADDR_VECTORS);
  const scale: f64 = Math.sqrt(spread);
  for (let i: i32 = 0; i < vector; i += 8) {
    const difference: f64 = loadF64(x + i) - loadF64(mean + i);
    storeF64(mean + i, loadF64(mean + i) + share * difference);
    storeF64(shift + i, scale * difference);
  }
  if (spread > 0.0) addToRoot(rootOf(to), d, shift, 0);
}

/** Adds the samples of `from` to those of `to`, each with `weight` times its weight (Chan, Golub & LeVeque 1983). */
export function addMoments(to: i32, from: i32, weight: f64): void {
  const before: f64 = loadF64(to + 8);
  const added: f64 = weight * loadF64(from + 8);
  const total: f64 = before + added;
  const share: f64 = added / total;
  moveMean(to, meanOf(from), share, before * share);
  addRoot(rootOf(to), rootOf(from), Math.sqrt(weight), before == 0.0);
  if (isSingular(from)) storeF64(to + 40, 1.0);
  setWeights(to, loadF64(to) + loadF64(from), total, loadF64(to + 16) + weight * weight * loadF64(from + 16));
}

/** Adds `scale` times the root at `from`; the one at `to` may be empty. */
function addRoot(to: i32, from: i32, scale: f64, empty: bool): void {
  if (empty) {
    for (let i: i32 = 0; i < matrix; i += 8) storeF64(to + i, scale * loadF64(from + i));
    return;
  }
  const column: i32 = word(A.ADDR_VECTORS);
  for (let j: i32 = 0; j < d; j++) {
    const at: i32 = from + multiply(j, vector);
    for (let i: i32 = 0; i < vector; i += 8) storeF64(column + i, scale * loadF64(at + i));
    addToRoot(to, d, column, j);
  }
}

/** Adds one sample at `x`. */
export function addSample(to: i32, x: i32, weight: f64): void {
  const total: f64 = loadF64(to + 8) + weight;
  const share: f64 = weight / total;
  moveMean(to, x, share, loadF64(to + 8) * share);
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
 * independent, the one normal, the other Wishart with n - 1 degrees of freedom, whose root is a product of roots.
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
  bartlett(factor, d, n - 1.0);
  lowerTimesLower(factorOf(model), factor, d, bartlettColumns(d, n - 1.0), rootOf(to));
  const warmth: f64 = Math.sqrt(heat);
  const end: i32 = rootOf(to) + matrix;
  for (let at: i32 = rootOf(to); at < end; at += 8) storeF64(at, warmth * loadF64(at));
  storeF64(to + 40, logDeterminantOf(model) == -1.0 / 0.0 ? 1.0 : 0.0);
}

/** Fits a Gaussian: the Cholesky factor of its covariance, the trace of that / d, and its log determinant. */
export function fit(at: i32): void {
  const total: f64 = loadF64(at + 8);
  const divisor: f64 = unbiased ? total - loadF64(at + 16) / total : total;
  const scale: f64 = divisor > 0.0 ? 1.0 / Math.sqrt(divisor) : 0.0;
  const factor: i32 = factorOf(at);
  const size: f64 = d;
  let trace: f64 = 0.0;
  for (let i: i32 = 0; i < matrix; i += 8) {
    const x: f64 = scale * loadF64(rootOf(at) + i);
    storeF64(factor + i, x);
    trace += x * x;
  }
  if (isSingular(at) || loadF64(at) <= size) flatten(factor);
  storeF64(at + 24, trace / size);
  storeF64(at + 32, logDeterminant(factor, d));
}

/** Samples of a flat set: what rounding has left of a diagonal element that should be 0 is taken for 0. */
function flatten(factor: i32): void {
  for (let i: i32 = 0; i < d; i++) {
    let most: f64 = 0.0;
    for (let j: i32 = 0; j < i; j++) {
      const x: f64 = Math.abs(loadF64(factor + multiply(j, vector) + (i << 3)));
      if (x > most) most = x;
    }
    const diagonal: i32 = factor + multiply(i, vector) + (i << 3);
    if (loadF64(diagonal) < ROUNDING * most) storeF64(diagonal, 0.0);
  }
}
