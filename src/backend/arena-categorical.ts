/** The categorical family's part of the arena. */
import { mostSparse, recordWords } from '../generated/javascript/ancestors.js';
import { binomialBytes } from '../generated/javascript/binomial-rows.js';
import * as A from '../generated/javascript/layout.js';
import { MOST_BALLS } from '../generated/javascript/occupancy.js';
import { poissonBits, ROWS_BYTES } from '../generated/javascript/poisson-rows.js';
import { RATE_ROWS, rateRowCount } from '../generated/javascript/rate-rows.js';
import { aliasColumns } from './alias.js';
import { type Memory, type Region, view } from './arena-view.js';
import { type CategoricalJob, keepsModels } from './job.js';
import { contextTables } from './tables.js';

const ROW_SCRATCH_BYTES = A.MOST_COLUMNS * 16;
const BINOMIAL_INDEX_BYTES = 4 * (A.LARGEST_ROW + 1);
/** Room for binomial rows, so that jobs find those of the jobs before. */
const LEAST_BINOMIAL_BYTES = 2 ** 21;

/** Bytes of the binomial rows of all sizes that a job has. */
function binomialRoom({ usesRows, sizes }: CategoricalJob): number {
  if (!usesRows) return 0;
  let bytes = 0;
  for (const n of new Set(sizes)) if (n <= A.LARGEST_ROW) bytes += binomialBytes(n);
  return Math.max(LEAST_BINOMIAL_BYTES, bytes);
}

/** Bytes of a job's Poisson rows at rates: six a column. */
function rateBytes({ rates, largestTotal }: CategoricalJob): number {
  let bytes = 0;
  for (const rate of rates) {
    for (let place = 1; place < RATE_ROWS; place++) {
      const c = rateRowCount(place);
      if (c <= largestTotal) bytes += 6 << poissonBits(rate * c);
    }
  }
  return bytes;
}

export function categoricalRegions(job: CategoricalJob): Region[] {
  const tokens = job.contexts.p.length;
  const capacity = largestContext(job);
  const pooled = job.program.pool === 'none' ? 0 : capacity;
  const countBytes = job.weighted ? 8 : 4;
  return [
    // First, and as large as can be, so that the next job finds what is built.
    [A.ADDR_ROWS, job.usesRows ? ROWS_BYTES : 0],
    [A.ADDR_BINOMIAL_INDEX, job.usesRows ? BINOMIAL_INDEX_BYTES : 0],
    [A.ADDR_BINOMIALS, binomialRoom(job)],
    [A.ADDR_SCRATCH, job.usesRows || job.rates.length > 0 ? ROW_SCRATCH_BYTES : 0],
    [A.ADDR_RATES, 8 * job.rates.length],
    [A.ADDR_RATE_INDEX, (job.rates.length * RATE_ROWS) << A.ROW_ENTRY_BITS],
    [A.ADDR_RATE_FREE, rateBytes(job)],
    [A.ADDR_CONTEXTS, 16 * job.contextCount],
    [A.ADDR_TOKEN_IDS, 4 * tokens],
    [A.ADDR_P, 8 * tokens],
    [A.ADDR_LOG_P, 8 * tokens],
    [A.ADDR_SUFFIX, 8 * tokens],
    [A.ADDR_CELLS, 8 * columnsOf(job)],
    [A.ADDR_CELL_STARTS, 4 * (job.contextCount + 1)],
    [A.ADDR_RING, job.program.lookBack * (24 + (countBytes + 4) * job.ringCapacity)],
    [A.ADDR_ADDED, 4 * capacity],
    [A.ADDR_TOUCHED, 4 * capacity],
    [A.ADDR_FIRST, countBytes * capacity],
    [A.ADDR_FIRST_LIST, 4 * capacity],
    [A.ADDR_DRAW, 4 * capacity],
    [A.ADDR_WEIGHTS, 8 * capacity],
    [A.ADDR_PREFIX, 8 * capacity],
    [A.ADDR_SLOTS, 16 * capacity],
    [A.ADDR_POOL, 8 * pooled],
    [A.ADDR_POOL_LIST, 4 * pooled],
    ...(job.weighted ? weightedRegions(job, capacity, pooled) : []),
    ...(job.jumps.length > 0 ? jumpRegions(job) : []),
  ];
}

/** What a job with weights, kept batches or errors needs on top. */
function weightedRegions(job: CategoricalJob, capacity: number, pooled: number): Region[] {
  return [
    [A.ADDR_REAL_WEIGHTS, 8 * job.contextCount],
    [A.ADDR_ERROR_SIZES, 8 * job.errorSizes.length],
    [A.ADDR_ERROR_SHARES, 8 * job.errorShares.length],
    [A.ADDR_MASSES, 8 * capacity],
    [A.ADDR_MASS_LIST, 4 * capacity],
    [A.ADDR_MODEL_LIST, job.errorSizes.length > 0 ? 4 * capacity : 0],
    [A.ADDR_POOL_REAL, 8 * pooled],
    [A.ADDR_BATCHES, keepsModels(job) ? job.program.lookBack * (8 + 8 * job.ringCapacity) : 0],
    [A.ADDR_REAL_BATCH, 8 * capacity],
    [A.ADDR_REAL_LIST, 4 * capacity],
  ];
}

function jumpRegions({ jumps, sizes }: CategoricalJob): Region[] {
  const n = sizes.reduce((most, size) => Math.max(most, size), 0);
  const sparse = mostSparse(n) + 1;
  return [
    [A.ADDR_JUMPS, 4 * jumps.length],
    [A.ADDR_HAZARD, 8 * sparse],
    [A.ADDR_ANCESTRY, 4 * (recordWords(n) + sparse + MOST_BALLS)],
    [A.ADDR_OCCUPANCY, 8 * MOST_BALLS],
  ];
}

/** Columns of the contexts' alias tables. */
function columnsOf({ contexts: { starts } }: CategoricalJob): number {
  let columns = 0;
  for (let j = 1; j < starts.length; j++) columns += aliasColumns(starts[j] - starts[j - 1]);
  return columns;
}

export function largestContext({ contexts: { starts } }: CategoricalJob): number {
  let most = 0;
  for (let j = 1; j < starts.length; j++) most = Math.max(most, starts[j] - starts[j - 1]);
  return most;
}

/** What the job before has left at the beginning of an arena. */
export interface BuiltRows {
  /** Whether there are tables of Poisson rows. */
  ready: boolean;
  /** The largest mean with a row. */
  poisson: number;
  /** Where binomial rows end. */
  binomialsEnd: number;
}

/** @param built read before the arena was laid out for this job */
export function writeCategorical(memory: Memory, job: CategoricalJob, built: BuiltRows): void {
  const { words, doubles, i32, u32, f64 } = view(memory);
  const capacity = largestContext(job);
  const pooled = job.program.pool !== 'none';
  words[A.FAMILY] = A.CATEGORICAL;
  words[A.RING_CAPACITY] = job.ringCapacity;
  words[A.RULE] = job.rule;
  doubles[A.RULE_PARAMETER / 2] = job.ruleParameter;
  words[A.WEIGHTED] = job.weighted ? 1 : 0;
  words[A.ERROR_COUNT] = job.errorSizes.length;
  words[A.KEPT] = job.weighted && keepsModels(job) ? 1 : 0;
  words[A.JUMPS] = job.jumps.length > 0 ? 1 : 0;
  if (job.jumps.length > 0) i32(A.ADDR_JUMPS, job.jumps.length).set(job.jumps);
  writeContexts(memory, job);
  words[A.RATE_COUNT] = job.rates.length;
  f64(A.ADDR_RATES, job.rates.length).set(job.rates);
  // The memory may be used: rows that are not built, and what the kernel expects to be zero between chains.
  if (job.usesRows) writeRows(memory, job, built);
  u32(A.ADDR_RATE_INDEX, (job.rates.length * RATE_ROWS) << (A.ROW_ENTRY_BITS - 2)).fill(0);
  u32(A.ADDR_ADDED, capacity).fill(0);
  u32(A.ADDR_FIRST, (job.weighted ? 2 : 1) * capacity).fill(0);
  if (pooled) f64(A.ADDR_POOL, capacity).fill(0);
  if (!job.weighted) return;
  f64(A.ADDR_REAL_WEIGHTS, job.contextCount).set(job.realWeights);
  f64(A.ADDR_ERROR_SIZES, job.errorSizes.length).set(job.errorSizes);
  f64(A.ADDR_ERROR_SHARES, job.errorShares.length).set(job.errorShares);
  f64(A.ADDR_MASSES, capacity).fill(0);
  if (pooled) f64(A.ADDR_POOL_REAL, capacity).fill(0);
}

/** Rows that are built already stay; row 0 is empty. */
function writeRows(memory: Memory, job: CategoricalJob, built: BuiltRows): void {
  const { words, u32 } = view(memory);
  words[A.ROWS_BUILT] = built.poisson;
  const room = binomialRoom(job);
  words[A.BINOMIAL_BYTES] = room;
  words[A.ADDR_BINOMIAL_FREE] = words[A.ADDR_BINOMIALS];
  words[A.ROWS_READY] = 1;
  if (!built.ready) u32(A.ADDR_ROWS, ROWS_BYTES / 4).fill(0);
  if (built.ready && built.binomialsEnd <= words[A.ADDR_BINOMIALS] + room) words[A.ADDR_BINOMIAL_FREE] = built.binomialsEnd;
  else u32(A.ADDR_BINOMIAL_INDEX, BINOMIAL_INDEX_BYTES / 4).fill(0);
}

function writeContexts(memory: Memory, job: CategoricalJob): void {
  const { i32, u32, f64 } = view(memory);
  const { starts, tokens, p } = job.contexts;
  const { logP, suffix, cells, cellStarts } = contextTables(job.contexts);
  i32(A.ADDR_TOKEN_IDS, tokens.length).set(tokens);
  u32(A.ADDR_CELLS, cells.length).set(cells);
  i32(A.ADDR_CELL_STARTS, cellStarts.length).set(cellStarts);
  f64(A.ADDR_P, p.length).set(p);
  f64(A.ADDR_LOG_P, p.length).set(logP);
  f64(A.ADDR_SUFFIX, p.length).set(suffix);
  const table = i32(A.ADDR_CONTEXTS, 4 * job.contextCount);
  const squares = f64(A.ADDR_CONTEXTS, 2 * job.contextCount);
  for (let j = 0; j < job.contextCount; j++) {
    const [start, end] = [starts[j], starts[j + 1]];
    table[4 * j] = start;
    table[4 * j + 1] = end - start;
    let sum = 0;
    for (let i = start; i < end; i++) sum += p[i] * p[i];
    squares[2 * j + 1] = sum;
  }
}
