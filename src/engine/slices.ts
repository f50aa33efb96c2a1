/** Cuts a run into slices: consecutive chains that one thread simulates in one go. */
import { type Slice, sliceAfter } from '../backend/job.js';
import type { SavedSlice } from './checkpoints.js';
import type { SliceTask } from './pool.js';

/** Replicates whose raw results are hashed together (docs of the digest: README). */
export const BLOCK_REPLICATES = 1024;
/** About as many values as a slice may return. */
const SLICE_VALUES = 1 << 20;
/** Values the kernel writes before it hands them over. */
const LARGEST_OUT = 1 << 18;
/** A guess where the number of generations is open. */
const OPEN_ROWS = 1000;
/** Slices per thread, so that no thread waits long for the others. */
const SLICES_PER_THREAD = 4;

export interface Plan {
  chainsPerSlice: number;
  outCapacity: number;
}

export function planSlices(replicates: number, contexts: number, rows: number | undefined, metrics: number, threads: number): Plan {
  const perChain = (rows ?? OPEN_ROWS) * metrics;
  const fair = threads === 1 ? Number.POSITIVE_INFINITY : Math.ceil((replicates * contexts) / (threads * SLICES_PER_THREAD));
  const block = Math.min(replicates, BLOCK_REPLICATES) * contexts;
  const chainsPerSlice = Math.max(1, Math.min(Math.floor(SLICE_VALUES / perChain), fair, block));
  const outCapacity = Math.max(metrics, Math.min(chainsPerSlice * perChain, LARGEST_OUT));
  return { chainsPerSlice, outCapacity };
}

/** How many blocks a number of replicates makes. */
export function blockCount(replicates: number): number {
  return Math.ceil(replicates / BLOCK_REPLICATES);
}

/** The slices of a run in order; none crosses a block of replicates. */
export function* slices(
  replicates: number,
  contexts: number,
  chainsPerSlice: number,
  saved: readonly SavedSlice[] = [],
): Generator<SliceTask> {
  for (let block = 0; block < blockCount(replicates); block++) {
    yield* blockSlices(block, replicates, contexts, chainsPerSlice, saved);
  }
}

/** The slices of one block in order; the last block may be smaller than the others. What was saved of it is gone on with. */
export function* blockSlices(
  block: number,
  replicates: number,
  contexts: number,
  chainsPerSlice: number,
  saved: readonly SavedSlice[] = [],
): Generator<SliceTask> {
  const first = block * BLOCK_REPLICATES;
  const chains = Math.min(BLOCK_REPLICATES, replicates - first) * contexts;
  const whole: Slice = { replicate: first, context: 0, chains };
  const found = saved.filter((entry) => entry.block === block).sort((a, b) => a.first - b.first || b.chains - a.chains);
  let at = 0;
  const upTo = function* (end: number): Generator<SliceTask> {
    for (; at < end; at += chainsPerSlice) yield { slice: part(whole, at, Math.min(chainsPerSlice, end - at), contexts) };
    at = end;
  };
  for (const { first: start, chains: done, generation, read } of found) {
    const length = done + (generation > 0 ? 1 : 0);
    // One that a later file holds too, or that is not of this run.
    if (start < at || length === 0 || start + length > chains) continue;
    yield* upTo(start);
    yield { slice: part(whole, start, length, contexts), from: read, done: generation === 0 };
    at = start + length;
  }
  yield* upTo(chains);
}

function part(slice: Slice, start: number, chains: number, contexts: number): Slice {
  return { ...sliceAfter(slice, start, contexts), chains };
}

/** The block of a slice, and its first chain counted from the block's. */
export function placeOf({ replicate, context }: Slice, contexts: number): { block: number; first: number } {
  return { block: Math.floor(replicate / BLOCK_REPLICATES), first: (replicate % BLOCK_REPLICATES) * contexts + context };
}
