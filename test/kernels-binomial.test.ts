// Binomials: the same numbers from native, WASM and JavaScript, and the right law in both regimes.
import { beforeAll, describe, expect, test } from 'vitest';
import { javascriptKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
import { nativeProbes } from './support/native.js';
import { ALPHA, binomialLaw, criticalZ, goodnessOfFit } from './support/statistics.js';

const { functions } = javascriptKernel();
let portable: PortableKernel[];

beforeAll(async () => {
  portable = [await wasmKernel(), javascriptKernel()];
});

const sizes = [1, 2, 3, 19, 20, 21, 119, 120, 121, 512, 1000, 1e6, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53];
const shares: [part: number, whole: number][] = [
  [0, 1],
  [1, 1],
  [1, 2],
  [1, 3],
  [2, 3],
  [0.1, 1],
  [0.9, 1],
  [1e-9, 1],
  [1 - 1e-9, 1],
  [Number.MIN_VALUE, 1],
  [1e-300, 1e-290],
  [1, 2 ** 31],
  [2 ** 31 - 1, 2 ** 31],
  [2 ** 52 + 1, 2 ** 53],
  [2 ** 53 - 1, 2 ** 53],
  [0.3, 0.30000000000000004],
  [5e-324, 5e-324],
  [123, 4567],
];

test('native, WASM and JavaScript draw the same numbers, from n = 1 to 2^53, p from 0 to 1', () => {
  for (const n of sizes) {
    shares.forEach(([part, whole], i) => {
      const expected = nativeProbes().binomials(i, 60, n, part, whole);
      for (const { functions: f, name } of portable) {
        f.seedStream(i, 0, 0, 0, 0, 0);
        expect(
          Float64Array.from({ length: 60 }, () => f.binomial(n, part, whole)),
          `${name}: n ${n}, p ${part}/${whole}`,
        ).toEqual(expected);
      }
      expect(expected.every((x) => Number.isInteger(x) && x >= 0 && x <= n)).toBe(true);
    });
  }
});

test('where the two regimes meet (mean 10), the numbers agree too', () => {
  for (let n = 20; n <= 400; n++) {
    for (const part of [9.999999, 10, 10.000001]) {
      const expected = nativeProbes().binomials(n, 20, n, part, n);
      for (const { functions: f } of portable) {
        f.seedStream(n, 0, 0, 0, 0, 0);
        expect(Float64Array.from({ length: 20 }, () => f.binomial(n, part, n))).toEqual(expected);
      }
    }
  }
});

test('certain outcomes use no random number', () => {
  for (const { functions: f } of portable) {
    f.seedStream(1, 0, 0, 0, 0, 0);
    const first = f.nextU32();
    f.seedStream(1, 0, 0, 0, 0, 0);
    expect([f.binomial(10, 0, 1), f.binomial(10, 1, 1), f.binomial(0, 1, 2)]).toEqual([0, 10, 0]);
    expect(f.nextU32()).toBe(first);
  }
});

describe('law (chi-square against exact probabilities, 200,000 draws, alpha 1e-6 each)', () => {
  const cases: [n: number, part: number, whole: number][] = [
    [1, 1, 2],
    [5, 3, 10],
    [10, 9, 10],
    [40, 1, 8],
    [100, 0.05, 1],
    [100, 0.0999, 1],
    [1000, 0.001, 1],
    [1e6, 3e-6, 1], // inversion
    [20, 1, 2],
    [21, 10, 21],
    [25, 0.41, 1],
    [100, 0.1, 1],
    [100, 0.11, 1],
    [100, 1, 2],
    [100, 0.8, 1],
    [1000, 0.02, 1],
    [5000, 0.3, 1],
    [20000, 0.999, 1], // rejection
  ];
  test.each(cases)('n = %d, p = %d/%d', (n, part, whole) => {
    functions.seedStream(n, 1, 0, 0, 0, 0);
    const law = binomialLaw(n, part / whole);
    const counts = new Array<number>(n + 1).fill(0);
    for (let i = 0; i < 200_000; i++) counts[functions.binomial(n, part, whole)]++;
    expect(goodnessOfFit(counts, law)).toBeGreaterThan(ALPHA);
  });

  test.each([1e8, 2 ** 31])('n = %d: mean, variance and skewness', (n) => {
    const critical = criticalZ(ALPHA);
    for (const p of [0.5, 0.013, 0.999, 2e-8]) {
      functions.seedStream(3, 0, 0, 0, 0, 0);
      const draws = 100_000;
      const sd = Math.sqrt(n * p * (1 - p));
      const moments = [0, 0, 0];
      for (let i = 0; i < draws; i++) {
        const z = (functions.binomial(n, p, 1) - n * p) / sd;
        for (let k = 0; k < 3; k++) moments[k] += z ** (k + 1) / draws;
      }
      const kurtosis = 3 + (1 - 6 * p * (1 - p)) / sd ** 2;
      expect(Math.abs(moments[0]) * Math.sqrt(draws)).toBeLessThan(critical);
      expect(Math.abs(moments[1] - 1) / Math.sqrt((kurtosis - 1) / draws)).toBeLessThan(critical);
      // Var(z^3) is 15 for a normal variable; below a mean of 100 the tails are heavier.
      if (sd > 10) expect(Math.abs(moments[2] - (1 - 2 * p) / sd) / Math.sqrt(15 / draws)).toBeLessThan(critical);
    }
  });
});
