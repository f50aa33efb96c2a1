// The pool: samples or models that later generations draw from.
import { add, addedToken, addedTokens, clearAdded, takeAdded } from './added';
import { double, setDouble, setWord, word } from './header';
import { hypergeometric } from './hypergeometric';
import * as A from './layout';
import { modelSize, modelTokens, modelWeights } from './model';
import { loadF64, loadI32, storeF64, storeI32 } from './primitives';
import { PLAIN } from './sampling';
import { countAt, isWeighted, slotCounts, slotLive, slotTokens } from './sets';
import { drawWeights } from './sources';

export function poolSize(): i32 {
  return word(A.POOL_LIVE);
}
export function poolToken(i: i32): i32 {
  return loadI32(word(A.ADDR_POOL_LIST) + (i << 2));
}
/** Samples of a token in the pool. */
export function pooled(token: i32): f64 {
  return loadF64(word(A.ADDR_POOL) + (token << 3));
}
/** Real samples among them; kept in weighted jobs only. */
export function pooledReal(token: i32): f64 {
  return loadF64(word(A.ADDR_POOL_REAL) + (token << 3));
}

/** n samples of the pool, with replacement. Where it holds shares of models, its weights are real. */
export function drawPool(n: f64): void {
  const size: i32 = word(A.POOL_LIVE);
  const weights: i32 = word(A.ADDR_WEIGHTS);
  for (let i: i32 = 0; i < size; i++) storeF64(weights + (i << 3), pooled(poolToken(i)));
  const real: bool = (word(A.RULE) != PLAIN || isWeighted()) && word(A.POOL) == A.POOL_ALL;
  drawWeights(n, word(A.ADDR_POOL_LIST), size, double(A.POOL_TOTAL), real);
}

/** n samples of the pool, without replacement: a conditional hypergeometric a token. */
export function subsamplePool(n: f64): void {
  const size: i32 = word(A.POOL_LIVE);
  let mass: f64 = double(A.POOL_TOTAL);
  let left: f64 = n < mass ? n : mass;
  for (let i: i32 = 0; i < size && left > 0.0; i++) {
    const token: i32 = poolToken(i);
    const count: f64 = pooled(token);
    const x: f64 = hypergeometric(left, count, mass);
    if (x > 0.0) add(token, x);
    left -= x;
    mass -= count;
  }
}

function addToPool(token: i32, count: f64): void {
  if (count == 0.0) return; // a rule has dropped it
  const at: i32 = word(A.ADDR_POOL) + (token << 3);
  const before: f64 = loadF64(at);
  if (before == 0.0) {
    const size: i32 = word(A.POOL_LIVE);
    storeI32(word(A.ADDR_POOL_LIST) + (size << 2), token);
    setWord(A.POOL_LIVE, (size + 1) | 0);
  }
  storeF64(at, before + count);
  setDouble(A.POOL_TOTAL, double(A.POOL_TOTAL) + count);
}

/** Moves what was added so far into the pool. */
export function moveToPool(real: bool): void {
  const tokens: i32 = addedTokens();
  for (let i: i32 = 0; i < tokens; i++) {
    const token: i32 = addedToken(i);
    const count: f64 = takeAdded(token);
    addToPool(token, count);
    if (real && isWeighted()) {
      const at: i32 = word(A.ADDR_POOL_REAL) + (token << 3);
      storeF64(at, loadF64(at) + count);
    }
  }
  clearAdded();
}

/**
 * Adds a model to the pool: its training set, all being of one size, or the shares that error, weights and sampling
 * rule give its tokens.
 */
export function copyToPool(entry: i32, slot: i32, m: i32): void {
  if (word(A.RULE) != PLAIN || isWeighted()) {
    const sum: f64 = modelWeights(entry, slot, m);
    const tokens: i32 = modelTokens();
    const size: i32 = modelSize();
    for (let i: i32 = 0; i < size; i++) {
      addToPool(loadI32(tokens + (i << 2)), loadF64(word(A.ADDR_WEIGHTS) + (i << 3)) / sum);
    }
    return;
  }
  const tokens: i32 = slotTokens(slot);
  const live: i32 = slotLive(slot);
  for (let i: i32 = 0; i < live; i++) addToPool(loadI32(tokens + (i << 2)), countAt(slotCounts(slot), i));
}

export function clearPool(): void {
  const size: i32 = word(A.POOL_LIVE);
  for (let i: i32 = 0; i < size; i++) {
    const token: i32 = poolToken(i);
    storeF64(word(A.ADDR_POOL) + (token << 3), 0.0);
    if (isWeighted()) storeF64(word(A.ADDR_POOL_REAL) + (token << 3), 0.0);
  }
  setWord(A.POOL_LIVE, 0);
  setDouble(A.POOL_TOTAL, 0.0);
}
