// One exact multinomial draw: n samples from the shares counts / total of L live tokens. The method is a function of
// n, L and total alone (docs/MATH.md#multinomial):
//   n < 4 (L - 1)        direct picks (n > 4096: n < 2 (L - 1))
//   n = total <= 512     two tokens: their binomial's row (replace-run.ts); else Poisson-product rejection, in pivot
//                        groups if L >= 20 and no token has a sixteenth of n
//   n / total is a rate  Poisson rows at that rate (poissonised.ts); rates are those of the job
//   otherwise            conditional binomials
import { rowLow } from './alias-row';
import { binomial } from './binomial';
import { LARGEST_ROW } from './layout';
import { acceptsExactly, acceptTable, closePoisson, ensureAccept, ROW_BITS } from './poisson-rows';
import { fromU32, loadF64, loadI32, loadU16, storeCount, storeF64, storeI32, toU32 } from './primitives';
import { bounded, setState, stateA, stateB, stateC, stateCounter, uniform } from './stream';

/** Direct picks cost n look-ups, the other methods about 4 look-ups' worth a token, 2 where picks miss the first cache. */
const DIRECT_BELOW: f64 = 4.0;
const LARGE_DIRECT_BELOW: f64 = 2.0;
const LARGE: f64 = 4096.0;
/** With fewer tokens the pivot of a rejection step is never a group of tokens. */
const GROUP_FROM: i32 = 20;

/** What rowLow takes from a count, unless less is left than nothing. */
const ROW_HALF: i32 = (1 << (ROW_BITS - 1)) - 1;

/** True where n samples of `live` tokens are drawn one by one. */
export function isDirect(n: f64, live: i32): bool {
  const others: f64 = (live - 1) | 0;
  return n < (n <= LARGE ? DIRECT_BELOW : LARGE_DIRECT_BELOW) * others;
}

/** True where n samples of a training set of `total` are drawn by rejection from Poisson rows. */
export function usesRows(n: f64, total: f64): bool {
  const largest: f64 = LARGEST_ROW;
  return n == total && n <= largest;
}

/** n samples of u32 `counts` (sum n too: a fully synthetic step) into `drawn`, one pick at a time. */
export function directFromSlots(n: i32, counts: i32, live: i32, slots: i32, drawn: i32): void {
  let at: i32 = slots;
  for (let i: i32 = 0; i < live; i++) {
    const end: i32 = at + (loadI32(counts + (i << 2)) << 2);
    const target: i32 = drawn + (i << 2);
    while (at < end) {
      storeI32(at, target);
      at += 4;
    }
    storeI32(target, 0);
  }
  for (let j: i32 = 0; j < n; j++) {
    const target: i32 = loadI32(slots + (bounded(n) << 2));
    storeI32(target, (loadI32(target) + 1) | 0);
  }
}

/** An index below `range`, an integer up to 2^53. */
function boundedDouble(range: f64): f64 {
  if (range <= 4294967295.0) return fromU32(bounded(toU32(range)));
  return Math.floor(uniform() * range);
}

/** n samples of the double `weights` into `drawn`, by binary search in their running sums. `real`: they are no integers. */
export function directFromWeights(
  n: f64,
  weights: i32,
  live: i32,
  total: f64,
  prefix: i32,
  drawn: i32,
  real: bool,
): void {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    sum += loadF64(weights + (i << 3));
    storeF64(prefix + (i << 3), sum);
    storeI32(drawn + (i << 2), 0);
  }
  for (let j: f64 = 0.0; j < n; j += 1.0) {
    const u: f64 = real ? uniform() * sum : boundedDouble(total);
    let low: i32 = 0;
    let high: i32 = (live - 1) | 0;
    while (low < high) {
      const middle: i32 = (low + high) >> 1;
      if (loadF64(prefix + (middle << 3)) > u) high = middle;
      else low = (middle + 1) | 0;
    }
    const target: i32 = drawn + (low << 2);
    storeI32(target, (loadI32(target) + 1) | 0);
  }
}

/**
 * n samples of real `weights` into `drawn`: conditional binomials, each against the sum from its token on, which is
 * added up from the end so that it is never less than the token's own weight.
 */
export function binomialsOfReals(n: f64, weights: i32, live: i32, suffix: i32, drawn: i32): void {
  let sum: f64 = 0.0;
  for (let i: i32 = (live - 1) | 0; i >= 0; i--) {
    sum += loadF64(weights + (i << 3));
    storeF64(suffix + (i << 3), sum);
  }
  let left: f64 = n;
  for (let i: i32 = 0; i < live; i++) {
    const x: f64 = left > 0.0 ? binomial(left, loadF64(weights + (i << 3)), loadF64(suffix + (i << 3))) : 0.0;
    storeCount(drawn + (i << 2), x);
    left -= x;
  }
}

/** n samples of integer `weights` into `drawn`, a conditional binomial a token. */
export function conditionalBinomials(n: f64, weights: i32, live: i32, total: f64, drawn: i32): void {
  let left: f64 = n;
  let mass: f64 = total;
  for (let i: i32 = 0; i < live; i++) {
    if (left == 0.0) {
      storeI32(drawn + (i << 2), 0);
      continue;
    }
    const weight: f64 = loadF64(weights + (i << 3));
    const x: f64 = binomial(left, weight, mass);
    storeCount(drawn + (i << 2), x);
    left -= x;
    mass -= weight;
  }
}

/** Whether a pivot of one token, the largest, would refuse too often: it has less than a sixteenth of the samples. */
function needsGroups(n: i32, largest: i32, live: i32): bool {
  return live >= GROUP_FROM && largest << 4 < n;
}

/**
 * n <= 512 samples of u32 `counts` (sum n too, a largest one first) into `drawn`: every token but the pivot draws
 * Poisson with its count as mean, the pivot takes the rest, accepted with probability Pois(rest; c) / Pois(c; c).
 */
export function poissonProduct(n: i32, counts: i32, live: i32, rows: i32, drawn: i32): void {
  let rest: i32 = n;
  let left: i32 = live;
  let sum: i32 = n;
  if (needsGroups(n, loadI32(counts), live)) {
    while (left >= GROUP_FROM) {
      // The pivot is the shortest prefix with half of the mass; what it gets is then divided inside it. The largest
      // token comes first, so the prefix is never the whole.
      let mass: i32 = 0;
      let group: i32 = 0;
      while (mass << 1 < sum) {
        mass = (mass + loadI32(counts + (group << 2))) | 0;
        group++;
      }
      ensureAccept(rows, mass);
      rest = pivotStep(rest, counts, group, left, mass, rows, drawn);
      left = group;
      sum = mass;
    }
  }
  ensureAccept(rows, loadI32(counts));
  storeI32(drawn, pivotStep(rest, counts, 1, left, loadI32(counts), rows, drawn));
}

/**
 * Draws tokens from ... to - 1 until the pivot of mean `mass` accepts what is left of n; returns that.
 * The hottest loop: sfc32 stands here inlined, its state in local variables (JavaScript 65 -> 52 ms, WASM 28 -> 24 ms
 * on the headline job), and nothing is called inside: V8 looks up memory again after a call (25.4 -> 23.4 ms).
 */
function pivotStep(n: i32, counts: i32, from: i32, to: i32, mass: i32, rows: i32, drawn: i32): i32 {
  if (from == to) return n;
  const low: i32 = rowLow(mass, ROW_BITS);
  const accept: i32 = acceptTable(rows, mass);
  const shift: i32 = (drawn - counts) | 0;
  const start: i32 = (counts + (from << 2)) | 0;
  const end: i32 = (counts + (to << 2)) | 0;
  let a: i32 = stateA();
  let b: i32 = stateB();
  let c: i32 = stateC();
  let counter: i32 = stateCounter();
  while (true) {
    let rest: i32 = n;
    let at: i32 = start;
    while (true) {
      let count: i32 = 0;
      let column: i32 = 0;
      while (at < end) {
        count = loadI32(at);
        const u: i32 = (((a + b) | 0) + counter) | 0;
        counter = (counter + 1) | 0;
        a = b ^ (b >>> 9);
        b = (c + (c << 3)) | 0;
        c = (((c << 21) | (c >>> 11)) + u) | 0;
        column = u >>> (32 - ROW_BITS);
        const cell: i32 = loadI32((rows + (((count << ROW_BITS) + column) << 2)) | 0);
        // Both are halves, so their difference tells which is less by its sign.
        const above: i32 = (((u << ROW_BITS) >>> 16) - (cell >>> 16)) | 0;
        if (above == 0) break;
        const alias: i32 = cell & 0xffff;
        const least: i32 = (count - ROW_HALF) | 0;
        const x: i32 = alias ^ ((alias ^ ((least & ~(least >> 31)) + column)) & (above >> 31));
        storeI32((at + shift) | 0, x);
        rest = (rest - x) | 0;
        at = (at + 4) | 0;
      }
      if (at == end) break;
      setState(a, b, c, counter);
      const x: i32 = closePoisson(rows, count, column);
      a = stateA();
      b = stateB();
      c = stateC();
      counter = stateCounter();
      storeI32((at + shift) | 0, x);
      rest = (rest - x) | 0;
      at = (at + 4) | 0;
    }
    const w: i32 = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + w) | 0;
    const index: i32 = (rest - low) | 0; // beyond the columns as an unsigned number if it is negative
    const limit: i32 = index >>> ROW_BITS == 0 ? loadU16((accept + (index << 1)) | 0) : 0;
    const high: i32 = w >>> 16;
    if (high < limit || (high == limit && acceptsExactly(w, rest, mass))) {
      setState(a, b, c, counter);
      return rest;
    }
  }
}
