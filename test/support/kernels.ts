// The exported functions of the two portable kernels, each with memory to work in.

import * as modules from '../../dist/generated/javascript/index.js';
import * as layout from '../../dist/generated/javascript/layout.js';
import { RATE_ROWS } from '../../dist/generated/javascript/rate-rows.js';
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

const BYTES = 1 << 25;

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

/** Bytes for all Poisson rows of integer means and those at a few rates. */
const ROW_BYTES = 10_000_000;

/** Makes room for Poisson rows of integer means and at `rates` at the kernel's base; returns the addresses of their indices and of the first free byte. */
export function prepareRows({ functions, buffer, base }: PortableKernel, rates: readonly number[] = []) {
  const words = new Int32Array(buffer, base, layout.HEADER_BYTES / 4);
  words.fill(0);
  let free = base + layout.HEADER_BYTES;
  const take = (bytes: number) => {
    const at = free;
    free += Math.ceil(bytes / 64) * 64;
    new Uint8Array(buffer, at, free - at).fill(0);
    return at;
  };
  words[layout.ADDR_ROW_INDEX] = take((layout.LARGEST_ROW + 1) << layout.ROW_ENTRY_BITS);
  words[layout.RATE_COUNT] = rates.length;
  words[layout.ADDR_RATES] = take(8 * rates.length);
  new Float64Array(buffer, words[layout.ADDR_RATES], rates.length).set(rates);
  words[layout.ADDR_RATE_INDEX] = take((rates.length * RATE_ROWS) << layout.ROW_ENTRY_BITS);
  words[layout.ADDR_SCRATCH] = take(16 * layout.MOST_CELLS);
  words[layout.ADDR_ROW_FREE] = take(ROW_BYTES);
  words[layout.ADDR_RATE_FREE] = take(ROW_BYTES);
  functions.buildTables(base);
  return { rows: words[layout.ADDR_ROW_INDEX], rateRows: words[layout.ADDR_RATE_INDEX], cells: words[layout.ADDR_ROW_FREE], free };
}
