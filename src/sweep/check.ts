/** Everything about a sweep that can be known before anything runs. */
import type { BackendName } from '../backend/select.js';
import { type BlockRun, blockWork, prepareBlocks } from '../engine/blocks.js';
import { type Resolved, Sources } from '../engine/resolve.js';
import { InputError } from '../errors.js';
import { type Manifest, manifestOf } from './manifest.js';
import { type Point, pointName, type Sweep } from './points.js';

/** A sweep whose every point can be run. */
export interface CheckedSweep extends Sweep {
  manifest: Manifest;
  /** Look-ups of a full block, and the number of blocks, by point. */
  work: Float64Array;
  blocks: Uint32Array;
  totalBlocks: number;
}

export interface CheckOptions {
  backend: BackendName;
  threads: number;
  signal?: AbortSignal;
  /** Told of every point. */
  visit?: (point: Point, run: BlockRun) => void;
}

/**
 * Resolves every point's spec, texts and sizes as a run would, without simulating.
 * @throws InputError naming the point, the field, the value and what is allowed
 */
export async function checkSweep(sweep: Sweep, { threads, signal, visit }: CheckOptions): Promise<CheckedSweep> {
  const sources = new Sources();
  const corpora: Record<string, string> = {};
  const work = new Float64Array(sweep.points.length);
  const blocks = new Uint32Array(sweep.points.length);
  let totalBlocks = 0;
  for (const point of sweep.points) {
    signal?.throwIfAborted();
    const run = await preparePoint(point, threads, sources, signal);
    Object.assign(corpora, corporaOf(run));
    work[point.index] = blockWork(run, 0);
    blocks[point.index] = run.blocks;
    totalBlocks += run.blocks;
    visit?.(point, run);
  }
  return { ...sweep, manifest: manifestOf(sweep, corpora), work, blocks, totalBlocks };
}

/** SHA-256 of the text that a spec reads, by path. */
export function corporaOf({ truth, corpus }: Pick<Resolved, 'truth' | 'corpus'>): Record<string, string> {
  const text = truth?.corpus ?? corpus?.source;
  return text ? { [text.path]: text.sha256 } : {};
}

/** A point's spec, ready to run. @throws InputError naming the point */
export async function preparePoint(point: Point, threads: number, sources: Sources, signal?: AbortSignal): Promise<BlockRun> {
  try {
    return await prepareBlocks(point.spec, threads, sources, signal);
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`${pointName(point)}: ${error.message}`, error.field);
    throw error;
  }
}
