// The whole-chain kernel: all generations of the chains of a slice, one chain (replicate, context) after the other.
// Its state lies in the header, so that it can stop at any generation and go on later.
import { binomial } from './binomial';
import * as A from './layout';
import { metric } from './metrics';
import {
  aliasPick,
  conditionalBinomials,
  directFromSlots,
  directFromWeights,
  isDirect,
  poissonProduct,
  toWeights,
  usesRows,
} from './multinomial';
import { loadCount, loadF64, loadI32, storeCount, storeF64, storeI32, toI32, toU32 } from './primitives';
import { DOMAIN_CHAIN, restoreStream, saveStream, seedStream } from './stream';

let header: i32 = 0;
// The current context and training set.
let entry: i32 = 0;
let tokens: i32 = 0;
let counts: i32 = 0;
let live: i32 = 0;
let total: f64 = 0.0;
let generation: i32 = 0;
let touched: i32 = 0; // tokens of the training set being put together

function word(index: i32): i32 {
  return loadI32(header + (index << 2));
}
function setWord(index: i32, value: i32): void {
  storeI32(header + (index << 2), value);
}
function double(index: i32): f64 {
  return loadF64(header + (index << 2));
}
function setDouble(index: i32, value: f64): void {
  storeF64(header + (index << 2), value);
}

/** Address of the training set of generation m in the ring: live (word), total (double), tokens, counts. */
function ringSlot(m: i32): i32 {
  return word(A.ADDR_RING) + (m % word(A.RING_SIZE)) * (16 + (word(A.RING_CAPACITY) << 3));
}
function slotCounts(slot: i32): i32 {
  return slot + 16 + (word(A.RING_CAPACITY) << 2);
}

/** Adds `count` samples of a token to the training set being put together. */
function add(token: i32, count: f64): void {
  const at: i32 = word(A.ADDR_ADDED) + (token << 2);
  const before: f64 = loadCount(at);
  if (before == 0.0) {
    storeI32(word(A.ADDR_TOUCHED) + (touched << 2), token);
    touched++;
  }
  storeCount(at, before + count);
}

/** n new samples of the truth. */
function drawTruth(n: f64): void {
  const start: i32 = loadI32(entry);
  const size: i32 = loadI32(entry + 4);
  if (isDirect(n, size)) {
    const shares: i32 = word(A.ADDR_ALIAS_SHARE) + (start << 3);
    const aliases: i32 = word(A.ADDR_ALIAS) + (start << 2);
    for (let j: f64 = 0.0; j < n; j += 1.0) add(aliasPick(size, shares, aliases), 1.0);
    return;
  }
  const p: i32 = word(A.ADDR_P) + (start << 3);
  const suffix: i32 = word(A.ADDR_SUFFIX) + (start << 3);
  let left: f64 = n;
  for (let i: i32 = 0; i < size && left > 0.0; i++) {
    const last: bool = i == size - 1;
    const x: f64 = last ? left : binomial(left, loadF64(p + (i << 3)), loadF64(suffix + (i << 3)));
    if (x > 0.0) add(i, x);
    left -= x;
  }
}

/** n new samples of the double weights at ADDR_WEIGHTS, whose tokens are listed at `list`. */
function drawWeights(n: f64, list: i32, size: i32, sum: f64): void {
  const weights: i32 = word(A.ADDR_WEIGHTS);
  const drawn: i32 = word(A.ADDR_DRAW);
  if (isDirect(n, size)) directFromWeights(n, weights, size, sum, word(A.ADDR_PREFIX), drawn);
  else conditionalBinomials(n, weights, size, sum, drawn);
  for (let i: i32 = 0; i < size; i++) {
    const x: f64 = loadCount(drawn + (i << 2));
    if (x > 0.0) add(loadI32(list + (i << 2)), x);
  }
}

/** n new samples of the model of `lag` generations ago. */
function drawModel(n: f64, lag: i32): void {
  const slot: i32 = ringSlot((generation - lag) | 0);
  toWeights(slotCounts(slot), loadI32(slot), word(A.ADDR_WEIGHTS));
  drawWeights(n, slot + 16, loadI32(slot), loadF64(slot + 8));
}

/** n new samples, each from a source drawn uniformly from the truth and the generation - 1 models so far. */
function drawMixture(n: f64): void {
  const sources: f64 = generation;
  const real: f64 = binomial(n, 1.0, sources);
  if (real > 0.0) drawTruth(real);
  if (real == n) return;
  const list: i32 = word(A.ADDR_MIX_LIST);
  const size: i32 = word(A.MIX_LIVE);
  const mix: i32 = word(A.ADDR_MIX);
  const weights: i32 = word(A.ADDR_WEIGHTS);
  for (let i: i32 = 0; i < size; i++) {
    storeF64(weights + (i << 3), loadF64(mix + (loadI32(list + (i << 2)) << 3)));
  }
  drawWeights(n - real, list, size, double(A.MIX_TOTAL));
}

/** The real samples of generation 1 once more. */
function addFirst(): void {
  const list: i32 = word(A.ADDR_FIRST_LIST);
  const first: i32 = word(A.ADDR_FIRST);
  const size: i32 = word(A.FIRST_LIVE);
  for (let i: i32 = 0; i < size; i++) {
    const token: i32 = loadI32(list + (i << 2));
    add(token, loadCount(first + (token << 2)));
  }
}

/** Swaps the first largest count to the front: the pivot of the next draw. */
function pivotFirst(): void {
  let best: i32 = 0;
  let most: f64 = loadCount(counts);
  for (let i: i32 = 1; i < live; i++) {
    const count: f64 = loadCount(counts + (i << 2));
    if (count > most) {
      most = count;
      best = i;
    }
  }
  if (best == 0) return;
  const token: i32 = loadI32(tokens + (best << 2));
  storeI32(tokens + (best << 2), loadI32(tokens));
  storeCount(counts + (best << 2), loadCount(counts));
  storeI32(tokens, token);
  storeCount(counts, most);
}

/** Makes what was added the training set of this generation. */
function collect(sum: f64): void {
  const slot: i32 = ringSlot(generation);
  const added: i32 = word(A.ADDR_ADDED);
  const list: i32 = word(A.ADDR_TOUCHED);
  tokens = slot + 16;
  counts = slotCounts(slot);
  live = touched;
  total = sum;
  for (let i: i32 = 0; i < live; i++) {
    const token: i32 = loadI32(list + (i << 2));
    storeI32(tokens + (i << 2), token);
    storeCount(counts + (i << 2), loadCount(added + (token << 2)));
    storeI32(added + (token << 2), 0);
  }
  touched = 0;
  pivotFirst();
  storeI32(slot, live);
  storeF64(slot + 8, sum);
}

/** A generation from the blocks of its schedule; returns its cost in look-ups. */
function generalStep(block: i32, blocks: i32, sizes: i32): i32 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < blocks; i++) {
    const source: i32 = loadI32(block);
    const n: f64 = loadCount(sizes + (loadI32(block + 4) << 2));
    if (loadI32(block + 8) != 0) addFirst();
    else if (source == A.SOURCE_TRUTH) drawTruth(n);
    else if (source == A.SOURCE_MIXTURE) drawMixture(n);
    else drawModel(n, source);
    sum += n;
    block += 12;
  }
  const cost: i32 = (touched + 16) | 0;
  collect(sum);
  return cost + (live << 1);
}

/** A generation drawn from the one before alone, in place. */
function replaceStep(n: f64): i32 {
  const drawn: i32 = word(A.ADDR_DRAW);
  const before: i32 = live;
  let cost: i32 = (before + 8) | 0;
  if (before == 1) return 8;
  if (isDirect(n, before)) {
    directFromSlots(toI32(n), counts, before, word(A.ADDR_SLOTS), drawn);
    cost = (cost + toI32(n)) | 0;
  } else if (usesRows(n, total)) {
    poissonProduct(toI32(n), counts, before, word(A.ADDR_ROW_INDEX), drawn);
  } else {
    toWeights(counts, before, word(A.ADDR_WEIGHTS));
    conditionalBinomials(n, word(A.ADDR_WEIGHTS), before, total, drawn);
    cost = cost << 2;
  }
  settle(drawn);
  return cost;
}

/** Takes over what was drawn: the first largest to the front, then without the dead tokens. */
function settle(drawn: i32): void {
  let best: i32 = 0;
  let most: i32 = loadI32(drawn);
  // Counts reach 2^31: compare with the sign bit flipped.
  for (let i: i32 = 1; i < live; i++) {
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
  for (let i: i32 = 1; i < live; i++) {
    const count: i32 = loadI32(drawn + (i << 2));
    storeI32(counts + (kept << 2), count);
    storeI32(tokens + (kept << 2), loadI32(tokens + (i << 2)));
    if (count != 0) kept++;
  }
  live = kept;
  storeI32(tokens - 16, kept);
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

function addToMixture(): void {
  const mix: i32 = word(A.ADDR_MIX);
  const list: i32 = word(A.ADDR_MIX_LIST);
  let size: i32 = word(A.MIX_LIVE);
  for (let i: i32 = 0; i < live; i++) {
    const token: i32 = loadI32(tokens + (i << 2));
    const at: i32 = mix + (token << 3);
    const before: f64 = loadF64(at);
    if (before == 0.0) storeI32(list + (size++ << 2), token);
    storeF64(at, before + loadCount(counts + (i << 2)));
  }
  setWord(A.MIX_LIVE, size);
  setDouble(A.MIX_TOTAL, double(A.MIX_TOTAL) + total);
}

/** The next generation; returns its cost in look-ups. */
function step(): i32 {
  generation++;
  const length: i32 = word(A.PROGRAM_LENGTH);
  const line: i32 = generation <= length ? (generation - 1) | 0 : (length - 1) | 0;
  const program: i32 = word(A.ADDR_PROGRAM) + (line << 3);
  const block: i32 = word(A.ADDR_BLOCKS) + loadI32(program) * 12;
  const blocks: i32 = loadI32(program + 4);
  const sizes: i32 = word(A.ADDR_SIZES) + ((word(A.CONTEXT) * word(A.SIZE_SLOTS)) << 2);
  const n: f64 = loadCount(sizes + (loadI32(block + 4) << 2));
  // Nothing but n samples of the last model, trained on n: draw in place, in the ring's only slot.
  const replaces: bool =
    blocks == 1 && loadI32(block) == 1 && loadI32(block + 8) == 0 && n == total && word(A.RING_SIZE) == 1;
  const cost: i32 = replaces ? replaceStep(n) : generalStep(block, blocks, sizes);
  if (generation == 1) rememberFirst();
  if (word(A.USES_MIXTURE) != 0) addToMixture();
  if (live == 1 && word(A.COLLAPSED_AT) == 0) setWord(A.COLLAPSED_AT, generation);
  return cost;
}

/** Writes the metrics of this generation, if it is reported. */
function record(): void {
  const reported: i32 = word(A.REPORT_COUNT);
  if (reported != 0) {
    const index: i32 = word(A.REPORT_INDEX);
    if (index >= reported || loadI32(word(A.ADDR_REPORT) + (index << 2)) != generation) return;
    setWord(A.REPORT_INDEX, (index + 1) | 0);
  }
  const metrics: i32 = word(A.METRICS);
  const used: i32 = word(A.OUT_USED);
  let out: i32 = word(A.ADDR_OUT) + (used << 3);
  let asked: i32 = word(A.ADDR_METRICS);
  for (let i: i32 = 0; i < metrics; i++) {
    storeF64(out, metric(loadI32(asked), loadI32(asked + 4), header, entry, tokens, counts, live, total));
    out += 8;
    asked += 8;
  }
  setWord(A.OUT_USED, (used + metrics) | 0);
}

function openContext(): void {
  entry = word(A.ADDR_CONTEXTS) + (word(A.CONTEXT) << 4);
}

function startChain(): void {
  const replicate: f64 = double(A.REPLICATE);
  const high: f64 = Math.floor(replicate / 4294967296.0);
  const low: i32 = toU32(replicate - high * 4294967296.0);
  seedStream(word(A.SEED_LOW), word(A.SEED_HIGH), word(A.CONTEXT), low, toU32(high), DOMAIN_CHAIN);
  openContext();
  clearChain();
  setWord(A.COLLAPSED_AT, 0);
  setWord(A.REPORT_INDEX, 0);
}

/** Forgets the chain before: only what it touched. */
function clearChain(): void {
  const first: i32 = word(A.ADDR_FIRST);
  const firstList: i32 = word(A.ADDR_FIRST_LIST);
  const firsts: i32 = word(A.FIRST_LIVE);
  for (let i: i32 = 0; i < firsts; i++) storeI32(first + (loadI32(firstList + (i << 2)) << 2), 0);
  setWord(A.FIRST_LIVE, 0);
  const mix: i32 = word(A.ADDR_MIX);
  const mixList: i32 = word(A.ADDR_MIX_LIST);
  const mixed: i32 = word(A.MIX_LIVE);
  for (let i: i32 = 0; i < mixed; i++) storeF64(mix + (loadI32(mixList + (i << 2)) << 3), 0.0);
  setWord(A.MIX_LIVE, 0);
  setDouble(A.MIX_TOTAL, 0.0);
}

function endChain(): void {
  const index: i32 = word(A.CHAIN_INDEX);
  storeI32(word(A.ADDR_COLLAPSE) + (index << 2), word(A.COLLAPSED_AT));
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
  header = at;
  generation = word(A.GENERATION);
  if (generation == 0) return;
  openContext();
  const slot: i32 = ringSlot(generation);
  tokens = slot + 16;
  counts = slotCounts(slot);
  live = word(A.LIVE);
  total = double(A.TOTAL);
  restoreStream(header + (A.STREAM << 2));
}

function leave(status: i32): i32 {
  setWord(A.GENERATION, generation);
  setWord(A.LIVE, live);
  setDouble(A.TOTAL, total);
  saveStream(header + (A.STREAM << 2));
  return status;
}

function isFinished(): bool {
  if (generation == 0) return false;
  if (generation == word(A.LAST_GENERATION)) return true;
  return word(A.UNTIL_COLLAPSE) != 0 && word(A.COLLAPSED_AT) != 0;
}

/**
 * Goes on with the slice in the arena at `at` until it is DONE, the output is OUT_FULL, or about `budget` look-ups
 * are spent (PAUSED); call again to go on.
 */
export function advance(at: i32, budget: i32): i32 {
  enter(at);
  const metrics: i32 = word(A.METRICS);
  let left: i32 = budget;
  let simulated: f64 = double(A.PROGRESS);
  while (word(A.CHAINS_LEFT) > 0) {
    if (generation == 0) startChain();
    while (!isFinished()) {
      if (left <= 0 || word(A.OUT_CAPACITY) - word(A.OUT_USED) < metrics) {
        setDouble(A.PROGRESS, simulated);
        return leave(left <= 0 ? A.PAUSED : A.OUT_FULL);
      }
      left = (left - step()) | 0;
      record();
      simulated += 1.0;
    }
    endChain();
    setDouble(A.PROGRESS, simulated);
  }
  return leave(A.DONE);
}
