// Poisson(c) for integer means c as look-up tables (Vose's alias method), and the pivot's acceptance table
// Pois(x; c) / Pois(c; c). docs/MATH.md#poisson-rows. Only + - * / sqrt, in a fixed order, so the tables are the
// same everywhere.
import { loadI32, storeI32, loadF64, storeF64, storeCount, toI32 } from './primitives';
import { ADDR_ROW_FREE, ADDR_ROW_INDEX, ADDR_SCRATCH, LARGEST_ROW, ROWS_BUILT, ROW_ENTRY_BITS } from './layout';

const TWO32: f64 = 4294967296.0;
const ALL_ONES: f64 = 4294967295.0;

/** Lowest value in the table of mean c. */
export function rowLowest(c: i32): i32 {
  const mean: f64 = c;
  const low: f64 = mean - Math.floor(8.0 * Math.sqrt(mean) + 1.0);
  return low > 0.0 ? toI32(low) : 0;
}

/** log2 of the number of cells: the smallest power of two that reaches 8 standard deviations and 10 above c. */
export function rowBits(c: i32): i32 {
  const mean: f64 = c;
  const high: f64 = mean + Math.floor(8.0 * Math.sqrt(mean) + 10.0);
  const cells: i32 = (toI32(high) - rowLowest(c) + 1) | 0;
  let bits: i32 = 0;
  while (1 << bits < cells) bits++;
  return bits;
}

/** f(x) = Pois(x; c) / Pois(c; c) for all cells into `weights`; returns their sum. */
function fillWeights(c: i32, low: i32, cells: i32, weights: i32): f64 {
  const mode: i32 = (c - low) | 0;
  const mean: f64 = c;
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
  const small: i32 = weights + (LARGEST_ROW << 3);
  const large: i32 = small + (LARGEST_ROW << 2);
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

function buildRow(header: i32, c: i32): void {
  const low: i32 = rowLowest(c);
  const bits: i32 = rowBits(c);
  const cells: i32 = 1 << bits;
  const weights: i32 = loadI32(header + (ADDR_SCRATCH << 2));
  const table: i32 = loadI32(header + (ADDR_ROW_FREE << 2));
  const accept: i32 = table + (cells << 3);
  storeI32(header + (ADDR_ROW_FREE << 2), accept + (cells << 2));
  const entry: i32 = loadI32(header + (ADDR_ROW_INDEX << 2)) + (c << ROW_ENTRY_BITS);
  storeI32(entry, low);
  storeI32(entry + 4, 32 - bits);
  storeI32(entry + 8, table);
  storeI32(entry + 12, accept);
  const sum: f64 = fillWeights(c, low, cells, weights);
  const cellsAsDouble: f64 = cells;
  const scale: f64 = cellsAsDouble / sum;
  for (let j: i32 = 0; j < cells; j++) {
    const weight: f64 = loadF64(weights + (j << 3));
    storeCount(accept + (j << 2), Math.floor(weight * ALL_ONES));
    storeF64(weights + (j << 3), weight * scale);
  }
  fillAlias(low, cells, weights, table);
}

/** Builds the rows up to mean `largest` that are not there yet. */
export function buildRows(header: i32, largest: i32): void {
  for (let c: i32 = (loadI32(header + (ROWS_BUILT << 2)) + 1) | 0; c <= largest; c++) {
    buildRow(header, c);
    storeI32(header + (ROWS_BUILT << 2), c);
  }
}
