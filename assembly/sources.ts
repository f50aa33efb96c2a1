// Puts a training set together from its sources: the truth, earlier models, the mixture of all, the first real batch.
import { binomial } from './binomial';
import { double, setDouble, setWord, word } from './header';
import { hypergeometric } from './hypergeometric';
import * as A from './layout';
import {
  aliasPick,
  binomialsOfReals,
  conditionalBinomials,
  directFromWeights,
  isDirect,
  toWeights,
} from './multinomial';
import { loadCount, loadF64, loadI32, storeCount, storeF64, storeI32, toI32 } from './primitives';
import { applyRule, PLAIN, TEMPERATURE } from './sampling';

/** An alias pick costs about a sixteenth of a conditional binomial. */
const ALIAS_BELOW: f64 = 16.0;

let touched: i32 = 0; // tokens of the training set so far, listed at ADDR_TOUCHED

/** Adds `count` samples of a token. */
function add(token: i32, count: f64): void {
  const at: i32 = word(A.ADDR_ADDED) + (token << 2);
  const before: f64 = loadCount(at);
  if (before == 0.0) {
    storeI32(word(A.ADDR_TOUCHED) + (touched << 2), token);
    touched++;
  }
  storeCount(at, before + count);
}

/** n new samples of the truth of the context at `start`, one by one. */
function pickTruth(start: i32, size: i32, n: i32): void {
  const shares: i32 = word(A.ADDR_ALIAS_SHARE) + (start << 3);
  const aliases: i32 = word(A.ADDR_ALIAS) + (start << 2);
  const added: i32 = word(A.ADDR_ADDED);
  const list: i32 = word(A.ADDR_TOUCHED);
  let listed: i32 = touched;
  for (let j: i32 = 0; j < n; j++) {
    const token: i32 = aliasPick(size, shares, aliases);
    const at: i32 = added + (token << 2);
    const before: i32 = loadI32(at);
    if (before == 0) storeI32(list + (listed++ << 2), token);
    storeI32(at, (before + 1) | 0);
  }
  touched = listed;
}

/** n new samples of the truth of the context at `entry`. */
export function drawTruth(entry: i32, n: f64): void {
  const start: i32 = loadI32(entry);
  const size: i32 = loadI32(entry + 4);
  const cells: f64 = size;
  if (n < ALIAS_BELOW * cells) {
    pickTruth(start, size, toI32(n));
    return;
  }
  const p: i32 = word(A.ADDR_P) + (start << 3);
  const suffix: i32 = word(A.ADDR_SUFFIX) + (start << 3);
  let left: f64 = n;
  for (let i: i32 = 0; i < size && left > 0.0; i++) {
    const last: bool = i == size - 1;
    const x: f64 = last ? left : binomial(left, loadF64(p + (i << 3)), loadF64(suffix + (i << 3)));
    if (x > 0.0) add(i, x);
    left -= x;
  }
}

/** n new samples of the double weights at ADDR_WEIGHTS, whose tokens are listed at `list`; `real`: they are no integers. */
function drawWeights(n: f64, list: i32, size: i32, sum: f64, real: bool): void {
  const weights: i32 = word(A.ADDR_WEIGHTS);
  const drawn: i32 = word(A.ADDR_DRAW);
  if (isDirect(n, size)) directFromWeights(n, weights, size, sum, word(A.ADDR_PREFIX), drawn, real);
  else if (real) binomialsOfReals(n, weights, size, word(A.ADDR_PREFIX), drawn);
  else conditionalBinomials(n, weights, size, sum, drawn);
  for (let i: i32 = 0; i < size; i++) {
    const x: f64 = loadCount(drawn + (i << 2));
    if (x > 0.0) add(loadI32(list + (i << 2)), x);
  }
}

/** The weights that the sampling rule gives the tokens of a training set, to ADDR_WEIGHTS; returns their sum. */
function modelWeights(tokens: i32, counts: i32, live: i32, total: f64): f64 {
  const weights: i32 = word(A.ADDR_WEIGHTS);
  toWeights(counts, live, weights);
  return applyRule(word(A.RULE), double(A.RULE_PARAMETER), tokens, weights, live, total, word(A.ADDR_DRAW));
}

/** n new samples of the model whose training set stands at `slot` of the ring. */
export function drawModel(slot: i32, n: f64): void {
  const live: i32 = loadI32(slot);
  const sum: f64 = modelWeights(slotTokens(slot), slotCounts(slot), live, loadF64(slot + 8));
  drawWeights(n, slotTokens(slot), live, sum, word(A.RULE) == TEMPERATURE);
}

/** The pool's counts, in the order of its list, to ADDR_WEIGHTS. */
function poolWeights(): void {
  const list: i32 = word(A.ADDR_POOL_LIST);
  const size: i32 = word(A.POOL_LIVE);
  const pool: i32 = word(A.ADDR_POOL);
  const weights: i32 = word(A.ADDR_WEIGHTS);
  for (let i: i32 = 0; i < size; i++) {
    storeF64(weights + (i << 3), loadF64(pool + (loadI32(list + (i << 2)) << 3)));
  }
}

/** n new samples, each from a source drawn uniformly from the truth and the generation - 1 models so far. */
export function drawMixture(entry: i32, generation: i32, n: f64): void {
  const sources: f64 = generation;
  const real: f64 = binomial(n, 1.0, sources);
  if (real > 0.0) drawTruth(entry, real);
  if (real < n) drawPool(n - real);
}

/** n samples of the pool, with replacement. Where it holds models, a sampling rule makes its weights real. */
export function drawPool(n: f64): void {
  poolWeights();
  const real: bool = word(A.RULE) != PLAIN && word(A.POOL) == A.POOL_ALL;
  drawWeights(n, word(A.ADDR_POOL_LIST), word(A.POOL_LIVE), double(A.POOL_TOTAL), real);
}

/** n samples of the pool, without replacement: a conditional hypergeometric a token. */
export function subsamplePool(n: f64): void {
  const list: i32 = word(A.ADDR_POOL_LIST);
  const size: i32 = word(A.POOL_LIVE);
  const pool: i32 = word(A.ADDR_POOL);
  let mass: f64 = double(A.POOL_TOTAL);
  let left: f64 = n < mass ? n : mass;
  for (let i: i32 = 0; i < size && left > 0.0; i++) {
    const token: i32 = loadI32(list + (i << 2));
    const count: f64 = loadF64(pool + (token << 3));
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
export function moveToPool(): void {
  const added: i32 = word(A.ADDR_ADDED);
  const list: i32 = word(A.ADDR_TOUCHED);
  for (let i: i32 = 0; i < touched; i++) {
    const at: i32 = added + (loadI32(list + (i << 2)) << 2);
    addToPool(loadI32(list + (i << 2)), loadCount(at));
    storeI32(at, 0);
  }
  touched = 0;
}

/** Adds a training set to the pool; under a sampling rule, the shares that the rule gives its tokens. */
export function copyToPool(tokens: i32, counts: i32, live: i32, total: f64): void {
  if (word(A.RULE) != PLAIN) {
    const weights: i32 = word(A.ADDR_WEIGHTS);
    const sum: f64 = modelWeights(tokens, counts, live, total);
    for (let i: i32 = 0; i < live; i++) addToPool(loadI32(tokens + (i << 2)), loadF64(weights + (i << 3)) / sum);
    return;
  }
  for (let i: i32 = 0; i < live; i++) addToPool(loadI32(tokens + (i << 2)), loadCount(counts + (i << 2)));
}

export function clearPool(): void {
  const pool: i32 = word(A.ADDR_POOL);
  const list: i32 = word(A.ADDR_POOL_LIST);
  const size: i32 = word(A.POOL_LIVE);
  for (let i: i32 = 0; i < size; i++) storeF64(pool + (loadI32(list + (i << 2)) << 3), 0.0);
  setWord(A.POOL_LIVE, 0);
  setDouble(A.POOL_TOTAL, 0.0);
}

/** A whole earlier training set once more. */
export function addTrainingSet(slot: i32): void {
  const tokens: i32 = slotTokens(slot);
  const counts: i32 = slotCounts(slot);
  const live: i32 = loadI32(slot);
  for (let i: i32 = 0; i < live; i++) add(loadI32(tokens + (i << 2)), loadCount(counts + (i << 2)));
}

/** The real samples of generation 1 once more. */
export function addFirst(): void {
  const list: i32 = word(A.ADDR_FIRST_LIST);
  const first: i32 = word(A.ADDR_FIRST);
  const size: i32 = word(A.FIRST_LIVE);
  for (let i: i32 = 0; i < size; i++) {
    const token: i32 = loadI32(list + (i << 2));
    add(token, loadCount(first + (token << 2)));
  }
}

/** Address of the training set of generation m in the ring: live (word), total (double), tokens, counts. */
export function ringSlot(m: i32): i32 {
  return word(A.ADDR_RING) + (m % word(A.RING_SIZE)) * (16 + (word(A.RING_CAPACITY) << 3));
}
export function slotTokens(slot: i32): i32 {
  return slot + 16;
}
export function slotCounts(slot: i32): i32 {
  return slot + 16 + (word(A.RING_CAPACITY) << 2);
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
  storeI32(slot, live);
  storeF64(slot + 8, sum);
  return live;
}
