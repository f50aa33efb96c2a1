/** The arena of the WASM and JavaScript kernels (layout in assembly/layout.ts): its size, what goes in, what comes out. */
import * as A from '../generated/javascript/layout.js';
import { categoricalRegions, writeCategorical } from './arena-categorical.js';
import { gaussianRegions, writeGaussian } from './arena-gaussian.js';
import { regressionRegions, writeRegression } from './arena-regression.js';
import { type Memory, type Region, view } from './arena-view.js';
import { takeRoom } from './buffers.js';
import type { LoopJob, SampledJob, Slice } from './job.js';
import { loopShape, type Shape } from './kernel.js';
import { ngramArenaBytes } from './ngram-arena.js';
import { pools, programTables } from './tables.js';

export type { Memory } from './arena-view.js';

function familyRegions(job: SampledJob): Region[] {
  if (job.family === 'gaussian') return gaussianRegions(job);
  return job.family === 'regression' ? regressionRegions(job) : categoricalRegions(job);
}

/** The regions behind the header, in order. */
function regions(shape: Shape): Region[] {
  const { job, chainsPerSlice, outCapacity } = loopShape(shape);
  const blocks = job.program.generations.reduce((sum, list) => sum + list.length, 0);
  return [
    ...familyRegions(job),
    [A.ADDR_PROGRAM, 8 * job.program.generations.length],
    [A.ADDR_BLOCKS, 24 * blocks],
    [A.ADDR_SIZES, 4 * job.sizes.length],
    [A.ADDR_REPORT, 4 * (job.report?.length ?? 0)],
    [A.ADDR_METRICS, 4 * job.metrics.length],
    [A.ADDR_OUT, 8 * outCapacity],
    [A.ADDR_COLLAPSE, 4 * chainsPerSlice],
  ];
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

/** Bytes of memory that one thread needs for a job. */
export function arenaBytes(shape: Shape): number {
  if (shape.job.family === 'ngram') return ngramArenaBytes({ job: shape.job.ngram, outCapacity: shape.outCapacity });
  return regions(shape).reduce((sum, [, bytes]) => sum + aligned(bytes), aligned(A.HEADER_BYTES));
}

/**
 * Writes a job into an arena of `arenaBytes`, in memory that is new (zeros) or held a job before. Tables that are the
 * kernel's to build are not built.
 */
export function writeArena(memory: Memory, shape: Shape): void {
  const { words } = view(memory);
  const built = { ready: words[A.ROWS_READY] === 1, poisson: words[A.ROWS_BUILT], binomialsEnd: words[A.ADDR_BINOMIAL_FREE] };
  words.fill(0);
  let at = memory.base + aligned(A.HEADER_BYTES);
  for (const [word, bytes] of regions(shape)) {
    words[word] = at;
    at += aligned(bytes);
  }
  words[A.OUT_CAPACITY] = shape.outCapacity;
  const { job } = loopShape(shape);
  writeLoop(memory, job);
  if (job.family === 'gaussian') writeGaussian(memory, job);
  else if (job.family === 'regression') writeRegression(memory, job);
  else writeCategorical(memory, job, built);
}

/** What the loop needs, whatever the family. */
function writeLoop(memory: Memory, job: LoopJob): void {
  const { words, i32, u32, f64 } = view(memory);
  words[A.SEED_LOW] = job.seed % 4294967296;
  words[A.SEED_HIGH] = Math.floor(job.seed / 4294967296);
  words[A.CONTEXTS] = job.contextCount;
  words[A.LAST_GENERATION] = job.lastGeneration;
  words[A.UNTIL_COLLAPSE] = job.untilCollapse ? 1 : 0;
  words[A.REPORT_COUNT] = job.report?.length ?? 0;
  words[A.METRICS] = job.metrics.length / 2;
  words[A.PROGRAM_LENGTH] = job.program.generations.length;
  words[A.RING_SIZE] = job.program.lookBack;
  words[A.POOL] = pools.indexOf(job.program.pool);
  words[A.SIZE_SLOTS] = job.program.sizeSlots;
  u32(A.ADDR_SIZES, job.sizes.length).set(job.sizes);
  i32(A.ADDR_METRICS, job.metrics.length).set(job.metrics);
  if (job.report) i32(A.ADDR_REPORT, job.report.length).set(job.report);
  const { lines, blocks, blockWeights } = programTables(job.program);
  i32(A.ADDR_PROGRAM, lines.length).set(lines);
  const blockWords = i32(A.ADDR_BLOCKS, 6 * blockWeights.length);
  const blockDoubles = f64(A.ADDR_BLOCKS, 3 * blockWeights.length);
  blockWeights.forEach((weight, i) => {
    blockWords.set(blocks.subarray(4 * i, 4 * i + 4), 6 * i);
    blockDoubles[3 * i + 2] = weight;
  });
}

/** Points the arena at the first chain of a slice. */
export function writeSlice(memory: Memory, slice: Slice): void {
  const { words, doubles } = view(memory);
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
  const values = takeRoom(words[A.OUT_USED]);
  values.set(f64(A.ADDR_OUT, words[A.OUT_USED]));
  words[A.OUT_USED] = 0;
  return values;
}

export function readCollapseTimes(memory: Memory): Uint32Array {
  const { words, u32 } = view(memory);
  return u32(A.ADDR_COLLAPSE, words[A.CHAIN_INDEX]).slice();
}

export function readProgress(memory: Memory): number {
  return view(memory).doubles[A.PROGRESS / 2];
}
