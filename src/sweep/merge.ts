/** Puts the shards of a sweep together. */
import type { BackendName } from '../backend/select.js';
import { inputError } from '../errors.js';
import { type CheckedSweep, checkSweep } from './check.js';
import { writeResults } from './finish.js';
import { checkSame, MANIFEST, readManifest } from './manifest.js';
import { readSweep } from './points.js';
import { Store } from './store.js';
import { inFolder, sumUpFound } from './sweep.js';

export interface MergeOptions {
  backend: BackendName;
  threads: number;
  signal?: AbortSignal;
  /** Something to tell: damaged files. */
  onNote?: (text: string) => void;
}

export interface Merged {
  sweep: CheckedSweep;
  /** Points of which blocks are missing. */
  missing: number[];
  /** Of the whole sweep, if nothing is missing. */
  digest?: string;
}

/**
 * Gathers the finished blocks and points of several folders in one, and sums up. What is missing can then be computed there
 * (`sweep SWEEP --out DIR --resume`), or in a shard, and merged again.
 * @throws InputError for folders without a sweep, or with different ones
 */
export async function mergeSweeps(dirs: readonly string[], out: string, options: MergeOptions): Promise<Merged> {
  const manifests = await Promise.all(
    dirs.map(async (dir) => {
      const manifest = await readManifest(dir, 'DIR');
      if (!manifest) throw inputError('DIR', dir, `the folder of a sweep (with a ${MANIFEST})`);
      return manifest;
    }),
  );
  manifests.forEach((manifest, i) => {
    checkSame(dirs[i], manifest, manifests[0], 'DIR');
  });
  const sweep = await checkSweep(readSweep(manifests[0].sweep), options);
  checkSame(dirs[0], manifests[0], sweep.manifest, 'DIR');
  return inFolder(sweep, out, { ...options, resume: true }, async (store, found, check) => {
    for (const dir of dirs) {
      options.signal?.throwIfAborted();
      await store.adopt(new Store(dir, sweep.manifest.identity), found, (text) => options.onNote?.(`${text}; it is left out`));
    }
    await sumUpFound(sweep, store, found);
    const missing = sweep.points.flatMap(({ index }) => (found.points.has(index) ? [] : [index]));
    await check();
    return { sweep, missing, ...(missing.length === 0 && { digest: await writeResults(sweep, store, {}) }) };
  });
}
