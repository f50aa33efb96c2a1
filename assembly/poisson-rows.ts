// Poisson laws of integer means as rows of columns (alias-row.ts), and the pivot's acceptance table, Pois(x; c) / Pois(c; c);
// docs/MATH.md#poisson-rows.
import { closeDraw, down, fillRow, fillWeights, rowLow, up, usePoisson } from './alias-row';
import { setWord, word } from './header';
import { ADDR_ROWS, ADDR_SCRATCH, LARGEST_ROW, ROWS_BUILT } from './layout';
import { fromU32, loadF64, loadI32, loadU16, storeU16, toU32 } from './primitives';

const ALL_ONES: f64 = 4294967295.0;

/** log2 of the columns of the row of any mean: so many that what is outside stays below 2^-16 of a column. */
export function poissonBits(mean: f64): i32 {
  if (mean < 16.0) return 6;
  if (mean < 128.0) return 7;
  if (mean < 520.0) return 8;
  if (mean < 2048.0) return 9;
  if (mean < 8000.0) return 10;
  return mean < 31000.0 ? 11 : 12;
}

/** log2 of the columns of integer means' rows: one for all, so that a row is found without a look at its size. */
export const ROW_BITS: i32 = 8;
// Only a largest token, the pivot, can have more than half of the samples: it has a row of acceptances, the others have cells and
// rests. Row 0 is that of a token without samples.
const ROWS: i32 = LARGEST_ROW / 2 + 1;
const REST: i32 = ROWS << (ROW_BITS + 2);
const ACCEPT: i32 = REST + (ROWS << (ROW_BITS + 1));
/** Of all tables; they are to be zeros at first. */
export const ROWS_BYTES: i32 = ACCEPT + ((LARGEST_ROW + 1) << (ROW_BITS + 1));
/** Rows are built some at a time. */
const ROWS_AT_ONCE: i32 = 16;

/** Builds the rows up to that of mean c, those that are not there yet, and a few more. */
export function buildRows(c: i32): void {
  const rows: i32 = word(ADDR_ROWS);
  const weights: i32 = word(ADDR_SCRATCH);
  let last: i32 = (c + ROWS_AT_ONCE) | 0;
  if (last >= ROWS) last = (ROWS - 1) | 0;
  for (let mean: i32 = (word(ROWS_BUILT) + 1) | 0; mean <= last; mean++) {
    const low: i32 = rowLow(mean, ROW_BITS);
    usePoisson(mean);
    fillWeights(low, ROW_BITS, weights);
    fillRow(low, ROW_BITS, weights, rows + (mean << (ROW_BITS + 2)), rows + REST + (mean << (ROW_BITS + 1)));
  }
  if (last > word(ROWS_BUILT)) setWord(ROWS_BUILT, last);
}

/** The largest mean that has a row. */
export function builtRows(): i32 {
  return word(ROWS_BUILT);
}

/** Decides a draw of mean c that its first word leaves open. */
export function closePoisson(rows: i32, c: i32, column: i32): i32 {
  usePoisson(c);
  const cell: i32 = loadI32(rows + (c << (ROW_BITS + 2)) + (column << 2));
  return closeDraw(cell, rows + REST + (c << (ROW_BITS + 1)), rowLow(c, ROW_BITS), column, ROW_BITS);
}

/** The acceptance table of mean c: by column, the high half of the largest word that the pivot accepts its value with. */
export function acceptTable(rows: i32, c: i32): i32 {
  return (rows + ACCEPT + (c << (ROW_BITS + 1))) | 0;
}

/** Builds that table, unless it is there: then it is not 0 at its mode. */
export function ensureAccept(rows: i32, c: i32): void {
  const table: i32 = acceptTable(rows, c);
  const low: i32 = rowLow(c, ROW_BITS);
  if (loadU16(table + ((c - low) << 1)) != 0) return;
  const weights: i32 = word(ADDR_SCRATCH);
  usePoisson(c);
  fillWeights(low, ROW_BITS, weights);
  for (let j: i32 = 0; j < (1 << ROW_BITS) - 1; j++) {
    storeU16(table + (j << 1), toU32(Math.floor(loadF64(weights + (j << 3)) * ALL_ONES)) >>> 16);
  }
}

/** Whether a pivot of mean c accepts y, w being a random word: with probability Pois(y; c) / Pois(c; c). */
export function acceptsExactly(w: i32, y: i32, c: i32): bool {
  if (y < 0) return false;
  usePoisson(c);
  let f: f64 = 1.0;
  for (let x: i32 = c; x > y; x--) f *= down(x);
  for (let x: i32 = (c + 1) | 0; x <= y; x++) f *= up(x);
  return fromU32(w) <= Math.floor(f * ALL_ONES);
}
