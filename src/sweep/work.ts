/** Runs blocks on all cores and saves each as it is finished. */
import { type BackendName, INLINE_WORK } from '../backend/select.js';
import { type BlockRun, BlockRunner } from '../engine/blocks.js';
import type { SavedSlice } from '../engine/checkpoints.js';
import { Sources } from '../engine/resolve.js';
import { BlockWriter, blockHeader } from './block-file.js';
import { preparePoint } from './check.js';
import { DurableFile } from './durable.js';
import { blockSaved, PointSummary, type Progressing, type Task } from './finish-point.js';
import type { Point } from './points.js';
import { BlockCheckpoints } from './running.js';
import { blockKey } from './store.js';

/** Finished blocks of a thread that may wait for the disk. */
const UNSAVED = 2;
/** After an interruption blocks have this long to be finished. */
const GRACE_MS = 10_000;

export interface WorkOptions extends Progressing {
  /** In order: blocks of one point side by side. */
  tasks: readonly Task[];
  backend: BackendName;
  threads: number;
  /** Aborted: no further blocks; those that run are finished and saved, or saved as far as they are where that takes long. */
  stop?: AbortSignal;
  /** Milliseconds between two checkpoints inside a block; 0: none. */
  everyMs: number;
  /** What was saved of blocks that are not finished. */
  found: ReadonlyMap<string, readonly SavedSlice[]>;
  /** Before every save. @throws where the folder is not ours any more */
  beforeSave: () => Promise<void>;
}

export class Work {
  private next = 0;
  private failure: unknown;
  private failed = false;
  /** Told to save where it stands and to stop. */
  private halted = false;
  private readonly sources = new Sources();
  private prepared: { point: Point; run: Promise<BlockRun> }[] = [];
  private readonly runners: BlockRunner[] = [];
  private readonly saving = new Set<Promise<void>>();

  constructor(private readonly options: WorkOptions) {}

  /** Look-ups of the blocks that run, about. */
  progress(): number {
    return this.runners.reduce((sum, runner) => sum + runner.progress(), 0);
  }

  /** Wall seconds of the kernels, over all threads. */
  get busySeconds(): number {
    return this.runners.reduce((sum, runner) => sum + runner.busySeconds, 0);
  }

  /** Runs the tasks; resolves when they are saved, or those that ran when it was to stop. */
  async run(): Promise<void> {
    const { tasks, threads, backend } = this.options;
    const groups = Math.min(threads, tasks.length);
    const inline = backend !== 'native' && tasks.reduce((sum, { work }) => sum + work, 0) < INLINE_WORK[backend];
    await Promise.all(
      Array.from({ length: groups }, async (_, i) => {
        const lanes = Math.floor(threads / groups) + (i < threads % groups ? 1 : 0);
        this.runners.push(await BlockRunner.open(backend, lanes, groups, inline));
      }),
    );
    const stopGrace = this.haltAfterGrace();
    await Promise.all(this.runners.map((runner) => this.serve(runner)));
    stopGrace();
    await Promise.all(this.saving);
    for (const runner of this.runners) runner.close();
    if (this.failed) throw this.failure;
  }

  /** One runner's blocks. What fails stops the others after the blocks that they are at. */
  private async serve(runner: BlockRunner): Promise<void> {
    try {
      for (;;) {
        while (this.saving.size > UNSAVED * this.runners.length) await Promise.race(this.saving);
        if (this.failed || this.options.stop?.aborted) return;
        const task = this.options.tasks[this.next++];
        if (!task) return;
        await this.compute(runner, task, await this.prepare(task.point));
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** When it is to stop, blocks that take long are saved as far as they are; returns what ends the waiting. */
  private haltAfterGrace(): () => void {
    const { stop, everyMs } = this.options;
    if (!stop || everyMs === 0) return () => {};
    let timer: NodeJS.Timeout | undefined;
    const halt = async () => {
      this.halted = true;
      await Promise.all(this.runners.map((runner) => runner.saveAndStop())).catch((error: unknown) => {
        this.halted = false;
        this.fail(error);
      });
    };
    const onStop = () => {
      timer = setTimeout(() => void halt(), Math.min(GRACE_MS, everyMs));
    };
    if (stop.aborted) onStop();
    stop.addEventListener('abort', onStop, { once: true });
    return () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    };
  }

  private fail(error: unknown): void {
    if (this.halted) return; // lanes that were stopped
    if (!this.failed) this.failure = error;
    this.failed = true;
  }

  /** The last few points: runners are at blocks of one point, or of neighbours. */
  private prepare(point: Point): Promise<BlockRun> {
    const found = this.prepared.find((entry) => entry.point === point);
    if (found) return found.run;
    const run = preparePoint(point, this.options.threads, this.sources);
    this.prepared = [...this.prepared.slice(-this.runners.length), { point, run }];
    return run;
  }

  private async compute(runner: BlockRunner, task: Task, run: BlockRun): Promise<void> {
    const { store, found, everyMs, beforeSave } = this.options;
    const { index } = task.point;
    const checkpoints = new BlockCheckpoints(store, index, found.get(blockKey(index, task.block)) ?? [], everyMs, beforeSave);
    if (run.blocks === 1) {
      const summary = new PointSummary(task.point.vary, run);
      summary.endBlock(await runner.run(run, task.block, (replicate) => summary.add(replicate), checkpoints));
      this.save(async () => {
        await this.options.beforeSave();
        await store.savePoint(index, summary.finish(), 0);
        await checkpoints.clear();
        this.options.onBlock(task);
        this.options.onPoint(task.point);
      });
      return;
    }
    const writer = this.writer(task, run);
    try {
      const end = await runner.run(run, task.block, (replicate) => writer.add(replicate), checkpoints);
      this.save(async () => {
        await this.options.beforeSave();
        await writer.finish(end).catch(async (error: unknown) => {
          await writer.discard();
          throw error;
        });
        await checkpoints.clear();
        await blockSaved(this.options, task, run);
      });
    } catch (error) {
      await writer.discard();
      throw error;
    }
  }

  private writer({ point, block }: Task, run: BlockRun): BlockWriter {
    const { store } = this.options;
    const file = new DurableFile(store.blockPath(point.index, block));
    return new BlockWriter(file, blockHeader(store.identity, point.index, block, run));
  }

  /** Starts a save beside the next block. */
  private save(work: () => Promise<void>): void {
    const saving = work()
      .catch((error: unknown) => this.fail(error))
      .finally(() => this.saving.delete(saving));
    this.saving.add(saving);
  }
}
