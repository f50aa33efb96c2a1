/** The kernels as plain JavaScript: the same sources as the WASM build, over typed arrays. */
import * as generated from '../generated/kernel.js';
import { ArenaKernel } from './arena-kernel.js';

/** The kernel is bundled into one module without types (scripts/build.mjs). */
const { advance, bindMemory, buildTables } = generated as unknown as {
  advance(base: number, budget: number): number;
  bindMemory(buffer: ArrayBuffer): void;
  buildTables(base: number): void;
};

export class JavaScriptKernel extends ArenaKernel {
  protected memory = { buffer: new ArrayBuffer(0), base: 0 };

  protected reserve(bytes: number): void {
    if (this.memory.buffer.byteLength < bytes) this.memory = { buffer: new ArrayBuffer(Math.ceil(bytes / 8) * 8), base: 0 };
  }

  // The generated modules are one instance for all kernels of a thread: bind this one's memory before every call.
  protected buildTables(): void {
    bindMemory(this.memory.buffer);
    buildTables(0);
  }

  advance(budget: number): number {
    bindMemory(this.memory.buffer);
    return advance(0, budget);
  }
}
