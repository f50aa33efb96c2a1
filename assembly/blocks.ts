// What a block of a training set of counts is made of: new samples of its source, or the same ones again.
import { add } from './added';
import { binomial } from './binomial';
import { word } from './header';
import * as A from './layout';
import { drawPool, moveToPool, subsamplePool } from './pool';
import { loadCount, loadI32 } from './primitives';
import { ringSlot, slotCounts, slotLive, slotTokens } from './sets';
import { drawModel, drawTruth } from './sources';

/** Puts new samples of a source, or the same ones again, where they belong. */
export function drawBlock(entry: i32, source: i32, mode: i32, m: i32, n: f64): void {
  if (mode == A.FIXED) {
    if (source == A.SOURCE_TRUTH) addFirst();
    else addTrainingSet(ringSlot((m - source) | 0));
    return;
  }
  if (source == A.SOURCE_TRUTH) drawTruth(entry, n);
  else if (source == A.SOURCE_MIXTURE) drawMixture(entry, m, n);
  else if (source == A.SOURCE_POOL) subsamplePool(n);
  else if (source == A.SOURCE_POOL_REPLACED) drawPool(n);
  else drawModel(entry, (m - source) | 0, n);
  if (mode == A.INTO_POOL) moveToPool(source == A.SOURCE_TRUTH);
}

/** n new samples, each from a source drawn uniformly from the truth and the m - 1 models so far. */
function drawMixture(entry: i32, m: i32, n: f64): void {
  const sources: f64 = m;
  const real: f64 = binomial(n, 1.0, sources);
  if (real > 0.0) drawTruth(entry, real);
  if (real < n) drawPool(n - real);
}

/** A whole earlier training set once more. */
function addTrainingSet(slot: i32): void {
  const set: i32 = slotTokens(slot);
  const size: i32 = slotLive(slot);
  for (let i: i32 = 0; i < size; i++) add(loadI32(set + (i << 2)), loadCount(slotCounts(slot) + (i << 2)));
}

/** The real samples of generation 1 once more. */
function addFirst(): void {
  const list: i32 = word(A.ADDR_FIRST_LIST);
  const first: i32 = word(A.ADDR_FIRST);
  const size: i32 = word(A.FIRST_LIVE);
  for (let i: i32 = 0; i < size; i++) {
    const token: i32 = loadI32(list + (i << 2));
    add(token, loadCount(first + (token << 2)));
  }
}
