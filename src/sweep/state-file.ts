/**
 * A checkpoint inside a block on disk. One line of JSON, then the collapse times of the chains that have ended (u32), their values and
 * those of the chain under way (f64), texts (i32), the state of that chain (docs/ARCHITECTURE.md#checkpoints) and the checksum of all
 * that comes before it (SHA-256). Little-endian.
 */
import { open, readFile } from 'node:fs/promises';
import type { SliceState } from '../backend/job.js';
import type { SavedSlice } from '../engine/checkpoints.js';
import { bytesOf, HASH_BYTES } from './block-file.js';
import { DurableFile } from './durable.js';

/** Node reads no file that is longer than 2 GiB: such a one is not written. */
const MOST_BYTES = 2 ** 31 - 2 ** 16;
/** More than a first line takes. */
const LINE_BYTES = 4096;

/** What the first line says. */
export interface StateHeader {
  format: 'model-collapse state 1';
  /** Of the sweep or run that it is a part of. */
  identity: string;
  point: number;
  block: number;
  /** First chain, counted from the block's. */
  first: number;
  /** How many have ended. */
  chains: number;
  /** Generation of the one after those, if it is under way. */
  generation: number;
  /** Generations simulated. */
  generations: number;
  values: number;
  texts: number;
}

/** Saves a slice for good. */
export async function writeState(
  path: string,
  place: Pick<StateHeader, 'identity' | 'point' | 'block' | 'first'>,
  { values, collapseTimes, texts = new Int32Array(0), chain, generation, generations }: SliceState,
): Promise<void> {
  const lengths = { chains: collapseTimes.length, generation, generations, values: values.length, texts: texts.length };
  const header: StateHeader = { format: 'model-collapse state 1', ...place, ...lengths };
  const parts = [Buffer.from(`${JSON.stringify(header)}\n`), bytesOf(collapseTimes), bytesOf(values), bytesOf(texts), chain];
  if (parts.reduce((sum, part) => sum + part.length, HASH_BYTES) > MOST_BYTES) return;
  const file = new DurableFile(path);
  try {
    for (const part of parts) await file.write(part);
    await file.seal();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** What there is in a file whose checksum has been checked. */
export async function savedState(path: string): Promise<SavedSlice> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(LINE_BYTES), 0, LINE_BYTES, 0);
    const { block, first, chains, generation } = headerOf(buffer);
    return { block, first, chains, generation, read: () => readState(path) };
  } finally {
    await file.close();
  }
}

function headerOf(bytes: Buffer): StateHeader {
  return JSON.parse(bytes.toString('utf8', 0, bytes.indexOf(10))) as StateHeader;
}

async function readState(path: string): Promise<SliceState> {
  const bytes = await readFile(path);
  const { chains, generation, generations, values, texts } = headerOf(bytes);
  let at = bytes.indexOf(10) + 1;
  /** A copy, aligned. */
  const take = (length: number) => {
    at += length;
    return Uint8Array.from(bytes.subarray(at - length, at)).buffer;
  };
  return {
    collapseTimes: new Uint32Array(take(4 * chains)),
    values: new Float64Array(take(8 * values)),
    ...(texts > 0 && { texts: new Int32Array(take(4 * texts)) }),
    chain: new Uint8Array(take(bytes.length - HASH_BYTES - at)),
    ...{ generation, generations, busy: [] },
  };
}
