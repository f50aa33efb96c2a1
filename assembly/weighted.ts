// Training sets whose samples have weights: each block is drawn by itself and added with its weight.
// docs/MATH.md#weighted-training
import { addedToken, addedTokens, clearAdded, takeAdded } from './added';
import { binomial } from './binomial';
import { setWord, word } from './header';
import { hypergeometric } from './hypergeometric';
import * as A from './layout';
import { drawPool, moveToPool, pooled, pooledReal, poolSize, poolToken, subsamplePool } from './pool';
import { loadCount, loadF64, loadI32, storeCount, storeF64, storeI32 } from './primitives';
import { blockMode, blockSize, blockSource, blockThrough, blockWeight } from './program';
import {
  batchCounts,
  batchSlot,
  batchTokens,
  countAt,
  ringSlot,
  setSlot,
  slotCounts,
  slotLive,
  slotTokens,
} from './sets';
import { drawModel, drawTruth } from './sources';

let listed: i32 = 0; // tokens with a weight, listed at ADDR_MASS_LIST

function addMass(token: i32, mass: f64): void {
  const at: i32 = word(A.ADDR_MASSES) + (token << 3);
  const before: f64 = loadF64(at);
  if (before == 0.0) {
    storeI32(word(A.ADDR_MASS_LIST) + (listed << 2), token);
    listed++;
  }
  storeF64(at, before + mass);
}

/** Weight of a real sample in the current context. */
function realWeight(): f64 {
  return loadF64(word(A.ADDR_REAL_WEIGHTS) + (word(A.CONTEXT) << 3));
}

/** Adds what was drawn, each sample with this weight. */
function addDrawn(weight: f64): void {
  const tokens: i32 = addedTokens();
  for (let i: i32 = 0; i < tokens; i++) {
    const token: i32 = addedToken(i);
    addMass(token, weight * takeAdded(token));
  }
  clearAdded();
}

/** As `addDrawn`, for samples of the pool: of each token's, some are real. */
function addPooled(weight: f64, replaced: bool): void {
  const real: f64 = realWeight();
  if (real == 1.0) {
    addDrawn(weight);
    return;
  }
  const tokens: i32 = addedTokens();
  for (let i: i32 = 0; i < tokens; i++) {
    const token: i32 = addedToken(i);
    const x: f64 = takeAdded(token);
    const among: f64 = pooledReal(token);
    const r: f64 = replaced ? binomial(x, among, pooled(token)) : hypergeometric(x, among, pooled(token));
    addMass(token, weight * (real * r + (x - r)));
  }
  clearAdded();
}

/** The whole pool, as it is. */
function addWholePool(weight: f64): void {
  const real: f64 = realWeight() - 1.0;
  const size: i32 = poolSize();
  for (let i: i32 = 0; i < size; i++) {
    const token: i32 = poolToken(i);
    addMass(token, weight * (pooled(token) + real * pooledReal(token)));
  }
}

/** An earlier training set once more; its real samples have their weight already. */
function addTrainingSet(slot: i32, weight: f64): void {
  const tokens: i32 = slotTokens(slot);
  const live: i32 = slotLive(slot);
  for (let i: i32 = 0; i < live; i++) addMass(loadI32(tokens + (i << 2)), weight * countAt(slotCounts(slot), i));
}

function addRealBatch(weight: f64): void {
  const live: i32 = word(A.REAL_LIVE);
  for (let i: i32 = 0; i < live; i++) {
    const token: i32 = loadI32(word(A.ADDR_REAL_LIST) + (i << 2));
    addMass(token, weight * loadF64(word(A.ADDR_REAL_BATCH) + (token << 3)));
  }
}

function rememberReal(token: i32, mass: f64): void {
  const live: i32 = word(A.REAL_LIVE);
  storeI32(word(A.ADDR_REAL_LIST) + (live << 2), token);
  storeF64(word(A.ADDR_REAL_BATCH) + (token << 3), mass);
  setWord(A.REAL_LIVE, (live + 1) | 0);
}

/** The fixed real samples: drawn at their first use. */
function keptTruth(entry: i32, n: f64, weight: f64): void {
  if (word(A.REAL_LIVE) == 0) {
    drawTruth(entry, n);
    const tokens: i32 = addedTokens();
    for (let i: i32 = 0; i < tokens; i++) {
      const token: i32 = addedToken(i);
      rememberReal(token, realWeight() * takeAdded(token));
    }
    clearAdded();
  }
  addRealBatch(weight);
}

/** The batch of the model of generation m: drawn at its first use. */
function keptModel(entry: i32, m: i32, n: f64, weight: f64): void {
  const batch: i32 = batchSlot(m);
  const tokens: i32 = batchTokens(batch);
  const counts: i32 = batchCounts(batch);
  if (loadI32(batch) != m) {
    drawModel(entry, m, n);
    const size: i32 = addedTokens();
    for (let i: i32 = 0; i < size; i++) {
      const token: i32 = addedToken(i);
      storeI32(tokens + (i << 2), token);
      storeCount(counts + (i << 2), takeAdded(token));
    }
    clearAdded();
    storeI32(batch, m);
    storeI32(batch + 4, size);
  }
  const size: i32 = loadI32(batch + 4);
  for (let i: i32 = 0; i < size; i++) addMass(loadI32(tokens + (i << 2)), weight * loadCount(counts + (i << 2)));
}

function addFixed(source: i32, generation: i32, weight: f64): void {
  if (source == A.SOURCE_TRUTH) addRealBatch(weight);
  else if (source == A.SOURCE_POOL) addWholePool(weight);
  else addTrainingSet(ringSlot((generation - source) | 0), weight);
}

function addNew(entry: i32, source: i32, generation: i32, n: f64, weight: f64): void {
  if (source == A.SOURCE_TRUTH) {
    drawTruth(entry, n);
    addDrawn(weight * realWeight());
  } else if (source == A.SOURCE_MIXTURE) {
    const sources: f64 = generation;
    const real: f64 = binomial(n, 1.0, sources);
    if (real > 0.0) drawTruth(entry, real);
    addDrawn(weight * realWeight());
    if (real < n) drawPool(n - real);
    addDrawn(weight);
  } else if (source == A.SOURCE_POOL) {
    subsamplePool(n);
    addPooled(weight, false);
  } else if (source == A.SOURCE_POOL_REPLACED) {
    drawPool(n);
    addPooled(weight, true);
  } else {
    drawModel(entry, (generation - source) | 0, n);
    addDrawn(weight);
  }
}

/** Adds a block to the training set of this generation. */
export function addBlock(entry: i32, block: i32, generation: i32): void {
  const source: i32 = blockSource(block);
  const mode: i32 = blockMode(block);
  const n: f64 = blockSize(block);
  const weight: f64 = blockWeight(block);
  const through: i32 = source > A.SOURCE_TRUTH ? blockThrough(block, generation) : source;
  if (mode == A.INTO_POOL) {
    if (source == A.SOURCE_TRUTH) drawTruth(entry, n);
    else drawModel(entry, (generation - source) | 0, n);
    moveToPool(source == A.SOURCE_TRUTH);
  } else if (mode == A.KEPT_BATCH && source == A.SOURCE_TRUTH) {
    keptTruth(entry, n, weight);
  } else {
    for (let k: i32 = source; k <= through; k++) {
      if (mode == A.FIXED) addFixed(k, generation, weight);
      else if (mode == A.KEPT_BATCH) keptModel(entry, (generation - k) | 0, n, weight);
      else addNew(entry, k, generation, n, weight);
    }
  }
}

/** Moves what was added into a slot of the ring, a largest weight first. */
export function collectMasses(slot: i32): void {
  const masses: i32 = word(A.ADDR_MASSES);
  const list: i32 = word(A.ADDR_MASS_LIST);
  const tokens: i32 = slotTokens(slot);
  const weights: i32 = slotCounts(slot);
  let best: i32 = 0;
  let most: f64 = 0.0;
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < listed; i++) {
    const token: i32 = loadI32(list + (i << 2));
    const mass: f64 = loadF64(masses + (token << 3));
    storeI32(tokens + (i << 2), token);
    storeF64(weights + (i << 3), mass);
    storeF64(masses + (token << 3), 0.0);
    sum += mass;
    if (mass > most) {
      most = mass;
      best = i;
    }
  }
  setSlot(slot, listed, sum);
  listed = 0;
  const pivot: i32 = loadI32(tokens + (best << 2));
  storeI32(tokens + (best << 2), loadI32(tokens));
  storeF64(weights + (best << 3), loadF64(weights));
  storeI32(tokens, pivot);
  storeF64(weights, most);
}

/** Generation 1's training set as the real samples that stay the same, unless a block has set some aside. */
export function rememberRealSet(slot: i32): void {
  if (word(A.REAL_LIVE) != 0) return;
  const live: i32 = slotLive(slot);
  for (let i: i32 = 0; i < live; i++) rememberReal(loadI32(slotTokens(slot) + (i << 2)), countAt(slotCounts(slot), i));
}

/** Forgets the chain before. */
export function clearBatches(): void {
  setWord(A.REAL_LIVE, 0);
  if (word(A.KEPT) == 0) return;
  for (let i: i32 = 0; i < word(A.RING_SIZE); i++) storeI32(batchSlot(i), 0);
}
