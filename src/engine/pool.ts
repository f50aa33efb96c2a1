/** Runs slices on lanes and hands their results over in order, with a bounded number in memory. */
import type { Slice, SliceResult, SliceState } from '../backend/job.js';
import type { Lane, OnText } from '../backend/lane.js';

/** A slice to be run, or to go on with. */
export interface SliceTask {
  slice: Slice;
  /** What an earlier process has saved of it. */
  from?: () => Promise<SliceState>;
  /** Whether that is all of it. */
  done?: boolean;
}

export interface PoolOptions {
  lanes: readonly Lane[];
  tasks: Iterator<SliceTask>;
  /** Told of a slice as soon as it has been run, in any order; a promise holds its lane up. */
  onRun?: (slice: Slice, result: SliceResult) => Promise<void> | undefined;
  /** Called in the order of the slices; the pool waits for it. */
  onResult: (slice: Slice, result: SliceResult) => void | Promise<void>;
  /** What models write to be read, while a slice runs. */
  onText?: OnText;
}

export class Pool {
  private issued = 0;
  private merged = 0;
  private readonly finished = new Map<number, { slice: Slice; result: SliceResult }>();
  private merging = Promise.resolve();
  private wake: (() => void)[] = [];
  /** When a kernel ran: [start, end] in milliseconds. */
  private readonly busy: [number, number][] = [];
  private failed = false;

  constructor(private readonly options: PoolOptions) {}

  /** Wall seconds in which some kernel ran. */
  get durationSeconds(): number {
    let total = 0;
    let until = Number.NEGATIVE_INFINITY;
    for (const [start, end] of this.busy.sort((a, b) => a[0] - b[0])) {
      if (end > until) total += end - Math.max(start, until);
      until = Math.max(until, end);
    }
    return total / 1000;
  }

  async run(): Promise<void> {
    await Promise.all(this.options.lanes.map((lane) => this.serve(lane)));
    await this.merging;
  }

  private async serve(lane: Lane): Promise<void> {
    let current = await this.start(lane);
    while (current) {
      const { index, task, running } = current;
      const { slice } = task;
      const result = await running;
      if (!task.done) await this.options.onRun?.(slice, result);
      for (let i = 0; i < result.busy.length; i += 2) this.busy.push([result.busy[i], result.busy[i + 1]]);
      // A concurrent lane starts its next slice before this one's results are summed up. `start` may have to wait for
      // them to be, so it is awaited after they are handed over.
      const next = lane.concurrent ? this.start(lane) : undefined;
      next?.catch(() => {}); // reported where it is awaited
      this.finished.set(index, { slice, result });
      this.merging = this.merging.then(() => this.merge());
      this.merging.catch(() => this.fail());
      if (!lane.concurrent) await this.merging;
      current = await (next ?? this.start(lane));
    }
  }

  private async start(lane: Lane): Promise<{ index: number; task: SliceTask; running: Promise<SliceResult> } | undefined> {
    // Slices may wait for an earlier one, but not without bound.
    while (!this.failed && this.issued > this.merged + 3 * this.options.lanes.length) {
      await new Promise<void>((resolve) => this.wake.push(resolve));
    }
    const next = this.options.tasks.next();
    if (next.done || this.failed) return undefined;
    const task = next.value;
    const running = this.go(lane, task);
    running.catch(() => {}); // reported where it is awaited
    return { index: this.issued++, task, running };
  }

  /** What was written to be read before the slice was saved is handed over again. */
  private async go(lane: Lane, { slice, from, done }: SliceTask): Promise<SliceResult> {
    const { onText } = this.options;
    if (!from) return lane.run(slice, undefined, onText);
    const state = await from();
    if (state.texts) await onText?.(state.texts);
    return done ? state : lane.run(slice, state, onText);
  }

  private async merge(): Promise<void> {
    for (;;) {
      const entry = this.finished.get(this.merged);
      if (!entry) return;
      this.finished.delete(this.merged);
      await this.options.onResult(entry.slice, entry.result);
      this.merged++;
      this.wakeAll();
    }
  }

  /** A result could not be handed over: no further slices. */
  private fail(): void {
    this.failed = true;
    this.wakeAll();
  }

  private wakeAll(): void {
    const waiting = this.wake;
    this.wake = [];
    for (const resolve of waiting) resolve();
  }
}
