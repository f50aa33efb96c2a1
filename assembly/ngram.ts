// The n-gram kernel: all generations of the chains of a slice, one chain (replicate) after the other. All of its state
// lies in the arena, so that it can stop at any document or position and go on later. docs/NGRAM.md
import { double, setDouble, setHeader, setWord, word } from './header';
import { countSome, endCounting, startCounting } from './ngram-fit';
import { contextCount, groupSome, hasPairs, startGroups, weighContext } from './ngram-groups';
import * as G from './ngram-layout';
import {
  entropySome,
  ngramMetric,
  prepareCorpus,
  startEntropy,
  startVerbatim,
  verbatimSome,
  writeSamples,
} from './ngram-metrics';
import { setLength, setOf, setTokens } from './ngram-places';
import { clearSources, drawSome, openBlock, startGeneration } from './ngram-sources';
import { scoreSome, startHeldOut } from './ngram-score';
import { levelOf } from './ngram-trie';
import { loadI32, storeF64 } from './primitives';

// What a generation goes through, in order (PHASE).
const START: i32 = 0;
const DRAW: i32 = 1;
const COUNT: i32 = 2;
const GROUP: i32 = 3;
const WEIGH: i32 = 4;
const SCORE: i32 = 5;
const ENTROPY: i32 = 6;
const VERBATIM: i32 = 7;
const RECORD: i32 = 8;

/** A budget that no phase spends. */
const ALL: i32 = 0x7ffffff0;

/** Prepares a job that the host has written into the arena at `at`. */
export function ngramPrepare(at: i32): void {
  setHeader(at);
  prepareCorpus();
}

function isAsked(generation: i32): bool {
  const reported: i32 = word(G.REPORT_COUNT);
  if (reported == 0) return true;
  const index: i32 = word(G.REPORT_INDEX);
  return index < reported && loadI32(word(G.ADDR_REPORT) + (index << 2)) == generation;
}

function start(): i32 {
  const generation: i32 = (word(G.GENERATION) + 1) | 0;
  setWord(G.GENERATION, generation);
  const asked: bool = isAsked(generation);
  setWord(G.REPORTED, asked ? 1 : 0);
  setWord(G.DEPTH, asked ? word(G.REPORT_DEPTH) : word(G.TRAIN_DEPTH));
  setWord(G.PHASE, DRAW);
  return startGeneration();
}

function draw(budget: i32): i32 {
  if (word(G.SUPPLY) != 0 || openBlock()) return drawSome(budget);
  setWord(G.PHASE, COUNT);
  return startCounting();
}

function count(budget: i32): i32 {
  const cost: i32 = (countSome(((budget >> 2) + 1) | 0) << 2) | 0;
  if (word(G.CURSOR) < setLength(setOf(word(G.GENERATION)))) return cost;
  endCounting();
  setWord(G.PHASE, GROUP);
  return (cost + startGroups()) | 0;
}

function group(budget: i32): i32 {
  const cost: i32 = groupSome(budget);
  if (word(G.CURSOR) < setLength(setOf(word(G.GENERATION)))) return cost;
  if (word(G.LEVEL) < word(G.ORDER) - 1) {
    setWord(G.LEVEL, (word(G.LEVEL) + 1) | 0);
    return (cost + startGroups()) | 0;
  }
  setWord(G.CURSOR, 0);
  setWord(G.PAIRS, 0);
  setWord(G.PHASE, WEIGH);
  return cost;
}

function weigh(budget: i32): i32 {
  let cost: i32 = 0;
  if (hasPairs()) {
    const contexts: i32 = contextCount();
    while (word(G.CURSOR) < contexts) {
      if (cost >= budget) return cost;
      cost = (cost + weighContext()) | 0;
    }
  }
  startHeldOut();
  setWord(G.PHASE, word(G.REPORTED) != 0 ? SCORE : RECORD);
  return cost;
}

function score(budget: i32): i32 {
  let cost: i32 = 0;
  if ((word(G.WANTED) & G.WANT_HELD) != 0) {
    cost = (scoreSome(((budget >> 2) + 1) | 0) << 2) | 0;
    if (word(G.CURSOR) < word(G.HELD_LENGTH)) return cost;
  }
  startEntropy();
  setWord(G.PHASE, ENTROPY);
  return cost;
}

function entropy(budget: i32): i32 {
  let cost: i32 = 0;
  if ((word(G.WANTED) & G.WANT_ENTROPY) != 0) {
    cost = entropySome(budget);
    const trie: i32 = word(G.ADDR_LEVELS) + (word(G.GENERATION) % word(G.TRIES)) * G.LEVELS * G.LEVEL_BYTES;
    if (word(G.CURSOR) < loadI32(levelOf(trie, word(G.ORDER)) + G.LEVEL_SIZE)) return cost;
  }
  startVerbatim();
  setWord(G.PHASE, VERBATIM);
  return cost;
}

function verbatim(budget: i32): i32 {
  let cost: i32 = 0;
  if ((word(G.WANTED) & G.WANT_VERBATIM) != 0) {
    cost = verbatimSome(budget);
    if (word(G.CURSOR) < setLength(setOf(word(G.GENERATION)))) return cost;
  }
  setWord(G.PHASE, RECORD);
  return cost;
}

/** Writes what is asked of this generation, and ends it; returns the cost. */
function record(): i32 {
  let cost: i32 = 1;
  if (word(G.REPORTED) != 0) {
    const asked: i32 = word(G.ADDR_METRICS);
    const metrics: i32 = word(G.METRICS);
    let used: i32 = word(G.OUT_USED);
    for (let i: i32 = 0; i < metrics; i++) {
      const value: f64 = ngramMetric(loadI32(asked + (i << 3)), loadI32(asked + (i << 3) + 4));
      storeF64(word(G.ADDR_OUT) + (used << 3), value);
      used++;
    }
    setWord(G.OUT_USED, used);
    cost = (cost + (metrics << 4) + writeSamples()) | 0;
    if (word(G.REPORT_COUNT) != 0) setWord(G.REPORT_INDEX, (word(G.REPORT_INDEX) + 1) | 0);
  }
  setDouble(G.PROGRESS, double(G.PROGRESS) + 1.0);
  setWord(G.PHASE, START);
  if (word(G.GENERATION) == word(G.LAST_GENERATION)) endChain();
  return cost;
}

function endChain(): void {
  setWord(G.GENERATION, 0);
  setWord(G.CHAIN_INDEX, (word(G.CHAIN_INDEX) + 1) | 0);
  setWord(G.CHAINS_LEFT, (word(G.CHAINS_LEFT) - 1) | 0);
  setDouble(G.REPLICATE, double(G.REPLICATE) + 1.0);
}

/** Trains the model of a restored chain to the set that the host has put in the place of `generation`'s. */
export function ngramTrain(at: i32, generation: i32): void {
  setHeader(at);
  const set: i32 = setOf(generation);
  const length: i32 = setLength(set);
  let documents: i32 = 0;
  for (let i: i32 = 0; i < length; i++) {
    if (loadI32(setTokens(set) + (i << 2)) >= word(G.VOCABULARY)) documents++;
  }
  setWord(G.GENERATION, generation);
  setWord(G.REPORTED, 0);
  setWord(G.DEPTH, word(G.TRAIN_DEPTH));
  setWord(G.DOCUMENTS, documents);
  setWord(G.PHASE, COUNT);
  startCounting();
  while (word(G.PHASE) != RECORD) {
    const phase: i32 = word(G.PHASE);
    if (phase == COUNT) count(ALL);
    else if (phase == GROUP) group(ALL);
    else weigh(ALL);
  }
  setWord(G.PHASE, START);
}

/** Whether a generation's values and samples still fit. */
function hasRoom(): bool {
  if (word(G.OUT_CAPACITY) - word(G.OUT_USED) < word(G.METRICS)) return false;
  const text: i32 = word(G.SAMPLE_DOCUMENTS) * (word(G.SAMPLE_LENGTH) + 3);
  return word(G.TEXT_CAPACITY) - word(G.TEXT_USED) >= text;
}

/**
 * Goes on with the slice in the arena at `at` until it is DONE, the output is OUT_FULL, about `budget` look-ups are spent
 * (PAUSED), or the host asks for PAUSE; call again to go on.
 */
export function ngramAdvance(at: i32, budget: i32): i32 {
  setHeader(at);
  let left: i32 = budget;
  while (word(G.CHAINS_LEFT) > 0) {
    if (left <= 0) return G.PAUSED;
    const phase: i32 = word(G.PHASE);
    if (phase == START && word(G.PAUSE) != 0) {
      setWord(G.PAUSE, 0);
      return G.PAUSED;
    }
    let cost: i32 = 0;
    if (phase == START) {
      if (word(G.GENERATION) == 0) {
        setWord(G.REPORT_INDEX, 0);
        cost = clearSources();
      }
      cost = (cost + start()) | 0;
    } else if (phase == DRAW) cost = draw(left);
    else if (phase == COUNT) cost = count(left);
    else if (phase == GROUP) cost = group(left);
    else if (phase == WEIGH) cost = weigh(left);
    else if (phase == SCORE) cost = score(left);
    else if (phase == ENTROPY) cost = entropy(left);
    else if (phase == VERBATIM) cost = verbatim(left);
    else {
      if (word(G.REPORTED) != 0 && !hasRoom()) return G.OUT_FULL;
      cost = record();
    }
    left = (left - cost) | 0;
  }
  return G.DONE;
}
