// Known answers of the kernels' building blocks, and the same bytes from native, WASM and JavaScript.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as layout from '../dist/generated/javascript/layout.js';
import { RATE_ROWS, rateRowCount } from '../dist/generated/javascript/rate-rows.js';
import { javascriptKernel, moduleKernel, type PortableKernel, prepareRows, wasmKernel } from './support/kernels.js';
import { nativeProbes } from './support/native.js';
import { mulberry32 } from './support/oracle.js';
import { ALPHA, goodnessOfFit } from './support/statistics.js';

let portable: PortableKernel[];
const javascript = javascriptKernel();
const { functions } = javascript;

beforeAll(async () => {
  portable = [await wasmKernel(), javascript, moduleKernel()];
});

const hex = (word: string) => Number.parseInt(word, 16);

describe('Threefry4x32-20', () => {
  const vectors = readFileSync(new URL('./vectors/threefry4x32-20.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/).map(hex));

  test('Random123 known answers', () => {
    expect(vectors).toHaveLength(3);
    for (const words of vectors) {
      expect([...nativeProbes().threefry(Uint32Array.from(words.slice(0, 4)), Uint32Array.from(words.slice(4, 8)))]).toEqual(
        words.slice(8),
      );
      for (const { functions: f } of portable) {
        const [a, b, c, d, e, g, h, i] = words.map((word) => word | 0);
        f.threefry(a, b, c, d, e, g, h, i);
        expect([f.out0(), f.out1(), f.out2(), f.out3()].map((word) => word >>> 0)).toEqual(words.slice(8));
      }
    }
  });

  test('10,000 random inputs agree', () => {
    const random = mulberry32(1);
    for (let i = 0; i < 10_000; i++) {
      const words = Uint32Array.from({ length: 8 }, () => Math.floor(random() * 2 ** 32));
      const expected = nativeProbes().threefry(words.slice(0, 4), words.slice(4));
      const [a, b, c, d, e, g, h, k] = Array.from(words, (word) => word | 0);
      for (const { functions: f } of portable) {
        f.threefry(a, b, c, d, e, g, h, k);
        const out = [f.out0(), f.out1(), f.out2(), f.out3()];
        if (out.some((word, j) => word >>> 0 !== expected[j])) expect(out).toEqual([...expected]);
      }
    }
  });
});

describe('stream', () => {
  /** sfc32 of PractRand, written down once more with unsigned arithmetic. */
  function sfc32(a: number, b: number, c: number): () => number {
    let counter = 1;
    return () => {
      const out = (a + b + counter) >>> 0;
      counter = (counter + 1) >>> 0;
      a = (b ^ (b >>> 9)) >>> 0;
      b = (c + c * 8) % 4294967296;
      c = (((c * 2 ** 21) % 2 ** 32) + (c >>> 11) + out) % 4294967296;
      return out;
    };
  }

  test('is sfc32 from three words of Threefry, twelve outputs discarded', () => {
    const hash = nativeProbes().threefry(Uint32Array.of(5, 6, 0, 0), Uint32Array.of(1, 2, 3, 4));
    const reference = sfc32(hash[0], hash[1], hash[2]);
    for (let i = 0; i < 12; i++) reference();
    const expected = Array.from({ length: 10_000 }, reference);
    for (const { functions: f } of portable) {
      f.seedStream(1, 2, 3, 5, 6, 4);
      expect(Array.from({ length: 10_000 }, () => f.nextU32() >>> 0)).toEqual(expected);
    }
  });

  test('regression vector (made by this code, not by others): seed 42, context 0, replicate 0', () => {
    for (const { functions: f } of portable) {
      f.seedStream(42, 0, 0, 0, 0, 0);
      expect(Array.from({ length: 6 }, () => f.nextU32() >>> 0)).toEqual([
        272949661, 206057584, 2574523352, 910630144, 225262193, 1097926345,
      ]);
    }
  });

  test('uniform has 53 bits of two words; save and restore keep the place', () => {
    for (const { functions: f, base } of portable) {
      f.seedStream(7, 0, 0, 0, 0, 0);
      const words = Array.from({ length: 2000 }, () => BigInt(f.nextU32() >>> 0));
      f.seedStream(7, 0, 0, 0, 0, 0);
      for (let i = 0; i < 2000; i += 2) {
        if (i === 1000) {
          f.saveStream(base);
          f.nextU32();
          f.restoreStream(base);
        }
        expect(f.uniform()).toBe(Number(((words[i] >> 5n) << 26n) | (words[i + 1] >> 6n)) / 2 ** 53);
      }
    }
  });

  const bounds = [
    1,
    2,
    3,
    7,
    100,
    512,
    2 ** 16 - 1,
    2 ** 21 - 1,
    2 ** 21,
    2 ** 21 + 1,
    3 * 2 ** 29,
    2 ** 31 - 1,
    2 ** 31,
    2 ** 31 + 1,
    3 * 2 ** 30,
    2 ** 32 - 1,
  ];

  test.each(bounds)("bounded(%d) is Lemire's method, word for word", (n) => {
    const range = BigInt(n);
    const threshold = 2n ** 32n % range;
    for (const { functions: f, name } of portable) {
      f.seedStream(8, 0, 0, 0, 0, 0);
      const words = Array.from({ length: 4000 }, () => BigInt(f.nextU32() >>> 0));
      const expected = words.map((word) => word * range).filter((product) => product % 2n ** 32n >= threshold);
      f.seedStream(8, 0, 0, 0, 0, 0);
      for (const product of expected.slice(0, 1900)) {
        const got = f.bounded(n | 0) >>> 0;
        if (got !== Number(product >> 32n)) expect([name, got]).toEqual([name, Number(product >> 32n)]);
      }
    }
  });

  test.each([2, 3, 7, 100])('bounded(%d) is uniform (chi-square, alpha 1e-6)', (n) => {
    functions.seedStream(9, 0, 0, 0, 0, 0);
    const counts = new Array<number>(n).fill(0);
    for (let i = 0; i < 400_000; i++) counts[functions.bounded(n)]++;
    expect(
      goodnessOfFit(
        counts,
        counts.map(() => 1 / n),
      ),
    ).toBeGreaterThan(ALPHA);
  });
});

describe('Poisson rows', () => {
  /** Poisson(c) on 0 ... wide, normalised. */
  function law(c: number): number[] {
    const wide = Math.ceil(c + 40 * Math.sqrt(c) + 60);
    const mode = Math.floor(c);
    const f = new Array<number>(wide + 1).fill(0);
    f[mode] = 1;
    for (let x = mode; x > 0; x--) f[x - 1] = (f[x] * x) / c;
    for (let x = mode + 1; x <= wide; x++) f[x] = (f[x - 1] * c) / x;
    const sum = f.reduce((total, x) => total + x, 0);
    return f.map((x) => x / sum);
  }

  test('alias cells give Poisson(c), c = 1 ... 512, within 2^-32 in total variation; acceptance within 2^-32', () => {
    const { rows } = prepareRows(javascript);
    for (let c = 1; c <= layout.LARGEST_ROW; c++) functions.integerRow(rows, c);
    const words = new Int32Array(javascript.buffer);
    const counts = new Uint32Array(javascript.buffer);
    let variation = 0;
    let lost = 0;
    let acceptance = 0;
    for (let c = 1; c <= 512; c++) {
      const [low, shift, table, accept] = words.subarray((rows >> 2) + 4 * c, (rows >> 2) + 4 * c + 4);
      const cells = 2 ** (32 - shift);
      const made = new Float64Array(low + cells);
      for (let j = 0; j < cells; j++) {
        const keeps = counts[(table >> 2) + 2 * j] / 2 ** 32;
        made[low + j] += keeps / cells;
        made[words[(table >> 2) + 2 * j + 1]] += (1 - keeps) / cells;
      }
      const exact = law(c);
      let difference = 0;
      let outside = 0;
      exact.forEach((p, x) => {
        difference += Math.abs((made[x] ?? 0) - p) / 2;
        if (x < low || x >= low + cells) outside += p;
        else acceptance = Math.max(acceptance, Math.abs((counts[(accept >> 2) + x - low] + 1) / 2 ** 32 - p / exact[c]));
      });
      variation = Math.max(variation, difference);
      lost = Math.max(lost, outside);
    }
    expect(variation).toBeLessThan(2 ** -32);
    expect(lost).toBeLessThan(8e-16); // docs/MATH.md#poisson-rows
    expect(acceptance).toBeLessThan(2 ** -32 * 1.001);
  });

  test('WASM builds the same tables as JavaScript', () => {
    const images = portable.map((kernel) => {
      const { rows, cells } = prepareRows(kernel);
      for (let c = layout.LARGEST_ROW; c > 0; c--) kernel.functions.integerRow(rows, c);
      const used = new Int32Array(kernel.buffer, kernel.base, layout.HEADER_BYTES / 4)[layout.ADDR_ROW_FREE];
      const index = new Int32Array(kernel.buffer, rows + 16, 4 * layout.LARGEST_ROW);
      return Buffer.concat([
        new Uint8Array(index.map((value, i) => (i % 4 < 2 ? value : value - kernel.base)).buffer),
        new Uint8Array(kernel.buffer, cells, used - cells),
      ]);
    });
    for (const image of images) expect(image.equals(images[0])).toBe(true);
  });

  test('rows at a rate give Poisson(rate c) within 2^-32 in total variation, up to the last count that has rows', () => {
    const rates = [1, 1 / 3, 0.01, 99 / 100];
    const { rateRows } = prepareRows(javascript, rates);
    const words = new Int32Array(javascript.buffer);
    const thresholds = new Uint32Array(javascript.buffer);
    const drawn = prepareRows(javascript, rates).free;
    for (const [r, rate] of rates.entries()) {
      expect(functions.openRate(rate, 1)).toBe(true);
      for (const place of [1, 2, 7, 63, 64, 100, 499, 512, 513, 520, 567, 568, 575, 582]) {
        const c = rateRowCount(place);
        words[drawn >> 2] = c;
        functions.drawRates(drawn, 0, 1, drawn + 4);
        const [low, shift, table] = words.subarray((rateRows >> 2) + 4 * (RATE_ROWS * r + place));
        const cells = 2 ** (32 - shift);
        const made = new Float64Array(low + cells);
        for (let j = 0; j < cells; j++) {
          const keeps = thresholds[(table >> 2) + 2 * j] / 2 ** 32;
          made[low + j] += keeps / cells;
          made[words[(table >> 2) + 2 * j + 1]] += (1 - keeps) / cells;
        }
        const exact = law(rate * c);
        let difference = 0;
        let outside = 0;
        exact.forEach((p, x) => {
          difference += Math.abs((made[x] ?? 0) - p) / 2;
          if (x < low || x >= low + cells) outside += p;
        });
        expect(difference).toBeLessThan(2 ** -32);
        expect(outside).toBeLessThan(8e-16);
      }
    }
    expect(functions.openRate(1, 7)).toBe(false);
  });
});
