/** The calls that the addon's two classes of kernels share (native/kernel-object.h). */
import { takeRoom } from './buffers.js';

export interface AddonCalls {
  /** Null where the chain is in the middle of something. */
  save(): Uint8Array | null;
  restore(state: Uint8Array): void;
  pause(): void;
  /** On a thread of its own. */
  advance(): Promise<number>;
  /** How many values `drain` has. */
  pending(): number;
  /** Into an array of as many numbers, if there is one. */
  drain(room?: Float64Array): Float64Array;
  collapseTimes(): Uint32Array;
  progress(): number;
  /** Milliseconds of the last `advance`. */
  elapsed(): number;
  cancel(): void;
  /** Gives its memory back. */
  free(): void;
}

/** A kernel of the addon, once a job is loaded, in memory of its own. */
export abstract class NativeCalls<Object extends AddonCalls> {
  protected kernel: Object | undefined;

  protected get loaded(): Object {
    if (!this.kernel) throw new Error('no job is loaded');
    return this.kernel;
  }

  save(): Uint8Array | undefined {
    return this.loaded.save() ?? undefined;
  }
  restore(state: Uint8Array): void {
    this.loaded.restore(state);
  }
  pause(): void {
    this.loaded.pause();
  }
  advance(): number | Promise<number> {
    return this.loaded.advance();
  }
  drain(): Float64Array {
    return this.loaded.drain(takeRoom(this.loaded.pending()));
  }
  collapseTimes(): Uint32Array {
    return this.loaded.collapseTimes();
  }
  progress(): number {
    return this.loaded.progress();
  }
  elapsed(): number | undefined {
    return this.loaded.elapsed();
  }
  cancel(): void {
    this.loaded.cancel();
  }
  /** The addon's objects hold memory that the collector of garbage does not see. */
  free(): void {
    this.kernel?.free();
  }
}
