// Poisson(rate c) of counts c, from rows that are built when they are first used; docs/MATH.md#rates. A count up to 512
// has a row of its own. A larger one is the sum of up to three draws, one for each of its digits in base 64 (its units,
// its multiple of 64 and its multiple of 4,096): sums of Poisson variables are Poisson.
import { closeDraw, fillRow, fillWeights, rowLow, usePoisson } from './alias-row';
import { setWord, word } from './header';
import { ADDR_RATE_FREE, ADDR_RATE_INDEX, ADDR_RATES, ADDR_SCRATCH, LARGEST_ROW, RATE_COUNT, ROW_ENTRY_BITS } from './layout';
import { poissonBits } from './poisson-rows';
import { fromU32, lessU32, loadF64, loadI32, storeI32, toI32 } from './primitives';
import { setState, stateA, stateB, stateC, stateCounter } from './stream';

/** Counts from here on have no rows. */
export const NO_ROWS: i32 = 65536;
// Places in an index: counts, then 64 x 9 ... 64 x 63, then 4,096 x 1 ... 4,096 x 15.
const DIGIT_ROWS: i32 = 512 - 8;
const TOP_ROWS: i32 = 504 + 63;
export const RATE_ROWS: i32 = 504 + 63 + 16;

let rate: f64 = 0.0;
let index: i32 = 0;

/** Turns to the rows at the rate n / total; false if the job has none. */
export function openRate(n: f64, total: f64): bool {
  const count: i32 = word(RATE_COUNT);
  const rates: i32 = word(ADDR_RATES);
  rate = n / total;
  for (let i: i32 = 0; i < count; i++) {
    if (loadF64(rates + (i << 3)) == rate) {
      index = word(ADDR_RATE_INDEX) + ((i * RATE_ROWS) << ROW_ENTRY_BITS);
      return true;
    }
  }
  return false;
}

export function openedRate(): f64 {
  return rate;
}

/** The count whose row stands at `place` of an index. */
export function rateRowCount(place: i32): i32 {
  if (place <= LARGEST_ROW) return place;
  return place <= TOP_ROWS ? (place - DIGIT_ROWS) << 6 : (place - TOP_ROWS) << 12;
}

function buildAt(place: i32): i32 {
  const entry: i32 = index + (place << ROW_ENTRY_BITS);
  const count: f64 = rateRowCount(place);
  const mean: f64 = rate * count;
  const bits: i32 = poissonBits(mean);
  const low: i32 = rowLow(toI32(mean), bits);
  const cells: i32 = word(ADDR_RATE_FREE);
  const weights: i32 = word(ADDR_SCRATCH);
  setWord(ADDR_RATE_FREE, cells + (6 << bits));
  usePoisson(mean);
  fillWeights(low, bits, weights);
  fillRow(low, bits, weights, cells, cells + (4 << bits));
  storeI32(entry, low);
  storeI32(entry + 4, bits);
  storeI32(entry + 8, cells);
  return cells;
}

/** Decides a draw from the row at `place` that its first word leaves open. */
function closeRate(place: i32, column: i32): i32 {
  const entry: i32 = index + (place << ROW_ENTRY_BITS);
  const bits: i32 = loadI32(entry + 4);
  const cells: i32 = loadI32(entry + 8);
  const count: f64 = rateRowCount(place);
  usePoisson(rate * count);
  return closeDraw(loadI32(cells + (column << 2)), cells + (4 << bits), loadI32(entry), column, bits);
}

/**
 * Draws Poisson(rate c) for the counts from `from` to `to` - 1 but those without rows into `drawn`; returns the sum.
 * The hottest loop of large training sets: sfc32 stands here inlined.
 */
export function drawRates(counts: i32, from: i32, to: i32, drawn: i32): f64 {
  let sum: f64 = 0.0;
  let a: i32 = stateA();
  let b: i32 = stateB();
  let c: i32 = stateC();
  let counter: i32 = stateCounter();
  for (let i: i32 = from; i < to; i++) {
    let left: i32 = loadI32(counts + (i << 2));
    if (!lessU32(left, NO_ROWS)) continue;
    let value: i32 = 0;
    while (left != 0) {
      let place: i32 = left;
      if (left > 4095) {
        place = (TOP_ROWS + (left >> 12)) | 0;
        left = left & 4095;
      } else if (left > LARGEST_ROW) {
        place = (DIGIT_ROWS + (left >> 6)) | 0;
        left = left & 63;
      } else {
        left = 0;
      }
      const entry: i32 = (index + (place << ROW_ENTRY_BITS)) | 0;
      let cells: i32 = loadI32(entry + 8);
      if (cells == 0) cells = buildAt(place);
      const bits: i32 = loadI32(entry + 4);
      const u: i32 = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + u) | 0;
      const column: i32 = u >>> (32 - bits);
      const cell: i32 = loadI32((cells + (column << 2)) | 0);
      const above: i32 = (((u << bits) >>> 16) - (cell >>> 16)) | 0;
      const alias: i32 = cell & 0xffff;
      let x: i32 = alias ^ ((alias ^ (loadI32(entry) + column)) & (above >> 31));
      if (above == 0) {
        setState(a, b, c, counter);
        x = closeRate(place, column);
        a = stateA();
        b = stateB();
        c = stateC();
        counter = stateCounter();
      }
      value = (value + x) | 0;
    }
    storeI32(drawn + (i << 2), value);
    sum += fromU32(value);
  }
  setState(a, b, c, counter);
  return sum;
}
