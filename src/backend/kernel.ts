/** What every backend gives: a job's chains, slice by slice. */
import type { Job, SampledJob, Slice } from './job.js';

/** How a job is cut for one kernel. */
export interface Shape {
  job: Job;
  chainsPerSlice: number;
  /** Values that the kernel holds before it hands them over. */
  outCapacity: number;
}

/** The same for a job of the loop's families. @throws Error for a language model, which has a kernel of its own */
export function loopShape(shape: Shape): Shape & { job: SampledJob } {
  if (shape.job.family === 'ngram') throw new Error('a language model needs its own kernel');
  return shape as Shape & { job: SampledJob };
}

export interface Kernel {
  /** Loads a job: memory, look-up tables. */
  load(shape: Shape): void | Promise<void>;
  /** Points at the first chain of a slice. */
  open(slice: Slice): void;
  /**
   * Where the chain under way stands, between two generations: no bytes between two chains, undefined where it can't be told before
   * `advance` goes on. The bytes are the same on every backend, and the kernel must be at rest.
   */
  save(): Uint8Array | undefined;
  /** Puts the first chain of a slice that has just been opened where `save` left it. @throws Error for bytes of another job */
  restore(state: Uint8Array): void;
  /** Makes `advance` return PAUSED at the next place where the chain can be saved. */
  pause(): void;
  /** Goes on for about `budget` look-ups (native: no limit); a status of assembly/layout.ts. */
  advance(budget: number): number | Promise<number>;
  /** The values written since the last call. */
  drain(): Float64Array;
  /** Total collapse times of the slice's chains, 0 where there is none. */
  collapseTimes(): Uint32Array;
  /** Documents to read since the last call, where the models write any. */
  drainText?(): Int32Array;
  /** Generations simulated in this slice so far. */
  progress(): number;
  /** Milliseconds that the last `advance` took on its own thread; undefined where that is the calling one. */
  elapsed(): number | undefined;
  /** Stops an `advance` on another thread soon. */
  cancel(): void;
  /** Gives back what the job took, where that would not happen soon by itself; the kernel can load another one. */
  free?(): void;
}
