/** What the WASM and the JavaScript kernel have in common: a job in an arena. */
import { arenaBytes, type Memory, readCollapseTimes, readOut, readProgress, writeArena, writeSlice } from './arena.js';
import type { Slice } from './job.js';
import type { Kernel, Shape } from './kernel.js';

export abstract class ArenaKernel implements Kernel {
  /** Where the arena is; read anew after `reserve`. */
  protected abstract readonly memory: Memory;
  /** Makes room for an arena of at least `bytes`. */
  protected abstract reserve(bytes: number): void;
  protected abstract buildTables(): void;
  abstract advance(budget: number): number;

  load(shape: Shape): void {
    this.reserve(arenaBytes(shape));
    writeArena(this.memory, shape);
    this.buildTables();
  }

  open(slice: Slice): void {
    writeSlice(this.memory, slice);
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
