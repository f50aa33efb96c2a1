// Known answers of the kernels' building blocks, and the same bytes from native, WASM and JavaScript.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { javascriptKernel, moduleKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
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
