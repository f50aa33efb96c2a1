// Matrices of doubles, column by column: element (i, j) of a matrix with `stride` rows is at `at` + 8 (i + j stride).
// d x d matrices have stride d. Lower triangular ones have zeros above the diagonal; of symmetric ones the lower
// triangle is read. The innermost loops go over independent outputs, and every output adds up its terms in the
// order of the summation index, so blocking and vectors change no bit. docs/MATH.md#matrices.
import { log } from './math';
import { addFourScaled, addScaled, loadF64, multiply, storeF64 } from './primitives';

const TWO_M50: f64 = 8.881784197001252e-16;

/** Address of element (i, j). */
function element(at: i32, stride: i32, i: i32, j: i32): i32 {
  return (at + (((multiply(j, stride) + i) | 0) << 3)) | 0;
}

export function fillZeros(at: i32, count: i32): void {
  const end: i32 = (at + (count << 3)) | 0;
  for (let to: i32 = at; to < end; to = (to + 8) | 0) storeF64(to, 0.0);
}

/**
 * y += sign A x: `rows` outputs, `count` columns of A that are `step` bytes apart, elements of x `xStep` bytes apart;
 * sign is 1 or -1.
 */
export function addColumns(y: i32, rows: i32, a: i32, step: i32, x: i32, xStep: i32, count: i32, sign: f64): void {
  const bytes: i32 = rows << 3;
  let k: i32 = 0;
  while (((k + 4) | 0) <= count) {
    const a1: i32 = (a + step) | 0;
    const a2: i32 = (a1 + step) | 0;
    const a3: i32 = (a2 + step) | 0;
    const x0: f64 = sign * loadF64(x);
    const x1: f64 = sign * loadF64((x + xStep) | 0);
    const x2: f64 = sign * loadF64((x + 2 * xStep) | 0);
    const x3: f64 = sign * loadF64((x + 3 * xStep) | 0);
    addFourScaled(y, bytes, a, a1, a2, a3, x0, x1, x2, x3);
    a = (a3 + step) | 0;
    x = (x + 4 * xStep) | 0;
    k = (k + 4) | 0;
  }
  while (k < count) {
    addScaled(y, bytes, a, sign * loadF64(x));
    a = (a + step) | 0;
    x = (x + xStep) | 0;
    k = (k + 1) | 0;
  }
}

/** C += sign A B: C is rows x columns, A rows x count, B count x columns with steps of its own (so B may be a transpose). */
export function addProduct(
  c: i32,
  cStep: i32,
  rows: i32,
  columns: i32,
  a: i32,
  aStep: i32,
  b: i32,
  bRow: i32,
  bColumn: i32,
  count: i32,
  sign: f64,
): void {
  for (let j: i32 = 0; j < columns; j++) {
    addColumns((c + multiply(j, cStep)) | 0, rows, a, aStep, (b + multiply(j, bColumn)) | 0, bRow, count, sign);
  }
}

/** y = A x of a rows x columns matrix. */
export function timesVector(a: i32, rows: i32, columns: i32, x: i32, y: i32): void {
  fillZeros(y, rows);
  addColumns(y, rows, a, rows << 3, x, 8, columns, 1.0);
}

/** y = L x of a lower triangular d x d matrix, of which the first `columns` columns count; x and y do not overlap. */
export function lowerTimesVector(l: i32, d: i32, columns: i32, x: i32, y: i32): void {
  fillZeros(y, d);
  for (let k: i32 = 0; k < columns; k++) {
    addColumns(y + (k << 3), (d - k) | 0, element(l, d, k, k), 8, x + (k << 3), 8, 1, 1.0);
  }
}

/** y = L' x. */
export function lowerTransposedTimesVector(l: i32, d: i32, x: i32, y: i32): void {
  for (let j: i32 = 0; j < d; j++) {
    let sum: f64 = 0.0;
    for (let i: i32 = j; i < d; i++) sum += loadF64(element(l, d, i, j)) * loadF64(x + (i << 3));
    storeF64(y + (j << 3), sum);
  }
}

/**
 * C = L A of lower triangular d x d matrices, the first `columns` columns of A; the rest of C is 0. Four columns of L at
 * a time: the triangle on top of them one by one, the rows below together.
 */
export function lowerTimesLower(l: i32, a: i32, d: i32, columns: i32, c: i32): void {
  const step: i32 = d << 3;
  fillZeros(c, multiply(d, d));
  for (let j: i32 = 0; j < columns; j++) {
    for (let k: i32 = j; k < d; k = (k + 4) | 0) {
      const below: i32 = (k + 4) | 0;
      const end: i32 = below < d ? below : d;
      for (let m: i32 = k; m < end; m++) {
        addColumns(element(c, d, m, j), (end - m) | 0, element(l, d, m, m), step, element(a, d, m, j), 8, 1, 1.0);
      }
      addColumns(element(c, d, end, j), (d - end) | 0, element(l, d, end, k), step, element(a, d, k, j), 8, (end - k) | 0, 1.0);
    }
  }
}

/**
 * The lower triangle of S += A A', A a d x columns matrix; with `lower` it is lower triangular, and zeros are left out.
 * What is above the diagonal of S counts for nothing.
 */
export function addTimesTranspose(a: i32, d: i32, columns: i32, lower: bool, s: i32): void {
  const step: i32 = d << 3;
  for (let j: i32 = 0; j < d; j++) {
    const count: i32 = lower && j < columns ? (j + 1) | 0 : columns;
    addColumns(element(s, d, j, j), (d - j) | 0, element(a, d, j, 0), step, element(a, d, j, 0), step, count, 1.0);
  }
}

/** S = L L' of a lower triangular d x d matrix, of which the first `columns` columns count; the whole of S is written. */
export function lowerTimesTranspose(l: i32, d: i32, columns: i32, s: i32): void {
  fillZeros(s, multiply(d, d));
  addTimesTranspose(l, d, columns, true, s);
  mirror(s, d);
}

/** Copies the lower triangle to the upper one. */
export function mirror(s: i32, d: i32): void {
  for (let j: i32 = 1; j < d; j++) {
    for (let i: i32 = 0; i < j; i++) storeF64(element(s, d, i, j), loadF64(element(s, d, j, i)));
  }
}

/**
 * Cholesky factor in place, zeros above the diagonal: S = L L'. S may be singular: a pivot that is not above d 2^-50
 * times its diagonal element is taken for 0, and so is its column. `most` is the largest rank that S can have (d if
 * nothing is known): columns after that many pivots are 0, where rounding alone might leave a little more than 0.
 * Returns the rank.
 */
export function cholesky(s: i32, d: i32, most: i32): i32 {
  const step: i32 = d << 3;
  const size: f64 = d;
  let rank: i32 = 0;
  for (let j: i32 = 0; j < d; j++) {
    const at: i32 = element(s, d, j, j);
    const rows: i32 = (d - j) | 0;
    const least: f64 = size * TWO_M50 * loadF64(at);
    addColumns(at, rows, element(s, d, j, 0), step, element(s, d, j, 0), step, j, -1.0);
    fillZeros(element(s, d, 0, j), j);
    const pivot: f64 = loadF64(at);
    if (rank < most && pivot > least && pivot > 0.0) {
      const root: f64 = Math.sqrt(pivot);
      storeF64(at, root);
      for (let i: i32 = 1; i < rows; i++) storeF64(at + (i << 3), loadF64(at + (i << 3)) / root);
      rank++;
    } else {
      fillZeros(at, rows);
    }
  }
  return rank;
}

/** Solves L y = x in place; a zero on the diagonal gives a zero there. */
export function forwardSubstitute(l: i32, d: i32, x: i32): void {
  for (let j: i32 = 0; j < d; j++) {
    const at: i32 = element(l, d, j, j);
    const pivot: f64 = loadF64(at);
    const y: i32 = (x + (j << 3)) | 0;
    storeF64(y, pivot == 0.0 ? 0.0 : loadF64(y) / pivot);
    addColumns(y + 8, (d - j - 1) | 0, at + 8, 8, y, 8, 1, -1.0);
  }
}

/** Solves L' y = x in place; a zero on the diagonal gives a zero there. */
export function backSubstitute(l: i32, d: i32, x: i32): void {
  for (let j: i32 = (d - 1) | 0; j >= 0; j--) {
    let rest: f64 = loadF64(x + (j << 3));
    for (let i: i32 = (j + 1) | 0; i < d; i++) rest -= loadF64(element(l, d, i, j)) * loadF64(x + (i << 3));
    const pivot: f64 = loadF64(element(l, d, j, j));
    storeF64(x + (j << 3), pivot == 0.0 ? 0.0 : rest / pivot);
  }
}

/** ln det (L L'), -Infinity if a diagonal element is 0. */
export function logDeterminant(l: i32, d: i32): f64 {
  let sum: f64 = 0.0;
  for (let j: i32 = 0; j < d; j++) sum += log(loadF64(element(l, d, j, j)));
  return 2.0 * sum;
}

/** sqrt(a^2 + b^2), without squares that over- or underflow. */
function length(a: f64, b: f64): f64 {
  const x: f64 = Math.abs(a);
  const y: f64 = Math.abs(b);
  const most: f64 = x > y ? x : y;
  if (most == 0.0) return 0.0;
  const ratio: f64 = (x > y ? y : x) / most;
  return most * Math.sqrt(1.0 + ratio * ratio);
}

/**
 * L L' becomes L L' + x x' by Givens rotations, for a lower triangular L of any rank; x has zeros before `from` and is
 * overwritten. Nothing is squared, so that no condition number is too large.
 */
export function addToRoot(l: i32, d: i32, x: i32, from: i32): void {
  for (let k: i32 = from; k < d; k++) {
    const own: f64 = loadF64(x + (k << 3));
    if (own == 0.0) continue;
    const at: i32 = element(l, d, k, k);
    const r: f64 = length(loadF64(at), own);
    const c: f64 = loadF64(at) / r;
    const s: f64 = own / r;
    storeF64(at, r);
    for (let i: i32 = (k + 1) | 0; i < d; i++) {
      const entry: i32 = element(l, d, i, k);
      const t: f64 = loadF64(entry);
      const y: f64 = loadF64(x + (i << 3));
      storeF64(entry, c * t + s * y);
      storeF64(x + (i << 3), c * y - s * t);
    }
  }
}
