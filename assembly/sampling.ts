// Sampling rules: what a model's shares become before new samples are drawn from them. docs/MATH.md#sampling-rules
// They work on the double weights of a model's live tokens, in place, and return their new sum.
import { exp, log } from './math';
import { loadF64, loadI32, storeF64, storeI32 } from './primitives';

export const PLAIN: i32 = 0;
export const TEMPERATURE: i32 = 1;
export const TOP_K: i32 = 2;
export const TOP_P: i32 = 3;
export const VERIFIER: i32 = 4;

/**
 * @param truth p^(0) by token; only a verifier looks at it
 * @param order scratch, a word per token
 */
export function applyRule(
  rule: i32,
  parameter: f64,
  truth: i32,
  tokens: i32,
  weights: i32,
  live: i32,
  total: f64,
  order: i32,
): f64 {
  if (rule == TEMPERATURE) return heat(parameter, weights, live);
  if (rule == TOP_K) return keepFirst(parameter, tokens, weights, live, total, order);
  if (rule == TOP_P) return keepMass(parameter, tokens, weights, live, total, order);
  if (rule == VERIFIER) return verify(parameter, truth, tokens, weights, live, total);
  return total;
}

/** Shares to the power 1 / temperature; the largest becomes 1. */
function heat(temperature: f64, weights: i32, live: i32): f64 {
  let most: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const weight: f64 = loadF64(weights + (i << 3));
    if (weight > most) most = weight;
  }
  let sum: f64 = 0.0;
  let before: f64 = -1.0;
  let hot: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const weight: f64 = loadF64(weights + (i << 3));
    // Neighbours are often as frequent as each other.
    if (weight != before) {
      before = weight;
      hot = exp(log(weight / most) / temperature);
    }
    storeF64(weights + (i << 3), hot);
    sum += hot;
  }
  return sum;
}

/** The k largest; of equal ones those with the lower token. */
function keepFirst(k: f64, tokens: i32, weights: i32, live: i32, total: f64, order: i32): f64 {
  const all: f64 = live;
  if (k >= all) return total;
  heapUp(tokens, weights, live, order);
  let sum: f64 = 0.0;
  let rank: f64 = 0.0;
  let left: i32 = live;
  while (rank < k) {
    sum += loadF64(weights + (loadI32(order) << 3));
    rank += 1.0;
    left = (left - 1) | 0;
    takeFirst(tokens, weights, left, order);
  }
  drop(weights, left, order);
  return sum;
}

/** The fewest largest that have a share of at least p. */
function keepMass(p: f64, tokens: i32, weights: i32, live: i32, total: f64, order: i32): f64 {
  heapUp(tokens, weights, live, order);
  const enough: f64 = p * total;
  let sum: f64 = 0.0;
  let left: i32 = live;
  while (sum < enough && left > 0) {
    sum += loadF64(weights + (loadI32(order) << 3));
    left = (left - 1) | 0;
    takeFirst(tokens, weights, left, order);
  }
  drop(weights, left, order);
  return sum;
}

/** Whether entry a comes after entry b: a smaller weight, or as large a one with a higher token. */
function isAfter(a: i32, b: i32, tokens: i32, weights: i32): bool {
  const weightA: f64 = loadF64(weights + (a << 3));
  const weightB: f64 = loadF64(weights + (b << 3));
  if (weightA != weightB) return weightA < weightB;
  return loadI32(tokens + (a << 2)) > loadI32(tokens + (b << 2));
}

/** Makes a heap of all entries, the largest weight on top: most of them need no order. */
function heapUp(tokens: i32, weights: i32, live: i32, order: i32): void {
  for (let i: i32 = 0; i < live; i++) storeI32(order + (i << 2), i);
  for (let i: i32 = (live >> 1) - 1; i >= 0; i--) sift(tokens, weights, order, i, live);
}

/** Takes the top off a heap, of which `left` are left. */
function takeFirst(tokens: i32, weights: i32, left: i32, order: i32): void {
  storeI32(order, loadI32(order + (left << 2)));
  sift(tokens, weights, order, 0, left);
}

/** Nothing is left of the entries in a heap. */
function drop(weights: i32, left: i32, order: i32): void {
  for (let i: i32 = 0; i < left; i++) storeF64(weights + (loadI32(order + (i << 2)) << 3), 0.0);
}

/** Restores the heap below `root`: no entry comes after its children. */
function sift(tokens: i32, weights: i32, order: i32, root: i32, end: i32): void {
  const moved: i32 = loadI32(order + (root << 2));
  let at: i32 = root;
  while (true) {
    let child: i32 = ((at << 1) + 1) | 0;
    if (child >= end) break;
    const right: i32 = (child + 1) | 0;
    if (right < end && isAfter(loadI32(order + (child << 2)), loadI32(order + (right << 2)), tokens, weights)) child = right;
    const candidate: i32 = loadI32(order + (child << 2));
    if (!isAfter(moved, candidate, tokens, weights)) break;
    storeI32(order + (at << 2), candidate);
    at = child;
  }
  storeI32(order + (at << 2), moved);
}

/**
 * A verifier keeps a sample outside the truth's support with `odds` times the probability of one inside (Feng et al.).
 * Where it would keep nothing at all, it is not asked.
 */
function verify(odds: f64, truth: i32, tokens: i32, weights: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const weight: f64 = loadF64(weights + (i << 3));
    sum += loadF64(truth + (loadI32(tokens + (i << 2)) << 3)) > 0.0 ? weight : odds * weight;
  }
  if (sum == 0.0) return total;
  for (let i: i32 = 0; i < live; i++) {
    const at: i32 = weights + (i << 3);
    if (loadF64(truth + (loadI32(tokens + (i << 2)) << 3)) == 0.0) storeF64(at, odds * loadF64(at));
  }
  return sum;
}
