// The exported functions of the two portable kernels, each with memory to work in.

import * as modules from '../../dist/generated/javascript/index.js';
import * as layout from '../../dist/generated/javascript/layout.js';
import * as bundled from '../../dist/generated/kernel.js';
import { wasmBase64 } from '../../dist/generated/wasm.js';

/** What assembly/index.ts exports. */
export type Functions = typeof modules;

export interface PortableKernel {
  name: string;
  functions: Functions;
  buffer: ArrayBuffer;
  /** First byte that is free. */
  base: number;
}

const BYTES = 1 << 24;

export function javascriptKernel(): PortableKernel {
  const functions = bundled as unknown as Functions;
  const buffer = new ArrayBuffer(BYTES);
  functions.bindMemory(buffer);
  return { name: 'javascript', functions, buffer, base: functions.arenaBase() };
}

/** The same sources before bundling. */
export function moduleKernel(): PortableKernel {
  const buffer = new ArrayBuffer(BYTES);
  modules.bindMemory(buffer);
  return { name: 'javascript modules', functions: modules, buffer, base: modules.arenaBase() };
}

export async function wasmKernel(): Promise<PortableKernel> {
  const { instance } = await WebAssembly.instantiate(Buffer.from(wasmBase64, 'base64'), {});
  const functions = instance.exports as unknown as Functions & { memory: WebAssembly.Memory };
  functions.memory.grow(BYTES / 65536);
  return { name: 'wasm', functions, buffer: functions.memory.buffer as ArrayBuffer, base: functions.arenaBase() };
}

/** Builds the Poisson rows 1 ... largest at the kernel's base; returns the address of their index and of the first free byte. */
export function buildRows({ functions, buffer, base }: PortableKernel, largest: number): { rows: number; free: number } {
  const words = new Int32Array(buffer, base, layout.HEADER_BYTES / 4);
  words.fill(0);
  const rows = base + layout.HEADER_BYTES;
  words[layout.ADDR_ROW_INDEX] = rows;
  words[layout.ADDR_SCRATCH] = rows + ((layout.LARGEST_ROW + 1) << layout.ROW_ENTRY_BITS) + 48;
  words[layout.ADDR_ROW_FREE] = words[layout.ADDR_SCRATCH] + 16 * layout.LARGEST_ROW;
  functions.buildRows(base, largest);
  return { rows, free: Math.ceil(words[layout.ADDR_ROW_FREE] / 64) * 64 };
}
