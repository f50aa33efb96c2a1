// Multinomial draws of any size from Poisson rows at a rate (rate-rows.ts). Independent Poisson variables with means
// proportional to the counts are multinomial once their sum is given; docs/MATH.md#poissonised.
import { binomial, stirlingError } from './binomial';
import { exp, log } from './math';
import { lessU32, loadCount, loadI32, storeCount, storeI32, toI32 } from './primitives';
import { drawRates, NO_ROWS, openedRate } from './rate-rows';
import { bounded, uniform } from './stream';

/** So few tokens are drawn by binomials. */
const FEW: i32 = 4;
/** log2 of the tokens whose first sample is known when one is looked up. */
const BLOCK_BITS: i32 = 4;

/** Whether all tokens are drawn at once and the sum then put right, which costs about sqrt(mean) picks; else by halves. */
function isDiffuse(few: f64, mean: f64): bool {
  return 27.0 * few * few * few >= mean * mean;
}

function hasRows(counts: i32, i: i32): bool {
  return lessU32(loadI32(counts + (i << 2)), NO_ROWS);
}

/**
 * Adds samples of `counts`, or takes drawn ones away, each as likely as the other, until there are n, of which `sum` are
 * there. Tokens without rows are not looked at. `starts` has room for a word for 16 tokens.
 */
function putRight(n: f64, sum: f64, counts: i32, live: i32, drawn: i32, starts: i32): void {
  const adds: bool = sum < n;
  const from: i32 = adds ? counts : drawn;
  const step: i32 = adds ? 1 : -1;
  let missing: i32 = toI32(Math.abs(n - sum));
  let total: i32 = 0;
  for (let i: i32 = 0; i < live; i++) {
    if ((i & ((1 << BLOCK_BITS) - 1)) == 0) storeI32(starts + ((i >> BLOCK_BITS) << 2), total);
    if (hasRows(counts, i)) total = (total + loadI32(from + (i << 2))) | 0;
  }
  const blocks: i32 = (live + (1 << BLOCK_BITS) - 1) >> BLOCK_BITS;
  while (missing > 0) {
    let place: i32 = bounded(total);
    // The last block that starts at the place or before it.
    let block: i32 = 0;
    let size: i32 = blocks;
    while (size > 1) {
      const half: i32 = size >> 1;
      if (!lessU32(place, loadI32(starts + ((block + half) << 2)))) block = (block + half) | 0;
      size = (size - half) | 0;
    }
    place = (place - loadI32(starts + (block << 2))) | 0;
    let i: i32 = block << BLOCK_BITS;
    const after: i32 = (i + (1 << BLOCK_BITS)) | 0;
    const end: i32 = after < live ? after : live;
    while (i < end) {
      if (hasRows(counts, i)) {
        const here: i32 = loadI32(from + (i << 2));
        if (lessU32(place, here)) break;
        place = (place - here) | 0;
      }
      i++;
    }
    if (i == end) continue; // a sample that was taken away
    const target: i32 = drawn + (i << 2);
    storeI32(target, (loadI32(target) + step) | 0);
    missing--;
  }
}

/** Draws tokens group ... left - 1 until the group before them, of this mean, accepts what is left of `rest`; returns that. */
function drawOutside(rest: f64, counts: i32, group: i32, left: i32, mean: f64, drawn: i32): f64 {
  const mode: f64 = Math.floor(mean);
  const slope: f64 = 1.0 + log(mean / (mode + 1.0));
  const atMode: f64 = stirlingError(mode);
  while (true) {
    const y: f64 = rest - drawRates(counts, group, left, drawn);
    if (y < 0.0) continue;
    // Pois(y; mean) / Pois(mode; mean), by Stirling's series
    const u: f64 = uniform();
    const height: f64 = (y - mode) * slope - (y + 0.5) * log((y + 1.0) / (mode + 1.0)) + atMode - stirlingError(y);
    if (u < exp(height)) return y;
  }
}

/** Conditional binomials of the tokens up to `left`: those that have rows, or those that have none. Returns what is left of n. */
function drawBinomials(n: f64, counts: i32, left: i32, mass: f64, drawn: i32, rows: bool): f64 {
  let rest: f64 = n;
  for (let i: i32 = 0; i < left; i++) {
    if (hasRows(counts, i) != rows) continue;
    const count: f64 = loadCount(counts + (i << 2));
    const x: f64 = binomial(rest, count, mass);
    storeCount(drawn + (i << 2), x);
    rest -= x;
    mass -= count;
  }
  return rest;
}

/** n samples of u32 `counts`, whose sum is `total`, into `drawn`, n / total being the rate opened; `starts`: see putRight. */
export function poissonised(n: f64, counts: i32, live: i32, total: f64, drawn: i32, starts: i32): void {
  let few: i32 = 0;
  let mass: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    if (!hasRows(counts, i)) continue;
    mass += loadCount(counts + (i << 2));
    few++;
  }
  let rest: f64 = few == live ? n : drawBinomials(n, counts, live, total, drawn, false);
  let left: i32 = live;
  while (few > FEW && rest > 0.0) {
    const mean: f64 = mass * openedRate();
    const missing: f64 = Math.abs(rest - mean);
    const some: f64 = few;
    // Far from its mean, halves would be refused too often.
    const off: bool = missing * missing > 2.0 * mean;
    if (off && missing > some) break;
    if (off || isDiffuse(some, mean)) {
      putRight(rest, drawRates(counts, 0, left, drawn), counts, left, drawn, starts);
      return;
    }
    // The shortest prefix with half of the mass.
    let prefix: f64 = 0.0;
    let group: i32 = 0;
    let inside: i32 = 0;
    while (2.0 * prefix < mass) {
      if (hasRows(counts, group)) {
        prefix += loadCount(counts + (group << 2));
        inside++;
      }
      group++;
    }
    if (inside == few) {
      // Its last token has more than half.
      group--;
      const count: f64 = loadCount(counts + (group << 2));
      const x: f64 = binomial(rest, count, mass);
      storeCount(drawn + (group << 2), x);
      rest -= x;
      prefix -= count;
      inside--;
    } else {
      rest = drawOutside(rest, counts, group, left, prefix * openedRate(), drawn);
    }
    left = group;
    mass = prefix;
    few = inside;
  }
  drawBinomials(rest, counts, left, mass, drawn, true);
}
