// Training sets: a list of live tokens with their counts (u32) or, in a weighted job, their weights (doubles).
import { word } from './header';
import * as A from './layout';
import { loadCount, loadF64, loadI32, storeF64, storeI32 } from './primitives';

let weighted: bool = false;
let capacity: i32 = 0;
/** Bytes of a slot of the ring, and log2 of those of a count. */
let slotBytes: i32 = 0;
let shift: i32 = 2;

/** Reads from the header how the job's sets are laid out. */
export function openSets(): void {
  weighted = word(A.WEIGHTED) != 0;
  capacity = word(A.RING_CAPACITY);
  shift = weighted ? 3 : 2;
  slotBytes = (16 + (capacity << shift) + (capacity << 2) + 7) & -8;
}
export function isWeighted(): bool {
  return weighted;
}
/** Entry i of a list of counts, or of weights in a weighted job. */
export function countAt(counts: i32, i: i32): f64 {
  return weighted ? loadF64(counts + (i << 3)) : loadCount(counts + (i << 2));
}

/** Address of the training set of generation m in the ring: live (word), total (double), counts, tokens. */
export function ringSlot(m: i32): i32 {
  return word(A.ADDR_RING) + (m % word(A.RING_SIZE)) * slotBytes;
}
export function slotCounts(slot: i32): i32 {
  return slot + 16;
}
export function slotTokens(slot: i32): i32 {
  return slot + 16 + (capacity << shift);
}
export function slotLive(slot: i32): i32 {
  return loadI32(slot);
}
export function slotTotal(slot: i32): f64 {
  return loadF64(slot + 8);
}
export function setSlot(slot: i32, live: i32, total: f64): void {
  storeI32(slot, live);
  storeF64(slot + 8, total);
}

/** Address of the kept batch of the model of generation m: its generation (0: not drawn yet), length, tokens, counts. */
export function batchSlot(m: i32): i32 {
  return word(A.ADDR_BATCHES) + (m % word(A.RING_SIZE)) * (8 + (capacity << 3));
}
export function batchTokens(batch: i32): i32 {
  return batch + 8;
}
export function batchCounts(batch: i32): i32 {
  return batch + 8 + (capacity << 2);
}
