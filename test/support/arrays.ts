// Kernels that work on arrays: one call on every backend, in memory full of poison between guard words, must leave the same bytes.
import { expect } from 'vitest';
import { javascriptKernel, moduleKernel, type PortableKernel, wasmKernel } from './kernels.js';
import { nativeProbes, type Probes } from './native.js';

/** Of the table of normals (NORMAL_TABLE_BYTES in assembly/normal.ts). */
export const TABLE_BYTES = 6152;
export const POISON = -123.25;

/** Arrays in, the same arrays as they are afterwards, and what the function returned. */
export interface Outcome {
  arrays: Float64Array[];
  result: number;
}
export type Values = Float64Array | readonly number[];

const kernels = [await wasmKernel(), javascriptKernel(), moduleKernel()];

/** Runs `call` on addresses of copies of the arrays, each between guard words. */
export function onPortable(kernel: PortableKernel, arrays: readonly Values[], call: (at: number[]) => number | undefined): Outcome {
  let free = kernel.base + TABLE_BYTES;
  const views = arrays.map((values) => {
    const view = new Float64Array(kernel.buffer, free, values.length + 2).fill(POISON);
    view.set(values, 1);
    free += view.byteLength;
    return view;
  });
  const result = call(views.map((view) => view.byteOffset + 8)) ?? 0;
  return { arrays: views.map(guarded), result };
}

function onNative(arrays: readonly Values[], call: (probes: Probes, views: Float64Array[]) => number | undefined): Outcome {
  const all = arrays.map((values) => {
    const view = new Float64Array(values.length + 2).fill(POISON);
    view.set(values, 1);
    return view;
  });
  const views = all.map((view) => view.subarray(1, -1));
  const result = call(nativeProbes(), views) ?? 0;
  return { arrays: all.map(guarded), result };
}

/** The values, with the guards checked. */
export function guarded(all: Float64Array): Float64Array {
  expect([all[0], all[all.length - 1]]).toEqual([POISON, POISON]);
  return all.slice(1, -1);
}

const bytes = ({ arrays, result }: Outcome) =>
  Buffer.concat([...arrays, Float64Array.of(result)].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)));

/** Native's outcome, after that of the others has been found to be the same. */
export function agreed(
  arrays: readonly Values[],
  native: (probes: Probes, views: Float64Array[]) => number | undefined,
  other: (f: PortableKernel['functions'], at: number[]) => number | undefined,
  seed?: number,
): Outcome {
  const expected = onNative(arrays, native);
  for (const kernel of kernels) {
    if (seed !== undefined) {
      kernel.functions.buildNormals(kernel.base);
      kernel.functions.seedStream(seed, 0, 0, 0, 0, 0);
    }
    const got = onPortable(kernel, arrays, (at) => other(kernel.functions, at));
    expect(Buffer.compare(bytes(got), bytes(expected)), kernel.name).toBe(0);
  }
  return expected;
}

export const poison = (count: number) => new Float64Array(count).fill(POISON);
/** A B', all columns counted. */
export function timesTranspose(a: Values, b: Values, d: number, columns = d): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += a[(at % d) + k * d] * b[Math.floor(at / d) + k * d];
    return sum;
  });
}
