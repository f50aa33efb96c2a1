// What jumps are made of: Poisson variates, occupied boxes, and the chains themselves on three backends.
import { beforeAll, describe, expect, test } from 'vitest';
import { MOST_BALLS } from '../dist/generated/javascript/occupancy.js';
import { type SpecInput, simulate } from '../dist/index.js';
import { expectedSimpson } from '../dist/theory/fully-synthetic.js';
import { javascriptKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
import { nativeProbes } from './support/native.js';
import { ALPHA, criticalZ, goodnessOfFit, logGamma } from './support/statistics.js';

let portable: PortableKernel[];
beforeAll(async () => {
  portable = [await wasmKernel(), javascriptKernel()];
});

describe('Poisson variates', () => {
  const means = [0, 1e-12, 0.3, 5, 9.99, 10, 31.4, 1000, 123_456.7, 2 ** 31, 1e14];

  test('native, WASM and JavaScript draw the same numbers', () => {
    for (const mean of means) {
      const expected = nativeProbes().poissons(3, 200, mean);
      for (const { functions: f } of portable) {
        f.seedStream(3, 0, 0, 0, 0, 0);
        expect(Float64Array.from({ length: 200 }, () => f.poisson(mean))).toEqual(expected);
      }
    }
  });

  test.each([0.3, 5, 9.99, 10, 31.4, 1000])(`mean %d: the law (chi-square, 300,000 draws, alpha ${ALPHA})`, (mean) => {
    const cells = Math.ceil(mean + 12 * Math.sqrt(mean) + 12);
    const law = Array.from({ length: cells }, (_, k) => Math.exp(k * Math.log(mean) - mean - logGamma(k + 1)));
    const seen = new Array<number>(cells).fill(0);
    for (const x of nativeProbes().poissons(11, 300_000, mean)) seen[x]++;
    expect(goodnessOfFit(seen, law)).toBeGreaterThan(ALPHA);
  });

  test.each([123_456.7, 2 ** 31])(`mean %d: mean and variance (alpha ${ALPHA} each)`, (mean) => {
    const z = Array.from(nativeProbes().poissons(12, 100_000, mean), (x) => (x - mean) / Math.sqrt(mean));
    const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(average(z)) * Math.sqrt(z.length)).toBeLessThan(criticalZ(ALPHA));
    expect(Math.abs(average(z.map((x) => x * x)) - 1) * Math.sqrt(z.length / 2)).toBeLessThan(criticalZ(ALPHA));
  });
});

describe('occupied boxes', () => {
  const cases: [k: number, n: number][] = [
    ...[1, 2, 3, 5, 9].map((n): [number, number] => [n, n]),
    ...([
      [1, 5],
      [4, 9],
      [8, 9],
      [30, 100],
      [100, 100],
      [5000, 10_000],
      [200, 1e6],
      [1e6, 1e6],
      [2 ** 31, 2 ** 31],
    ] as [number, number][]),
  ];

  /** Numbers of boxes with 2, 3, ... balls. */
  const draws = (k: number, n: number, count: number, seed = 5) => {
    const all = nativeProbes().occupancies(seed, count, k, n);
    return Array.from({ length: count }, (_, i) => all.subarray(MOST_BALLS * i, MOST_BALLS * (i + 1)));
  };

  test('native, WASM and JavaScript draw the same numbers', () => {
    for (const [k, n] of cases) {
      const expected = draws(k, n, 20);
      for (const { functions: f, buffer, base } of portable) {
        const numbers = new Int32Array(buffer, base + 4096, MOST_BALLS);
        f.seedStream(5, 0, 0, 0, 0, 0);
        for (const one of expected) {
          numbers.fill(0, f.occupancy(k, n, base, base + 4096));
          expect(numbers).toEqual(one);
        }
      }
    }
  });

  /** All ways to put k balls into boxes by how many boxes have 2, 3, ..., with the number of arrangements (as a logarithm). */
  function* histograms(k: number, n: number): Generator<[key: string, probability: number]> {
    const logFactorial = (x: number) => logGamma(x + 1);
    function* from(balls: number, left: number, boxes: number, log: number, numbers: number[]): Generator<[string, number]> {
      if (balls > k) {
        if (left > boxes) return; // single balls and empty boxes take the rest
        const rest = log - logFactorial(left) - logFactorial(boxes - left);
        yield [numbers.join(), Math.exp(rest + logFactorial(n) + logFactorial(k) - k * Math.log(n))];
        return;
      }
      for (let m = 0; m * balls <= left && m <= boxes; m++) {
        yield* from(balls + 1, left - m * balls, boxes - m, log - m * logFactorial(balls) - logFactorial(m), [...numbers, m]);
      }
    }
    yield* from(2, k, n, 0, []);
  }

  test.each([
    [3, 3],
    [5, 5],
    [9, 9],
    [8, 20],
    [12, 15],
  ])(`%d balls in %d: the law of all numbers together (chi-square, 200,000 draws, alpha ${ALPHA})`, (k, n) => {
    const law = new Map(histograms(k, n));
    expect([...law.values()].reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
    const seen = new Map([...law.keys()].map((key) => [key, 0]));
    for (const numbers of draws(k, n, 200_000)) {
      const key = numbers.subarray(0, k - 1).join();
      seen.set(key, (seen.get(key) ?? Number.NaN) + 1);
    }
    expect(seen.size).toBe(law.size); // nothing impossible
    expect(goodnessOfFit([...seen.values()], [...law.values()])).toBeGreaterThan(ALPHA);
  });

  test.each([
    [100, 100],
    [5000, 10_000],
    [1e6, 1e6],
    [2 ** 31, 2 ** 31],
  ])(`%d balls in %d: mean and variance of the number of occupied boxes (20,000 draws, alpha ${ALPHA} each)`, (k, n) => {
    const found = draws(k, n, 20_000, 6).map((numbers) => numbers.reduce((sum, boxes, i) => sum - boxes * (i + 1), k));
    // Empty boxes: E = n a, E X (X - 1) = n (n - 1) b, with a = (1 - 1/n)^k, b = (1 - 2/n)^k; b - a^2 without cancellation.
    const a = Math.exp(k * Math.log1p(-1 / n));
    const difference = a * a * Math.expm1(k * (Math.log1p(-2 / n) - 2 * Math.log1p(-1 / n)));
    const variance = n * n * difference + n * (a - Math.exp(k * Math.log1p(-2 / n)));
    const z = found.map((d) => (d - n * (1 - a)) / Math.sqrt(variance));
    const average = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(Math.abs(average(z)) * Math.sqrt(z.length)).toBeLessThan(criticalZ(ALPHA));
    expect(Math.abs(average(z.map((x) => x * x)) - 1) * Math.sqrt(z.length / 2)).toBeLessThan(criticalZ(ALPHA));
  });
});

describe('chains', () => {
  const jump = (sampleSize: number, generations: number[], rest: Partial<SpecInput> = {}): SpecInput => ({
    model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 80, exponent: 1 } },
    schedule: { kind: 'fully-synthetic', sampleSize },
    generations,
    replicates: 40,
    method: 'jump',
    ...rest,
  });

  test('the same digest on native, WASM and JavaScript, on one thread and on two', async () => {
    for (const n of [1, 2, 3, 7, 40, 513, 1700, 30_000, 2 ** 31]) {
      const initial = { kind: 'zipf', vocabulary: n > 1e6 ? 4 : 80, exponent: 1 } as const;
      const rest = { model: { kind: 'categorical', initial } as const, replicates: n > 1e6 ? 2 : 40 };
      const spec = jump(n, [2, 3, 10, 400, 100_000], rest);
      const digests = new Set<string>();
      for (const backend of ['native', 'wasm', 'javascript'] as const) {
        for (const threads of [1, 2]) digests.add((await simulate(spec, { backend, threads })).digest);
      }
      expect(digests.size, `n = ${n}`).toBe(1);
    }
  });

  test('contexts of different sizes, all metrics, on three backends', async () => {
    const model = { kind: 'categorical', initial: { kind: 'dirichlet', vocabulary: 30, concentration: 0.5, contexts: 6 } } as const;
    const spec = jump(700, [1, 20, 3000], { model });
    const results = await Promise.all((['native', 'wasm', 'javascript'] as const).map((backend) => simulate(spec, { backend })));
    expect(new Set(results.map(({ digest }) => digest)).size).toBe(1);
    expect(results[0].jumps).toEqual([20, 3000]);
    expect(results[0].contexts!.collapsed[2]).toBeGreaterThan(results[0].contexts!.collapsed[1] as number);
  });

  test('generation 1 and generation 2 after it are those of any other run', async () => {
    const values = async (method: 'jump' | 'forward') => {
      const got: number[] = [];
      await simulate(jump(600, [1, 2], { method }), { onChains: (batch) => void got.push(...batch.values) });
      return got;
    };
    expect(await values('jump')).toEqual(await values('forward'));
  });

  test('"auto" jumps far and steps near, never small training sets, and is told', async () => {
    const led = async (spec: SpecInput) => (await simulate({ ...spec, replicates: 2 })).jumps;
    const auto = { method: 'auto' } as const;
    expect(await led(jump(10_000, [1, 10, 1000, 100_000], auto))).toEqual([1000, 100_000]);
    expect(await led(jump(512, [1, 10, 1000, 100_000], auto))).toBeUndefined();
    expect(await led(jump(10_000, [1, 2, 3], auto))).toBeUndefined();
    expect(await led(jump(1e6, [1000], auto))).toBeUndefined();
    expect(await led(jump(1e6, [100_000], auto))).toEqual([100_000]);
    expect(await led(jump(10_000, [100_000], { method: 'forward' }))).toBeUndefined();
  });

  test('says how many have collapsed, but not when', async () => {
    const times: number[] = [];
    const { collapseTime, metrics } = await simulate(jump(50, [40, 80, 1e6]), { onChains: (b) => void times.push(...b.collapseTimes) });
    expect(collapseTime).toMatchObject({ mean: null, standardError: null, collapsed: 40, replicates: 40 });
    expect(Object.values(collapseTime.quantiles)).toEqual([null, null, null]);
    expect(times).toEqual(new Array(40).fill(0));
    expect(metrics.support.mean[2]).toBe(1);
    const early = await simulate(jump(50, [40, 80]));
    expect(early.collapseTime.collapsed).toBeGreaterThan(0);
    expect(early.collapseTime.collapsed).toBeLessThan(40);
  });

  test(`2^31 samples a generation: the mean Simpson index of theory (alpha ${ALPHA} each)`, async () => {
    const generations = [1e6, 1e9];
    const model = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 4 } } as const;
    const { metrics } = await simulate(jump(2 ** 31, generations, { model, replicates: 50, metrics: ['simpson'] }));
    expectedSimpson(generations, 2 ** 31, 0.25).forEach((expected, i) => {
      const z = ((metrics.simpson.mean[i] as number) - expected) / (metrics.simpson.standardError[i] as number);
      expect(Math.abs(z)).toBeLessThan(5.59); // Student's t with 49 degrees of freedom
    });
  });

  test('what can not jump is refused', async () => {
    const refused = (spec: SpecInput) =>
      simulate(spec).then(
        () => 'ran',
        (error: Error) => error.message,
      );
    const spec = jump(50, [10]);
    expect(await refused({ ...spec, generations: 10 })).toMatch(
      /^method: got "jump"; allowed: "auto" or "forward" unless generations is a list/,
    );
    expect(await refused({ ...spec, generations: 'until-collapse' })).toMatch(/^method: got "jump"; .*list/);
    expect(await refused({ ...spec, schedule: { kind: 'fresh', real: 5, synthetic: 5 } })).toMatch(
      /^method: .*fresh \(jump needs fully-synthetic/,
    );
    expect(await refused({ ...spec, sampling: { kind: 'top-k', k: 3 } })).toMatch(/^method: .*sampling top-k/);
    expect(await refused({ ...spec, weighting: { kind: 'real-weight', weight: 2 } })).toMatch(/^method: .*weighting real-weight/);
    expect(await refused({ ...spec, model: { kind: 'gaussian' }, metrics: ['variance'] })).toMatch(/^method: .*model gaussian/);
    expect(await refused({ ...spec, method: 'jmup' as 'jump' })).toMatch(/^method: got "jmup"; allowed: "auto" or "forward" or "jump"/);
  });
});
