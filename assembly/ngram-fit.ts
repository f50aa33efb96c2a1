// Training, first half: the n-grams of a training set are counted. The pass can stop at any position.
import { double, headerAt, setDouble, setWord, word } from './header';
import * as G from './ngram-layout';
import { backsOff, contextsOf, lowestGroups, modelOf, setLength, setOf, setTokens, trieOf } from './ngram-places';
import { clearTrie, insertNode, levelOf, linkAt, nodeAt } from './ngram-trie';
import { loadI32, storeI32 } from './primitives';

/** Empties what counting fills; returns the cost. */
export function startCounting(): i32 {
  const generation: i32 = word(G.GENERATION);
  const state: i32 = headerAt() + (G.STATE << 2);
  for (let l: i32 = 0; l < G.LEVELS; l++) storeI32(state + (l << 2), 0);
  for (let i: i32 = 0; i < 6; i++) setWord((G.DISTINCT + i) | 0, 0);
  setDouble(G.REPETITION, 0.0);
  setWord(G.REPEAT_DOCUMENTS, 0);
  setWord(G.REPEATS, 0);
  setWord(G.IN_DOCUMENT, 0);
  setWord(G.CURSOR, 0);
  setWord(G.BASE_OF, 0);
  return clearTrie(trieOf(generation), word(G.DEPTH), setLength(setOf(generation)));
}

/** Counts the n-grams that end at the next positions, at most `most`; returns how many. */
export function countSome(most: i32): i32 {
  const generation: i32 = word(G.GENERATION);
  const set: i32 = setOf(generation);
  const tokens: i32 = setTokens(set);
  const trie: i32 = trieOf(generation);
  const depth: i32 = word(G.DEPTH);
  const words: i32 = word(G.VOCABULARY);
  const context: i32 = (word(G.ORDER) - 1) | 0;
  const lowest: i32 = backsOff() ? 1 : context;
  const linked: bool = loadI32(levelOf(trie, 0) + G.LEVEL_LINKS) != 0;
  const marksNew: bool = word(G.SMOOTHING) == G.KNESER_NEY;
  const wantsDistinct: bool = word(G.REPORTED) != 0 && (word(G.WANTED) & G.WANT_DISTINCT) != 0;
  const wantsRepeats: bool = word(G.REPORTED) != 0 && word(G.REPEAT_LENGTH) != 0;
  const state: i32 = headerAt() + (G.STATE << 2);
  const start: i32 = word(G.CURSOR);
  const left: i32 = (setLength(set) - start) | 0;
  const end: i32 = (start + (most < left ? most : left)) | 0;
  let at: i32 = word(G.IN_DOCUMENT);
  for (let i: i32 = start; i < end; i++) {
    let token: i32 = loadI32(tokens + (i << 2));
    const ends: bool = token >= words;
    if (ends) token = words;
    if (context > 0) {
      for (let l: i32 = lowest; l <= context; l++) storeI32(contextsOf(l) + (i << 2), loadI32(state + (l << 2)));
    }
    let shortest: i32 = (depth + 1) | 0; // length of the shortest new n-gram
    let before: i32 = 0; // the context of length l - 1
    let older: i32 = 0; // and of length l - 2
    let lower: i32 = 0; // the n-gram of length l - 1
    for (let l: i32 = 1; l <= depth; l++) {
      const level: i32 = levelOf(trie, l);
      const here: i32 = loadI32(state + (l << 2));
      const id: i32 = l == 1 ? (token + 1) | 0 : insertNode(level, before, token);
      const node: i32 = nodeAt(level, id);
      const count: i32 = loadI32(node + G.NODE_COUNT);
      storeI32(node + G.NODE_COUNT, (count + 1) | 0);
      if (count == 0) {
        if (shortest > depth) shortest = l;
        const parent: i32 = nodeAt(levelOf(trie, (l - 1) | 0), before) + G.NODE_TYPES;
        storeI32(parent, (loadI32(parent) + 1) | 0);
        if (linked) linkNew(trie, l, id, lower, older);
      }
      if (wantsRepeats && l == word(G.REPEAT_LENGTH) && !ends && at >= l - 1) checkRepeat(id, count == 0);
      storeI32(state + (l << 2), ends ? 0 : id);
      older = before;
      before = here;
      lower = id;
    }
    if (marksNew) storeI32(word(G.ADDR_NEW) + (i << 2), shortest);
    if (wantsDistinct && !ends) addDistinct(at, shortest);
    at++;
    if (ends) {
      if (wantsRepeats) endRepeats(at);
      at = 0;
    }
  }
  setWord(G.IN_DOCUMENT, at);
  setWord(G.CURSOR, end);
  return (end - start) | 0;
}

/** What a new n-gram of length l means to shorter ones. */
function linkNew(trie: i32, l: i32, id: i32, lower: i32, older: i32): void {
  storeI32(linkAt(levelOf(trie, l), id) + G.LINK_SUFFIX, lower);
  const before: i32 = linkAt(levelOf(trie, (l - 1) | 0), lower) + G.LINK_BEFORE;
  storeI32(before, (loadI32(before) + 1) | 0);
  if (l < 2) return;
  const around: i32 = linkAt(levelOf(trie, (l - 2) | 0), older) + G.LINK_AROUND;
  storeI32(around, (loadI32(around) + 1) | 0);
}

/** Counts windows of 1, 2 and 3 words that end here, and the new ones among them. */
function addDistinct(at: i32, shortest: i32): void {
  for (let n: i32 = 1; n <= 3 && n <= at + 1; n++) {
    const entry: i32 = (G.DISTINCT + ((n - 1) << 1)) | 0;
    if (shortest <= n) setWord(entry, (word(entry) + 1) | 0);
    setWord((entry + 1) | 0, (word((entry + 1) | 0) + 1) | 0);
  }
}

function checkRepeat(id: i32, isNew: bool): void {
  const stamp: i32 = word(G.ADDR_STAMPS) + (id << 2);
  const document: i32 = (word(G.REPEAT_DOCUMENTS) + 1) | 0;
  if (!isNew && loadI32(stamp) == document) setWord(G.REPEATS, (word(G.REPEATS) + 1) | 0);
  storeI32(stamp, document);
}

/** Ends a document of `length` tokens, its end included. */
function endRepeats(length: i32): void {
  const windows: i32 = (length - word(G.REPEAT_LENGTH)) | 0;
  if (windows <= 0) return;
  const repeats: f64 = word(G.REPEATS);
  const all: f64 = windows;
  setDouble(G.REPETITION, double(G.REPETITION) + repeats / all);
  setWord(G.REPEAT_DOCUMENTS, (word(G.REPEAT_DOCUMENTS) + 1) | 0);
  setWord(G.REPEATS, 0);
}

/** Sets the counts of the starts of documents, and opens the first level's groups. */
export function endCounting(): void {
  const generation: i32 = word(G.GENERATION);
  const trie: i32 = trieOf(generation);
  storeI32(nodeAt(trie, 0) + G.NODE_COUNT, setLength(setOf(generation)));
  for (let l: i32 = 1; l <= word(G.DEPTH); l++) {
    storeI32(nodeAt(levelOf(trie, l), 0) + G.NODE_COUNT, word(G.DOCUMENTS));
  }
  const model: i32 = modelOf(generation);
  storeI32(model + G.MODEL_TRIE, trie);
  if (word(G.SMOOTHING) != G.NONE) listTypes(model, levelOf(trie, 1));
  setWord(G.LEVEL, lowestGroups());
}

function listTypes(model: i32, level: i32): void {
  const list: i32 = loadI32(model + G.MODEL_TYPES);
  const words: i32 = word(G.VOCABULARY);
  let types: i32 = 0;
  for (let token: i32 = 0; token <= words; token++) {
    if (loadI32(nodeAt(level, (token + 1) | 0) + G.NODE_COUNT) == 0) continue;
    storeI32(list + (types << 2), token);
    types++;
  }
  storeI32(model + G.MODEL_TYPE_COUNT, types);
}
