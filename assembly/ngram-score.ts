// Probabilities that a model gives to text that it is shown: held-out documents, watched pairs.
import { double, headerAt, setDouble, setWord, word } from './header';
import * as G from './ngram-layout';
import { trieOf } from './ngram-places';
import { countOf, findNode, levelOf, linkAt, nodeAt } from './ngram-trie';
import { log } from './math';
import { fromWords, loadF64, loadI32, storeI32 } from './primitives';

// Ids of the contexts of lengths 0 ... 6 before a token (-1: never seen), and of the n-grams that end in it.
function contextAt(length: i32): i32 {
  return headerAt() + ((G.STATE + length) << 2);
}

/** The n-gram of this length that a token makes of the contexts, -1 if the training set does not have it. */
function gramOf(trie: i32, length: i32, token: i32): i32 {
  const before: i32 = loadI32(contextAt((length - 1) | 0));
  return before < 0 ? -1 : findNode(levelOf(trie, length), length, before, token);
}

/** The probability of a token after the contexts up to length `top`; for all but that one the smoothing's lower orders. */
function probability(trie: i32, token: i32, top: i32): f64 {
  const smoothing: i32 = word(G.SMOOTHING);
  const parameter: f64 = double(G.SMOOTHING_PARAMETER);
  const all: f64 = (word(G.VOCABULARY) + 1) | 0;
  if (smoothing == G.NONE || smoothing == G.ADD_K) {
    const context: i32 = loadI32(contextAt(top));
    const gram: i32 = gramOf(trie, (top + 1) | 0, token);
    const count: f64 = gram < 0 ? 0 : countOf(levelOf(trie, (top + 1) | 0), gram);
    const whole: f64 = context < 0 ? 0 : countOf(levelOf(trie, top), context);
    if (smoothing == G.ADD_K) return (count + parameter) / (whole + parameter * all);
    return whole == 0.0 ? fromWords(0x7ff80000, 0) : count / whole;
  }
  let p: f64 = 1.0 / all;
  for (let length: i32 = 0; length <= top; length++) {
    const id: i32 = loadI32(contextAt(length));
    if (id < 0) break;
    const level: i32 = levelOf(trie, length);
    const next: i32 = levelOf(trie, (length + 1) | 0);
    const gram: i32 = gramOf(trie, (length + 1) | 0, token);
    const types: f64 = loadI32(nodeAt(level, id) + G.NODE_TYPES);
    if (smoothing == G.WITTEN_BELL) {
      const count: f64 = gram < 0 ? 0 : countOf(next, gram);
      const whole: f64 = countOf(level, id);
      p = (count + types * p) / (whole + types);
      continue;
    }
    const highest: bool = length == top;
    const count: f64 = gram < 0 ? 0 : highest ? countOf(next, gram) : loadI32(linkAt(next, gram) + G.LINK_BEFORE);
    const whole: f64 = highest ? countOf(level, id) : loadI32(linkAt(level, id) + G.LINK_AROUND);
    const kept: f64 = count > parameter ? count - parameter : 0.0;
    p = (kept + parameter * types * p) / whole;
  }
  return p;
}

/** Moves the contexts on by a token; beyond the longest that count nothing is kept. */
function moveOn(trie: i32, token: i32, longest: i32): void {
  for (let length: i32 = longest; length >= 1; length--) storeI32(contextAt(length), gramOf(trie, length, token));
}

function startOfDocument(longest: i32): void {
  for (let length: i32 = 0; length <= longest; length++) storeI32(contextAt(length), 0);
}

export function startHeldOut(): void {
  setWord(G.CURSOR, 0);
  setWord(G.UNSEEN, 0);
  setDouble(G.LOG_SUM, 0.0);
  startOfDocument((word(G.ORDER) - 1) | 0);
}

/** Scores the next held-out tokens, at most `most`; returns how many. */
export function scoreSome(most: i32): i32 {
  const trie: i32 = trieOf(word(G.GENERATION));
  const held: i32 = word(G.ADDR_HELD);
  const words: i32 = word(G.VOCABULARY);
  const longest: i32 = (word(G.ORDER) - 1) | 0;
  const start: i32 = word(G.CURSOR);
  const left: i32 = (word(G.HELD_LENGTH) - start) | 0;
  const end: i32 = (start + (most < left ? most : left)) | 0;
  let sum: f64 = double(G.LOG_SUM);
  for (let i: i32 = start; i < end; i++) {
    const token: i32 = loadI32(held + (i << 2));
    const p: f64 = probability(trie, token, longest);
    if (p > 0.0) sum += log(p);
    else setWord(G.UNSEEN, (word(G.UNSEEN) + 1) | 0);
    if (token == words) startOfDocument(longest);
    else moveOn(trie, token, longest);
  }
  setDouble(G.LOG_SUM, sum);
  setWord(G.CURSOR, end);
  return (end - start) | 0;
}

/** p(token | context) of an entry of the watch list; NaN where an unsmoothed model has never seen the context. */
export function watched(entry: i32): f64 {
  const trie: i32 = trieOf(word(G.GENERATION));
  const at: i32 = word(G.ADDR_WATCH) + entry * (G.WATCH_WORDS << 2);
  const length: i32 = loadI32(at);
  const words: i32 = word(G.VOCABULARY);
  let begins: i32 = 0;
  storeI32(contextAt(0), 0);
  for (let l: i32 = 1; l <= length; l++) storeI32(contextAt(l), -1);
  for (let i: i32 = 0; i < length; i++) {
    const token: i32 = loadI32(at + ((i + 1) << 2));
    if (token > words) {
      begins++;
      for (let l: i32 = 1; l <= begins; l++) storeI32(contextAt(l), 0);
    } else {
      moveOn(trie, token, length);
    }
  }
  return probability(trie, loadI32(at + ((length + 1) << 2)), length);
}

/**
 * KL(model || truth), a mean over contexts by the truth's weights: the first KL_ENTRIES of the watch list are the truth's
 * tokens of one context after the other. Infinite where the model gives tokens that the truth has not; contexts that the
 * model has never seen are left out.
 */
export function divergence(): f64 {
  const entries: i32 = word(G.KL_ENTRIES);
  const truth: i32 = word(G.ADDR_TRUTH);
  let sum: f64 = 0.0;
  let weights: f64 = 0.0;
  let mass: f64 = 0.0;
  let part: f64 = 0.0;
  for (let entry: i32 = 0; entry < entries; entry++) {
    const q: f64 = watched(entry);
    const p: f64 = loadF64(truth + (entry << 4));
    // A weight stands with a context's first token; its others have 0.
    const weight: f64 = loadF64(truth + (entry << 4) + 8);
    if (weight > 0.0) {
      mass = 0.0;
      part = weight;
      if (q == q) weights += weight;
    }
    mass += q;
    if (q > 0.0) sum += part * q * log(q / p);
    const closes: bool = entry + 1 == entries || loadF64(truth + ((entry + 1) << 4) + 8) > 0.0;
    if (closes && mass < 1.0 - 1e-9) return 1.0 / 0.0;
  }
  return weights > 0.0 ? sum / weights : fromWords(0x7ff80000, 0);
}
