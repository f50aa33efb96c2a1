// Puts a training set together, document by document, from the blocks of its generation.
import { headerAt, setWord, word } from './header';
import * as G from './ngram-layout';
import { modelOf, setLength, setOf, setTokens } from './ngram-places';
import { seedNumber, writeDocument } from './ngram-sample';
import { loadI32, storeI32 } from './primitives';
import { bounded, restoreStream, saveStream } from './stream';

// Where a block's documents come from (SUPPLY).
const WALK: i32 = 1; // one after the other from SUPPLY_AT, SUPPLY_LENGTH tokens
const REAL_LIST: i32 = 2; // documents of the corpus by a list at SUPPLY_AT, SUPPLY_LENGTH of them
const CHOOSE_REAL: i32 = 3; // documents of the corpus in random order, from the SUPPLY_AT-th place
const CHOOSE_POOL: i32 = 4; // the same of the pool
const REPLACED: i32 = 5; // documents of the pool, each at random
const MIXED: i32 = 6; // each from the truth or an earlier model, at random
const WRITE: i32 = 7; // from the model of BACK generations ago

/** BACK of a block that has not been opened. */
const UNOPENED: i32 = -100;

/** Address of the entry of the kept batch of a model. */
function batchOf(generation: i32): i32 {
  return word(G.ADDR_KEPT) + (generation % word(G.KEPT)) * 12;
}

/** Address of the block that is being drawn, 0 behind the last. */
function blockAt(): i32 {
  const length: i32 = word(G.PROGRAM_LENGTH);
  const m: i32 = word(G.GENERATION);
  const line: i32 = word(G.ADDR_PROGRAM) + ((m <= length ? (m - 1) | 0 : (length - 1) | 0) << 3);
  if (word(G.BLOCK) >= loadI32(line + 4)) return 0;
  return word(G.ADDR_BLOCKS) + ((loadI32(line) + word(G.BLOCK)) << 4);
}

/** Empties what drawing a generation fills; returns the cost. */
export function startGeneration(): i32 {
  const generation: i32 = word(G.GENERATION);
  const composition: i32 = word(G.ADDR_COMPOSITION);
  for (let t: i32 = 0; t < generation; t++) storeI32(composition + (t << 2), 0);
  storeI32(setOf(generation) + 4, 0);
  setWord(G.DOCUMENTS, 0);
  setWord(G.SYNTHETIC, 0);
  setWord(G.CUT, 0);
  setWord(G.SERIAL, 0);
  setWord(G.BLOCK, 0);
  setWord(G.BACK, UNOPENED);
  setWord(G.SUPPLY, 0);
  seedNumber(generation, 0, G.DOMAIN_CHOICE);
  saveStream(headerAt() + (G.STREAM << 2));
  return generation;
}

/** Forgets the chain before; returns the cost. */
export function clearSources(): i32 {
  const corpus: i32 = word(G.ADDR_CORPUS);
  const starts: i32 = word(G.ADDR_CORPUS_STARTS);
  const length: i32 = word(G.CORPUS_LENGTH);
  const words: i32 = word(G.VOCABULARY);
  let documents: i32 = 0;
  let start: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    if (loadI32(corpus + (i << 2)) < words) continue;
    storeI32(starts + (documents << 2), start);
    documents++;
    start = (i + 1) | 0;
  }
  setWord(G.POOL_LENGTH, 0);
  setWord(G.POOL_DOCUMENTS, 0);
  setWord(G.FIRST_DOCUMENTS, 0);
  setWord(G.KEPT_DOCUMENTS, 0);
  for (let k: i32 = 0; k < word(G.KEPT); k++) storeI32(word(G.ADDR_KEPT) + k * 12 + 8, 0);
  return length;
}

/** Opens the next block, or the next model of the same one; returns whether there is one. */
export function openBlock(): bool {
  const generation: i32 = word(G.GENERATION);
  while (true) {
    const block: i32 = blockAt();
    if (block == 0) return false;
    const source: i32 = loadI32(block);
    const opened: bool = word(G.BACK) != UNOPENED;
    const back: i32 = opened ? (word(G.BACK) + 1) | 0 : source;
    const through: i32 = source > 0 ? loadI32(block + 4) : source;
    const last: i32 = source > 0 && through > generation - 1 ? (generation - 1) | 0 : through;
    if (back <= last) {
      setWord(G.BACK, back);
      setWord(G.TAKEN, 0);
      supply(source > 0 ? back : source, loadI32(block + 12), loadI32(word(G.ADDR_SIZES) + (loadI32(block + 8) << 2)));
      return true;
    }
    setWord(G.BLOCK, (word(G.BLOCK) + 1) | 0);
    setWord(G.BACK, UNOPENED);
  }
}

function setSupply(kind: i32, at: i32, length: i32): void {
  setWord(G.SUPPLY, kind);
  setWord(G.SUPPLY_AT, at);
  setWord(G.SUPPLY_LENGTH, length);
}

/** Decides where the documents of a block come from. */
function supply(source: i32, mode: i32, size: i32): void {
  const generation: i32 = word(G.GENERATION);
  if (source == G.SOURCE_TRUTH) supplyReal(mode, size);
  else if (source == G.SOURCE_MIXTURE) setSupply(MIXED, 0, 0);
  else if (source == G.SOURCE_POOL_REPLACED) setSupply(REPLACED, 0, 0);
  else if (source == G.SOURCE_POOL) {
    const pooled: i32 = word(G.POOL_LENGTH);
    if (mode == G.FIXED || size >= pooled) setSupply(WALK, word(G.ADDR_POOL), pooled);
    else setSupply(CHOOSE_POOL, 0, word(G.POOL_DOCUMENTS));
  } else if (mode == G.FIXED) {
    const set: i32 = setOf((generation - source) | 0);
    setSupply(WALK, setTokens(set), setLength(set));
  } else if (mode == G.KEPT_MODE) {
    const batch: i32 = batchOf((generation - source) | 0);
    if (loadI32(batch + 8) == generation - source) {
      setSupply(WALK, loadI32(batch), loadI32(batch + 4));
    } else {
      storeI32(batch + 4, 0);
      setSupply(WRITE, 0, 0);
    }
  } else setSupply(WRITE, 0, 0);
}

function supplyReal(mode: i32, size: i32): void {
  if (mode == G.FIXED) setSupply(REAL_LIST, word(G.ADDR_FIRST), word(G.FIRST_DOCUMENTS));
  else if (mode == G.KEPT_MODE && word(G.KEPT_DOCUMENTS) > 0) setSupply(REAL_LIST, word(G.ADDR_KEPT_REAL), word(G.KEPT_DOCUMENTS));
  else if (size >= word(G.CORPUS_LENGTH)) setSupply(WALK, word(G.ADDR_CORPUS), word(G.CORPUS_LENGTH));
  else setSupply(CHOOSE_REAL, 0, word(G.CORPUS_DOCUMENTS));
}

/** Copies the document at `from` to `to`; returns its length. */
function copyDocument(from: i32, to: i32): i32 {
  const words: i32 = word(G.VOCABULARY);
  let n: i32 = 0;
  while (true) {
    const token: i32 = loadI32(from + (n << 2));
    storeI32(to + (n << 2), token);
    n++;
    if (token >= words) return n;
  }
}

/** A place of a list that has not been taken yet, at random: it changes places with the one at SUPPLY_AT. */
function choose(starts: i32, count: i32): i32 {
  const at: i32 = word(G.SUPPLY_AT);
  const other: i32 = starts + ((at + bounded((count - at) | 0)) << 2);
  const chosen: i32 = loadI32(other);
  storeI32(other, loadI32(starts + (at << 2)));
  storeI32(starts + (at << 2), chosen);
  return chosen;
}

/** A new document of the model of `generation`. */
function write(generation: i32, to: i32): i32 {
  const n: i32 = writeDocument(modelOf(generation), to, word(G.MAX_DOCUMENT), generation);
  if (n > 0) return n;
  setWord(G.CUT, (word(G.CUT) + 1) | 0);
  return -n;
}

function nextSerial(): i32 {
  const serial: i32 = word(G.SERIAL);
  setWord(G.SERIAL, (serial + 1) | 0);
  return serial;
}

function writeMixed(to: i32): i32 {
  const generation: i32 = word(G.GENERATION);
  seedNumber(generation, nextSerial(), G.DOMAIN_DOCUMENT);
  const source: i32 = bounded(generation);
  if (source > 0) return write(source, to);
  const start: i32 = loadI32(word(G.ADDR_CORPUS_STARTS) + (bounded(word(G.CORPUS_DOCUMENTS)) << 2));
  return copyDocument(word(G.ADDR_CORPUS) + (start << 2), to);
}

/** Puts the next document of the open block at `to`; returns its length. */
function nextDocument(to: i32): i32 {
  const kind: i32 = word(G.SUPPLY);
  if (kind == WRITE) {
    const generation: i32 = word(G.GENERATION);
    seedNumber(generation, nextSerial(), G.DOMAIN_DOCUMENT);
    return write((generation - word(G.BACK)) | 0, to);
  }
  if (kind == MIXED) return writeMixed(to);
  if (kind == WALK) return copyDocument(word(G.SUPPLY_AT) + (word(G.TAKEN) << 2), to);
  const corpus: i32 = word(G.ADDR_CORPUS);
  if (kind == REAL_LIST) {
    const at: i32 = word(G.SUPPLY_AT);
    setWord(G.SUPPLY_AT, at + 4);
    setWord(G.SUPPLY_LENGTH, (word(G.SUPPLY_LENGTH) - 1) | 0);
    return copyDocument(corpus + (loadI32(at) << 2), to);
  }
  const stream: i32 = headerAt() + (G.STREAM << 2);
  restoreStream(stream);
  let from: i32 = 0;
  if (kind == CHOOSE_REAL) from = corpus + (choose(word(G.ADDR_CORPUS_STARTS), word(G.SUPPLY_LENGTH)) << 2);
  else if (kind == CHOOSE_POOL) from = word(G.ADDR_POOL) + (choose(word(G.ADDR_POOL_STARTS), word(G.SUPPLY_LENGTH)) << 2);
  else from = word(G.ADDR_POOL) + (loadI32(word(G.ADDR_POOL_STARTS) + (bounded(word(G.POOL_DOCUMENTS)) << 2)) << 2);
  saveStream(stream);
  if (kind != REPLACED) setWord(G.SUPPLY_AT, (word(G.SUPPLY_AT) + 1) | 0);
  return copyDocument(from, to);
}

/** Whether the open block has all its documents. */
function isFull(size: i32): bool {
  const kind: i32 = word(G.SUPPLY);
  if (kind == WALK) return word(G.TAKEN) >= word(G.SUPPLY_LENGTH);
  if (kind == REAL_LIST) return word(G.SUPPLY_LENGTH) == 0;
  return word(G.TAKEN) >= size || ((kind == CHOOSE_REAL || kind == CHOOSE_POOL) && word(G.SUPPLY_AT) == word(G.SUPPLY_LENGTH));
}

/** Draws documents of the open block until it is complete or `budget` is spent; returns the cost, SUPPLY 0 at the end. */
export function drawSome(budget: i32): i32 {
  const block: i32 = blockAt();
  const mode: i32 = loadI32(block + 12);
  const size: i32 = loadI32(word(G.ADDR_SIZES) + (loadI32(block + 8) << 2));
  const set: i32 = setOf(word(G.GENERATION));
  let cost: i32 = 0;
  while (!isFull(size)) {
    if (cost >= budget) return cost;
    const to: i32 = setTokens(set) + (setLength(set) << 2);
    const n: i32 = nextDocument(to);
    remember(mode, n, to);
    if (mode == G.INTO_POOL) moveToPool(to, n);
    else append(set, to, n);
    setWord(G.TAKEN, (word(G.TAKEN) + n) | 0);
    cost = (cost + n + 8) | 0;
  }
  closeBlock(mode);
  return cost;
}

/** Notes a document that later generations use again. */
function remember(mode: i32, n: i32, to: i32): void {
  const kind: i32 = word(G.SUPPLY);
  const block: i32 = loadI32(blockAt());
  if (block == G.SOURCE_TRUTH && kind != REAL_LIST) {
    const start: i32 =
      kind == WALK ? word(G.TAKEN) : loadI32(word(G.ADDR_CORPUS_STARTS) + ((word(G.SUPPLY_AT) - 1) << 2));
    if (mode == G.REDRAWN && word(G.GENERATION) == 1) list(G.ADDR_FIRST, G.FIRST_DOCUMENTS, start);
    if (mode == G.KEPT_MODE) list(G.ADDR_KEPT_REAL, G.KEPT_DOCUMENTS, start);
  }
  if (block > 0 && mode == G.KEPT_MODE && kind == WRITE) {
    const batch: i32 = batchOf((word(G.GENERATION) - word(G.BACK)) | 0);
    const length: i32 = loadI32(batch + 4);
    copyDocument(to, loadI32(batch) + (length << 2));
    storeI32(batch + 4, (length + n) | 0);
  }
}

function list(address: i32, count: i32, start: i32): void {
  const listed: i32 = word(count);
  storeI32(word(address) + (listed << 2), start);
  setWord(count, (listed + 1) | 0);
}

function closeBlock(mode: i32): void {
  if (mode == G.KEPT_MODE && word(G.SUPPLY) == WRITE) {
    const written: i32 = (word(G.GENERATION) - word(G.BACK)) | 0;
    storeI32(batchOf(written) + 8, written);
  }
  setWord(G.SUPPLY, 0);
}

function moveToPool(from: i32, n: i32): void {
  const length: i32 = word(G.POOL_LENGTH);
  copyDocument(from, word(G.ADDR_POOL) + (length << 2));
  list(G.ADDR_POOL_STARTS, G.POOL_DOCUMENTS, length);
  setWord(G.POOL_LENGTH, (length + n) | 0);
}

/** Takes the document at the end of the training set into it. */
function append(set: i32, to: i32, n: i32): void {
  const writer: i32 = (loadI32(to + ((n - 1) << 2)) - word(G.VOCABULARY)) | 0;
  const share: i32 = word(G.ADDR_COMPOSITION) + (writer << 2);
  storeI32(share, (loadI32(share) + n) | 0);
  storeI32(set + 4, (setLength(set) + n) | 0);
  setWord(G.DOCUMENTS, (word(G.DOCUMENTS) + 1) | 0);
  if (writer > 0) setWord(G.SYNTHETIC, (word(G.SYNTHETIC) + 1) | 0);
}
