// Hypergeometrics: the same numbers from native, WASM and JavaScript, and the right law in both regimes.
import { beforeAll, describe, expect, test } from 'vitest';
import { javascriptKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
import { nativeProbes } from './support/native.js';
import { ALPHA, criticalZ, goodnessOfFit, logGamma } from './support/statistics.js';

let portable: PortableKernel[];

beforeAll(async () => {
  portable = [await wasmKernel(), javascriptKernel()];
});

const wholes = [1, 2, 3, 10, 57, 200, 1000, 12345, 1e6, 2 ** 31, 2 ** 33, 2 ** 45];
const shares = [0, 1e-9, 0.001, 0.1, 0.3, 0.5, 0.7, 0.999, 1];

test('native, WASM and JavaScript draw the same numbers, within the bounds', () => {
  for (const whole of wholes) {
    for (const goodShare of shares) {
      for (const nShare of shares) {
        const good = Math.round(goodShare * whole);
        const n = Math.round(nShare * whole);
        const expected = nativeProbes().hypergeometrics(7, 12, n, good, whole);
        for (const { functions: f, name } of portable) {
          f.seedStream(7, 0, 0, 0, 0, 0);
          const got = Float64Array.from({ length: 12 }, () => f.hypergeometric(n, good, whole));
          expect(got, `${name}: ${n} of ${whole}, ${good} good`).toEqual(expected);
        }
        const least = Math.max(0, n + good - whole);
        const most = Math.min(n, good);
        expect(expected.every((x) => Number.isInteger(x) && x >= least && x <= most)).toBe(true);
      }
    }
  }
});

/** P(X = x) for all x from 0 to n, from factorials. */
function law(n: number, good: number, whole: number): number[] {
  const choose = (a: number, b: number) => (b < 0 || b > a ? -Infinity : logGamma(a + 1) - logGamma(b + 1) - logGamma(a - b + 1));
  return Array.from({ length: n + 1 }, (_, x) => Math.exp(choose(good, x) + choose(whole - good, n - x) - choose(whole, n)));
}

describe(`law (chi-square against exact probabilities, 200,000 draws, alpha ${ALPHA} each)`, () => {
  const cases: [n: number, good: number, whole: number][] = [
    [1, 1, 2],
    [3, 4, 9],
    [10, 5, 100],
    [30, 30, 100], // inversion
    [50, 20, 60], // both sides flipped
    [40, 30, 100],
    [100, 100, 300],
    [150, 200, 300],
    [400, 500, 1000],
    [900, 500, 1000], // ratio of uniforms
  ];
  test.each(cases)('%i of %i good among %i', (n, good, whole) => {
    const draws = 200_000;
    const observed = new Array<number>(n + 1).fill(0);
    for (const x of nativeProbes().hypergeometrics(n, draws, n, good, whole)) observed[x]++;
    expect(goodnessOfFit(observed, law(n, good, whole))).toBeGreaterThan(ALPHA);
  });

  test.each([
    [1e6, 2e6, 5e6],
    [2 ** 30, 2 ** 29, 2 ** 31],
    [2 ** 31, 2 ** 31, 2 ** 40],
  ])('mean and variance at %i of %i among %i', (n, good, whole) => {
    const draws = 200_000;
    const values = nativeProbes().hypergeometrics(3, draws, n, good, whole);
    const p = good / whole;
    const mean = n * p;
    const variance = (n * p * (1 - p) * (whole - n)) / (whole - 1);
    let sum = 0;
    let squares = 0;
    for (const x of values) {
      sum += x - mean;
      squares += (x - mean) ** 2;
    }
    expect(Math.abs(sum / draws) / Math.sqrt(variance / draws)).toBeLessThan(criticalZ(ALPHA));
    expect(Math.abs(squares / draws / variance - 1) / Math.sqrt(2 / draws)).toBeLessThan(criticalZ(ALPHA));
  });
});
