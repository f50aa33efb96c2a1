/** What the WASM and the JavaScript kernel have in common: a job in an arena. */
import { arenaBytes, type Memory, readCollapseTimes, readOut, readProgress, writeArena, writeSlice } from './arena.js';
import type { SampledJob, Slice } from './job.js';
import { type Kernel, loopShape, type Shape } from './kernel.js';
import { restoreChain, saveChain } from './state-loop.js';

export abstract class ArenaKernel implements Kernel {
  /** Where the arena is; read anew after `reserve`. */
  protected abstract readonly memory: Memory;
  /** Makes room for an arena of at least `bytes`. */
  protected abstract reserve(bytes: number): void;
  protected abstract buildTables(): void;
  abstract advance(budget: number): number;

  private job: SampledJob | undefined;

  load(shape: Shape): void {
    this.job = loopShape(shape).job;
    this.reserve(arenaBytes(shape));
    writeArena(this.memory, shape);
    this.buildTables();
  }

  open(slice: Slice): void {
    writeSlice(this.memory, slice);
  }
  save(): Uint8Array {
    return saveChain(this.memory, this.loaded);
  }
  restore(state: Uint8Array): void {
    restoreChain(this.memory, this.loaded, state);
  }
  /** `advance` stops between two generations anyway. */
  pause(): void {}
  private get loaded(): SampledJob {
    if (!this.job) throw new Error('no job is loaded');
    return this.job;
  }

  drain(): Float64Array {
    return readOut(this.memory);
  }
  collapseTimes(): Uint32Array {
    return readCollapseTimes(this.memory);
  }
  progress(): number {
    return readProgress(this.memory);
  }

  elapsed(): undefined {
    return undefined;
  }

  /** These kernels run on the thread that would call this: they stop between two calls of `advance`. */
  cancel(): void {}
}
