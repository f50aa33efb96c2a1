// Samples as they are drawn: counts by token, and which tokens have any.
import { addAliasPicks } from './alias-pick';
import { word } from './header';
import * as A from './layout';
import { loadCount, loadI32, storeCount, storeI32 } from './primitives';
import { setSlot, slotCounts, slotTokens } from './sets';

let touched: i32 = 0; // tokens with samples, listed at ADDR_TOUCHED

/** Adds `count` samples of a token. */
export function add(token: i32, count: f64): void {
  const at: i32 = word(A.ADDR_ADDED) + (token << 2);
  const before: f64 = loadCount(at);
  if (before == 0.0) {
    storeI32(word(A.ADDR_TOUCHED) + (touched << 2), token);
    touched++;
  }
  storeCount(at, before + count);
}

/** Adds n samples of the truth of a context, one by one. */
export function addPicks(context: i32, n: i32): void {
  const starts: i32 = word(A.ADDR_CELL_STARTS) + (context << 2);
  const start: i32 = loadI32(starts);
  const columns: i32 = (loadI32(starts + 4) - start) | 0;
  let bits: i32 = 1;
  while (1 << bits < columns) bits++;
  touched = addAliasPicks(word(A.ADDR_CELLS) + (start << 3), bits, n, word(A.ADDR_ADDED), word(A.ADDR_TOUCHED), touched);
}

/** How many tokens have samples. */
export function addedTokens(): i32 {
  return touched;
}
export function addedToken(i: i32): i32 {
  return loadI32(word(A.ADDR_TOUCHED) + (i << 2));
}
/** Samples of a token; it has none afterwards. */
export function takeAdded(token: i32): f64 {
  const at: i32 = word(A.ADDR_ADDED) + (token << 2);
  const count: f64 = loadCount(at);
  storeI32(at, 0);
  return count;
}
/** After everything has been taken. */
export function clearAdded(): void {
  touched = 0;
}

/**
 * Lists the tokens that have samples in the order of the context of so many, not as they came, where these are at most four times
 * the samples: that spares chains in lanes a list of how they came.
 */
export function sortAdded(size: i32): void {
  const added: i32 = word(A.ADDR_ADDED);
  const list: i32 = word(A.ADDR_TOUCHED);
  const all: f64 = size;
  let samples: f64 = 0.0;
  for (let i: i32 = 0; i < touched; i++) samples += loadCount(added + (loadI32(list + (i << 2)) << 2));
  if (all > 4.0 * samples) return;
  let listed: i32 = 0;
  for (let token: i32 = 0; token < size; token++) {
    if (loadI32(added + (token << 2)) != 0) storeI32(list + (listed++ << 2), token);
  }
}

/** Moves what was added into a slot of the ring, a largest count first; returns the number of live tokens. */
export function collect(slot: i32): i32 {
  const added: i32 = word(A.ADDR_ADDED);
  const list: i32 = word(A.ADDR_TOUCHED);
  const tokens: i32 = slotTokens(slot);
  const counts: i32 = slotCounts(slot);
  const live: i32 = touched;
  let best: i32 = 0;
  let most: f64 = 0.0;
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const token: i32 = loadI32(list + (i << 2));
    const count: f64 = loadCount(added + (token << 2));
    storeI32(tokens + (i << 2), token);
    storeCount(counts + (i << 2), count);
    storeI32(added + (token << 2), 0);
    sum += count;
    if (count > most) {
      most = count;
      best = i;
    }
  }
  touched = 0;
  const pivot: i32 = loadI32(tokens + (best << 2));
  storeI32(tokens + (best << 2), loadI32(tokens));
  storeCount(counts + (best << 2), loadCount(counts));
  storeI32(tokens, pivot);
  storeCount(counts, most);
  setSlot(slot, live, sum);
  return live;
}
