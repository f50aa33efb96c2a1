// Metrics of a generation: of its training set and of the model trained to it. docs/NGRAM.md
import { double, setDouble, setWord, word } from './header';
import * as G from './ngram-layout';
import { divergence, watched } from './ngram-score';
import { modelOf, setLength, setOf, setTokens, trieOf } from './ngram-places';
import { seedNumber, writeDocument } from './ngram-sample';
import { countOf, levelOf, nodeAt } from './ngram-trie';
import { exp, log } from './math';
import { fromU32, loadI32, multiply, storeI32, toI32 } from './primitives';

// Ids of the metrics, as in src/backend/ngram-job.ts.
const PERPLEXITY: i32 = 0;
const CROSS_ENTROPY: i32 = 1;
const UNSEEN_METRIC: i32 = 2;
const VOCABULARY_METRIC: i32 = 3;
const NGRAM_TYPES: i32 = 4;
const ENTROPY_RATE: i32 = 5;
const DISTINCT_N: i32 = 6;
const REPETITION_N: i32 = 7;
const VERBATIM_METRIC: i32 = 8;
const WATCH: i32 = 9;
const COMPOSITION: i32 = 10;
const DOCUMENTS_METRIC: i32 = 11;
const TOKENS: i32 = 12;
const CUT_METRIC: i32 = 13;
const SURVIVAL: i32 = 14;

export function startEntropy(): void {
  setWord(G.CURSOR, 1);
  setDouble(G.ENTROPY, 0.0);
}

/** Adds the next n-grams to the entropy, at most `most`; returns how many. */
export function entropySome(most: i32): i32 {
  const trie: i32 = trieOf(word(G.GENERATION));
  const order: i32 = word(G.ORDER);
  const level: i32 = levelOf(trie, order);
  const contexts: i32 = levelOf(trie, (order - 1) | 0);
  const start: i32 = word(G.CURSOR);
  const left: i32 = (loadI32(level + G.LEVEL_SIZE) - start) | 0;
  const end: i32 = (start + (most < left ? most : left)) | 0;
  let sum: f64 = double(G.ENTROPY);
  for (let id: i32 = start; id < end; id++) {
    const node: i32 = nodeAt(level, id);
    const count: f64 = loadI32(node + G.NODE_COUNT);
    if (count == 0.0) continue;
    const whole: f64 = countOf(contexts, loadI32(node + G.NODE_PREFIX));
    if (whole > count) sum += count * log(whole / count);
  }
  setDouble(G.ENTROPY, sum);
  setWord(G.CURSOR, end);
  return (end - start) | 0;
}

// The hash of a document: two words, never both zero.
let hashA: i32 = 0;
let hashB: i32 = 0;

/** Hashes the document at `at`; returns its length. */
function hashDocument(at: i32): i32 {
  const words: i32 = word(G.VOCABULARY);
  let a: i32 = -2128831035;
  let b: i32 = 0x2545f491;
  let n: i32 = 0;
  while (true) {
    const token: i32 = loadI32(at + (n << 2));
    n++;
    if (token >= words) break;
    a = multiply(a ^ token, 0x01000193);
    a = (a << 13) | (a >>> 19);
    b = multiply((b + token) | 0, -2048144777);
    b = b ^ (b >>> 15);
  }
  hashA = multiply(a ^ (a >>> 16) ^ n, -2048144789);
  hashB = multiply(b ^ (b >>> 13), -1028477379) | 1;
  return n;
}

/** Address of the slot of the hashed document, or of the empty one where it would be. */
function hashSlot(): i32 {
  const bits: i32 = word(G.HASH_BITS);
  const table: i32 = word(G.ADDR_HASHES);
  const mask: i32 = ((1 << bits) - 1) | 0;
  let slot: i32 = hashA & mask;
  while (true) {
    const at: i32 = table + (slot << 3);
    const other: i32 = loadI32(at + 4);
    if (other == 0 || (other == hashB && loadI32(at) == hashA)) return at;
    slot = (slot + 1) & mask;
  }
}

/** What is known of the corpus: hashes of its documents, how often it has each word. */
export function prepareCorpus(): void {
  const corpus: i32 = word(G.ADDR_CORPUS);
  const length: i32 = word(G.CORPUS_LENGTH);
  const counts: i32 = word(G.ADDR_REAL_COUNTS);
  const words: i32 = word(G.VOCABULARY);
  const hashes: bool = word(G.HASH_BITS) != 0;
  let start: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    const token: i32 = loadI32(corpus + (i << 2));
    if (token < words) {
      storeI32(counts + (token << 2), (loadI32(counts + (token << 2)) + 1) | 0);
      continue;
    }
    if (hashes) {
      hashDocument(corpus + (start << 2));
      const slot: i32 = hashSlot();
      storeI32(slot, hashA);
      storeI32(slot + 4, hashB);
    }
    start = (i + 1) | 0;
  }
}

export function startVerbatim(): void {
  setWord(G.CURSOR, 0);
  setWord(G.VERBATIM, 0);
}

/** Looks up the next documents of the training set in the corpus; returns the tokens read. */
export function verbatimSome(most: i32): i32 {
  const set: i32 = setOf(word(G.GENERATION));
  const tokens: i32 = setTokens(set);
  const length: i32 = setLength(set);
  const words: i32 = word(G.VOCABULARY);
  const start: i32 = word(G.CURSOR);
  let at: i32 = start;
  while (at < length && at - start < most) {
    const n: i32 = hashDocument(tokens + (at << 2));
    at = (at + n) | 0;
    if (loadI32(tokens + ((at - 1) << 2)) == words) continue; // a real one
    if (loadI32(hashSlot() + 4) != 0) setWord(G.VERBATIM, (word(G.VERBATIM) + 1) | 0);
  }
  setWord(G.CURSOR, at);
  return (at - start) | 0;
}

function share(part: i32, whole: i32): f64 {
  const x: f64 = part;
  const y: f64 = whole;
  return whole == 0 ? 0.0 : x / y;
}

function crossEntropy(): f64 {
  if (word(G.UNSEEN) > 0) return 1.0 / 0.0;
  const tokens: f64 = word(G.HELD_LENGTH);
  return (0.0 - double(G.LOG_SUM)) / tokens;
}

function wordTypes(): i32 {
  const level: i32 = levelOf(trieOf(word(G.GENERATION)), 1);
  const words: i32 = word(G.VOCABULARY);
  let types: i32 = 0;
  for (let token: i32 = 0; token < words; token++) {
    if (countOf(level, (token + 1) | 0) > 0) types++;
  }
  return types;
}

/** Of the words that the corpus has `times` times, the share that the training set still has. */
function survival(times: i32): f64 {
  const level: i32 = levelOf(trieOf(word(G.GENERATION)), 1);
  const words: i32 = word(G.VOCABULARY);
  const counts: i32 = word(G.ADDR_REAL_COUNTS);
  let all: i32 = 0;
  let alive: i32 = 0;
  for (let token: i32 = 0; token < words; token++) {
    if (loadI32(counts + (token << 2)) != times) continue;
    all++;
    if (countOf(level, (token + 1) | 0) > 0) alive++;
  }
  return share(alive, all);
}

/** A metric of the current generation. */
export function ngramMetric(id: i32, argument: i32): f64 {
  const length: i32 = setLength(setOf(word(G.GENERATION)));
  const order: i32 = levelOf(trieOf(word(G.GENERATION)), word(G.ORDER));
  if (id == PERPLEXITY) return exp(crossEntropy());
  if (id == CROSS_ENTROPY) return crossEntropy();
  if (id == UNSEEN_METRIC) return fromU32(word(G.UNSEEN));
  if (id == VOCABULARY_METRIC) return fromU32(wordTypes());
  // Unigrams stand by their token, others by first occurrence; the end of documents is one of the unigrams.
  if (id == NGRAM_TYPES) return fromU32(word(G.ORDER) == 1 ? (wordTypes() + 1) | 0 : (loadI32(order + G.LEVEL_SIZE) - 1) | 0);
  if (id == ENTROPY_RATE) return double(G.ENTROPY) / fromU32(length);
  if (id == DISTINCT_N) {
    const entry: i32 = (G.DISTINCT + ((argument - 1) << 1)) | 0;
    return share(word(entry), word((entry + 1) | 0));
  }
  if (id == REPETITION_N) {
    const documents: f64 = word(G.REPEAT_DOCUMENTS);
    return documents == 0.0 ? 0.0 : double(G.REPETITION) / documents;
  }
  if (id == VERBATIM_METRIC) return share(word(G.VERBATIM), word(G.SYNTHETIC));
  if (id == WATCH) return watched(argument);
  if (id == COMPOSITION) {
    return argument < word(G.GENERATION) ? share(loadI32(word(G.ADDR_COMPOSITION) + (argument << 2)), length) : 0.0;
  }
  if (id == DOCUMENTS_METRIC) return fromU32(word(G.DOCUMENTS));
  if (id == TOKENS) return fromU32(length);
  if (id == CUT_METRIC) return fromU32(word(G.CUT));
  if (id == SURVIVAL) return survival(argument);
  return divergence();
}

/** Writes documents to be read: for each replicate, generation, length (negative if it was cut), then its tokens. */
export function writeSamples(): i32 {
  const text: i32 = word(G.ADDR_TEXT);
  const replicate: f64 = double(G.REPLICATE);
  const generation: i32 = word(G.GENERATION);
  let cost: i32 = 0;
  if (replicate >= fromU32(word(G.SAMPLE_REPLICATES))) return 0;
  for (let d: i32 = 0; d < word(G.SAMPLE_DOCUMENTS); d++) {
    const at: i32 = text + (word(G.TEXT_USED) << 2);
    seedNumber(generation, d, G.DOMAIN_SAMPLE);
    const written: i32 = writeDocument(modelOf(generation), at + 12, word(G.SAMPLE_LENGTH), 0);
    const n: i32 = written < 0 ? (0 - written) | 0 : written;
    storeI32(at, toI32(replicate));
    storeI32(at + 4, generation);
    storeI32(at + 8, written);
    setWord(G.TEXT_USED, (word(G.TEXT_USED) + 3 + n) | 0);
    cost = (cost + n) | 0;
  }
  return cost;
}
