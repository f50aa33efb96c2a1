// The categorical family: a chain's training sets are counts of tokens, and generation m's model is their shares.
// What the loop asks of a family stands in families.ts.
import { collect, sortAdded } from './added';
import { ancestors } from './ancestors';
import { drawBlock } from './blocks';
import { double, headerAt, setDouble, setWord, word } from './header';
import { inherit } from './jump';
import * as A from './layout';
import { metric, simpson } from './metrics';
import { modelShares, modelSize, modelTokens } from './model';
import { conditionalBinomials, directFromSlots, isDirect, usesRows } from './multinomial';
import { poissonised } from './poissonised';
import { clearPool, copyToPool } from './pool';
import { loadCount, loadI32, storeCount, storeF64, storeI32, toI32 } from './primitives';
import { blockAt, blockCount, blockMode, blockSize, blockSource, blockThrough, programLength } from './program';
import { openRate } from './rate-rows';
import { runLength, runRows } from './replace-run';
import { PLAIN } from './sampling';
import {
  countAt,
  isWeighted,
  openSets,
  ringSlot,
  setSlot,
  slotCounts,
  slotLive,
  slotTokens,
  slotTotal,
} from './sets';
import { drawModel } from './sources';
import { addBlock, clearBatches, collectMasses, rememberRealSet } from './weighted';

// The current context and training set; with errors, the model.
let entry: i32 = 0;
let tokens: i32 = 0;
let counts: i32 = 0;
let live: i32 = 0;
let total: f64 = 0.0;
/** From this generation on, everything is drawn from the one before: replaceSize samples, in place. 0: never. */
let replaceFrom: i32 = 0;
let replaceSize: f64 = 0.0;
// Of the job.
let drawn: i32 = 0;
let pool: i32 = 0;
let errors: i32 = 0;
let jumps: i32 = 0;

/** Looks up the context of the chain: its tokens, and from when on it is drawn in place. */
function openContext(): void {
  openSets();
  drawn = word(A.ADDR_DRAW);
  pool = word(A.POOL);
  errors = word(A.ERROR_COUNT);
  jumps = word(A.JUMPS);
  entry = word(A.ADDR_CONTEXTS) + (word(A.CONTEXT) << 4);
  const length: i32 = programLength();
  const block: i32 = blockAt(length, 0);
  const replaces: bool =
    blockCount(length) == 1 &&
    blockSource(block) == 1 &&
    blockMode(block) == A.REDRAWN &&
    word(A.RING_SIZE) == 1 &&
    word(A.RULE) == PLAIN &&
    !isWeighted();
  replaceFrom = replaces ? length : 0;
  replaceSize = blockSize(block);
}

/** Forgets the chain before: only what it touched. */
export function openChain(): void {
  openContext();
  const first: i32 = word(A.ADDR_FIRST);
  const firstList: i32 = word(A.ADDR_FIRST_LIST);
  const firsts: i32 = word(A.FIRST_LIVE);
  for (let i: i32 = 0; i < firsts; i++) {
    const token: i32 = loadI32(firstList + (i << 2));
    if (isWeighted()) storeF64(first + (token << 3), 0.0);
    else storeI32(first + (token << 2), 0);
  }
  setWord(A.FIRST_LIVE, 0);
  clearPool();
  clearBatches();
}

/** Goes on with the chain that `save` left in generation m. */
export function resume(m: i32): void {
  openContext();
  openSet(ringSlot(m));
  live = word(A.LIVE);
  total = double(A.TOTAL);
}

export function save(): void {
  setWord(A.LIVE, live);
  setDouble(A.TOTAL, total);
}

function openSet(slot: i32): void {
  tokens = slotTokens(slot);
  counts = slotCounts(slot);
  live = slotLive(slot);
  total = slotTotal(slot);
}

/**
 * Whether generations after m are left out up to the next that is reported: a single token is drawn from itself, or a jump
 * leads there.
 */
export function skips(m: i32): bool {
  if (live == 1 && replaceFrom != 0 && m >= replaceFrom) return true;
  return jumps != 0 && loadI32(word(A.ADDR_JUMPS) + (word(A.REPORT_INDEX) << 2)) != 0;
}

/** Whether one token is left. */
export function hasCollapsed(): bool {
  return live == 1;
}

/** Generation m, the next after `before` that is made; returns its cost in look-ups. */
export function step(m: i32, before: i32): i32 {
  if (m > before + 1 && live > 1) return jumpStep(m, before);
  const replaces: bool = replaceFrom != 0 && m >= replaceFrom && total == replaceSize;
  const cost: i32 = replaces ? replaceStep() : isWeighted() ? weightedStep(m) : generalStep(m);
  if (pool == A.POOL_ALL) copyToPool(entry, ringSlot(m), m);
  return cost;
}

/** A generation from the blocks of its schedule. */
function generalStep(m: i32): i32 {
  const blocks: i32 = blockCount(m);
  for (let i: i32 = 0; i < blocks; i++) {
    const block: i32 = blockAt(m, i);
    const source: i32 = blockSource(block);
    const through: i32 = source > A.SOURCE_TRUTH ? blockThrough(block, m) : source;
    for (let k: i32 = source; k <= through; k++) drawBlock(entry, k, blockMode(block), m, blockSize(block));
  }
  const slot: i32 = ringSlot(m);
  if (m == 1) sortAdded(loadI32(entry + 4));
  collect(slot);
  openSet(slot);
  if (m == 1) rememberFirst();
  return (16 + (live << 2)) | 0;
}

/** As `generalStep`, where samples have weights or models have errors. */
function weightedStep(m: i32): i32 {
  const blocks: i32 = blockCount(m);
  for (let i: i32 = 0; i < blocks; i++) addBlock(entry, blockAt(m, i), m);
  const slot: i32 = ringSlot(m);
  collectMasses(slot);
  if (m == 1) rememberRealSet(slot);
  openSet(slot);
  if (errors != 0) openModel(m);
  if (m == 1) rememberFirst();
  return (16 + (live << 3)) | 0;
}

/** Makes the model of generation m, its error included, what is measured. */
function openModel(m: i32): void {
  total = modelShares(entry, ringSlot(m), m);
  tokens = modelTokens();
  counts = word(A.ADDR_WEIGHTS);
  live = modelSize();
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
    live = runRows(toI32(replaceSize), tokens, counts, drawn, before, 1, 0);
    setSlot(counts - 16, live, total);
    return cost;
  } else if (openRate(replaceSize, total)) {
    poissonised(replaceSize, counts, before, total, drawn, word(A.ADDR_SLOTS));
  } else {
    const weights: i32 = word(A.ADDR_WEIGHTS);
    for (let i: i32 = 0; i < before; i++) storeF64(weights + (i << 3), loadCount(counts + (i << 2)));
    conditionalBinomials(replaceSize, weights, before, total, drawn);
    cost = cost << 2;
  }
  live = settle(before);
  setSlot(counts - 16, live, total);
  return cost;
}

/**
 * Up to `most` generations after m at once, where nothing but the Simpson index is asked of them; `simpson`, if it is not 0, gets
 * that of each. Returns how many it has made: 0 where they are not drawn from rows.
 */
export function runOn(m: i32, most: i32, simpson: i32): i32 {
  if (replaceFrom == 0 || m < replaceFrom || live == 1 || total != replaceSize || pool == A.POOL_ALL) return 0;
  if (skips(m) || !usesRows(replaceSize, total) || isDirect(replaceSize, live)) return 0;
  live = runRows(toI32(replaceSize), tokens, counts, drawn, live, most, simpson);
  setSlot(counts - 16, live, total);
  return runLength();
}

/** Whether the Simpson index is all that is asked of a generation. */
export function recordsSimpson(asked: i32, metrics: i32): bool {
  return metrics == 1 && loadI32(asked) == 0 && !isWeighted();
}

/** Generation m from an earlier one: its ancestors in the generation after that are drawn from it, and grow. */
function jumpStep(m: i32, before: i32): i32 {
  const k: f64 = ancestors(replaceSize, (m - before - 1) | 0);
  drawModel(entry, before, k);
  const slot: i32 = ringSlot(m);
  collect(slot);
  openSet(slot);
  inherit(counts, live, k, drawn);
  total = replaceSize;
  settle(live);
  setSlot(slot, live, total);
  return toI32(40.0 * Math.sqrt(replaceSize));
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
    const count: f64 = countAt(counts, i);
    storeI32(list + (i << 2), token);
    if (isWeighted()) storeF64(first + (token << 3), count);
    else storeCount(first + (token << 2), count);
    squares += count * count;
  }
  setWord(A.FIRST_LIVE, live);
  setDouble(A.FIRST_TOTAL, total);
  setDouble(A.FIRST_SQUARES, squares);
}

/** Writes the metrics of generation m to `out`. */
export function record(m: i32, asked: i32, metrics: i32, out: i32): void {
  if (errors != 0) openModel(m); // the pool may have used its place
  for (let i: i32 = 0; i < metrics; i++) {
    const id: i32 = loadI32(asked + (i << 3));
    if (id == 0) {
      storeF64(out, simpson(counts, live, total));
    } else {
      storeF64(out, metric(id, loadI32(asked + (i << 3) + 4), headerAt(), entry, tokens, counts, live, total));
    }
    out += 8;
  }
}
