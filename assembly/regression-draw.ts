// What regression draws: the true weights, random projections, and a training set as a matrix of few rows with the same
// law of all that a fit depends on. docs/MATH.md#regression
import { chiSquared } from './chi-squared';
import { double, word } from './header';
import * as A from './layout';
import { fillZeros, lowerTransposedTimesVector } from './matrix';
import { fillNormals, normal, useNormals } from './normal';
import { loadF64, multiply, storeF64 } from './primitives';
import { bartlett } from './wishart';

let d: i32 = 0;
let p: i32 = 0;

/** Reads the sizes from the header. */
export function openDraws(): void {
  d = word(A.DIMENSION);
  p = word(A.FEATURES);
  useNormals(word(A.ADDR_NORMALS));
}
export function dimension(): i32 {
  return d;
}
/** Number of unknowns. */
export function features(): i32 {
  return p;
}
export function isProjected(): bool {
  return double(A.WIDTH) > 0.0;
}

// Vectors of d numbers, in the eigenbasis of Sigma and in a scale of each coordinate's own.
function vectorAt(index: i32): i32 {
  return word(A.ADDR_VECTORS) + (multiply(index, d) << 3);
}
/** Standard deviation of a covariate. */
export function scale(): i32 {
  return vectorAt(0);
}
/** True weights. */
export function target(): i32 {
  return vectorAt(3);
}
/** What the weights of the labelling model, later those of the fit, are off by. */
export function offset(): i32 {
  return vectorAt(4);
}
/** Weights that labels are made with. */
export function labels(): i32 {
  return vectorAt(5);
}
/** Right side of the system, then its solution. */
export function side(): i32 {
  return vectorAt(6);
}

function partAt(part: i32): i32 {
  return word(A.ADDR_PARTS) + multiply(part, A.PART_BYTES);
}
export function countOf(part: i32): f64 {
  return loadF64(partAt(part));
}
/** Root of the weight of each sample. */
export function rootOf(part: i32): f64 {
  return loadF64(partAt(part) + 8);
}
/** Standard deviation of the label noise in generation m. */
export function noiseOf(part: i32, m: i32): f64 {
  return loadF64(partAt(part) + (m == 1 ? 16 : 24));
}
export function isFactor(part: i32): bool {
  return loadF64(partAt(part) + 32) != 0.0;
}

/** Normals with the standard deviations that `from` holds. */
function drawScaled(from: i32, to: i32): void {
  fillNormals(to, d);
  for (let i: i32 = 0; i < d; i++) storeF64(to + (i << 3), loadF64(from + (i << 3)) * loadF64(to + (i << 3)));
}

/** True weights, and how far those of the labelling model of generation 1 are from them. */
export function drawWeights(): void {
  drawScaled(vectorAt(1), target());
  drawScaled(vectorAt(2), offset());
}

/**
 * The projections S, with entries from N(0, 1/d). A fit depends on S'S alone: where S has d rows or more, it is
 * the transpose of a Bartlett factor.
 */
export function drawProjection(): void {
  const at: i32 = word(A.ADDR_PROJECTION);
  const width: f64 = double(A.WIDTH);
  const size: f64 = d;
  const root: f64 = Math.sqrt(size);
  const entries: i32 = multiply(p, d);
  if (width < size) fillNormals(at, entries);
  else {
    bartlett(at, d, width);
    transpose(at);
  }
  for (let i: i32 = 0; i < entries; i++) storeF64(at + (i << 3), loadF64(at + (i << 3)) / root);
}

/** Transposes a d x d matrix in place. */
function transpose(at: i32): void {
  for (let j: i32 = 1; j < d; j++) {
    for (let i: i32 = 0; i < j; i++) {
      const above: i32 = at + ((multiply(j, d) + i) << 3);
      const below: i32 = at + ((multiply(i, d) + j) << 3);
      const kept: f64 = loadF64(above);
      storeF64(above, loadF64(below));
      storeF64(below, kept);
    }
  }
}

/** `count` samples, one a column of DATA, each times the root of its weight. */
export function drawSamples(count: i32, root: f64): void {
  const at: i32 = word(A.ADDR_DATA);
  fillNormals(at, multiply(d, count));
  for (let j: i32 = 0; j < count; j++) scaleColumn(at + (multiply(j, d) << 3), 0, root);
}

/** d columns that have the law of n >= d samples as far as a fit can tell: T with T T' = X'X, lower triangular. */
export function drawFactor(n: f64, root: f64): void {
  const at: i32 = word(A.ADDR_DATA);
  bartlett(at, d, n);
  for (let j: i32 = 0; j < d; j++) scaleColumn(at + (multiply(j, d) << 3), j, root);
}

function scaleColumn(at: i32, from: i32, root: f64): void {
  const scales: i32 = scale();
  for (let i: i32 = from; i < d; i++) {
    storeF64(at + (i << 3), loadF64(at + (i << 3)) * (root * loadF64(scales + (i << 3))));
  }
}

/** Responses of the columns of DATA: noise, and what the weights at `by` make of them (0: nothing). */
export function drawResponses(count: i32, lower: bool, by: i32, noise: f64): void {
  const to: i32 = word(A.ADDR_RESPONSES);
  fillNormals(to, count);
  for (let j: i32 = 0; j < count; j++) {
    const at: i32 = word(A.ADDR_DATA) + (multiply(j, d) << 3);
    let sum: f64 = noise * loadF64(to + (j << 3));
    if (by != 0) {
      for (let i: i32 = lower ? j : 0; i < d; i++) sum += loadF64(at + (i << 3)) * loadF64(by + (i << 3));
    }
    storeF64(to + (j << 3), sum);
  }
}

function squaredLength(at: i32): f64 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < d; i++) sum += loadF64(at + (i << 3)) * loadF64(at + (i << 3));
  return sum;
}

/** Chi-square with `freedom` >= 0 degrees of freedom. */
function square(freedom: f64): f64 {
  return freedom > 0.0 ? chiSquared(freedom) : 0.0;
}

/**
 * Responses, less those of the true weights, of the factor T of both parts together: Q'r for X = Q T' and the residuals r
 * of all n samples. Q is a uniform frame that T knows nothing of, so that Q_2'Q_2 g, g = T' offset, and Q'noise
 * depend on a few lengths and angles alone.
 */
export function drawJointResponses(m: i32): void {
  const to: i32 = word(A.ADDR_RESPONSES);
  const real: f64 = countOf(0);
  const synthetic: f64 = countOf(1);
  const pull: i32 = labels();
  lowerTransposedTimesVector(word(A.ADDR_DATA), d, offset(), pull);
  fillNormals(to, d);
  if (real == 0.0 || synthetic == 0.0) {
    const noise: f64 = noiseOf(real == 0.0 ? 1 : 0, m);
    for (let i: i32 = 0; i < d; i++) {
      storeF64(to + (i << 3), noise * loadF64(to + (i << 3)) + (real == 0.0 ? loadF64(pull + (i << 3)) : 0.0));
    }
    return;
  }
  const length: f64 = Math.sqrt(squaredLength(pull));
  if (length == 0.0) {
    fillZeros(pull, d);
    storeF64(pull, 1.0);
  } else {
    for (let i: i32 = 0; i < d; i++) storeF64(pull + (i << 3), loadF64(pull + (i << 3)) / length);
  }
  mixResponses(m, length, pull, to);
}

/** The rest of the above for two parts: `direction` has length 1, and there are d normals at `to`. */
function mixResponses(m: i32, length: f64, direction: i32, to: i32): void {
  const real: f64 = countOf(0);
  const synthetic: f64 = countOf(1);
  const size: f64 = d;
  // The column of the frame that belongs to `direction` has its mass in both parts.
  const first: f64 = chiSquared(real);
  const second: f64 = chiSquared(synthetic);
  const realRoot: f64 = Math.sqrt(first / (first + second));
  const syntheticRoot: f64 = Math.sqrt(second / (first + second));
  const realNoise: f64 = noiseOf(0, m);
  const syntheticNoise: f64 = noiseOf(1, m);
  const realPart: f64 = realNoise * normal();
  const syntheticPart: f64 = length * syntheticRoot + syntheticNoise * normal();
  const along: f64 = realRoot * realPart + syntheticRoot * syntheticPart;
  const across: f64 = syntheticRoot * realPart - realRoot * syntheticPart;
  // The squared length of what is left of the residuals, of which the other columns see a random share.
  const left: f64 =
    across * across + realNoise * realNoise * square(real - 1.0) + syntheticNoise * syntheticNoise * square(synthetic - 1.0);
  const outside: f64 = square(real + synthetic - size);
  let dot: f64 = 0.0;
  for (let i: i32 = 0; i < d; i++) dot += loadF64(to + (i << 3)) * loadF64(direction + (i << 3));
  for (let i: i32 = 0; i < d; i++) storeF64(to + (i << 3), loadF64(to + (i << 3)) - dot * loadF64(direction + (i << 3)));
  const inside: f64 = squaredLength(to) + outside;
  const share: f64 = inside > 0.0 ? Math.sqrt(left / inside) : 0.0;
  for (let i: i32 = 0; i < d; i++) {
    storeF64(to + (i << 3), along * loadF64(direction + (i << 3)) + share * loadF64(to + (i << 3)));
  }
}
