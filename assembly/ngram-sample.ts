// Writing documents: each has a random stream of its own, so that documents can be written in any order.
import { double, setWord, word } from './header';
import * as G from './ngram-layout';
import { hasPairs } from './ngram-groups';
import { countOf, findNode, levelOf, linkAt, nodeAt } from './ngram-trie';
import { loadF64, loadI32, storeF64, storeI32, toI32, toU32 } from './primitives';
import { applyRule, PLAIN } from './sampling';
import { bounded, setState, uniform } from './stream';
import { out0, out1, out2, threefry } from './threefry';

/** The stream of (seed, replicate, generation, number, domain): 96 hashed bits as they are. */
export function seedNumber(generation: i32, number: i32, domain: i32): void {
  const replicate: f64 = double(G.REPLICATE);
  const high: f64 = Math.floor(replicate / 4294967296.0);
  const low: i32 = toU32(replicate - high * 4294967296.0);
  threefry(low, toU32(high), number, generation, word(G.SEED_LOW), word(G.SEED_HIGH), 0, domain);
  setState(out0(), out1(), out2(), 1);
}

// The context of a smoothed model's next token: the longest that it has seen.
let stateLevel: i32 = 0;
let stateId: i32 = 0;
/** Where the last draw came from: the length of the context, -1 for a token at random; and the context it leads to. */
let drawnAt: i32 = 0;
let leads: i32 = 0;

/**
 * Writes a document of `model` to `to`, at most `most` tokens with its end, which becomes VOCABULARY + writer; returns
 * its length, negative if it was cut.
 */
export function writeDocument(model: i32, to: i32, most: i32, writer: i32): i32 {
  if (word(G.SMOOTHING) != G.NONE) return writeSmoothed(model, to, most, writer);
  if (hasPairs()) return writeWeighted(model, to, most, writer);
  return writePlain(model, to, most, writer);
}

function writePlain(model: i32, to: i32, most: i32, writer: i32): i32 {
  const length: i32 = (word(G.ORDER) - 1) | 0;
  const groups: i32 = loadI32(model + G.MODEL_GROUPS + (length << 2));
  const records: i32 = loadI32(model + G.MODEL_RECORDS + (length << 2));
  const words: i32 = word(G.VOCABULARY);
  let group: i32 = groups;
  let n: i32 = 0;
  while (true) {
    const start: i32 = loadI32(group);
    const size: i32 = (loadI32(group + 4) - start) | 0;
    const record: i32 = records + ((size == 1 ? start : start + bounded(size)) << 3);
    const token: i32 = loadI32(record);
    const at: i32 = to + (n << 2);
    n++;
    if (token == words || n == most) return endDocument(at, n, token, writer);
    storeI32(at, token);
    group = groups + (loadI32(record + 4) << 2);
  }
}

function endDocument(at: i32, n: i32, token: i32, writer: i32): i32 {
  const words: i32 = word(G.VOCABULARY);
  storeI32(at, (words + writer) | 0);
  return token == words ? n : -n;
}

function writeWeighted(model: i32, to: i32, most: i32, writer: i32): i32 {
  const starts: i32 = loadI32(model + G.MODEL_PAIR_STARTS);
  const tokens: i32 = loadI32(model + G.MODEL_PAIRS);
  const nexts: i32 = loadI32(model + G.MODEL_NEXTS);
  const shares: i32 = loadI32(model + G.MODEL_SHARES);
  const words: i32 = word(G.VOCABULARY);
  let context: i32 = 0;
  let n: i32 = 0;
  while (true) {
    const start: i32 = loadI32(starts + (context << 2));
    const end: i32 = loadI32(starts + (context << 2) + 4);
    const pair: i32 = end - start == 1 ? start : pickShare(shares, start, end);
    const token: i32 = loadI32(tokens + (pair << 2));
    const at: i32 = to + (n << 2);
    n++;
    if (token == words || n == most) return endDocument(at, n, token, writer);
    storeI32(at, token);
    context = loadI32(nexts + (pair << 2));
  }
}

/** The entry of the running sums start ... end - 1 that a uniform number falls on. */
function pickShare(shares: i32, start: i32, end: i32): i32 {
  const u: f64 = uniform() * loadF64(shares + ((end - 1) << 3));
  let low: i32 = start;
  let high: i32 = (end - 1) | 0;
  while (low < high) {
    const middle: i32 = (low + high) >> 1;
    if (loadF64(shares + (middle << 3)) > u) high = middle;
    else low = (middle + 1) | 0;
  }
  // Rounding may lead to an entry without weight behind the last one that has some.
  while (low > start && loadF64(shares + (low << 3)) == loadF64(shares + ((low - 1) << 3))) low--;
  return low;
}

function writeSmoothed(model: i32, to: i32, most: i32, writer: i32): i32 {
  const words: i32 = word(G.VOCABULARY);
  const plain: bool = word(G.RULE) == PLAIN;
  const adds: bool = word(G.SMOOTHING) == G.ADD_K;
  stateLevel = (word(G.ORDER) - 1) | 0;
  stateId = 0;
  let n: i32 = 0;
  while (true) {
    const token: i32 = !plain ? drawDense(model) : adds ? drawAdded(model) : drawBackedOff(model);
    const at: i32 = to + (n << 2);
    n++;
    if (token == words || n == most) return endDocument(at, n, token, writer);
    storeI32(at, token);
    follow(model, token);
  }
}

function randomType(model: i32): i32 {
  return loadI32(loadI32(model + G.MODEL_TYPES) + (bounded(loadI32(model + G.MODEL_TYPE_COUNT)) << 2));
}

/** Add-k, among the tokens that the training set has: a position of the context, or any of them. */
function drawAdded(model: i32): i32 {
  const longest: i32 = (word(G.ORDER) - 1) | 0;
  const types: f64 = loadI32(model + G.MODEL_TYPE_COUNT);
  drawnAt = -1;
  if (stateLevel == longest) {
    const group: i32 = loadI32(model + G.MODEL_GROUPS + (longest << 2)) + (stateId << 2);
    const start: i32 = loadI32(group);
    const size: f64 = (loadI32(group + 4) - start) | 0;
    const u: f64 = uniform() * (size + double(G.SMOOTHING_PARAMETER) * types);
    if (u < size) return take(model, longest, (start + toI32(u)) | 0);
  }
  return randomType(model);
}

/** Takes the token of a record. */
function take(model: i32, length: i32, place: i32): i32 {
  const record: i32 = loadI32(model + G.MODEL_RECORDS + (length << 2)) + (place << 3);
  drawnAt = length;
  leads = loadI32(record + 4);
  return loadI32(record) & 0x7fffffff;
}

/**
 * Witten-Bell or Kneser-Ney: a position of the context, or on to the shorter one, in the end any token of the vocabulary.
 * One that the training set does not have is thrown away and all drawn again.
 */
function drawBackedOff(model: i32): i32 {
  const trie: i32 = loadI32(model + G.MODEL_TRIE);
  const discounts: bool = word(G.SMOOTHING) == G.KNESER_NEY;
  const discount: f64 = double(G.SMOOTHING_PARAMETER);
  while (true) {
    let length: i32 = stateLevel;
    let id: i32 = stateId;
    while (length >= 0) {
      const level: i32 = levelOf(trie, length);
      const group: i32 = loadI32(model + G.MODEL_GROUPS + (length << 2)) + (id << 2);
      const start: i32 = loadI32(group);
      const size: i32 = (loadI32(group + 4) - start) | 0;
      if (discounts) {
        const place: i32 = (start + bounded(size)) | 0;
        const record: i32 = loadI32(loadI32(model + G.MODEL_RECORDS + (length << 2)) + (place << 3));
        // The first position of each pair carries its discount.
        if (record >= 0 || uniform() >= discount) return take(model, length, place);
      } else {
        const place: i32 = bounded((size + loadI32(nodeAt(level, id) + G.NODE_TYPES)) | 0);
        if (place < size) return take(model, length, (start + place) | 0);
      }
      id = loadI32(linkAt(level, id) + G.LINK_SUFFIX);
      length--;
    }
    const token: i32 = bounded((word(G.VOCABULARY) + 1) | 0);
    drawnAt = -1;
    if (countOf(levelOf(trie, 1), (token + 1) | 0) > 0) return token;
  }
}

/** Any smoothing under a rule: the probabilities of all tokens of the training set, weighed by the rule. */
function drawDense(model: i32): i32 {
  const list: i32 = loadI32(model + G.MODEL_TYPES);
  const types: i32 = loadI32(model + G.MODEL_TYPE_COUNT);
  const weights: i32 = word(G.ADDR_WEIGHTS);
  const dense: i32 = word(G.ADDR_DENSE);
  if (word(G.SMOOTHING) == G.ADD_K) addedProbabilities(model, list, types, dense);
  else backedOffProbabilities(model, list, types, dense);
  let total: f64 = 0.0;
  for (let k: i32 = 0; k < types; k++) {
    const p: f64 = loadF64(dense + (loadI32(list + (k << 2)) << 3));
    storeF64(weights + (k << 3), p);
    total += p;
  }
  const sum: f64 = applyRule(word(G.RULE), double(G.RULE_PARAMETER), 0, list, weights, types, total, word(G.ADDR_ORDER));
  const u: f64 = uniform() * sum;
  let part: f64 = 0.0;
  let last: i32 = 0;
  drawnAt = -1;
  for (let k: i32 = 0; k < types; k++) {
    const weight: f64 = loadF64(weights + (k << 3));
    if (weight == 0.0) continue;
    last = k;
    part += weight;
    if (part > u) break;
  }
  return loadI32(list + (last << 2));
}

function addedProbabilities(model: i32, list: i32, types: i32, dense: i32): void {
  const longest: i32 = (word(G.ORDER) - 1) | 0;
  if (longest == 0) {
    copyBase(model, list, types, dense);
    return;
  }
  for (let k: i32 = 0; k < types; k++) storeF64(dense + (loadI32(list + (k << 2)) << 3), double(G.SMOOTHING_PARAMETER));
  if (stateLevel == longest) addRecords(model, longest, stateId, 1.0, 0.0, dense);
}

/** The probabilities without a context, which are the same for every token of a model. */
function copyBase(model: i32, list: i32, types: i32, dense: i32): void {
  const base: i32 = word(G.ADDR_BASE);
  if (word(G.BASE_OF) != model) {
    const all: f64 = (word(G.VOCABULARY) + 1) | 0;
    const adds: bool = word(G.SMOOTHING) == G.ADD_K;
    const start: f64 = adds ? double(G.SMOOTHING_PARAMETER) : 1.0 / all;
    for (let k: i32 = 0; k < types; k++) storeF64(base + (loadI32(list + (k << 2)) << 3), start);
    if (adds) addRecords(model, 0, 0, 1.0, 0.0, base);
    else interpolate(model, 0, 0, list, types, base);
    setWord(G.BASE_OF, model);
  }
  for (let k: i32 = 0; k < types; k++) {
    const at: i32 = loadI32(list + (k << 2)) << 3;
    storeF64(dense + at, loadF64(base + at));
  }
}

/** Adds `share` for each position of a context, less `discount` where it is the first with its token. */
function addRecords(model: i32, length: i32, id: i32, share: f64, discount: f64, dense: i32): void {
  const group: i32 = loadI32(model + G.MODEL_GROUPS + (length << 2)) + (id << 2);
  const records: i32 = loadI32(model + G.MODEL_RECORDS + (length << 2));
  const end: i32 = loadI32(group + 4);
  for (let r: i32 = loadI32(group); r < end; r++) {
    const record: i32 = loadI32(records + (r << 3));
    const at: i32 = dense + ((record & 0x7fffffff) << 3);
    storeF64(at, loadF64(at) + (record < 0 ? (1.0 - discount) * share : share));
  }
}

function backedOffProbabilities(model: i32, list: i32, types: i32, dense: i32): void {
  const trie: i32 = loadI32(model + G.MODEL_TRIE);
  copyBase(model, list, types, dense);
  for (let length: i32 = 1; length <= stateLevel; length++) {
    let id: i32 = stateId;
    for (let l: i32 = stateLevel; l > length; l--) id = loadI32(linkAt(levelOf(trie, l), id) + G.LINK_SUFFIX);
    interpolate(model, length, id, list, types, dense);
  }
}

/** From the probabilities after the context without its first word to those after the context. */
function interpolate(model: i32, length: i32, id: i32, list: i32, types: i32, dense: i32): void {
  const group: i32 = loadI32(model + G.MODEL_GROUPS + (length << 2)) + (id << 2);
  const size: f64 = (loadI32(group + 4) - loadI32(group)) | 0;
  const followers: f64 = loadI32(nodeAt(levelOf(loadI32(model + G.MODEL_TRIE), length), id) + G.NODE_TYPES);
  const discount: f64 = double(G.SMOOTHING_PARAMETER);
  const discounts: bool = word(G.SMOOTHING) == G.KNESER_NEY;
  const whole: f64 = discounts ? size : size + followers;
  const rest: f64 = (discounts ? discount * followers : followers) / whole;
  for (let k: i32 = 0; k < types; k++) {
    const at: i32 = dense + (loadI32(list + (k << 2)) << 3);
    storeF64(at, loadF64(at) * rest);
  }
  addRecords(model, length, id, 1.0 / whole, discounts ? discount : 0.0, dense);
}

/** Moves on to the longest context that ends in `token`. */
function follow(model: i32, token: i32): void {
  const longest: i32 = (word(G.ORDER) - 1) | 0;
  const trie: i32 = loadI32(model + G.MODEL_TRIE);
  // Contexts longer than the one that gave the token may go on with it too.
  const known: i32 = drawnAt < 0 ? 0 : drawnAt < longest ? (drawnAt + 1) | 0 : longest;
  let length: i32 = stateLevel;
  let id: i32 = stateId;
  while (length >= known) {
    if (length < longest) {
      const next: i32 = findNode(levelOf(trie, (length + 1) | 0), (length + 1) | 0, id, token);
      if (next >= 0) {
        stateLevel = (length + 1) | 0;
        stateId = next;
        return;
      }
    }
    id = loadI32(linkAt(levelOf(trie, length), id) + G.LINK_SUFFIX);
    length--;
  }
  stateLevel = known;
  stateId = known == 0 ? 0 : leads;
}
