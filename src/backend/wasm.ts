/** The kernels as WebAssembly, embedded in the package; one instance with its own memory per kernel. */
import type { Memory } from './arena.js';
import { ArenaKernel } from './arena-kernel.js';
import { reserveMemory, type WasmExports, wasmInstance } from './wasm-instance.js';

interface Exports extends WasmExports {
  buildTables(base: number): void;
  advance(base: number, budget: number): number;
}

/** @throws WebAssembly.CompileError where WebAssembly is not to be had. */
export async function wasmKernel(): Promise<WasmKernel> {
  return new WasmKernel(await wasmInstance<Exports>());
}

export class WasmKernel extends ArenaKernel {
  private readonly base: number;

  constructor(private readonly exports: Exports) {
    super();
    this.base = exports.arenaBase();
  }

  protected get memory(): Memory {
    return { buffer: this.exports.memory.buffer as ArrayBuffer, base: this.base };
  }

  protected reserve(bytes: number): void {
    reserveMemory(this.exports, bytes);
  }

  protected buildTables(): void {
    this.exports.buildTables(this.base);
  }

  advance(budget: number): number {
    return this.exports.advance(this.base, budget);
  }
}
