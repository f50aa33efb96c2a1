// The whole-chain kernel: all generations of the chains of a slice, one chain (replicate, context) after the other.
// Its state lies in the header between calls, so that it can stop at any generation and go on later; within a call it
// lies in module variables, which are much faster in JavaScript.
import { double, headerAt, setDouble, setHeader, setWord, word } from './header';
import * as A from './layout';
import { metric, simpson } from './metrics';
import { conditionalBinomials, directFromSlots, isDirect, poissonProduct, toWeights, usesRows } from './multinomial';
import { loadCount, loadF64, loadI32, storeCount, storeF64, storeI32, toI32, toU32 } from './primitives';
import { PLAIN } from './sampling';
import {
  addFirst,
  addTrainingSet,
  clearPool,
  collect,
  copyToPool,
  drawMixture,
  drawModel,
  drawPool,
  drawTruth,
  moveToPool,
  ringSlot,
  slotCounts,
  slotTokens,
  subsamplePool,
} from './sources';
import { DOMAIN_CHAIN, restoreStream, saveStream, seedStream } from './stream';

// The current context and training set.
let entry: i32 = 0;
let tokens: i32 = 0;
let counts: i32 = 0;
let live: i32 = 0;
let total: f64 = 0.0;
let generation: i32 = 0;
let collapsedAt: i32 = 0;
/** From this generation on, everything is drawn from the one before: replaceSize samples, in place. 0: never. */
let replaceFrom: i32 = 0;
let replaceSize: f64 = 0.0;
// Of the job.
let lastGeneration: i32 = 0;
let untilCollapse: i32 = 0;
let reported: i32 = 0;
let metrics: i32 = 0;
let asked: i32 = 0;
let drawn: i32 = 0;
let pool: i32 = 0;
// Where the next values go.
let out: i32 = 0;
let outEnd: i32 = 0;

/** Sample sizes of the current context, by slot. */
function sizes(): i32 {
  return word(A.ADDR_SIZES) + ((word(A.CONTEXT) * word(A.SIZE_SLOTS)) << 2);
}

/** Address of the program's line for a generation; the last one repeats. */
function programLine(m: i32): i32 {
  const length: i32 = word(A.PROGRAM_LENGTH);
  return word(A.ADDR_PROGRAM) + ((m <= length ? (m - 1) | 0 : (length - 1) | 0) << 3);
}

function firstBlock(line: i32): i32 {
  return word(A.ADDR_BLOCKS) + loadI32(line) * 12;
}

/** Puts a block's samples where they belong. */
function drawBlock(source: i32, mode: i32, n: f64): void {
  if (mode == A.FIXED) {
    if (source == A.SOURCE_TRUTH) addFirst();
    else addTrainingSet(ringSlot((generation - source) | 0));
    return;
  }
  if (source == A.SOURCE_TRUTH) drawTruth(entry, n);
  else if (source == A.SOURCE_MIXTURE) drawMixture(entry, generation, n);
  else if (source == A.SOURCE_POOL) subsamplePool(n);
  else if (source == A.SOURCE_POOL_REPLACED) drawPool(n);
  else drawModel(ringSlot((generation - source) | 0), n);
  if (mode == A.INTO_POOL) moveToPool();
}

/** A generation from the blocks of its schedule; returns its cost in look-ups. */
function generalStep(): i32 {
  const line: i32 = programLine(generation);
  const blocks: i32 = loadI32(line + 4);
  const sizeTable: i32 = sizes();
  let block: i32 = firstBlock(line);
  for (let i: i32 = 0; i < blocks; i++) {
    drawBlock(loadI32(block), loadI32(block + 8), loadCount(sizeTable + (loadI32(block + 4) << 2)));
    block += 12;
  }
  const slot: i32 = ringSlot(generation);
  live = collect(slot);
  total = loadF64(slot + 8);
  tokens = slotTokens(slot);
  counts = slotCounts(slot);
  if (generation == 1) rememberFirst();
  return (16 + (live << 2)) | 0;
}

/** A generation drawn from the one before alone, in place. */
function replaceStep(): i32 {
  const before: i32 = live;
  if (before == 1) return 8;
  let cost: i32 = (before + 8) | 0;
  if (isDirect(replaceSize, before)) {
    const n: i32 = toI32(replaceSize);
    directFromSlots(n, counts, before, word(A.ADDR_SLOTS), drawn);
    cost = (cost + n) | 0;
  } else if (usesRows(replaceSize, total)) {
    poissonProduct(toI32(replaceSize), counts, before, word(A.ADDR_ROW_INDEX), drawn);
  } else {
    toWeights(counts, before, word(A.ADDR_WEIGHTS));
    conditionalBinomials(replaceSize, word(A.ADDR_WEIGHTS), before, total, drawn);
    cost = cost << 2;
  }
  live = settle(before);
  storeI32(tokens - 16, live);
  return cost;
}

/** Takes over what was drawn: the first largest to the front, then without the dead tokens. Returns how many live. */
function settle(before: i32): i32 {
  let best: i32 = 0;
  let most: i32 = loadI32(drawn);
  // Counts reach 2^31: compare with the sign bit flipped.
  for (let i: i32 = 1; i < before; i++) {
    const count: i32 = loadI32(drawn + (i << 2));
    if ((count ^ -2147483648) > (most ^ -2147483648)) {
      most = count;
      best = i;
    }
  }
  if (best != 0) {
    const token: i32 = loadI32(tokens + (best << 2));
    storeI32(tokens + (best << 2), loadI32(tokens));
    storeI32(drawn + (best << 2), loadI32(drawn));
    storeI32(tokens, token);
  }
  storeI32(counts, most);
  let kept: i32 = 1;
  for (let i: i32 = 1; i < before; i++) {
    const count: i32 = loadI32(drawn + (i << 2));
    if (count == 0) continue;
    storeI32(counts + (kept << 2), count);
    storeI32(tokens + (kept << 2), loadI32(tokens + (i << 2)));
    kept++;
  }
  return kept;
}

/** What later generations and metrics need of generation 1. */
function rememberFirst(): void {
  const list: i32 = word(A.ADDR_FIRST_LIST);
  const first: i32 = word(A.ADDR_FIRST);
  let squares: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const token: i32 = loadI32(tokens + (i << 2));
    const count: f64 = loadCount(counts + (i << 2));
    storeI32(list + (i << 2), token);
    storeCount(first + (token << 2), count);
    squares += count * count;
  }
  setWord(A.FIRST_LIVE, live);
  setDouble(A.FIRST_TOTAL, total);
  setDouble(A.FIRST_SQUARES, squares);
}

/** The next generation that is reported. */
function nextReported(): i32 {
  const index: i32 = word(A.REPORT_INDEX);
  return index < reported ? loadI32(word(A.ADDR_REPORT) + (index << 2)) : lastGeneration;
}

/** The next generation; returns its cost in look-ups. */
function step(): i32 {
  generation++;
  // A single token that is drawn from itself stays: nothing is drawn, so generations can be left out.
  if (reported != 0 && live == 1 && replaceFrom != 0 && generation > replaceFrom) {
    const next: i32 = nextReported();
    if (next > generation) generation = next;
  }
  const replaces: bool = replaceFrom != 0 && generation >= replaceFrom && total == replaceSize;
  const cost: i32 = replaces ? replaceStep() : generalStep();
  if (pool == A.POOL_ALL) copyToPool(tokens, counts, live, total);
  if (live == 1 && collapsedAt == 0) collapsedAt = generation;
  return cost;
}

/** Whether this generation is one of those asked for. */
function isReported(): bool {
  const index: i32 = word(A.REPORT_INDEX);
  if (index >= reported || loadI32(word(A.ADDR_REPORT) + (index << 2)) != generation) return false;
  setWord(A.REPORT_INDEX, (index + 1) | 0);
  return true;
}

/** Writes the metrics of this generation, if it is reported. */
function record(): void {
  if (reported != 0 && !isReported()) return;
  let at: i32 = out;
  for (let i: i32 = 0; i < metrics; i++) {
    const id: i32 = loadI32(asked + (i << 3));
    if (id == 0) {
      storeF64(at, simpson(counts, live, total));
    } else {
      storeF64(at, metric(id, loadI32(asked + (i << 3) + 4), headerAt(), entry, tokens, counts, live, total));
    }
    at += 8;
  }
  out = at;
}

/** Looks up the context of the chain: its tokens, and from when on it is drawn in place. */
function openContext(): void {
  entry = word(A.ADDR_CONTEXTS) + (word(A.CONTEXT) << 4);
  const length: i32 = word(A.PROGRAM_LENGTH);
  const line: i32 = programLine(length);
  const block: i32 = firstBlock(line);
  const replaces: bool =
    loadI32(line + 4) == 1 &&
    loadI32(block) == 1 &&
    loadI32(block + 8) == A.REDRAWN &&
    word(A.RING_SIZE) == 1 &&
    word(A.RULE) == PLAIN;
  replaceFrom = replaces ? length : 0;
  replaceSize = loadCount(sizes() + (loadI32(block + 4) << 2));
}

function startChain(): void {
  const replicate: f64 = double(A.REPLICATE);
  const high: f64 = Math.floor(replicate / 4294967296.0);
  const low: i32 = toU32(replicate - high * 4294967296.0);
  seedStream(word(A.SEED_LOW), word(A.SEED_HIGH), word(A.CONTEXT), low, toU32(high), DOMAIN_CHAIN);
  openContext();
  clearChain();
  collapsedAt = 0;
  setWord(A.REPORT_INDEX, 0);
}

/** Forgets the chain before: only what it touched. */
function clearChain(): void {
  const first: i32 = word(A.ADDR_FIRST);
  const firstList: i32 = word(A.ADDR_FIRST_LIST);
  const firsts: i32 = word(A.FIRST_LIVE);
  for (let i: i32 = 0; i < firsts; i++) storeI32(first + (loadI32(firstList + (i << 2)) << 2), 0);
  setWord(A.FIRST_LIVE, 0);
  clearPool();
}

function endChain(): void {
  const index: i32 = word(A.CHAIN_INDEX);
  storeI32(word(A.ADDR_COLLAPSE) + (index << 2), collapsedAt);
  setWord(A.CHAIN_INDEX, (index + 1) | 0);
  setWord(A.CHAINS_LEFT, (word(A.CHAINS_LEFT) - 1) | 0);
  generation = 0;
  const context: i32 = (word(A.CONTEXT) + 1) | 0;
  if (context < word(A.CONTEXTS)) {
    setWord(A.CONTEXT, context);
    return;
  }
  setWord(A.CONTEXT, 0);
  setDouble(A.REPLICATE, double(A.REPLICATE) + 1.0);
}

/** Puts the state that `leave` saved back in place. */
function enter(at: i32): void {
  setHeader(at);
  lastGeneration = word(A.LAST_GENERATION);
  untilCollapse = word(A.UNTIL_COLLAPSE);
  reported = word(A.REPORT_COUNT);
  metrics = word(A.METRICS);
  asked = word(A.ADDR_METRICS);
  drawn = word(A.ADDR_DRAW);
  pool = word(A.POOL);
  out = word(A.ADDR_OUT) + (word(A.OUT_USED) << 3);
  outEnd = word(A.ADDR_OUT) + (word(A.OUT_CAPACITY) << 3);
  generation = word(A.GENERATION);
  if (generation == 0) return;
  openContext();
  const slot: i32 = ringSlot(generation);
  tokens = slotTokens(slot);
  counts = slotCounts(slot);
  live = word(A.LIVE);
  total = double(A.TOTAL);
  collapsedAt = word(A.COLLAPSED_AT);
  restoreStream(at + (A.STREAM << 2));
}

function leave(status: i32, simulated: f64): i32 {
  setWord(A.OUT_USED, (out - word(A.ADDR_OUT)) >> 3);
  setWord(A.GENERATION, generation);
  setWord(A.LIVE, live);
  setDouble(A.TOTAL, total);
  setWord(A.COLLAPSED_AT, collapsedAt);
  setDouble(A.PROGRESS, simulated);
  saveStream(headerAt() + (A.STREAM << 2));
  return status;
}

/**
 * Goes on with the slice in the arena at `at` until it is DONE, the output is OUT_FULL, or about `budget` look-ups
 * are spent (PAUSED); call again to go on.
 */
export function advance(at: i32, budget: i32): i32 {
  enter(at);
  const bytes: i32 = metrics << 3;
  let left: i32 = budget;
  let simulated: f64 = double(A.PROGRESS);
  while (word(A.CHAINS_LEFT) > 0) {
    if (generation == 0) startChain();
    while (generation != lastGeneration && (untilCollapse == 0 || collapsedAt == 0)) {
      if (left <= 0) return leave(A.PAUSED, simulated);
      if (outEnd - out < bytes) return leave(A.OUT_FULL, simulated);
      const before: i32 = generation;
      left = (left - step()) | 0;
      record();
      simulated += (generation - before) | 0;
    }
    endChain();
  }
  return leave(A.DONE, simulated);
}
