// The exported functions of the two portable kernels, each with memory to work in.

import { binomialBytes } from '../../dist/generated/javascript/binomial-rows.js';
import * as modules from '../../dist/generated/javascript/index.js';
import * as layout from '../../dist/generated/javascript/layout.js';
import { ROWS_BYTES } from '../../dist/generated/javascript/poisson-rows.js';
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

/** Bytes for rows at a few rates. */
const RATE_BYTES = 10_000_000;
/** Bytes for the binomial rows of a few sizes. */
const BINOMIAL_BYTES = 4 * binomialBytes(layout.LARGEST_ROW);

/**
 * Makes room for Poisson rows of integer means and at `rates`, and for binomial rows, at the kernel's base; no row is built. Returns
 * the addresses of the first, of the index of the second, of the third, and of the first free byte.
 */
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
  const rows = take(ROWS_BYTES);
  words[layout.ADDR_ROWS] = rows;
  words[layout.ADDR_BINOMIAL_INDEX] = take(4 * (layout.LARGEST_ROW + 1));
  const binomials = take(BINOMIAL_BYTES);
  words[layout.ADDR_BINOMIALS] = binomials;
  words[layout.ADDR_BINOMIAL_FREE] = binomials;
  words[layout.BINOMIAL_BYTES] = BINOMIAL_BYTES;
  words[layout.ROWS_READY] = 1;
  words[layout.RATE_COUNT] = rates.length;
  words[layout.ADDR_RATES] = take(8 * rates.length);
  new Float64Array(buffer, words[layout.ADDR_RATES], rates.length).set(rates);
  const rateRows = take((rates.length * RATE_ROWS) << layout.ROW_ENTRY_BITS);
  words[layout.ADDR_RATE_INDEX] = rateRows;
  words[layout.ADDR_SCRATCH] = take(16 * layout.MOST_COLUMNS);
  words[layout.ADDR_RATE_FREE] = take(RATE_BYTES);
  functions.buildTables(base);
  return { rows, rateRows, binomials, free };
}
