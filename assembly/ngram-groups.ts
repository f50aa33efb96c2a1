// Training, second half: positions grouped by their context, so that the next token of a context is that of a position
// chosen at random from its group. Under a sampling rule the groups become running sums of weights.
import { double, setWord, word } from './header';
import * as G from './ngram-layout';
import { contextsOf, modelOf, setLength, setOf, setTokens, trieOf } from './ngram-places';
import { levelOf, linkAt, nodeAt } from './ngram-trie';
import { loadF64, loadI32, storeF64, storeI32 } from './primitives';
import { applyRule, PLAIN } from './sampling';

/** Whether the groups of contexts of this length have one position per pair of a token before and one after. */
function isContinued(length: i32): bool {
  return word(G.SMOOTHING) == G.KNESER_NEY && length < word(G.ORDER) - 1;
}

/** Where the groups of contexts of length LEVEL start; returns the cost. */
export function startGroups(): i32 {
  const generation: i32 = word(G.GENERATION);
  const length: i32 = word(G.LEVEL);
  const level: i32 = levelOf(trieOf(generation), length);
  const groups: i32 = loadI32(modelOf(generation) + G.MODEL_GROUPS + (length << 2));
  const size: i32 = loadI32(level + G.LEVEL_SIZE);
  const continued: bool = isContinued(length);
  const words: i32 = word(G.VOCABULARY);
  // Entry id + 1 is the cursor of group id; when all are filled, it is where group id + 1 starts.
  storeI32(groups, 0);
  storeI32(groups + 4, 0);
  let sum: i32 = 0;
  for (let id: i32 = 0; id < size; id++) {
    const node: i32 = nodeAt(level, id);
    if (continued) sum = (sum + loadI32(linkAt(level, id) + G.LINK_AROUND)) | 0;
    else if (loadI32(node + G.NODE_TOKEN) != words) sum = (sum + loadI32(node + G.NODE_COUNT)) | 0;
    storeI32(groups + ((id + 2) << 2), sum);
  }
  setWord(G.CURSOR, 0);
  return size;
}

/** Puts the next positions, at most `most`, into the groups of length LEVEL; returns how many. */
export function groupSome(most: i32): i32 {
  const generation: i32 = word(G.GENERATION);
  const set: i32 = setOf(generation);
  const tokens: i32 = setTokens(set);
  const model: i32 = modelOf(generation);
  const length: i32 = word(G.LEVEL);
  const groups: i32 = loadI32(model + G.MODEL_GROUPS + (length << 2)) + 4;
  const records: i32 = loadI32(model + G.MODEL_RECORDS + (length << 2));
  const longest: i32 = (word(G.ORDER) - 1) | 0;
  const next: i32 = length < longest ? (length + 1) | 0 : longest;
  const here: i32 = contextsOf(length);
  const after: i32 = contextsOf(next) + 4;
  const words: i32 = word(G.VOCABULARY);
  const marksNew: bool = word(G.SMOOTHING) == G.KNESER_NEY;
  const fresh: i32 = word(G.ADDR_NEW);
  const newest: i32 = isContinued(length) ? (length + 2) | 0 : G.LEVELS;
  const start: i32 = word(G.CURSOR);
  const left: i32 = (setLength(set) - start) | 0;
  const end: i32 = (start + (most < left ? most : left)) | 0;
  for (let i: i32 = start; i < end; i++) {
    let token: i32 = loadI32(tokens + (i << 2));
    let leads: i32 = 0;
    if (token >= words) token = words;
    else if (next > 0) leads = loadI32(after + (i << 2));
    if (marksNew) {
      const first: i32 = loadI32(fresh + (i << 2));
      if (first > newest) continue;
      if (first <= length + 1) token = token | -2147483648; // the first of its kind in its group
    }
    const group: i32 = groups + ((length == 0 ? 0 : loadI32(here + (i << 2))) << 2);
    const place: i32 = loadI32(group);
    storeI32(group, (place + 1) | 0);
    storeI32(records + (place << 3), token);
    storeI32(records + (place << 3) + 4, leads);
  }
  setWord(G.CURSOR, end);
  return (end - start) | 0;
}

/** Whether the groups become running sums of weights, for a sampling rule. */
export function hasPairs(): bool {
  return word(G.RULE) != PLAIN && word(G.SMOOTHING) == G.NONE;
}

/** Number of contexts of the full length. */
export function contextCount(): i32 {
  return loadI32(levelOf(trieOf(word(G.GENERATION)), (word(G.ORDER) - 1) | 0) + G.LEVEL_SIZE);
}

/** The weights that the rule gives the tokens of context CURSOR, as running sums; returns the cost. */
export function weighContext(): i32 {
  const model: i32 = modelOf(word(G.GENERATION));
  const length: i32 = (word(G.ORDER) - 1) | 0;
  const group: i32 = loadI32(model + G.MODEL_GROUPS + (length << 2)) + (word(G.CURSOR) << 2);
  const records: i32 = loadI32(model + G.MODEL_RECORDS + (length << 2));
  const pairs: i32 = word(G.PAIRS);
  const tokens: i32 = loadI32(model + G.MODEL_PAIRS) + (pairs << 2);
  const nexts: i32 = loadI32(model + G.MODEL_NEXTS) + (pairs << 2);
  const shares: i32 = loadI32(model + G.MODEL_SHARES) + (pairs << 3);
  const marks: i32 = word(G.ADDR_MARKS);
  const weights: i32 = word(G.ADDR_WEIGHTS);
  const start: i32 = loadI32(group);
  const end: i32 = loadI32(group + 4);
  let live: i32 = 0;
  for (let r: i32 = start; r < end; r++) {
    const token: i32 = loadI32(records + (r << 3));
    const mark: i32 = marks + (token << 2);
    let place: i32 = (loadI32(mark) - 1) | 0;
    if (place < 0) {
      place = live++;
      storeI32(mark, live);
      storeI32(tokens + (place << 2), token);
      storeI32(nexts + (place << 2), loadI32(records + (r << 3) + 4));
      storeF64(weights + (place << 3), 0.0);
    }
    storeF64(weights + (place << 3), loadF64(weights + (place << 3)) + 1.0);
  }
  const total: f64 = (end - start) | 0;
  if (live > 0) applyRule(word(G.RULE), double(G.RULE_PARAMETER), 0, tokens, weights, live, total, word(G.ADDR_ORDER));
  let sum: f64 = 0.0;
  for (let k: i32 = 0; k < live; k++) {
    storeI32(marks + (loadI32(tokens + (k << 2)) << 2), 0);
    sum += loadF64(weights + (k << 3));
    storeF64(shares + (k << 3), sum);
  }
  storeI32(loadI32(model + G.MODEL_PAIR_STARTS) + (word(G.CURSOR) << 2), pairs);
  storeI32(loadI32(model + G.MODEL_PAIR_STARTS) + ((word(G.CURSOR) + 1) << 2), (pairs + live) | 0);
  setWord(G.PAIRS, (pairs + live) | 0);
  setWord(G.CURSOR, (word(G.CURSOR) + 1) | 0);
  return (end - start + (live << 2) + 4) | 0;
}
