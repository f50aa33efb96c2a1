// The kernels' own log, log1p and exp: the same bits on every backend, and close to 60-digit values.
import { beforeAll, describe, expect, test } from 'vitest';
import { exponentialError, fixed, logarithmError } from './support/exact.js';
import { javascriptKernel, moduleKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
import { nativeProbes } from './support/native.js';
import { mulberry32 } from './support/oracle.js';

let portable: PortableKernel[];
const { functions } = javascriptKernel();

beforeAll(async () => {
  portable = [await wasmKernel(), javascriptKernel(), moduleKernel()];
});

describe('log, log1p, exp', () => {
  const edges = [
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    Number.MIN_VALUE,
    -Number.MIN_VALUE,
    2.2250738585072009e-308,
    2.2250738585072014e-308,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    Infinity,
    -Infinity,
    NaN,
    Number.EPSILON,
    -Number.EPSILON,
    1 + Number.EPSILON,
    1 - Number.EPSILON / 2,
    709.782712893384,
    709.7827128933841,
    709.0895,
    709.4,
    -745.1332191019411,
    -745.1332191019412,
    -745,
    -708.3964185322641,
    -708.4,
    -707.9,
    Math.SQRT2,
    Math.SQRT1_2,
    Math.LN2,
    Math.LN2 / 2,
    -Math.LN2 / 2,
    Math.E,
    2 ** 53,
    2 ** -53,
    2 ** -54,
    -0.5,
    -0.9999999999999999,
  ];

  /** Any bit pattern, then the ranges that matter. */
  function inputs(): Float64Array {
    const random = mulberry32(2);
    const patterns = new Float64Array(60_000);
    new Uint32Array(patterns.buffer).forEach((_, i, words) => (words[i] = random() * 2 ** 32));
    const list = [...edges, ...patterns];
    for (let i = 0; i < 20_000; i++) list.push(random(), -random(), (random() - 0.5) * 1500, 1 + (random() - 0.5) * 1e-3, 1e-9 * random());
    return Float64Array.from(list);
  }

  test.each(['log', 'log1p', 'exp'] as const)('%s: the same bits on three backends for 160,000 inputs', (name) => {
    const x = inputs();
    const words = (values: Float64Array) => new Uint32Array(values.map((value) => (Number.isNaN(value) ? NaN : value)).buffer);
    const expected = words(nativeProbes()[name](x));
    for (const kernel of portable) {
      const got = words(x.map((value) => kernel.functions[name](value)));
      let mismatches = 0;
      for (let i = 0; i < got.length; i++) if (got[i] !== expected[i]) mismatches++;
      expect(mismatches, kernel.name).toBe(0);
    }
  });

  test('limits', () => {
    const { log, log1p, exp } = functions;
    expect([log(0), log(-0), log(1), log(Infinity), log(-1), log(NaN)]).toEqual([-Infinity, -Infinity, 0, Infinity, NaN, NaN]);
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(NaN), exp(710), exp(-746)]).toEqual([1, 0, Infinity, NaN, Infinity, 0]);
    expect([log1p(0), log1p(-1), log1p(1e-300), log1p(-1e-300)]).toEqual([0, -Infinity, 1e-300, -1e-300]);
  });

  /** The largest error over 3,000 points, in units of the last place. */
  function worst(error: (u: number, v: number) => number): number {
    const random = mulberry32(3);
    let most = 0;
    for (let i = 0; i < 3000; i++) most = Math.max(most, error(random(), random()));
    return most;
  }

  test('errors against 60-digit values stay below 1 ulp (log, exp) and 3 ulp (log1p)', () => {
    const { log, log1p, exp } = functions;
    const ofLog = (x: number) => logarithmError(fixed(x), log(x));
    const ofLog1p = (x: number) => logarithmError(fixed(1) + fixed(x), log1p(x));
    expect(worst((u, v) => ofLog(2 ** (200 * (u - 0.5)) * (1 + v)))).toBeLessThan(1);
    expect(worst((u, v) => ofLog(1 + (u - 0.5) * 10 ** (-14 * v)))).toBeLessThan(1);
    expect(worst((u) => exponentialError((u - 0.5) * 1400, exp((u - 0.5) * 1400)))).toBeLessThan(1);
    expect(worst((u, v) => exponentialError((u - 0.5) * 10 ** (-10 * v), exp((u - 0.5) * 10 ** (-10 * v))))).toBeLessThan(1);
    expect(worst((u, v) => ofLog1p(-u * 10 ** (-12 * v)))).toBeLessThan(3);
    expect(worst((u, v) => ofLog1p(u * 10 ** (-12 * v)))).toBeLessThan(3);
  });
});
