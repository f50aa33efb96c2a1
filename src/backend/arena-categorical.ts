/** The categorical family's part of the arena. */
import { mostSparse, recordWords } from '../generated/javascript/ancestors.js';
import * as A from '../generated/javascript/layout.js';
import { MOST_BALLS } from '../generated/javascript/occupancy.js';
import { rowBits } from '../generated/javascript/poisson-rows.js';
import { RATE_ROWS, rateRowCount } from '../generated/javascript/rate-rows.js';
import { type Memory, type Region, view } from './arena-view.js';
import { type CategoricalJob, keepsModels } from './job.js';
import { contextTables } from './tables.js';

const ROW_SCRATCH_BYTES = A.MOST_CELLS * 16;

const ROW_INDEX_BYTES = (A.LARGEST_ROW + 1) << A.ROW_ENTRY_BITS;
/** Bytes of all Poisson rows of integer means, twelve a cell. */
const ROW_BYTES = Array.from({ length: A.LARGEST_ROW }, (_, i) => 12 << rowBits(i + 1)).reduce((sum, bytes) => sum + bytes);

/** Bytes of a job's Poisson rows at rates: eight a cell. */
function rateBytes({ rates, largestTotal }: CategoricalJob): number {
  let bytes = 0;
  for (const rate of rates) {
    for (let place = 1; place < RATE_ROWS; place++) {
      const c = rateRowCount(place);
      if (c <= largestTotal) bytes += 8 << rowBits(rate * c);
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
    [A.ADDR_ROW_INDEX, job.usesRows ? ROW_INDEX_BYTES : 0],
    [A.ADDR_ROW_FREE, job.usesRows ? ROW_BYTES : 0],
    [A.ADDR_SCRATCH, job.usesRows || job.rates.length > 0 ? ROW_SCRATCH_BYTES : 0],
    [A.ADDR_RATES, 8 * job.rates.length],
    [A.ADDR_RATE_INDEX, (job.rates.length * RATE_ROWS) << A.ROW_ENTRY_BITS],
    [A.ADDR_RATE_FREE, rateBytes(job)],
    [A.ADDR_CONTEXTS, 16 * job.contextCount],
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

export function largestContext({ contexts: { starts } }: CategoricalJob): number {
  let most = 0;
  for (let j = 1; j < starts.length; j++) most = Math.max(most, starts[j] - starts[j - 1]);
  return most;
}

/** @param builtRows where the Poisson rows end that the job before has built here; 0: there are none */
export function writeCategorical(memory: Memory, job: CategoricalJob, builtRows: number): void {
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
  if (!job.usesRows) words[A.ADDR_ROW_FREE] = 0;
  else if (builtRows > 0) words[A.ADDR_ROW_FREE] = builtRows;
  else u32(A.ADDR_ROW_INDEX, ROW_INDEX_BYTES / 4).fill(0);
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

function writeContexts(memory: Memory, job: CategoricalJob): void {
  const { i32, f64 } = view(memory);
  const { starts, tokens, p } = job.contexts;
  const { logP, suffix, shares, aliases } = contextTables(job.contexts);
  i32(A.ADDR_TOKEN_IDS, tokens.length).set(tokens);
  i32(A.ADDR_ALIAS, tokens.length).set(aliases);
  f64(A.ADDR_P, p.length).set(p);
  f64(A.ADDR_LOG_P, p.length).set(logP);
  f64(A.ADDR_SUFFIX, p.length).set(suffix);
  f64(A.ADDR_ALIAS_SHARE, p.length).set(shares);
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
