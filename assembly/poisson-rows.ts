// Poisson laws as look-up tables (Vose's alias method), and for integer means c the pivot's acceptance table
// Pois(x; c) / Pois(c; c). docs/MATH.md#poisson-rows. Only + - * / sqrt, in a fixed order, so the tables are the
// same everywhere. A row is built when it is first used.
import { setWord, word } from './header';
import { ADDR_RATE_FREE, ADDR_ROW_FREE, ADDR_SCRATCH, MOST_CELLS, ROW_ENTRY_BITS } from './layout';
import { loadF64, loadI32, storeCount, storeF64, storeI32, toI32 } from './primitives';

const TWO32: f64 = 4294967296.0;
const ALL_ONES: f64 = 4294967295.0;

/** Lowest value in the table of a mean. */
export function rowLowest(mean: f64): i32 {
  const low: f64 = mean - Math.floor(8.0 * Math.sqrt(mean) + 1.0);
  return low > 0.0 ? toI32(low) : 0;
}

/** log2 of the number of cells: the smallest power of two that reaches 8 standard deviations and 10 above the mean. */
export function rowBits(mean: f64): i32 {
  const high: f64 = mean + Math.floor(8.0 * Math.sqrt(mean) + 10.0);
  const cells: i32 = (toI32(high) - rowLowest(mean) + 1) | 0;
  let bits: i32 = 0;
  while (1 << bits < cells) bits++;
  return bits;
}

/** f(x) = Pois(x; mean) / Pois(mode; mean) for all cells into `weights`; returns their sum. */
function fillWeights(mean: f64, low: i32, cells: i32, weights: i32): f64 {
  const mode: i32 = (toI32(mean) - low) | 0;
  storeF64(weights + (mode << 3), 1.0);
  for (let j: i32 = (mode - 1) | 0; j >= 0; j--) {
    const x: f64 = (low + j) | 0;
    storeF64(weights + (j << 3), loadF64(weights + ((j + 1) << 3)) * ((x + 1.0) / mean));
  }
  for (let j: i32 = (mode + 1) | 0; j < cells; j++) {
    const x: f64 = (low + j) | 0;
    storeF64(weights + (j << 3), loadF64(weights + ((j - 1) << 3)) * (mean / x));
  }
  let sum: f64 = 0.0;
  for (let j: i32 = 0; j < cells; j++) sum += loadF64(weights + (j << 3));
  return sum;
}

function storeThreshold(cell: i32, share: f64): void {
  const threshold: f64 = Math.floor(share * TWO32);
  storeCount(cell, threshold < ALL_ONES ? threshold : ALL_ONES);
}

/** Vose's two-stack method: cell j keeps `threshold`, else gives the alias (an absolute value). */
function fillAlias(low: i32, cells: i32, weights: i32, table: i32): void {
  const small: i32 = weights + (MOST_CELLS << 3);
  const large: i32 = small + (MOST_CELLS << 2);
  let smalls: i32 = 0;
  let larges: i32 = 0;
  for (let j: i32 = 0; j < cells; j++) {
    if (loadF64(weights + (j << 3)) < 1.0) storeI32(small + (smalls++ << 2), j);
    else storeI32(large + (larges++ << 2), j);
  }
  while (smalls > 0 && larges > 0) {
    const s: i32 = loadI32(small + (--smalls << 2));
    const l: i32 = loadI32(large + (--larges << 2));
    const share: f64 = loadF64(weights + (s << 3));
    storeThreshold(table + (s << 3), share);
    storeI32(table + (s << 3) + 4, (low + l) | 0);
    const rest: f64 = loadF64(weights + (l << 3)) + share - 1.0;
    storeF64(weights + (l << 3), rest);
    if (rest < 1.0) storeI32(small + (smalls++ << 2), l);
    else storeI32(large + (larges++ << 2), l);
  }
  // What is left over is 1 up to rounding.
  while (larges > 0) certain(table, loadI32(large + (--larges << 2)), low);
  while (smalls > 0) certain(table, loadI32(small + (--smalls << 2)), low);
}

function certain(table: i32, j: i32, low: i32): void {
  storeI32(table + (j << 3), -1);
  storeI32(table + (j << 3) + 4, (low + j) | 0);
}

/** Builds the row of a mean and its entry of an index; `accepts`: it belongs to the integer means, which may be a pivot's. */
export function buildRow(entry: i32, mean: f64, accepts: bool): void {
  const low: i32 = rowLowest(mean);
  const bits: i32 = rowBits(mean);
  const cells: i32 = 1 << bits;
  const weights: i32 = word(ADDR_SCRATCH);
  const free: i32 = accepts ? ADDR_ROW_FREE : ADDR_RATE_FREE;
  const table: i32 = word(free);
  const accept: i32 = table + (cells << 3);
  setWord(free, accepts ? accept + (cells << 2) : accept);
  const sum: f64 = fillWeights(mean, low, cells, weights);
  const cellsAsDouble: f64 = cells;
  const scale: f64 = cellsAsDouble / sum;
  for (let j: i32 = 0; j < cells; j++) {
    const weight: f64 = loadF64(weights + (j << 3));
    if (accepts) storeCount(accept + (j << 2), Math.floor(weight * ALL_ONES));
    storeF64(weights + (j << 3), weight * scale);
  }
  fillAlias(low, cells, weights, table);
  storeI32(entry, low);
  storeI32(entry + 4, 32 - bits);
  storeI32(entry + 8, table);
  storeI32(entry + 12, accept);
}

/** The entry of mean c in the index of integer means at `rows`. */
export function integerRow(rows: i32, c: i32): i32 {
  const entry: i32 = (rows + (c << ROW_ENTRY_BITS)) | 0;
  if (loadI32(entry + 8) == 0) {
    const mean: f64 = c;
    buildRow(entry, mean, true);
  }
  return entry;
}
