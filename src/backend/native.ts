/** The kernels in C++ (native/), through Node-API: each call runs on a thread of its own. */
import type { Kernel } from './kernel.js';

export interface Addon {
  version: string;
  /** Resolves to a status of layout.ts; rejects with TypeError or RangeError on bad arguments. */
  advance(arena: ArrayBuffer, budget: number): Promise<number>;
  /** Stops a running `advance` of this arena soon. */
  cancel(arena: ArrayBuffer): void;
  buildRows(arena: ArrayBuffer, largest: number): void;
}

export class NativeKernel implements Kernel {
  memory = new ArrayBuffer(0);
  readonly base = 0;

  constructor(private readonly addon: Addon) {}

  reserve(bytes: number): void {
    if (this.memory.byteLength < bytes) this.memory = new ArrayBuffer(Math.ceil(bytes / 64) * 64);
  }

  buildRows(largest: number): void {
    this.addon.buildRows(this.memory, largest);
  }

  advance(budget: number): Promise<number> {
    return this.addon.advance(this.memory, budget);
  }

  cancel(): void {
    this.addon.cancel(this.memory);
  }
}
