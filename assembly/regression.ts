// The regression family: ridge regression, on the covariates or on random projections of them, fitted to real and
// synthetic samples. A generation is one linear system, of as many rows as there are unknowns or samples, whichever is
// less. docs/MATH.md#regression
import { word } from './header';
import * as A from './layout';
import { addColumns, addProduct, addTimesTranspose, backSubstitute, cholesky, fillZeros, forwardSubstitute } from './matrix';
import { fillNormals } from './normal';
import { loadF64, multiply, storeF64, toI32 } from './primitives';
import {
  countOf,
  dimension,
  drawFactor,
  drawJointResponses,
  drawProjection,
  drawResponses,
  drawSamples,
  drawWeights,
  features,
  isFactor,
  isProjected,
  labels,
  noiseOf,
  offset,
  openDraws,
  rootOf,
  scale,
  side,
  target,
} from './regression-draw';

export function openChain(): void {
  openDraws();
  drawWeights();
  if (isProjected()) drawProjection();
}

/** Goes on with a chain: all of its state is in the arena. */
export function resume(): void {
  openDraws();
}

function copy(from: i32, to: i32, count: i32): void {
  for (let i: i32 = 0; i < count; i++) storeF64(to + (i << 3), loadF64(from + (i << 3)));
}

/** The weights that label synthetic samples. */
function writeLabels(): void {
  const d: i32 = dimension();
  for (let i: i32 = 0; i < d; i++) {
    const at: i32 = i << 3;
    storeF64(labels() + at, loadF64(target() + at) + loadF64(offset() + at));
  }
}

/** Solves the system for `right`, in place. */
function solve(rows: i32, right: i32): void {
  const system: i32 = word(A.ADDR_SYSTEM);
  for (let i: i32 = 0; i < rows; i++) {
    const at: i32 = system + (multiply(i, (rows + 1) | 0) << 3);
    storeF64(at, loadF64(at) + loadF64(word(A.ADDR_PENALTY) + (i << 3)));
  }
  cholesky(system, rows, rows);
  forwardSubstitute(system, rows, right);
  backSubstitute(system, rows, right);
}

/** The fit's weights minus the true ones, from the solution at `side`. */
function finishWeights(): void {
  const d: i32 = dimension();
  const p: i32 = features();
  for (let i: i32 = 0; i < d; i++) {
    let sum: f64 = 0.0;
    if (isProjected()) {
      const column: i32 = word(A.ADDR_PROJECTION) + (multiply(i, p) << 3);
      for (let f: i32 = 0; f < p; f++) sum += loadF64(column + (f << 3)) * loadF64(side() + (f << 3));
    } else {
      sum = loadF64(side() + (i << 3));
    }
    storeF64(offset() + (i << 3), sum - loadF64(target() + (i << 3)));
  }
}

/** Adds the first `count` columns of DATA, and their responses, to the system. */
function addData(count: i32, lower: bool): void {
  const p: i32 = features();
  let data: i32 = word(A.ADDR_DATA);
  if (isProjected()) {
    project(count, lower);
    data = word(A.ADDR_FEATURES);
  }
  addTimesTranspose(data, p, count, lower && !isProjected(), word(A.ADDR_SYSTEM));
  addColumns(side(), p, data, p << 3, word(A.ADDR_RESPONSES), 8, count, 1.0);
}

/** FEATURES = S DATA; the zeros of a lower triangular DATA are left out, four columns at a time. */
function project(count: i32, lower: bool): void {
  const d: i32 = dimension();
  const p: i32 = features();
  const step: i32 = p << 3;
  fillZeros(word(A.ADDR_FEATURES), multiply(p, count));
  for (let j: i32 = 0; j < count; j++) {
    const from: i32 = lower ? j & -4 : 0;
    const projection: i32 = word(A.ADDR_PROJECTION) + (multiply(from, p) << 3);
    const column: i32 = word(A.ADDR_DATA) + ((multiply(j, d) + from) << 3);
    addColumns(word(A.ADDR_FEATURES) + multiply(j, step), p, projection, step, column, 8, (d - from) | 0, 1.0);
  }
}

/** Draws the samples of a part and adds them to the system. */
function addPart(part: i32, m: i32): void {
  let left: f64 = countOf(part);
  if (left == 0.0) return;
  const root: f64 = rootOf(part);
  const noise: f64 = root * noiseOf(part, m);
  // Without projections the unknowns are what the fit is off by, and real labels are off by nothing but noise.
  const real: i32 = isProjected() ? target() : 0;
  const by: i32 = part == 0 ? real : isProjected() ? labels() : offset();
  if (isFactor(part)) {
    drawFactor(left, root);
    drawResponses(dimension(), true, by, noise);
    addData(dimension(), true);
    return;
  }
  const chunk: f64 = A.CHUNK;
  while (left > 0.0) {
    const count: i32 = toI32(left < chunk ? left : chunk);
    drawSamples(count, root);
    drawResponses(count, false, by, noise);
    addData(count, false);
    left -= chunk;
  }
}

/** A fit by a system of one row for each unknown. */
function fitUnknowns(m: i32): void {
  const d: i32 = dimension();
  const p: i32 = features();
  const system: i32 = word(A.ADDR_SYSTEM);
  const entries: i32 = multiply(p, p);
  const kept: i32 = word(A.ADDR_KEPT);
  writeLabels();
  fillZeros(system, entries);
  fillZeros(side(), p);
  if (word(A.WAY) == A.JOINT) {
    drawFactor(countOf(0) + countOf(1), 1.0);
    drawJointResponses(m);
    if (!isProjected() && word(A.PENALISED) == 0) {
      copy(word(A.ADDR_RESPONSES), offset(), d);
      backSubstitute(word(A.ADDR_DATA), d, offset());
      return;
    }
    if (isProjected()) {
      for (let j: i32 = 0; j < d; j++) addTarget(j);
    }
    addData(d, true);
  } else {
    if (word(A.KEEP_REAL) == 0 || m == 1) addPart(0, m);
    if (word(A.KEEP_REAL) != 0) {
      if (m == 1) {
        copy(system, kept, entries);
        copy(side(), kept + (entries << 3), p);
      } else {
        copy(kept, system, entries);
        copy(kept + (entries << 3), side(), p);
      }
    }
    addPart(1, m);
  }
  if (isProjected()) {
    solve(p, side());
    finishWeights();
    return;
  }
  for (let i: i32 = 0; i < d; i++) {
    const at: i32 = i << 3;
    storeF64(side() + at, loadF64(side() + at) - loadF64(word(A.ADDR_PENALTY) + at) * loadF64(target() + at));
  }
  solve(d, side());
  copy(side(), offset(), d);
}

/** Adds what the true weights make of column j of a factor to its response. */
function addTarget(j: i32): void {
  const d: i32 = dimension();
  const column: i32 = word(A.ADDR_DATA) + (multiply(j, d) << 3);
  const to: i32 = word(A.ADDR_RESPONSES) + (j << 3);
  let sum: f64 = loadF64(to);
  for (let i: i32 = j; i < d; i++) sum += loadF64(column + (i << 3)) * loadF64(target() + (i << 3));
  storeF64(to, sum);
}

/** Draws the samples of a part as rows `first` ... of DATA, which has `rows` in all, and their responses. */
function drawRows(part: i32, m: i32, first: i32, rows: i32): void {
  const d: i32 = dimension();
  const count: i32 = toI32(countOf(part));
  const data: i32 = word(A.ADDR_DATA) + (first << 3);
  for (let i: i32 = 0; i < d; i++) {
    const column: i32 = data + (multiply(i, rows) << 3);
    const deviation: f64 = loadF64(scale() + (i << 3));
    fillNormals(column, count);
    for (let r: i32 = 0; r < count; r++) storeF64(column + (r << 3), deviation * loadF64(column + (r << 3)));
  }
  const responses: i32 = word(A.ADDR_RESPONSES) + (first << 3);
  const noise: f64 = noiseOf(part, m);
  fillNormals(responses, count);
  for (let r: i32 = 0; r < count; r++) storeF64(responses + (r << 3), noise * loadF64(responses + (r << 3)));
  addColumns(responses, count, data, rows << 3, part == 0 ? target() : labels(), 8, d, 1.0);
}

/** A fit by a system of one row for each sample: weights are combinations of the samples. */
function fitSamples(m: i32): void {
  const d: i32 = dimension();
  const p: i32 = features();
  const real: i32 = toI32(countOf(0));
  const rows: i32 = (real + toI32(countOf(1))) | 0;
  const responses: i32 = word(A.ADDR_RESPONSES);
  const step: i32 = rows << 3;
  let data: i32 = word(A.ADDR_DATA);
  writeLabels();
  if (word(A.KEEP_REAL) == 0) {
    drawRows(0, m, 0, rows);
  } else if (m == 1) {
    drawRows(0, m, 0, rows);
    copy(responses, word(A.ADDR_KEPT), real);
  } else {
    copy(word(A.ADDR_KEPT), responses, real);
  }
  drawRows(1, m, real, rows);
  if (isProjected()) {
    const into: i32 = word(A.ADDR_FEATURES);
    fillZeros(into, multiply(rows, p));
    addProduct(into, step, rows, p, data, step, word(A.ADDR_PROJECTION), p << 3, 8, d, 1.0);
    data = into;
  }
  fillZeros(word(A.ADDR_SYSTEM), multiply(rows, rows));
  addTimesTranspose(data, rows, p, false, word(A.ADDR_SYSTEM));
  solve(rows, responses);
  for (let f: i32 = 0; f < p; f++) {
    let sum: f64 = 0.0;
    for (let r: i32 = 0; r < rows; r++) sum += loadF64(data + multiply(f, step) + (r << 3)) * loadF64(responses + (r << 3));
    storeF64(side() + (f << 3), sum);
  }
  finishWeights();
}

/** Generation m; returns its cost in look-ups. */
export function step(m: i32): i32 {
  if (word(A.WAY) == A.ROWS) fitSamples(m);
  else fitUnknowns(m);
  return word(A.STEP_COST);
}

/** E (y - prediction)^2 on real data, without the label noise. */
function testError(): f64 {
  const d: i32 = dimension();
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < d; i++) {
    const x: f64 = loadF64(scale() + (i << 3)) * loadF64(offset() + (i << 3));
    sum += x * x;
  }
  return sum;
}

/** Writes the metrics of the generation to `out`: there is one. */
export function record(metrics: i32, out: i32): void {
  for (let i: i32 = 0; i < metrics; i++) storeF64(out + (i << 3), testError());
}
