/** Cuts a run into slices: consecutive chains that one thread simulates in one go. */
import type { Slice } from '../backend/job.js';

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
export function* slices(replicates: number, contexts: number, chainsPerSlice: number): Generator<Slice> {
  for (let block = 0; block < blockCount(replicates); block++) yield* blockSlices(block, replicates, contexts, chainsPerSlice);
}

/** The slices of one block in order; the last block may be smaller than the others. */
export function* blockSlices(block: number, replicates: number, contexts: number, chainsPerSlice: number): Generator<Slice> {
  const first = block * BLOCK_REPLICATES;
  const chains = Math.min(BLOCK_REPLICATES, replicates - first) * contexts;
  for (let done = 0; done < chains; done += chainsPerSlice) {
    yield {
      replicate: first + Math.floor(done / contexts),
      context: done % contexts,
      chains: Math.min(chainsPerSlice, chains - done),
    };
  }
}
