// A jump of fully synthetic training: the tokens of the ancestors grow to n samples, generation by generation, each
// descendant taking its ancestor's token. docs/MATH.md#jumps
import { recordEnd } from './ancestors';
import { word } from './header';
import { hypergeometric } from './hypergeometric';
import * as A from './layout';
import { fromU32, loadCount, loadF64, loadI32, storeCount, storeF64, toU32 } from './primitives';
import { bounded } from './stream';

/** Fewer parents than this, and than a few for each token, are chosen one by one. */
const PICKS_BELOW: f64 = 64.0;
const PICKS_A_TOKEN: f64 = 6.0;

/** Lets `total` ancestors with the u32 `counts` of `live` tokens grow over what `ancestors` recorded, into `drawn` (u32). */
export function inherit(counts: i32, live: i32, total: f64, drawn: i32): void {
  const samples: i32 = word(A.ADDR_WEIGHTS);
  for (let i: i32 = 0; i < live; i++) storeF64(samples + (i << 3), loadCount(counts + (i << 2)));
  let sum: f64 = total;
  let at: i32 = recordEnd();
  while (at > word(A.ADDR_ANCESTRY)) {
    at -= 4;
    const kinds: i32 = loadI32(at);
    at -= kinds << 2;
    sum = grow(at, kinds, samples, live, sum);
  }
  for (let i: i32 = 0; i < live; i++) storeCount(drawn + (i << 2), loadF64(samples + (i << 3)));
}

/** One generation, from `total` samples; returns how many there are then. */
function grow(record: i32, kinds: i32, samples: i32, live: i32, total: f64): f64 {
  if (kinds == 1 && loadI32(record) == 1) {
    const at: i32 = samples + (pick(samples, total) << 3);
    storeF64(at, loadF64(at) + 1.0);
    return total + 1.0;
  }
  const parents: i32 = word(A.ADDR_PREFIX);
  for (let i: i32 = 0; i < live; i++) storeF64(parents + (i << 3), loadF64(samples + (i << 3)));
  let left: f64 = total;
  let sum: f64 = total;
  for (let i: i32 = 0; i < kinds; i++) {
    const some: f64 = loadCount(record + (i << 2));
    const more: f64 = fromU32(i + 1);
    if (some < PICKS_BELOW && some < PICKS_A_TOKEN * fromU32(live - 1)) pickParents(some, more, parents, left, samples);
    else divideParents(some, more, parents, left, samples, live);
    left -= some;
    sum += some * more;
  }
  return sum;
}

/** The token of one of `total` samples. */
function pick(samples: i32, total: f64): i32 {
  let v: f64 = fromU32(bounded(toU32(total)));
  let i: i32 = 0;
  while (true) {
    const count: f64 = loadF64(samples + (i << 3));
    if (v < count) return i;
    v -= count;
    i++;
  }
}

/** `some` of the `left` parents, one by one, get `more` descendants beside their first. */
function pickParents(some: f64, more: f64, parents: i32, left: f64, samples: i32): void {
  for (let j: f64 = 0.0; j < some; j += 1.0) {
    const token: i32 = pick(parents, left - j) << 3;
    storeF64(parents + token, loadF64(parents + token) - 1.0);
    storeF64(samples + token, loadF64(samples + token) + more);
  }
}

/** The same, token by token. */
function divideParents(some: f64, more: f64, parents: i32, left: f64, samples: i32, live: i32): void {
  let wanted: f64 = some;
  let rest: f64 = left;
  for (let i: i32 = 0; i < live && wanted > 0.0; i++) {
    const count: f64 = loadF64(parents + (i << 3));
    const x: f64 = hypergeometric(wanted, count, rest);
    rest -= count;
    wanted -= x;
    storeF64(parents + (i << 3), count - x);
    storeF64(samples + (i << 3), loadF64(samples + (i << 3)) + x * more);
  }
}
