// Discrete laws as alias tables of 2^bits columns (Walker; Vose's construction); docs/MATH.md#rows. Only + - * / and sqrt, in a fixed
// order, so the tables are the same everywhere. A row of columns stands for the values low, low + 1, ... and its last column for
// all others. Every column has a cell, a word: the high half of its threshold (the low half is its `rest`, in a table of its own), and
// the value given above the threshold, its alias. A draw takes a word: its first bits choose the column; the next 16 mostly tell
// whether they are below the threshold. If they tie (one draw in 65,536), another word is drawn and compared with the rest.
import { loadF64, loadI32, loadU16, storeF64, storeI32, storeU16, toI32, toU32 } from './primitives';
import { nextU32, uniform } from './stream';

const TWO32: f64 = 4294967296.0;
/** Terms below this share of the mode's are left out. */
const LEAST_TERM: f64 = 1e-30;

// The law: Poisson of a mean, or (samples > 0) binomial: `samples` of which a token with `mean` of them gets its share.
let samples: f64 = 0.0;
let mean: f64 = 0.0;

export function usePoisson(itsMean: f64): void {
  samples = 0.0;
  mean = itsMean;
}
export function useBinomial(n: f64, c: f64): void {
  samples = n;
  mean = c;
}

/** P(x) / P(x - 1). */
export function up(x: f64): f64 {
  return samples == 0.0 ? mean / x : ((samples - x + 1.0) * mean) / (x * (samples - mean));
}
/** P(x - 1) / P(x). */
export function down(x: f64): f64 {
  return samples == 0.0 ? x / mean : (x * (samples - mean)) / ((samples - x + 1.0) * mean);
}

/** Where a row of columns begins: its middle is the mode, if that leaves no room below 0. */
export function rowLow(mode: i32, bits: i32): i32 {
  const low: i32 = (mode - (1 << (bits - 1)) + 1) | 0;
  return low > 0 ? low : 0;
}

// Of the values outside of a row: P(x) / P(mode), added up on each side and of the first one there.
let lower: f64 = 0.0;
let upper: f64 = 0.0;
let atLower: f64 = 0.0;
let atUpper: f64 = 0.0;

function measureTails(low: i32, high: i32): void {
  const mode: i32 = toI32(mean);
  atLower = 1.0;
  atUpper = 1.0;
  for (let x: i32 = mode; x >= low; x--) atLower *= x > 0 ? down(x) : 0.0;
  for (let x: i32 = (mode + 1) | 0; x <= high; x++) atUpper *= up(x);
  lower = 0.0;
  let x: i32 = (low - 1) | 0;
  for (let f: f64 = atLower; f > LEAST_TERM; f *= down(x--)) lower += f;
  upper = 0.0;
  x = high;
  for (let f: f64 = atUpper; f > LEAST_TERM; f *= up(++x)) upper += f;
}

/** A value below `low`, or from `high` on, of the law in use. Hardly ever needed: one draw in ten million or fewer. */
export function drawTail(low: i32, high: i32): i32 {
  measureTails(low, high);
  let u: f64 = uniform() * (lower + upper);
  let x: i32 = (low - 1) | 0;
  if (u < lower) {
    for (let f: f64 = atLower; u >= f && x > 0; f *= down(x--)) u -= f;
    return x;
  }
  u -= lower;
  x = high;
  for (let f: f64 = atUpper; u >= f && f > LEAST_TERM; f *= up(++x)) u -= f;
  return x;
}

/** Decides a draw that is open; the law must be in use in which a value outside of the row is looked for. */
export function closeDraw(cell: i32, rest: i32, low: i32, column: i32, bits: i32): i32 {
  if (nextU32() >>> 16 >= loadU16(rest + (column << 1))) return cell & 0xffff;
  const last: i32 = ((1 << bits) - 1) | 0;
  return column < last ? (low + column) | 0 : drawTail(low, (low + last) | 0);
}

/** P(x) / P(mode) of the law in use into `weights`, a double a column. */
export function fillWeights(low: i32, bits: i32, weights: i32): void {
  const mode: i32 = (toI32(mean) - low) | 0;
  const last: i32 = ((1 << bits) - 1) | 0;
  for (let j: i32 = 0; j < last; j++) storeF64(weights + (j << 3), 0.0);
  let f: f64 = 1.0;
  for (let j: i32 = mode; j >= 0 && f > LEAST_TERM; j--) {
    storeF64(weights + (j << 3), f);
    f *= low + j > 0 ? down((low + j) | 0) : 0.0;
  }
  f = up((low + mode + 1) | 0);
  for (let j: i32 = (mode + 1) | 0; j < last && f > LEAST_TERM; j++) {
    storeF64(weights + (j << 3), f);
    f *= up((low + j + 1) | 0);
  }
  measureTails(low, (low + last) | 0);
  storeF64(weights + (last << 3), lower + upper);
}

function put(cells: i32, rest: i32, j: i32, threshold: i32, value: i32): void {
  storeI32(cells + (j << 2), (threshold & -65536) | value);
  storeU16(rest + (j << 1), threshold & 0xffff);
}

/** Vose's method with two stacks, behind the weights; they are spent. */
export function fillRow(low: i32, bits: i32, weights: i32, cells: i32, rest: i32): void {
  const columns: i32 = 1 << bits;
  const small: i32 = weights + (columns << 3);
  const large: i32 = small + (columns << 2);
  let smalls: i32 = 0;
  let larges: i32 = 0;
  let sum: f64 = 0.0;
  for (let j: i32 = 0; j < columns; j++) sum += loadF64(weights + (j << 3));
  const columnsAsDouble: f64 = columns;
  const scale: f64 = columnsAsDouble / sum;
  for (let j: i32 = 0; j < columns; j++) {
    const weight: f64 = loadF64(weights + (j << 3)) * scale;
    storeF64(weights + (j << 3), weight);
    if (weight < 1.0) storeI32(small + (smalls++ << 2), j);
    else storeI32(large + (larges++ << 2), j);
  }
  while (smalls > 0 && larges > 0) {
    const s: i32 = loadI32(small + (--smalls << 2));
    const l: i32 = loadI32(large + (--larges << 2));
    const share: f64 = loadF64(weights + (s << 3));
    put(cells, rest, s, toU32(Math.floor(share * TWO32)), (low + l) | 0);
    const left: f64 = loadF64(weights + (l << 3)) + share - 1.0;
    storeF64(weights + (l << 3), left);
    if (left < 1.0) storeI32(small + (smalls++ << 2), l);
    else storeI32(large + (larges++ << 2), l);
  }
  // What is left over is 1 up to rounding.
  while (larges > 0) {
    const j: i32 = loadI32(large + (--larges << 2));
    put(cells, rest, j, -1, (low + j) | 0);
  }
  while (smalls > 0) {
    const j: i32 = loadI32(small + (--smalls << 2));
    put(cells, rest, j, -1, (low + j) | 0);
  }
}
