// What a model gives its tokens: the shares of its training set, its error on top, and what the sampling rule makes of them.
import { double, word } from './header';
import * as A from './layout';
import { loadF64, loadI32, storeF64, storeI32 } from './primitives';
import { applyRule } from './sampling';
import { countAt, slotCounts, slotLive, slotTokens, slotTotal } from './sets';

// The model last asked for: its tokens; their weights lie at ADDR_WEIGHTS.
let list: i32 = 0;
let size: i32 = 0;

/** Address of the model's tokens, in the order of its weights. */
export function modelTokens(): i32 {
  return list;
}
/** How many tokens the model has. */
export function modelSize(): i32 {
  return size;
}

/** Size of the error of generation m's model; the last repeats. */
function errorSize(m: i32): f64 {
  const count: i32 = word(A.ERROR_COUNT);
  if (count == 0) return 0.0;
  return loadF64(word(A.ADDR_ERROR_SIZES) + ((m < count ? (m - 1) | 0 : (count - 1) | 0) << 3));
}

/**
 * Weights of the model of generation m, whose training set stands at `slot`, to ADDR_WEIGHTS; returns their sum.
 * With an error of size a spread as e: (q + a e) / (1 + a).
 */
export function modelShares(entry: i32, slot: i32, m: i32): f64 {
  const weights: i32 = word(A.ADDR_WEIGHTS);
  const counts: i32 = slotCounts(slot);
  list = slotTokens(slot);
  size = slotLive(slot);
  for (let i: i32 = 0; i < size; i++) storeF64(weights + (i << 3), countAt(counts, i));
  const error: f64 = errorSize(m);
  if (error == 0.0) return slotTotal(slot);
  return addError(entry, error * slotTotal(slot));
}

/** Adds an error of weight `mass`: to the tokens there are, and then to the others in their order. */
function addError(entry: i32, mass: f64): f64 {
  const weights: i32 = word(A.ADDR_WEIGHTS);
  const tokens: i32 = word(A.ADDR_MODEL_LIST);
  const marks: i32 = word(A.ADDR_ADDED); // all 0 while nothing is being drawn
  const shares: i32 = word(A.ADDR_ERROR_SHARES) + (loadI32(entry) << 3);
  const all: i32 = loadI32(entry + 4);
  const before: i32 = size;
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < before; i++) {
    const token: i32 = loadI32(list + (i << 2));
    const weight: f64 = loadF64(weights + (i << 3)) + mass * loadF64(shares + (token << 3));
    storeI32(tokens + (i << 2), token);
    storeI32(marks + (token << 2), 1);
    storeF64(weights + (i << 3), weight);
    sum += weight;
  }
  for (let token: i32 = 0; token < all; token++) {
    if (loadI32(marks + (token << 2)) != 0) {
      storeI32(marks + (token << 2), 0);
      continue;
    }
    const weight: f64 = mass * loadF64(shares + (token << 3));
    if (weight == 0.0) continue;
    storeI32(tokens + (size << 2), token);
    storeF64(weights + (size << 3), weight);
    size++;
    sum += weight;
  }
  list = tokens;
  return sum;
}

/** As `modelShares`, and then the sampling rule. */
export function modelWeights(entry: i32, slot: i32, m: i32): f64 {
  const sum: f64 = modelShares(entry, slot, m);
  const truth: i32 = word(A.ADDR_P) + (loadI32(entry) << 3);
  return applyRule(word(A.RULE), double(A.RULE_PARAMETER), truth, list, word(A.ADDR_WEIGHTS), size, sum, word(A.ADDR_DRAW));
}
