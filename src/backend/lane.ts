/** A lane runs slices one after the other on one thread. */
import { CANCELLED, DONE, OUT_FULL } from '../generated/javascript/layout.js';
import { concatenate } from './concatenate.js';
import { type RunningSlice, type Slice, type SliceResult, type SliceState, sliceAfter } from './job.js';
import type { Kernel, Shape } from './kernel.js';

export type OnText = (text: Int32Array) => void | Promise<void>;

export interface Lane {
  /** True if a slice runs beside the calling thread, not in turns with it. */
  readonly concurrent: boolean;
  /** Loads a job: memory, look-up tables. */
  open(shape: Shape): Promise<void>;
  /**
   * @param from goes on with what an earlier run of the slice has saved
   * @param onText receives what models wrote to be read (`drainText`), generation after generation; the lane waits for it
   */
  run(slice: Slice, from?: SliceState, onText?: OnText): Promise<SliceResult>;
  /** Where the slice that runs stands, between two generations; undefined where none runs, or where it ends before. */
  save(): Promise<RunningSlice | undefined>;
  /** Generations simulated of the slice that runs. */
  progress(): number;
  /** Stops at once, for good. */
  stop(): void;
}

export interface KernelLaneOptions {
  /** Look-ups per call of the kernel. */
  budget: number;
  /** Called between calls: gives the event loop a turn. */
  pause?: () => Promise<void>;
  /** Called before a job is loaded and before a slice: gives it one if it had none for long. */
  turn?: () => Promise<void>;
}

/** Runs a kernel in this thread (WASM, JavaScript) or on one of its own (native). */
export class KernelLane implements Lane {
  private stopped = false;
  private running = false;
  private contexts = 1;
  /** Generations of the slice before it went on. */
  private earlier = 0;
  /** Those who wait for a saved slice. */
  private waiting: ((state: RunningSlice | undefined) => void)[] = [];

  constructor(
    private readonly kernel: Kernel,
    private readonly options: KernelLaneOptions,
    readonly concurrent = false,
  ) {}

  async open(shape: Shape): Promise<void> {
    await this.options.turn?.();
    await this.kernel.load(shape);
    this.contexts = shape.job.contextCount;
  }

  async run(slice: Slice, from?: SliceState, onText?: OnText): Promise<SliceResult> {
    const ended = from?.collapseTimes ?? new Uint32Array(0);
    if (from && ended.length === slice.chains) return from;
    await this.options.turn?.();
    if (this.stopped) throw new Error('stopped');
    const output = new Output(from);
    const busy: number[] = [];
    const soFar = () => ({
      ...output.whole(),
      collapseTimes: concatenate(Uint32Array, [ended, this.kernel.collapseTimes()]),
      generations: this.progress(),
      busy,
    });
    this.earlier = from?.generations ?? 0;
    this.kernel.open(sliceAfter(slice, ended.length, this.contexts));
    if (from && from.chain.length > 0) this.kernel.restore(from.chain);
    this.running = true;
    try {
      for (;;) {
        const start = now();
        const answer = this.kernel.advance(this.options.budget);
        const end = now();
        const status = await answer;
        // What a native call took is known to its thread; the answer may wait for this one.
        busy.push(start, Math.max(end, start + (this.kernel.elapsed() ?? 0)));
        if (this.stopped || status === CANCELLED) throw new Error('stopped');
        const text = this.kernel.drainText?.();
        if (text && text.length > 0) {
          output.texts.push(text);
          await onText?.(text);
        }
        if (status === DONE) break;
        const chain = this.waiting.length > 0 ? this.kernel.save() : undefined;
        if (status === OUT_FULL || chain) output.values.push(this.kernel.drain());
        if (chain) this.tell({ slice, ...soFar(), chain, generation: generationOf(chain) });
        await this.options.pause?.();
      }
      output.values.push(this.kernel.drain());
      return soFar();
    } finally {
      this.running = false;
      this.tell(undefined);
    }
  }

  private tell(state: RunningSlice | undefined): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const resolve of waiting) resolve(state);
  }

  save(): Promise<RunningSlice | undefined> {
    if (!this.running) return Promise.resolve(undefined);
    this.kernel.pause();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  progress(): number {
    return this.running ? this.earlier + this.kernel.progress() : 0;
  }

  stop(): void {
    this.stopped = true;
    if (this.running) this.kernel.cancel();
  }

  /** Whether it runs nothing any more. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /** After the last slice of a job. */
  free(): void {
    if (!this.running) this.kernel.free?.();
  }
}

/** Milliseconds on a clock that all threads share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

/** The generation that a saved chain stands at: every state begins with it. */
function generationOf(chain: Uint8Array): number {
  return chain.length === 0 ? 0 : new DataView(chain.buffer, chain.byteOffset).getInt32(0, true);
}

/** What a kernel has put out. */
class Output {
  values: Float64Array[];
  texts: Int32Array[];

  constructor(from?: SliceState) {
    this.values = from ? [from.values] : [];
    this.texts = from?.texts ? [from.texts] : [];
  }

  whole(): Pick<SliceResult, 'values' | 'texts'> {
    this.values = [concatenate(Float64Array, this.values)];
    this.texts = this.texts.length > 0 ? [concatenate(Int32Array, this.texts)] : [];
    return { values: this.values[0], ...(this.texts.length > 0 && { texts: this.texts[0] }) };
  }
}
