/** The kernels as WebAssembly, embedded in the package; one instance with its own memory per kernel. */
import { wasmBase64 } from '../generated/wasm.js';
import type { Memory } from './arena.js';
import { ArenaKernel } from './arena-kernel.js';

interface Exports {
  memory: WebAssembly.Memory;
  arenaBase(): number;
  buildTables(base: number, rows: number): void;
  advance(base: number, budget: number): number;
}

const PAGE = 65536;
let compiled: Promise<WebAssembly.Module> | undefined;

function decode(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** @throws WebAssembly.CompileError where WebAssembly is not to be had. */
export async function wasmKernel(): Promise<WasmKernel> {
  if (typeof WebAssembly === 'undefined') throw new Error('this platform has no WebAssembly');
  compiled ??= WebAssembly.compile(decode(wasmBase64));
  const instance = await WebAssembly.instantiate(await compiled, {});
  return new WasmKernel(instance.exports as unknown as Exports);
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

  // Growing detaches earlier views: they are taken only after `reserve`.
  protected reserve(bytes: number): void {
    const missing = this.base + bytes - this.exports.memory.buffer.byteLength;
    if (missing > 0) this.exports.memory.grow(Math.ceil(missing / PAGE));
  }

  protected buildTables(rows: number): void {
    this.exports.buildTables(this.base, rows);
  }

  advance(budget: number): number {
    return this.exports.advance(this.base, budget);
  }
}
