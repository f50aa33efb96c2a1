/** One run in a folder as a sweep of one point: its checkpoints stand in a folder of their own until its files are there. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckpointStore, NO_CHECKPOINTS } from '../engine/checkpoints.js';
import type { Resolved } from '../engine/resolve.js';
import type { Result } from '../engine/result.js';
import { blockCount } from '../engine/slices.js';
import { inputError } from '../errors.js';
import { exists } from '../results/staged.js';
import type { Spec } from '../spec/spec.js';
import { corporaOf } from './check.js';
import { removePartial } from './durable.js';
import { lockFolder } from './lock.js';
import { checkSame, type Manifest, manifestOf, readManifest } from './manifest.js';
import { readSweep } from './points.js';
import { BlockCheckpoints, CHECKPOINT_SECONDS, describeSaved } from './running.js';
import { inFolder } from './sweep.js';

/** The folder of the checkpoints, in that of the result. */
const CHECKPOINT = 'checkpoint';

export interface KeepOptions {
  /** Go on with what is there. */
  resume?: boolean;
  /** Begin again where something is there. */
  overwrite?: boolean;
  /** Seconds between two checkpoints; 0: none. */
  checkpointSeconds?: number;
  /** Something to tell: what was found. */
  onNote?: (text: string) => void;
}

/** A run that can be told from others, and how many blocks it has. */
export interface RunPlan {
  manifest: Manifest;
  blocks: Uint32Array;
}

/** @param resolved what the spec resolves to */
export function planRun(spec: Spec, resolved: Pick<Resolved, 'truth' | 'corpus'>): RunPlan {
  const manifest = manifestOf(readSweep({ specs: [spec] }), corporaOf(resolved), 'run');
  return { manifest, blocks: Uint32Array.of(blockCount(spec.replicates)) };
}

/**
 * Looks at a folder before anything runs.
 * @returns the result, if the run was finished there before and is to be resumed
 * @throws InputError where an unfinished run is in the way, or another run or version is to be resumed
 */
export async function lookForRun(dir: string, { manifest }: RunPlan, { resume, overwrite }: KeepOptions): Promise<Result | undefined> {
  const there = await readManifest(join(dir, CHECKPOINT), '--out');
  if (!resume) {
    if (!there || overwrite) return undefined;
    throw inputError('--out', dir, 'a folder without an unfinished run, --resume to go on with it, or --overwrite to begin again');
  }
  if (there) checkSame(dir, there, manifest, '--resume');
  const read = async (name: string) => JSON.parse(await readFile(join(dir, name), 'utf8'));
  const provenance: Result['provenance'] | undefined = await read('provenance.json').catch(() => undefined);
  if (provenance === undefined) return undefined;
  const { spec, corpus } = provenance;
  const texts = corpus ? { [corpus.path]: corpus.sha256 } : {};
  const finished = manifestOf(readSweep({ specs: [spec] }), texts, 'run', provenance.version);
  checkSame(dir, finished, manifest, '--resume');
  return read('result.json');
}

/** Removes the checkpoints in a folder. @throws InputError where another process works there */
export async function forgetRun(dir: string): Promise<void> {
  const folder = join(dir, CHECKPOINT);
  if (!(await exists(folder))) return;
  const lock = await lockFolder(folder);
  await rm(folder, { recursive: true });
  await lock.release();
}

/**
 * Runs with checkpoints in `dir`; they are removed when `work` is done.
 * @throws InputError where another process works there
 */
export async function keepRun<T>(
  dir: string,
  plan: RunPlan,
  { resume, checkpointSeconds = CHECKPOINT_SECONDS, onNote }: KeepOptions,
  work: (checkpoints: CheckpointStore) => Promise<T>,
): Promise<T> {
  const folder = join(dir, CHECKPOINT);
  if (!resume) await forgetRun(dir);
  if (!resume && checkpointSeconds === 0) return work(NO_CHECKPOINTS);
  return inFolder(plan, folder, { resume, onNote }, async (store, found, check) => {
    if (resume) await removePartial(dir);
    const saved = [...found.running.values()].flat();
    if (saved.length > 0) onNote?.(describeSaved(saved));
    const result = await work(new BlockCheckpoints(store, 0, saved, 1000 * checkpointSeconds, check));
    await rm(folder, { recursive: true, force: true });
    return result;
  });
}
