// Normals and chi-square variates: the same numbers from native, WASM and JavaScript, and the right laws.
import { beforeAll, describe, expect, test } from 'vitest';
import { javascriptKernel, moduleKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
import { nativeProbes } from './support/native.js';
import { ALPHA, chiSquareTail, criticalZ, goodnessOfFit } from './support/statistics.js';

const TABLE_BYTES = 6152;
const POISON = -123.25;
let wasm: PortableKernel;
let portable: PortableKernel[];

beforeAll(async () => {
  wasm = await wasmKernel();
  portable = [wasm, javascriptKernel(), moduleKernel()];
});

/** Builds the table and starts the stream; returns `count` doubles of poison, one more on either side. */
function prepare({ functions: f, buffer, base }: PortableKernel, seed: number, count: number): { at: number; all: Float64Array } {
  f.buildNormals(base);
  f.seedStream(seed, 0, 0, 0, 0, 0);
  const at = base + TABLE_BYTES + 8;
  return { at, all: new Float64Array(buffer, at - 8, count + 2).fill(POISON) };
}

/** The values, with the guards checked. */
function guarded(all: Float64Array): Float64Array {
  expect([all[0], all[all.length - 1]]).toEqual([POISON, POISON]);
  return all.slice(1, -1);
}

function native(count: number, fill: (into: Float64Array) => void): Float64Array {
  const all = new Float64Array(count + 2).fill(POISON);
  fill(all.subarray(1, -1));
  return guarded(all);
}

const bytes = (values: Float64Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
const same = (a: Float64Array, b: Float64Array) => Buffer.compare(bytes(a), bytes(b)) === 0;

describe('normals', () => {
  test('native, WASM and JavaScript give the same bytes, one by one and filled, every length 0 ... 257', () => {
    const expected = nativeProbes();
    for (let count = 0; count <= 257; count++) {
      const singles = native(count, (into) => expected.normals(count, into));
      expect(
        same(
          native(count, (into) => expected.fillNormals(count, into)),
          singles,
        ),
      ).toBe(true);
      for (const kernel of portable) {
        const { at, all } = prepare(kernel, count, count);
        kernel.functions.fillNormals(at, count);
        expect(same(guarded(all), singles), `${kernel.name}, ${count}`).toBe(true);
        prepare(kernel, count, count);
        const one = Float64Array.from({ length: count }, () => kernel.functions.normal());
        expect(same(one, singles), `${kernel.name} one by one, ${count}`).toBe(true);
      }
    }
  });

  test('a million of them too, with the stream left where it was', () => {
    const count = 1_000_000;
    const expected = native(count, (into) => nativeProbes().fillNormals(77, into));
    const after = portable.map((kernel) => {
      const { at, all } = prepare(kernel, 77, count);
      kernel.functions.fillNormals(at, count);
      expect(same(guarded(all), expected), kernel.name).toBe(true);
      return kernel.functions.nextU32();
    });
    expect(new Set(after).size).toBe(1);
    prepare(wasm, 77, 0);
    for (let i = 0; i < count; i++) wasm.functions.normal();
    expect(wasm.functions.nextU32()).toBe(after[0]);
  });

  /** P(Z > z) for z >= 0. */
  const tail = (z: number) => chiSquareTail(z * z, 1) / 2;
  const cdf = (z: number) => (z < 0 ? tail(-z) : 1 - tail(z));
  /** Probabilities of cells of `width` from -limit to limit; the first and the last take what is beyond. */
  function cells(limit: number, width: number): number[] {
    const count = Math.round((2 * limit) / width);
    return Array.from({ length: count }, (_, i) => {
      const high = i === count - 1 ? 1 : cdf(-limit + (i + 1) * width);
      return high - (i === 0 ? 0 : cdf(-limit + i * width));
    });
  }

  test('the table: layers of one area that end at the mode, and a base whose tail has its exact area', () => {
    prepare(wasm, 1, 0);
    const layers = new Float64Array(wasm.buffer, wasm.base, 512);
    const heights = new Float64Array(wasm.buffer, wasm.base + 4096, 257);
    const start = layers[1];
    const area = layers[0] * 2 ** 52 * Math.exp(-(start ** 2) / 2);
    expect(Math.abs(area / (start * Math.exp(-(start ** 2) / 2) + Math.sqrt(2 * Math.PI) * tail(start)) - 1)).toBeLessThan(1e-9);
    expect(Math.sqrt(Math.PI / 2) / (256 * area)).toBeCloseTo(0.99332175546573235, 12); // share of points under the curve, of 50 digits
    for (let layer = 1; layer < 256; layer++) {
      const width = layers[2 * layer] * 2 ** 52;
      expect(width).toBe(layers[2 * layer - 1]);
      expect(Math.abs(heights[layer] / Math.exp(-(width ** 2) / 2) - 1)).toBeLessThan(1e-13);
      expect(Math.abs((width * (heights[layer + 1] - heights[layer])) / area - 1)).toBeLessThan(3e-13);
    }
    expect([layers[511], heights[256]]).toEqual([0, 1]);
  });

  const DRAWS = 10_000_000;
  const CHUNK = 1_000_000;

  test('law of 10^7: 768 cells, tails beyond 4, 4.5 and 5, moments, neighbours (alpha 1e-6 each, 16 tests)', () => {
    const wide = { limit: 6, width: 1 / 64, seen: new Array<number>(768).fill(0) };
    const fine = { limit: 0.02, width: 1 / 6400, seen: new Array<number>(256).fill(0), probabilities: [] as number[] };
    const powers = new Array<number>(9).fill(0);
    const beyond = [4, 4.5, 5].map((z) => ({ z, seen: [0, 0] }));
    let products = 0;
    let squares = 0;
    const { at } = prepare(wasm, 1, CHUNK);
    const draws = new Float64Array(wasm.buffer, at, CHUNK);
    let largest = 0;
    for (let chunk = 0; chunk < DRAWS / CHUNK; chunk++) {
      wasm.functions.fillNormals(at, CHUNK);
      let before = 0;
      for (const x of draws) {
        wide.seen[Math.min(767, Math.max(0, Math.floor((x + 6) * 64)))]++;
        if (x >= -fine.limit && x < fine.limit) fine.seen[Math.floor((x + fine.limit) * 6400)]++;
        let power = 1;
        for (let k = 1; k <= 8; k++) powers[k] += power *= x;
        const size = Math.abs(x);
        if (size > 4) for (const { z, seen } of beyond) if (size > z) seen[x > 0 ? 1 : 0]++;
        if (size > largest) largest = size;
        products += x * before;
        squares += (x * x - 1) * (before * before - 1);
        before = x;
      }
    }
    expect(goodnessOfFit(wide.seen, cells(wide.limit, wide.width))).toBeGreaterThan(ALPHA);
    const near = fine.seen.map((_, i) => cdf(-0.02 + (i + 1) / 6400) - cdf(-0.02 + i / 6400));
    const inside = near.reduce((sum, p) => sum + p, 0);
    expect(
      goodnessOfFit(
        fine.seen,
        near.map((p) => p / inside),
      ),
    ).toBeGreaterThan(ALPHA);
    const critical = criticalZ(ALPHA);
    for (const { z, seen } of beyond) {
      for (const count of seen) {
        const mean = DRAWS * tail(z);
        // Counts of about 2.9 beyond 5: 18 or more have probability 1e-9.
        if (mean > 20) expect(Math.abs(count - mean) / Math.sqrt(mean)).toBeLessThan(critical);
        else expect(count).toBeLessThan(18);
      }
    }
    expect(largest).toBeGreaterThan(4.6); // P(less) = exp(-42)
    expect(largest).toBeLessThan(8.6);
    const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105];
    const even = [1, 1, 3, 15, 105, 945, 10395, 135135, 2027025];
    for (let k = 1; k <= 6; k++) {
      const variance = even[k] - moments[k] ** 2;
      expect(Math.abs(powers[k] / DRAWS - moments[k]) / Math.sqrt(variance / DRAWS), `moment ${k}`).toBeLessThan(critical);
    }
    expect(Math.abs(products) / Math.sqrt(DRAWS)).toBeLessThan(critical);
    expect(Math.abs(squares) / Math.sqrt(4 * DRAWS)).toBeLessThan(critical);
  });

  test('Kolmogorov-Smirnov on 10^6 against the exact distribution (alpha 1e-6), and the tail beyond the ziggurat given its start', () => {
    const { at } = prepare(wasm, 5, CHUNK);
    const draws = new Float64Array(wasm.buffer, at, CHUNK);
    wasm.functions.fillNormals(at, CHUNK);
    const sorted = draws.slice().sort();
    let distance = 0;
    // Every 50th point: the distance in between is at most 50/10^6 more.
    for (let i = 0; i < CHUNK; i += 50) distance = Math.max(distance, Math.abs((i + 0.5) / CHUNK - cdf(sorted[i])));
    expect(distance * Math.sqrt(CHUNK)).toBeLessThan(Math.sqrt(-Math.log(ALPHA / 2) / 2));
    const start = 3.654152885361009;
    const far: number[] = [];
    for (let chunk = 0; chunk < 20; chunk++) {
      wasm.functions.fillNormals(at, CHUNK);
      for (const x of draws) if (Math.abs(x) > start) far.push(Math.abs(x));
    }
    const seen = new Array<number>(16).fill(0);
    for (const x of far) seen[Math.min(15, Math.floor((16 * tail(x)) / tail(start)))]++;
    expect(goodnessOfFit(seen, new Array<number>(16).fill(1 / 16))).toBeGreaterThan(ALPHA);
  });
});

describe('chi-square variates', () => {
  const freedoms = [0.1, 0.5, 1, 1.5, 1.999, 2, 2.5, 3, 4, 10, 33.3, 256, 1e4, 1e5 + 0.5, 1e9, 1e12];

  test('native, WASM and JavaScript give the same bytes', () => {
    freedoms.forEach((nu, seed) => {
      const expected = native(2000, (into) => nativeProbes().chiSquareds(seed, into, nu));
      expect(expected.every((x) => x > 0 && x < Infinity)).toBe(true);
      for (const kernel of portable) {
        prepare(kernel, seed, 0);
        const got = Float64Array.from({ length: 2000 }, () => kernel.functions.chiSquared(nu));
        expect(same(got, expected), `${kernel.name}, ${nu}`).toBe(true);
        prepare(kernel, seed, 0);
        expect(kernel.functions.chi(nu)).toBe(Math.sqrt(expected[0]));
        prepare(kernel, seed, 0);
        expect(2 * kernel.functions.gamma(nu / 2)).toBe(expected[0]);
      }
    });
  });

  test.each([0.5, 1, 1.5, 2, 3, 4.2, 10, 33.3, 100, 1000])(
    'law with %d degrees of freedom (incomplete gamma, 400,000 draws, alpha 1e-6)',
    (nu) => {
      prepare(wasm, 9, 0);
      const CELLS = 200;
      const seen = new Array<number>(CELLS).fill(0);
      for (let i = 0; i < 400_000; i++) seen[Math.min(CELLS - 1, Math.floor(CELLS * chiSquareTail(wasm.functions.chiSquared(nu), nu)))]++;
      expect(goodnessOfFit(seen, new Array<number>(CELLS).fill(1 / CELLS))).toBeGreaterThan(ALPHA);
    },
  );

  test('the acceptance keeps its digits: the series of 3 d (ln(1 + e) - e + e^2/2 - e^3/3), e = x/(3 sqrt d)', () => {
    for (let k = -400; k <= 400; k++) {
      const e = k / 1000;
      const d = 1 + (k + 400) ** 2;
      let series = 0;
      for (let power = 60; power >= 4; power--) series += (power % 2 === 0 ? -1 : 1) * (e ** power / power);
      const expected = 3 * d * series;
      const got = wasm.functions.logKept(3 * Math.sqrt(d) * e, e, d);
      expect(Math.abs(got - expected)).toBeLessThan(Math.abs(e) < 0.0625 ? 1e-9 * Math.abs(expected) + 1e-300 : 4e-15 * d);
    }
  });

  test.each([1, 2, 7, 1e4, 1e6, 1e9, 1e12])('%d degrees of freedom: mean, variance, skewness (4 x 10^6 draws, alpha 1e-6 each)', (nu) => {
    prepare(wasm, 11, 0);
    const draws = 4_000_000;
    const moments = [0, 0, 0];
    for (let i = 0; i < draws; i++) {
      const z = (wasm.functions.chiSquared(nu) - nu) / Math.sqrt(2 * nu);
      moments[0] += z / draws;
      moments[1] += z ** 2 / draws;
      moments[2] += z ** 3 / draws;
    }
    const critical = criticalZ(ALPHA);
    expect(Math.abs(moments[0]) * Math.sqrt(draws)).toBeLessThan(critical);
    expect(Math.abs(moments[1] - 1) / Math.sqrt((2 + 12 / nu) / draws)).toBeLessThan(critical);
    // Var(z^3) from the cumulants of a chi-square variable: 15 + O(1/nu); for small nu the tails are too heavy to test.
    if (nu > 1000) expect(Math.abs(moments[2] - Math.sqrt(8 / nu)) / Math.sqrt((15 + 1000 / nu) / draws)).toBeLessThan(critical);
  });
});
