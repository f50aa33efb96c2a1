/** A sweep in a folder: what is finished there stays, the rest is computed, and in the end all is put together. */
import type { BackendName } from '../backend/select.js';
import { Sources } from '../engine/resolve.js';
import { inputError } from '../errors.js';
import { prepareOutput } from '../results/output.js';
import { type CheckedSweep, preparePoint } from './check.js';
import { writeResults } from './finish.js';
import { sumUpBlocks, type Task } from './finish-point.js';
import { lockFolder } from './lock.js';
import { checkSame, MANIFEST, readManifest, writeManifest } from './manifest.js';
import { pointName } from './points.js';
import { CHECKPOINT_SECONDS, describeSaved } from './running.js';
import { inShard, type Shard } from './shard.js';
import { type Found, Store } from './store.js';
import { Work } from './work.js';

export interface SweepProgress {
  /** Blocks of this process: finished before, finished now, and all. */
  earlier: number;
  finished: number;
  blocks: number;
  /** Of the work that was left when the process started, in [0, 1]. */
  fraction: number;
  elapsedSeconds: number;
  /** Seconds that are left, once that can be told. */
  etaSeconds?: number;
}

export interface SweepOptions {
  backend: BackendName;
  threads: number;
  /** Go on with what is in the folder. */
  resume?: boolean;
  /** Only these blocks. */
  shard?: Shard;
  /** URL of the queue whose workers compute, instead of this process. */
  queue?: string;
  /** Seconds between two checkpoints inside a block; 0: none. */
  checkpointSeconds?: number;
  /** Aborted: finish and save the blocks that run, or save them as far as they are where that takes long; then return. */
  stop?: AbortSignal;
  onProgress?: (progress: SweepProgress) => void;
  /** Something to tell: damaged files, what was found. */
  onNote?: (text: string) => void;
}

export interface SweepOutcome {
  /** Blocks of this process or shard: finished, and all of them. */
  finished: number;
  blocks: number;
  /** Points of the whole sweep that are finished in this folder. */
  points: number;
  /** Digest of the whole sweep, if all of it is finished here. */
  digest?: string;
}

const PROGRESS_MS = 200;

/**
 * Runs a sweep, or a shard of it, in a folder. Every finished block is on disk for good; killed at any moment it loses the
 * blocks that run.
 * @throws InputError where the folder can't be used: another process, another sweep or version, no --resume
 */
export function runSweep(sweep: CheckedSweep, dir: string, options: SweepOptions): Promise<SweepOutcome> {
  return inFolder(sweep, dir, options, (store, found, check) => work(sweep, store, found, check, options));
}

/**
 * Locks the folder of a sweep or run, finds what is finished there, and does something about it.
 * @param use `check` throws where the folder is not ours any more
 */
export async function inFolder<T>(
  sweep: Pick<CheckedSweep, 'manifest' | 'blocks'>,
  dir: string,
  { resume = false, onNote }: Pick<SweepOptions, 'resume' | 'onNote'>,
  use: (store: Store, found: Found, check: () => Promise<void>) => Promise<T>,
): Promise<T> {
  await openFolder(sweep, dir, resume);
  const lock = await lockFolder(dir);
  try {
    // Once more: another process may have been here between the first look and the lock.
    const there = await readManifest(dir, '--out');
    if (there) checkSame(dir, there, sweep.manifest, '--resume');
    else await writeManifest(dir, sweep.manifest);
    const store = new Store(dir, sweep.manifest.identity);
    await store.open();
    const found = await store.scan((point) => sweep.blocks[point] ?? 0);
    for (const text of found.damaged) onNote?.(`${text}; it is computed again`);
    return await use(store, found, lock.check);
  } finally {
    await lock.release();
  }
}

async function openFolder(sweep: Pick<CheckedSweep, 'manifest'>, dir: string, resume: boolean): Promise<void> {
  await prepareOutput(dir, { files: [] });
  const there = await readManifest(dir, '--out');
  if (!there) return;
  if (!resume) throw inputError('--out', dir, `a folder without a ${MANIFEST}, or --resume to go on with the sweep that is there`);
  checkSame(dir, there, sweep.manifest, '--resume');
}

async function work(sweep: CheckedSweep, store: Store, found: Found, check: () => Promise<void>, options: SweepOptions) {
  const { tasks, blocks } = tasksOf(sweep, found, options.shard);
  const earlier = blocks - tasks.length;
  if (earlier > 0) options.onNote?.(`${earlier} of ${blocks} blocks were finished before`);
  await sumUpFound(sweep, store, found);
  const outcome: SweepOutcome = { finished: earlier, blocks, points: found.points.size };
  let doneWork = 0;
  const common = {
    store,
    tasks,
    done: found.blocks,
    stop: options.stop,
    beforeSave: check,
    onBlock: (task: Task) => {
      outcome.finished++;
      doneWork += task.work;
    },
    onPoint: () => {
      outcome.points++;
    },
  };
  const { backend, threads, checkpointSeconds = CHECKPOINT_SECONDS } = options;
  if (options.queue === undefined) tellRunning(sweep, found, options);
  const running =
    options.queue === undefined
      ? new Work({ ...common, backend, threads, everyMs: 1000 * checkpointSeconds, found: found.running })
      : undefined;
  const state = () => ({ finished: outcome.finished, doneWork, running: running?.progress() ?? 0 });
  const stopMeter = meter(tasks, state, earlier, blocks, options);
  try {
    if (running) await running.run();
    else
      await (await import('./collect.js')).collect({
        ...common,
        sweep,
        url: options.queue as string,
        onNote: (text) => options.onNote?.(text),
      });
  } finally {
    stopMeter();
  }
  if (outcome.points === sweep.points.length) {
    await check();
    outcome.digest = await writeResults(sweep, store, options);
  }
  return outcome;
}

/** Says what goes on where it was saved. */
function tellRunning(sweep: CheckedSweep, { running }: Found, { onNote }: SweepOptions): void {
  for (const [key, saved] of running) onNote?.(`${pointName(sweep.points[Number.parseInt(key, 10)])}: ${describeSaved(saved)}`);
}

/** What is left to do, in order, and how many blocks there are in the shard. */
function tasksOf(sweep: CheckedSweep, found: Found, shard: Shard | undefined): { tasks: Task[]; blocks: number } {
  const tasks: Task[] = [];
  let number = 0;
  let blocks = 0;
  for (const point of sweep.points) {
    const there = found.blocks.get(point.index);
    const finished = found.points.has(point.index);
    for (let block = 0; block < sweep.blocks[point.index]; block++, number++) {
      if (shard && !inShard(number, shard)) continue;
      blocks++;
      if (!finished && !there?.has(block)) tasks.push({ point, block, work: sweep.work[point.index] });
    }
  }
  return { tasks, blocks };
}

/** Points whose last block was saved, but not the point. */
export async function sumUpFound(sweep: CheckedSweep, store: Store, found: Found): Promise<void> {
  const sources = new Sources();
  for (const [index, blocks] of found.blocks) {
    if (blocks.size < sweep.blocks[index]) continue;
    const point = sweep.points[index];
    const run = await preparePoint(point, 1, sources);
    await store.savePoint(index, await sumUpBlocks(store, point, run), run.blocks);
    found.points.add(index);
  }
}

/** Says how far it is, a few times a second; returns what stops it. */
function meter(
  tasks: readonly Task[],
  state: () => { finished: number; doneWork: number; running: number },
  earlier: number,
  blocks: number,
  { onProgress }: SweepOptions,
): () => void {
  if (!onProgress) return () => {};
  const began = performance.now();
  const total = tasks.reduce((sum, { work }) => sum + work, 0);
  let said = 0;
  const report = () => {
    const { finished, doneWork, running } = state();
    const fraction = total > 0 ? Math.min(1, (doneWork + running) / total) : 1;
    said = Math.max(said, fraction);
    const elapsedSeconds = (performance.now() - began) / 1000;
    const etaSeconds = said > 0.001 && elapsedSeconds > 1 ? (elapsedSeconds * (1 - said)) / said : undefined;
    onProgress({ earlier, finished, blocks, fraction: said, elapsedSeconds, etaSeconds });
  };
  const timer = setInterval(report, PROGRESS_MS);
  return () => {
    clearInterval(timer);
    report();
  };
}
