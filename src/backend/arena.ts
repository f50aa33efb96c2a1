/** Sizes and fills a kernel's arena (layout in assembly/layout.ts) for a job. */
import * as A from '../generated/javascript/layout.js';
import { log } from '../generated/javascript/math.js';
import { rowBits } from '../generated/javascript/poisson-rows.js';
import { aliasTable } from './alias.js';
import type { Job, Slice } from './job.js';
import type { Kernel } from './kernel.js';

const ROW_SCRATCH_BYTES = A.LARGEST_ROW * 16;

/** Bytes of the Poisson rows of means 1 ... largest: twelve a cell. */
function rowBytes(largest: number): number {
  let bytes = 0;
  for (let c = 1; c <= largest; c++) bytes += 12 << rowBits(c);
  return bytes;
}

export interface Shape {
  job: Job;
  chainsPerSlice: number;
  outCapacity: number;
}

type Region = readonly [word: number, bytes: number];

/** The regions behind the header, in order. Row tables come first, so that their place does not depend on the job. */
function regions({ job, chainsPerSlice, outCapacity }: Shape): Region[] {
  const tokens = job.contexts.p.length;
  const contexts = job.contexts.starts.length - 1;
  const capacity = largestContext(job);
  const blocks = job.program.generations.reduce((sum, list) => sum + list.length, 0);
  const slots = 4 * capacity;
  const mix = job.program.usesMixture ? capacity : 0;
  return [
    [A.ADDR_ROW_INDEX, job.rows > 0 ? (A.LARGEST_ROW + 1) * A.ROW_ENTRY : 0],
    [A.ADDR_SCRATCH, job.rows > 0 ? ROW_SCRATCH_BYTES : 0],
    [A.ADDR_ROW_FREE, rowBytes(job.rows)],
    [A.ADDR_PROGRAM, 8 * job.program.generations.length],
    [A.ADDR_BLOCKS, 12 * blocks],
    [A.ADDR_SIZES, 4 * job.sizes.length],
    [A.ADDR_CONTEXTS, 16 * contexts],
    [A.ADDR_TOKEN_IDS, 4 * tokens],
    [A.ADDR_P, 8 * tokens],
    [A.ADDR_LOG_P, 8 * tokens],
    [A.ADDR_SUFFIX, 8 * tokens],
    [A.ADDR_ALIAS_SHARE, 8 * tokens],
    [A.ADDR_ALIAS, 4 * tokens],
    [A.ADDR_RING, job.program.lookBack * (16 + 8 * job.ringCapacity)],
    [A.ADDR_ADDED, 4 * capacity],
    [A.ADDR_TOUCHED, 4 * capacity],
    [A.ADDR_FIRST, 4 * capacity],
    [A.ADDR_FIRST_LIST, 4 * capacity],
    [A.ADDR_DRAW, 4 * capacity],
    [A.ADDR_WEIGHTS, 8 * capacity],
    [A.ADDR_PREFIX, 8 * capacity],
    [A.ADDR_SLOTS, 4 * slots],
    [A.ADDR_MIX, 8 * mix],
    [A.ADDR_MIX_LIST, 4 * mix],
    [A.ADDR_REPORT, 4 * (job.report?.length ?? 0)],
    [A.ADDR_METRICS, 4 * job.metrics.length],
    [A.ADDR_OUT, 8 * outCapacity],
    [A.ADDR_COLLAPSE, 4 * chainsPerSlice],
  ];
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

/** Typed views of a kernel's memory by address. */
function view(kernel: Kernel) {
  const { memory, base } = kernel;
  const words = new Int32Array(memory, base, A.HEADER_BYTES / 4);
  return {
    words,
    i32: (word: number, length: number) => new Int32Array(memory, words[word], length),
    u32: (word: number, length: number) => new Uint32Array(memory, words[word], length),
    f64: (word: number, length: number) => new Float64Array(memory, words[word], length),
  };
}

/** Reserves the arena and writes the job into it. */
export function openArena(kernel: Kernel, shape: Shape): void {
  const { job } = shape;
  kernel.reserve(arenaBytes(shape));
  const { words, i32, u32, f64 } = view(kernel);
  words.fill(0);
  let at = kernel.base + aligned(A.HEADER_BYTES);
  for (const [word, bytes] of regions(shape)) {
    words[word] = at;
    at += aligned(bytes);
  }
  words[A.SEED_LOW] = job.seed % 4294967296;
  words[A.SEED_HIGH] = Math.floor(job.seed / 4294967296);
  words[A.CONTEXTS] = job.contexts.starts.length - 1;
  words[A.CAPACITY] = largestContext(job);
  words[A.OUT_CAPACITY] = shape.outCapacity;
  words[A.LAST_GENERATION] = job.lastGeneration;
  words[A.UNTIL_COLLAPSE] = job.untilCollapse ? 1 : 0;
  words[A.REPORT_COUNT] = job.report?.length ?? 0;
  words[A.METRICS] = job.metrics.length / 2;
  words[A.PROGRAM_LENGTH] = job.program.generations.length;
  words[A.RING_SIZE] = job.program.lookBack;
  words[A.USES_MIXTURE] = job.program.usesMixture ? 1 : 0;
  words[A.SIZE_SLOTS] = job.program.sizeSlots;
  words[A.RING_CAPACITY] = job.ringCapacity;
  u32(A.ADDR_SIZES, job.sizes.length).set(job.sizes);
  i32(A.ADDR_METRICS, job.metrics.length).set(job.metrics);
  if (job.report) i32(A.ADDR_REPORT, job.report.length).set(job.report);
  // Memory may be used: what the kernel expects to be zero between chains.
  const capacity = words[A.CAPACITY];
  u32(A.ADDR_ADDED, capacity).fill(0);
  u32(A.ADDR_FIRST, capacity).fill(0);
  if (job.program.usesMixture) f64(A.ADDR_MIX, capacity).fill(0);
  writeProgram(job, i32);
  writeContexts(job, i32, f64);
  if (job.rows > 0) kernel.buildRows(job.rows);
}

type Ints = (word: number, length: number) => Int32Array;
type Doubles = (word: number, length: number) => Float64Array;

function writeProgram(job: Job, i32: Ints): void {
  const { generations } = job.program;
  const lines = i32(A.ADDR_PROGRAM, 2 * generations.length);
  const blocks = i32(A.ADDR_BLOCKS, 3 * generations.reduce((sum, list) => sum + list.length, 0));
  let next = 0;
  generations.forEach((list, m) => {
    lines[2 * m] = next;
    lines[2 * m + 1] = list.length;
    for (const { source, size, fixed } of list) blocks.set([source, size, fixed ? 1 : 0], 3 * next++);
  });
}

function writeContexts({ contexts: { starts, tokens, p } }: Job, i32: Ints, f64: Doubles): void {
  const n = p.length;
  i32(A.ADDR_TOKEN_IDS, n).set(tokens);
  f64(A.ADDR_P, n).set(p);
  const logs = f64(A.ADDR_LOG_P, n);
  for (let i = 0; i < n; i++) logs[i] = log(p[i]);
  const contexts = starts.length - 1;
  const table = i32(A.ADDR_CONTEXTS, 4 * contexts);
  const squares = f64(A.ADDR_CONTEXTS, 2 * contexts);
  const suffix = f64(A.ADDR_SUFFIX, n);
  const shares = f64(A.ADDR_ALIAS_SHARE, n);
  const aliases = i32(A.ADDR_ALIAS, n);
  for (let j = 0; j < contexts; j++) {
    const [start, end] = [starts[j], starts[j + 1]];
    table[4 * j] = start;
    table[4 * j + 1] = end - start;
    let sum = 0;
    for (let i = start; i < end; i++) sum += p[i] * p[i];
    squares[2 * j + 1] = sum;
    let mass = 0;
    for (let i = end - 1; i >= start; i--) suffix[i] = mass += p[i];
    aliasTable(p.subarray(start, end), shares.subarray(start, end), aliases.subarray(start, end));
  }
}

/** Points the arena at the first chain of a slice. */
export function openSlice(kernel: Kernel, slice: Slice): void {
  const { words } = view(kernel);
  const doubles = new Float64Array(kernel.memory, kernel.base, A.HEADER_BYTES / 8);
  doubles[A.REPLICATE / 2] = slice.replicate;
  doubles[A.PROGRESS / 2] = 0;
  words[A.CONTEXT] = slice.context;
  words[A.CHAINS_LEFT] = slice.chains;
  words[A.GENERATION] = 0;
  words[A.CHAIN_INDEX] = 0;
  words[A.OUT_USED] = 0;
  words[A.CANCEL] = 0;
}

/** Takes what was written to the output since the last call. */
export function drain(kernel: Kernel): Float64Array {
  const { words, f64 } = view(kernel);
  const values = f64(A.ADDR_OUT, words[A.OUT_USED]).slice();
  words[A.OUT_USED] = 0;
  return values;
}

/** Collapse times of the slice's chains. */
export function collapseTimes(kernel: Kernel, chains: number): Uint32Array {
  return view(kernel).u32(A.ADDR_COLLAPSE, chains).slice();
}

/** Generations simulated in this slice so far. */
export function progressOf(kernel: Kernel): number {
  return new Float64Array(kernel.memory, kernel.base, A.HEADER_BYTES / 8)[A.PROGRESS / 2];
}

export function cancel(kernel: Kernel): void {
  view(kernel).words[A.CANCEL] = 1;
}
