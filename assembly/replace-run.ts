// Generations of at most 512 samples, each drawn from the one before, several in a row: what fully synthetic training comes to.
import { BINOMIAL_BITS, binomialRows, closeBinomial } from './binomial-rows';
import { word } from './header';
import { ADDR_ROWS } from './layout';
import { poissonProduct } from './multinomial';
import { buildRows, builtRows } from './poisson-rows';
import { fromU32, loadI32, multiply, storeF64, storeI32 } from './primitives';
import { setState, stateA, stateB, stateC, stateCounter } from './stream';

/** What rowLow takes from a count, unless less is left than nothing. */
const BINOMIAL_HALF: i32 = (1 << (BINOMIAL_BITS - 1)) - 1;

/** How many generations the last run has made. */
let made: i32 = 0;
// Counts, and room for those being drawn: they change places from generation to generation.
let counts: i32 = 0;
let drawn: i32 = 0;

export function runLength(): i32 {
  return made;
}

/** The largest count that there is a row for. */
let built: i32 = 0;

/** Builds rows for all tokens but the first, the pivot. */
function ensureRows(live: i32): void {
  let most: i32 = 0;
  for (let i: i32 = 1; i < live; i++) {
    const count: i32 = loadI32(counts + (i << 2));
    if (count > most) most = count;
  }
  if (most > built) buildRows(most);
  built = builtRows();
}

/** Of the generation that was settled last: the sum of squared counts. */
let squares: i32 = 0;

/** Takes over the n samples drawn: the first largest to the front, then without the dead tokens. Returns how many live. */
function settle(n: i32, tokens: i32, live: i32): i32 {
  let most: i32 = loadI32(drawn);
  let sum: i32 = multiply(most, most);
  let none: i32 = (most - 1) | 0; // its sign, if a token has nothing
  let best: i32 = drawn;
  const end: i32 = (drawn + (live << 2)) | 0;
  for (let at: i32 = (drawn + 4) | 0; at < end; at = (at + 4) | 0) {
    const x: i32 = loadI32(at);
    sum = (sum + multiply(x, x)) | 0;
    none = none | (x - 1);
    const less: i32 = (most - x) >> 31; // all ones if it is more
    best = best ^ ((best ^ at) & less);
    most = most ^ ((most ^ x) & less);
  }
  squares = sum;
  if (best != drawn) {
    const other: i32 = (tokens + best - drawn) | 0;
    const token: i32 = loadI32(other);
    storeI32(other, loadI32(tokens));
    storeI32(tokens, token);
    storeI32(best, loadI32(drawn));
    storeI32(drawn, most);
  }
  const before: i32 = counts;
  counts = drawn;
  drawn = before;
  // All but the pivot have at most what it has, and what it leaves.
  if (most > built && n - most > built) ensureRows(live);
  if (none >= 0) return live;
  let kept: i32 = (counts + 4) | 0; // the largest lives
  const shift: i32 = (tokens - counts) | 0;
  const last: i32 = (counts + (live << 2)) | 0;
  for (let at: i32 = kept; at < last; at = (at + 4) | 0) {
    const count: i32 = loadI32(at);
    if (count == 0) continue;
    storeI32(kept, count);
    storeI32((kept + shift) | 0, loadI32((at + shift) | 0));
    kept = (kept + 4) | 0;
  }
  return (kept - counts) >> 2;
}

/** Up to `most` generations of two tokens. Returns how many live. */
function runTwo(n: i32, tokens: i32, most: i32, simpson: i32): i32 {
  const rows: i32 = binomialRows(n);
  const all: f64 = n;
  const whole: f64 = all * all;
  let c: i32 = loadI32(counts + 4);
  let swapped: i32 = 0;
  let done: i32 = made;
  let a: i32 = stateA();
  let b: i32 = stateB();
  let s: i32 = stateC();
  let counter: i32 = stateCounter();
  let x: i32 = -1; // what was drawn last
  while (true) {
    let column: i32 = 0;
    let isOpen: bool = false;
    // As in pivotStep, nothing is called inside.
    while (true) {
      if (x >= 0) {
        const rest: i32 = (n - x) | 0;
        if (simpson != 0) storeF64((simpson + (done << 3)) | 0, fromU32((multiply(x, x) + multiply(rest, rest)) | 0) / whole);
        const behind: i32 = (rest - x) >> 31; // all ones if x is more
        swapped = swapped ^ behind;
        c = x ^ ((x ^ rest) & behind);
        done = (done + 1) | 0;
        if (done >= most || c == 0) break;
      }
      const u: i32 = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (s + (s << 3)) | 0;
      s = (((s << 21) | (s >>> 11)) + u) | 0;
      column = u >>> (32 - BINOMIAL_BITS);
      const cell: i32 = loadI32((rows + (((c << BINOMIAL_BITS) + column) << 2)) | 0);
      const above: i32 = (((u << BINOMIAL_BITS) >>> 16) - (cell >>> 16)) | 0;
      isOpen = above == 0;
      if (isOpen) break;
      const alias: i32 = cell & 0xffff;
      const least: i32 = (c - BINOMIAL_HALF) | 0;
      x = alias ^ ((alias ^ ((least & ~(least >> 31)) + column)) & (above >> 31));
    }
    if (!isOpen) break;
    setState(a, b, s, counter);
    x = closeBinomial(rows, n, c, column);
    a = stateA();
    b = stateB();
    s = stateC();
    counter = stateCounter();
  }
  setState(a, b, s, counter);
  made = done;
  if (swapped != 0) {
    const token: i32 = loadI32(tokens);
    storeI32(tokens, loadI32(tokens + 4));
    storeI32(tokens + 4, token);
  }
  storeI32(counts, (n - c) | 0);
  storeI32(counts + 4, c);
  return c != 0 ? 2 : 1;
}

/**
 * Up to `most` generations of n samples, until one token is left: their number is runLength(). `live` tokens and their counts are listed,
 * a largest one first; `room` has as much room as `list`. The Simpson index of each generation goes to `simpson`, unless that
 * is 0. Not where generations are drawn directly. Returns how many tokens live.
 */
export function runRows(n: i32, tokens: i32, list: i32, room: i32, live: i32, most: i32, simpson: i32): i32 {
  const rows: i32 = word(ADDR_ROWS);
  const all: f64 = n;
  const whole: f64 = all * all;
  counts = list;
  drawn = room;
  made = 0;
  built = builtRows();
  ensureRows(live);
  let left: i32 = live;
  while (made < most && left > 2) {
    poissonProduct(n, counts, left, rows, drawn);
    left = settle(n, tokens, left);
    if (simpson != 0) storeF64(simpson + (made << 3), fromU32(squares) / whole);
    made++;
  }
  if (made < most && left == 2) left = runTwo(n, tokens, most, simpson);
  if (counts != list) {
    for (let i: i32 = 0; i < left; i++) storeI32(list + (i << 2), loadI32(counts + (i << 2)));
  }
  return left;
}
