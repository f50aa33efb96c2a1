// Single functions of the kernels, backend against backend: the generator, binomials, normals. A call of a WASM function from
// JavaScript is part of what is timed where it is made number by number.

import { wasmInstance } from '../dist/backend/wasm-instance.js';
import * as javascript from '../dist/generated/kernel.js';
import { loadAddon } from '../dist/platform/node.js';
import { save } from './report.mjs';
import { suite } from './suite.mjs';

const BYTES = 1 << 20;
const COUNT = 10_000;

async function portable() {
  const wasm = await wasmInstance();
  wasm.memory.grow(BYTES / 65536);
  const buffer = new ArrayBuffer(BYTES);
  javascript.bindMemory(buffer);
  return { wasm: { functions: wasm, buffer: wasm.memory.buffer }, javascript: { functions: javascript, buffer } };
}

function probes() {
  try {
    return loadAddon().probes;
  } catch {
    return undefined;
  }
}

const total = (values) => values.reduce((sum, x) => sum + x, 0);

/** Every kernel function: what a portable kernel does, and the addon. All return the same number. */
const functions = {
  [`generator, ${COUNT} numbers one by one`]: {
    portable: ({ functions: f }) => {
      let sum = 0;
      f.seedStream(1, 0, 0, 0, 0, 0);
      for (let i = 0; i < COUNT; i++) sum += f.nextU32() >>> 0;
      return sum;
    },
  },
  ...Object.fromEntries(
    [
      [100, 0.05],
      [1e6, 0.001],
      [1e9, 0.5],
    ].map(([n, p]) => [
      `binomial, n = ${n}, p = ${p}, ${COUNT} one by one`,
      {
        portable: ({ functions: f }) => {
          let sum = 0;
          f.seedStream(1, 0, 0, 0, 0, 0);
          for (let i = 0; i < COUNT; i++) sum += f.binomial(n, p, 1);
          return sum;
        },
        native: (addon) => total(addon.binomials(1, COUNT, n, p, 1)),
      },
    ]),
  ),
  [`normals, ${COUNT} at once`]: {
    portable: ({ functions: f, buffer }) => {
      const at = f.arenaBase() + 8192;
      f.buildNormals(f.arenaBase());
      f.seedStream(1, 0, 0, 0, 0, 0);
      f.fillNormals(at, COUNT);
      return total(new Float64Array(buffer, at, COUNT));
    },
    native: (addon) => {
      const values = new Float64Array(COUNT);
      addon.fillNormals(1, values);
      return total(values);
    },
  },
};

export async function kernels({ out }) {
  const kernels = await portable();
  const addon = probes();
  const results = [];
  for (const [title, { portable: run, native }] of Object.entries(functions)) {
    const cases = Object.fromEntries(Object.entries(kernels).map(([name, kernel]) => [name, () => run(kernel)]));
    results.push(await suite(title, { ...(native && addon && { native: () => native(addon) }), ...cases }));
  }
  await save(out, 'kernels', { results });
}
