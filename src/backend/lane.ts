/** A lane runs slices one after the other on one thread. */
import { CANCELLED, DONE, OUT_FULL } from '../generated/javascript/layout.js';
import type { Slice, SliceResult } from './job.js';
import type { Kernel, Shape } from './kernel.js';

export type OnText = (text: Int32Array) => void | Promise<void>;

export interface Lane {
  /** True if a slice runs beside the calling thread, not in turns with it. */
  readonly concurrent: boolean;
  /** Loads a job: memory, look-up tables. */
  open(shape: Shape): Promise<void>;
  /** @param onText receives what models wrote to be read (`drainText`), generation after generation; the lane waits for it */
  run(slice: Slice, onText?: OnText): Promise<SliceResult>;
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
}

/** Runs a kernel in this thread (WASM, JavaScript) or on one of its own (native). */
export class KernelLane implements Lane {
  private stopped = false;
  private running = false;

  constructor(
    private readonly kernel: Kernel,
    private readonly options: KernelLaneOptions,
    readonly concurrent = false,
  ) {}

  async open(shape: Shape): Promise<void> {
    await this.kernel.load(shape);
  }

  async run(slice: Slice, onText?: OnText): Promise<SliceResult> {
    const parts: Float64Array[] = [];
    const busy: number[] = [];
    this.kernel.open(slice);
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
        if (text && text.length > 0) await onText?.(text);
        if (status === DONE) break;
        if (status === OUT_FULL) parts.push(this.kernel.drain());
        await this.options.pause?.();
      }
    } finally {
      this.running = false;
    }
    parts.push(this.kernel.drain());
    return {
      values: parts.length === 1 ? parts[0] : concatenate(parts),
      collapseTimes: this.kernel.collapseTimes(),
      generations: this.kernel.progress(),
      busy,
    };
  }

  progress(): number {
    return this.running ? this.kernel.progress() : 0;
  }

  stop(): void {
    this.stopped = true;
    if (this.running) this.kernel.cancel();
  }
}

/** Milliseconds on a clock that all threads share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
