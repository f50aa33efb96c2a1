/** The kernels as plain JavaScript: the same sources as the WASM build, over typed arrays. */
import { advance } from '../generated/javascript/chain.js';
import { buildRows } from '../generated/javascript/poisson-rows.js';
import { bindMemory } from '../generated/javascript/primitives.js';
import type { Kernel } from './kernel.js';

export class JavaScriptKernel implements Kernel {
  memory = new ArrayBuffer(0);
  readonly base = 0;

  reserve(bytes: number): void {
    if (this.memory.byteLength < bytes) this.memory = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
  }

  // The generated modules are one instance for all kernels of a thread: bind this one's memory before every call.
  buildRows(largest: number): void {
    bindMemory(this.memory);
    buildRows(this.base, largest);
  }

  advance(budget: number): number {
    bindMemory(this.memory);
    return advance(this.base, budget);
  }
}
