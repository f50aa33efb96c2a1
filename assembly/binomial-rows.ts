// Binomial(n, c/n) of the rarer of two tokens as rows of columns (alias-row.ts), c = 1 ... n / 2; docs/MATH.md#binomial-rows.
// The rows of an n are built when they are first needed; when there is no more room, all are built anew.
import { closeDraw, fillRow, fillWeights, rowLow, useBinomial } from './alias-row';
import { setWord, word } from './header';
import { ADDR_BINOMIAL_FREE, ADDR_BINOMIAL_INDEX, ADDR_BINOMIALS, ADDR_SCRATCH, BINOMIAL_BYTES, LARGEST_ROW } from './layout';
import { loadI32, storeI32 } from './primitives';

/** log2 of the columns of every row: so many that what is outside stays below 2^-16 of a column for n up to 512. */
export const BINOMIAL_BITS: i32 = 7;

/** Bytes of the rows of n: cells, then rests. */
export function binomialBytes(n: i32): i32 {
  return ((n >> 1) + 1) * (6 << BINOMIAL_BITS);
}

/** Address of the rows of n; row c begins at c << (BINOMIAL_BITS + 2). */
export function binomialRows(n: i32): i32 {
  const entry: i32 = word(ADDR_BINOMIAL_INDEX) + (n << 2);
  const built: i32 = loadI32(entry);
  if (built != 0) return built;
  if (word(ADDR_BINOMIAL_FREE) + binomialBytes(n) > word(ADDR_BINOMIALS) + word(BINOMIAL_BYTES)) {
    for (let i: i32 = 0; i <= LARGEST_ROW; i++) storeI32(word(ADDR_BINOMIAL_INDEX) + (i << 2), 0);
    setWord(ADDR_BINOMIAL_FREE, word(ADDR_BINOMIALS));
  }
  const rows: i32 = word(ADDR_BINOMIAL_FREE);
  const rest: i32 = restOf(rows, n);
  const weights: i32 = word(ADDR_SCRATCH);
  for (let c: i32 = 0; c < 1 << BINOMIAL_BITS; c++) storeI32(rows + (c << 2), 0);
  for (let c: i32 = 1; c <= n >> 1; c++) {
    const low: i32 = rowLow(c, BINOMIAL_BITS);
    useBinomial(n, c);
    fillWeights(low, BINOMIAL_BITS, weights);
    fillRow(low, BINOMIAL_BITS, weights, rows + (c << (BINOMIAL_BITS + 2)), rest + (c << (BINOMIAL_BITS + 1)));
  }
  storeI32(entry, rows);
  setWord(ADDR_BINOMIAL_FREE, rows + binomialBytes(n));
  return rows;
}

function restOf(rows: i32, n: i32): i32 {
  return rows + (((n >> 1) + 1) << (BINOMIAL_BITS + 2));
}

/** Decides a draw of row c that its first word leaves open. */
export function closeBinomial(rows: i32, n: i32, c: i32, column: i32): i32 {
  useBinomial(n, c);
  const cell: i32 = loadI32(rows + (c << (BINOMIAL_BITS + 2)) + (column << 2));
  return closeDraw(cell, restOf(rows, n) + (c << (BINOMIAL_BITS + 1)), rowLow(c, BINOMIAL_BITS), column, BINOMIAL_BITS);
}
