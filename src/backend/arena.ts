/** The arena of the WASM and JavaScript kernels (layout in assembly/layout.ts): its size, what goes in, what comes out. */
import * as A from '../generated/javascript/layout.js';
import { rowBits } from '../generated/javascript/poisson-rows.js';
import type { Job, Slice } from './job.js';
import type { Shape } from './kernel.js';
import { pools, tablesOf } from './tables.js';

const ROW_SCRATCH_BYTES = A.LARGEST_ROW * 16;

/** Bytes of the Poisson rows of means 1 ... largest: twelve a cell. */
function rowBytes(largest: number): number {
  let bytes = 0;
  for (let c = 1; c <= largest; c++) bytes += 12 << rowBits(c);
  return bytes;
}

type Region = readonly [word: number, bytes: number];

/** The regions behind the header, in order. */
function regions({ job, chainsPerSlice, outCapacity }: Shape): Region[] {
  const tokens = job.contexts.p.length;
  const contexts = job.contextCount;
  const capacity = largestContext(job);
  const blocks = job.program.generations.reduce((sum, list) => sum + list.length, 0);
  const slots = 4 * capacity;
  const pooled = job.program.pool === 'none' ? 0 : capacity;
  const countBytes = job.weighted ? 8 : 4;
  return [
    [A.ADDR_ROW_INDEX, job.rows > 0 ? (A.LARGEST_ROW + 1) << A.ROW_ENTRY_BITS : 0],
    [A.ADDR_SCRATCH, job.rows > 0 ? ROW_SCRATCH_BYTES : 0],
    [A.ADDR_ROW_FREE, rowBytes(job.rows)],
    [A.ADDR_PROGRAM, 8 * job.program.generations.length],
    [A.ADDR_BLOCKS, 24 * blocks],
    [A.ADDR_SIZES, 4 * job.sizes.length],
    [A.ADDR_CONTEXTS, 16 * contexts],
    [A.ADDR_TOKEN_IDS, 4 * tokens],
    [A.ADDR_P, 8 * tokens],
    [A.ADDR_LOG_P, 8 * tokens],
    [A.ADDR_SUFFIX, 8 * tokens],
    [A.ADDR_ALIAS_SHARE, 8 * tokens],
    [A.ADDR_ALIAS, 4 * tokens],
    [A.ADDR_RING, job.program.lookBack * (24 + (countBytes + 4) * job.ringCapacity)],
    [A.ADDR_ADDED, 4 * capacity],
    [A.ADDR_TOUCHED, 4 * capacity],
    [A.ADDR_FIRST, countBytes * capacity],
    [A.ADDR_FIRST_LIST, 4 * capacity],
    [A.ADDR_DRAW, 4 * capacity],
    [A.ADDR_WEIGHTS, 8 * capacity],
    [A.ADDR_PREFIX, 8 * capacity],
    [A.ADDR_SLOTS, 4 * slots],
    [A.ADDR_POOL, 8 * pooled],
    [A.ADDR_POOL_LIST, 4 * pooled],
    ...(job.weighted ? weightedRegions(job, capacity) : []),
    [A.ADDR_REPORT, 4 * (job.report?.length ?? 0)],
    [A.ADDR_METRICS, 4 * job.metrics.length],
    [A.ADDR_OUT, 8 * outCapacity],
    [A.ADDR_COLLAPSE, 4 * chainsPerSlice],
  ];
}

/** What a job with weights, kept batches or errors needs on top. */
function weightedRegions(job: Job, capacity: number): Region[] {
  const pooled = job.program.pool === 'none' ? 0 : capacity;
  const kept = keepsModels(job) ? job.program.lookBack : 0;
  const erring = job.errorSizes.length > 0;
  return [
    [A.ADDR_REAL_WEIGHTS, 8 * job.contextCount],
    [A.ADDR_ERROR_SIZES, 8 * job.errorSizes.length],
    [A.ADDR_ERROR_SHARES, 8 * job.errorShares.length],
    [A.ADDR_MASSES, 8 * capacity],
    [A.ADDR_MASS_LIST, 4 * capacity],
    [A.ADDR_MODEL_LIST, erring ? 4 * capacity : 0],
    [A.ADDR_POOL_REAL, 8 * pooled],
    [A.ADDR_BATCHES, kept * (8 + 8 * job.ringCapacity)],
    [A.ADDR_REAL_BATCH, 8 * capacity],
    [A.ADDR_REAL_LIST, 4 * capacity],
  ];
}

function keepsModels({ program }: Job): boolean {
  return program.generations.some((blocks) => blocks.some(({ source, mode }) => mode === 'kept' && source > 0));
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

function largestContext(job: Job): number {
  let most = 0;
  for (let j = 1; j < job.contexts.starts.length; j++) {
    most = Math.max(most, job.contexts.starts[j] - job.contexts.starts[j - 1]);
  }
  return most;
}

/** Bytes of memory that one thread needs for a job. */
export function arenaBytes(shape: Shape): number {
  return regions(shape).reduce((sum, [, bytes]) => sum + aligned(bytes), aligned(A.HEADER_BYTES));
}

/** A block of memory that a kernel works in; `base` is the arena's first byte. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly base: number;
}

/** Typed views of an arena by the header word that holds their address. */
function view({ buffer, base }: Memory) {
  const words = new Int32Array(buffer, base, A.HEADER_BYTES / 4);
  return {
    words,
    i32: (word: number, length: number) => new Int32Array(buffer, words[word], length),
    u32: (word: number, length: number) => new Uint32Array(buffer, words[word], length),
    f64: (word: number, length: number) => new Float64Array(buffer, words[word], length),
  };
}

/** Writes a job into an arena of `arenaBytes`. The Poisson rows are the kernel's to build. */
export function writeArena(memory: Memory, shape: Shape): void {
  const { job } = shape;
  const { words, i32, u32, f64 } = view(memory);
  words.fill(0);
  let at = memory.base + aligned(A.HEADER_BYTES);
  for (const [word, bytes] of regions(shape)) {
    words[word] = at;
    at += aligned(bytes);
  }
  const capacity = largestContext(job);
  words[A.SEED_LOW] = job.seed % 4294967296;
  words[A.SEED_HIGH] = Math.floor(job.seed / 4294967296);
  words[A.CONTEXTS] = job.contextCount;
  words[A.OUT_CAPACITY] = shape.outCapacity;
  words[A.LAST_GENERATION] = job.lastGeneration;
  words[A.UNTIL_COLLAPSE] = job.untilCollapse ? 1 : 0;
  words[A.REPORT_COUNT] = job.report?.length ?? 0;
  words[A.METRICS] = job.metrics.length / 2;
  words[A.PROGRAM_LENGTH] = job.program.generations.length;
  words[A.RING_SIZE] = job.program.lookBack;
  words[A.POOL] = pools.indexOf(job.program.pool);
  words[A.SIZE_SLOTS] = job.program.sizeSlots;
  words[A.RING_CAPACITY] = job.ringCapacity;
  words[A.RULE] = job.rule;
  words[A.FAMILY] = A.CATEGORICAL;
  words[A.WEIGHTED] = job.weighted ? 1 : 0;
  words[A.ERROR_COUNT] = job.errorSizes.length;
  words[A.KEPT] = job.weighted && keepsModels(job) ? 1 : 0;
  new Float64Array(memory.buffer, memory.base, A.HEADER_BYTES / 8)[A.RULE_PARAMETER / 2] = job.ruleParameter;
  u32(A.ADDR_SIZES, job.sizes.length).set(job.sizes);
  i32(A.ADDR_METRICS, job.metrics.length).set(job.metrics);
  if (job.report) i32(A.ADDR_REPORT, job.report.length).set(job.report);
  writeTables(memory, job);
  // The memory may be used: what the kernel expects to be zero between chains.
  u32(A.ADDR_ADDED, capacity).fill(0);
  u32(A.ADDR_FIRST, (job.weighted ? 2 : 1) * capacity).fill(0);
  if (job.program.pool !== 'none') f64(A.ADDR_POOL, capacity).fill(0);
  if (!job.weighted) return;
  f64(A.ADDR_REAL_WEIGHTS, job.contextCount).set(job.realWeights);
  f64(A.ADDR_ERROR_SIZES, job.errorSizes.length).set(job.errorSizes);
  f64(A.ADDR_ERROR_SHARES, job.errorShares.length).set(job.errorShares);
  f64(A.ADDR_MASSES, capacity).fill(0);
  if (job.program.pool !== 'none') f64(A.ADDR_POOL_REAL, capacity).fill(0);
}

function writeTables(memory: Memory, job: Job): void {
  const { i32, f64 } = view(memory);
  const { starts, tokens, p } = job.contexts;
  const { lines, blocks, blockWeights, logP, suffix, shares, aliases } = tablesOf(job);
  i32(A.ADDR_PROGRAM, lines.length).set(lines);
  const blockWords = i32(A.ADDR_BLOCKS, 6 * blockWeights.length);
  const blockDoubles = f64(A.ADDR_BLOCKS, 3 * blockWeights.length);
  blockWeights.forEach((weight, i) => {
    blockWords.set(blocks.subarray(4 * i, 4 * i + 4), 6 * i);
    blockDoubles[3 * i + 2] = weight;
  });
  i32(A.ADDR_TOKEN_IDS, tokens.length).set(tokens);
  i32(A.ADDR_ALIAS, tokens.length).set(aliases);
  f64(A.ADDR_P, p.length).set(p);
  f64(A.ADDR_LOG_P, p.length).set(logP);
  f64(A.ADDR_SUFFIX, p.length).set(suffix);
  f64(A.ADDR_ALIAS_SHARE, p.length).set(shares);
  const contexts = starts.length - 1;
  const table = i32(A.ADDR_CONTEXTS, 4 * contexts);
  const squares = f64(A.ADDR_CONTEXTS, 2 * contexts);
  for (let j = 0; j < contexts; j++) {
    const [start, end] = [starts[j], starts[j + 1]];
    table[4 * j] = start;
    table[4 * j + 1] = end - start;
    let sum = 0;
    for (let i = start; i < end; i++) sum += p[i] * p[i];
    squares[2 * j + 1] = sum;
  }
}

/** Points the arena at the first chain of a slice. */
export function writeSlice(memory: Memory, slice: Slice): void {
  const { words } = view(memory);
  const doubles = new Float64Array(memory.buffer, memory.base, A.HEADER_BYTES / 8);
  doubles[A.REPLICATE / 2] = slice.replicate;
  doubles[A.PROGRESS / 2] = 0;
  words[A.CONTEXT] = slice.context;
  words[A.CHAINS_LEFT] = slice.chains;
  words[A.GENERATION] = 0;
  words[A.CHAIN_INDEX] = 0;
  words[A.OUT_USED] = 0;
}

/** Takes what was written to the output since the last call. */
export function readOut(memory: Memory): Float64Array {
  const { words, f64 } = view(memory);
  const values = f64(A.ADDR_OUT, words[A.OUT_USED]).slice();
  words[A.OUT_USED] = 0;
  return values;
}

export function readCollapseTimes(memory: Memory): Uint32Array {
  const { words, u32 } = view(memory);
  return u32(A.ADDR_COLLAPSE, words[A.CHAIN_INDEX]).slice();
}

export function readProgress({ buffer, base }: Memory): number {
  return new Float64Array(buffer, base, A.HEADER_BYTES / 8)[A.PROGRESS / 2];
}
