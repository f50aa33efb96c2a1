/** The state of a categorical chain; the twin of native/categorical-state.cc. */
import * as A from '../generated/javascript/layout.js';
import { largestContext } from './arena-categorical.js';
import { type Memory, view } from './arena-view.js';
import type { CategoricalJob } from './job.js';
import type { ChainState } from './state.js';

export function transferCategorical(memory: Memory, job: CategoricalJob, state: ChainState): void {
  const { words, f64, u32 } = view(memory);
  const { weighted } = job;
  const capacity = largestContext(job);
  const pooled = words[A.POOL] !== A.POOL_NONE;
  if (state.restores) {
    // What the chain before has left.
    u32(A.ADDR_FIRST, (weighted ? 2 : 1) * capacity).fill(0);
    if (pooled) f64(A.ADDR_POOL, capacity).fill(0);
    if (pooled && weighted) f64(A.ADDR_POOL_REAL, capacity).fill(0);
  }
  /** A list of tokens with its length in a word of the header, and what tables hold of each. */
  const list = (length: number, tokens: number, tables: readonly number[], wide: boolean) => {
    words[length] = state.count(words[length], capacity);
    state.copy(words[tokens], 4 * words[length]);
    for (const table of tables) state.entries(words[tokens], words[length], words[table], capacity, wide);
  };
  state.word(A.LIVE);
  const generation = words[A.GENERATION];
  const oldest = Math.max(1, generation - words[A.RING_SIZE] + 1);
  for (let m = oldest; m <= generation; m++) transferSet(memory, job, state, m);
  state.double(A.FIRST_TOTAL);
  state.double(A.FIRST_SQUARES);
  list(A.FIRST_LIVE, A.ADDR_FIRST_LIST, [A.ADDR_FIRST], weighted);
  if (pooled) {
    state.double(A.POOL_TOTAL);
    list(A.POOL_LIVE, A.ADDR_POOL_LIST, [A.ADDR_POOL, ...(weighted ? [A.ADDR_POOL_REAL] : [])], true);
  }
  if (!weighted) return;
  list(A.REAL_LIVE, A.ADDR_REAL_LIST, [A.ADDR_REAL_BATCH], true);
  for (let m = oldest; m <= generation; m++) transferBatch(memory, state, m);
}

/** A training set of the ring (assembly/sets.ts): live tokens, total, counts or weights, tokens. */
function transferSet(memory: Memory, { weighted }: CategoricalJob, state: ChainState, m: number): void {
  const { words, doubles } = view(memory);
  const capacity = words[A.RING_CAPACITY];
  const bytes = weighted ? 8 : 4;
  const slot = words[A.ADDR_RING] + (m % words[A.RING_SIZE]) * ((16 + (bytes + 4) * capacity + 7) & -8);
  const live = new Int32Array(memory.buffer, slot, 1);
  state.copy(slot + 8, 8);
  live[0] = state.count(live[0], capacity);
  state.copy(slot + 16 + bytes * capacity, 4 * live[0]);
  state.copy(slot + 16, bytes * live[0]);
  doubles[A.TOTAL / 2] = new Float64Array(memory.buffer, slot + 8, 1)[0];
}

/** The batch of a model, where it has been drawn: its generation, length, tokens, counts. */
function transferBatch(memory: Memory, state: ChainState, m: number): void {
  const { words } = view(memory);
  const capacity = words[A.RING_CAPACITY];
  if (words[A.KEPT] === 0) {
    state.flag(false);
    return;
  }
  const batch = words[A.ADDR_BATCHES] + (m % words[A.RING_SIZE]) * (8 + 8 * capacity);
  const head = new Int32Array(memory.buffer, batch, 2);
  head[0] = state.flag(head[0] === m) ? m : 0;
  if (head[0] === 0) return;
  head[1] = state.count(head[1], capacity);
  state.copy(batch + 8, 4 * head[1]);
  state.copy(batch + 8 + 4 * capacity, 4 * head[1]);
}
