// The ancestors of the n samples of a fully synthetic generation, counted backwards generation by generation, and what is
// kept of the way: how many of a generation's ancestors have 2, 3, ... of the next one's among their descendants.
// docs/MATH.md#jumps
import { double, setDouble, word } from './header';
import * as A from './layout';
import { log, log1p } from './math';
import { occupancy } from './occupancy';
import { fromU32, loadF64, loadI32, storeF64, storeI32, toI32 } from './primitives';
import { bounded, uniform } from './stream';

/** With k^2 <= SPARSE n, and so at most about three meetings a generation, meetings are drawn one by one. */
export const SPARSE: f64 = 6.0;

/** Words of records after which no generation begins; a single one takes at most `mostSparse` + MOST_BALLS more. */
export function recordWords(n: f64): i32 {
  const all: f64 = 2.0 * n;
  const plenty: f64 = Math.floor(16.0 * Math.sqrt(all)) + 2048.0;
  return toI32(all < plenty ? all : plenty);
}

/** The largest k with k^2 <= SPARSE n, k <= n. */
export function mostSparse(n: f64): i32 {
  let k: f64 = Math.floor(Math.sqrt(SPARSE * n));
  while (k * k > SPARSE * n) k -= 1.0;
  return toI32(k < n ? k : n);
}

/** End of what is kept. Per generation with a meeting: the numbers of ancestors with 2, 3, ... descendants, and how many numbers. */
let end: i32 = 0;

/** Address behind the record of the generation that was reached last. */
export function recordEnd(): i32 {
  return end;
}

/** How many ancestors n samples have `steps` generations back; the records are at ADDR_ANCESTRY. */
export function ancestors(n: f64, steps: i32): f64 {
  while (true) {
    const k: f64 = traceBack(n, steps);
    if (k > 0.0) return k;
  }
}

/** As `ancestors`, or 0 if there was no room for all records (docs/MATH.md#jumps: less likely than 1e-30). */
function traceBack(n: f64, steps: i32): f64 {
  const shares: i32 = word(A.ADDR_OCCUPANCY);
  const limit: i32 = word(A.ADDR_ANCESTRY) + (recordWords(n) << 2);
  end = word(A.ADDR_ANCESTRY);
  let left: i32 = steps;
  let k: f64 = n;
  while (left > 0 && k * k > SPARSE * n) {
    if (end > limit) return 0.0;
    const kinds: i32 = occupancy(k, n, shares, end);
    for (let i: i32 = 0; i < kinds; i++) k -= fromU32(loadI32(end + (i << 2))) * fromU32(i + 1);
    close(kinds);
    left--;
  }
  return left > 0 ? meetings(toI32(k), n, left, limit) : k;
}

/** Ends a generation's record. */
function close(kinds: i32): void {
  if (kinds == 0) return;
  storeI32(end + (kinds << 2), kinds);
  end += (kinds + 1) << 2;
}

/** -log of the probability that j lineages choose different parents, for all j with j^2 <= SPARSE n, at ADDR_HAZARD. */
function fillHazards(n: f64): void {
  if (double(A.HAZARD_SIZE) == n) return;
  setDouble(A.HAZARD_SIZE, n);
  const hazards: i32 = word(A.ADDR_HAZARD);
  let sum: f64 = 0.0;
  storeF64(hazards, 0.0);
  const most: i32 = mostSparse(n);
  for (let j: i32 = 1; j <= most; j++) {
    storeF64(hazards + (j << 3), sum);
    sum -= log1p(-fromU32(j) / n);
  }
}

function exponential(): f64 {
  return -log(1.0 - uniform());
}

/** Goes back from k lineages over generations without a meeting at once; returns how many are left. */
function meetings(from: i32, n: f64, steps: i32, limit: i32): f64 {
  fillHazards(n);
  const hazards: i32 = word(A.ADDR_HAZARD);
  let k: i32 = from;
  let left: f64 = fromU32(steps);
  while (k > 1) {
    if (end > limit) return 0.0;
    const whole: f64 = loadF64(hazards + (k << 3));
    const wait: f64 = exponential();
    const quiet: f64 = Math.floor(wait / whole);
    if (quiet >= left) break;
    left -= quiet + 1.0;
    k = meet(k, wait - quiet * whole, n, hazards);
  }
  return fromU32(k);
}

/**
 * A generation of k lineages with a meeting: they choose their parents one after the other, and the first to choose one that
 * is taken does so at the hazard `first`. Returns the number of parents.
 */
function meet(k: i32, first: f64, n: f64, hazards: i32): i32 {
  let parents: i32 = (k - 1) | 0;
  let taken: i32 = takenAt(first, parents, n, hazards);
  let kinds: i32 = 1;
  storeI32(end, 1);
  while (true) {
    const next: f64 = loadF64(hazards + (taken << 3)) + exponential();
    if (next >= loadF64(hazards + (parents << 3))) break;
    parents--;
    taken = takenAt(next, parents, n, hazards);
    kinds = join(taken, kinds);
  }
  close(kinds);
  return parents;
}

/** The number of parents that are taken at a hazard, 1 ... most. */
function takenAt(hazard: f64, most: i32, n: f64, hazards: i32): i32 {
  const guess: f64 = 0.5 + Math.sqrt(0.25 + 2.0 * n * hazard);
  let j: i32 = guess < fromU32(most) ? toI32(guess) : most;
  while (j > 1 && loadF64(hazards + (j << 3)) > hazard) j--;
  while (j < most && loadF64(hazards + ((j + 1) << 3)) <= hazard) j++;
  return j;
}

/** A lineage joins one of the parents that are taken, any with the same probability. */
function join(taken: i32, kinds: i32): i32 {
  let v: i32 = bounded(taken);
  for (let i: i32 = 0; i < kinds; i++) {
    const at: i32 = end + (i << 2);
    const parents: i32 = loadI32(at);
    if (v >= parents) {
      v = (v - parents) | 0;
      continue;
    }
    storeI32(at, (parents - 1) | 0);
    if (i + 1 < kinds) {
      storeI32(at + 4, (loadI32(at + 4) + 1) | 0);
      return kinds;
    }
    storeI32(at + 4, 1);
    return (kinds + 1) | 0;
  }
  storeI32(end, (loadI32(end) + 1) | 0);
  return kinds;
}
