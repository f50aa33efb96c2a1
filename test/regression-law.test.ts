// Regression models, simulated: against the laws, against a plain simulator, and each way of drawing against the data themselves.
import { describe, expect, test } from 'vitest';
import { type RegressionSpec, type Result, type SpecInput, simulate, theory } from '../dist/index.js';
import { normals, replicate, type Setting } from './support/regression.js';
import { ALPHA, criticalZ, sameLaw } from './support/statistics.js';

type Model = Extract<SpecInput['model'], { kind: 'ridge' | 'random-projections' }>;
type Mixture = Extract<SpecInput['schedule'], { kind: 'mixture' }>;

function spec(model: object, schedule: object, rest: Partial<SpecInput> = {}): SpecInput {
  return {
    model: { kind: 'width' in model ? 'random-projections' : 'ridge', ...model } as Model,
    schedule: {
      ...{ kind: 'mixture', samples: 300, syntheticFraction: 0.3, noiseReal: 0.25, noiseSynthetic: 0.5, quality: 0.5, ...schedule },
    } as Mixture,
    ...rest,
  };
}

/** Values of one generation, by replicate. */
async function valuesOf(input: SpecInput, generation = 1): Promise<number[]> {
  const values: number[] = [];
  await simulate({ ...input, generations: [generation] }, { onChains: (batch) => void values.push(...batch.values), backend: 'native' });
  return values;
}

describe('against the laws', () => {
  const d = 120;
  const power = { dimension: d, spectrum: { kind: 'power-law' as const, exponent: 1.2 } };
  const flat = { dimension: d };
  const settings: [string, SpecInput][] = [
    ['least squares', spec(flat, {})],
    ['least squares, power law: the same', spec(power, {})],
    ['real data alone', spec(flat, { syntheticFraction: 0 })],
    ['synthetic data alone', spec(flat, { syntheticFraction: 1 })],
    ['least norm, n < d', spec(flat, { samples: 70 })],
    ['least norm, power law', spec(power, { samples: 70 })],
    ['ridge', spec({ ...flat, ridge: 0.1 }, {})],
    ['ridge, power law', spec({ ...power, ridge: 0.05 }, {})],
    ['ridge, n < d', spec({ ...power, ridge: 0.05 }, { samples: 60, syntheticFraction: 0.7 })],
    ['n = d, ridge', spec({ ...flat, ridge: 0.1 }, { samples: 120 })],
    ['1e12 samples', spec({ ...power, ridge: 0.01 }, { samples: 1e12 })],
    ['1e12 samples, little synthetic data', spec(flat, { samples: 1e12, syntheticFraction: 0.001 })],
    ['the data themselves', spec({ ...power, ridge: 0.05 }, { draw: 'data' })],
    ['few projections', spec({ ...flat, width: 40 }, {})],
    ['few projections, power law, ridge', spec({ ...power, width: 40, ridge: 0.05 }, {})],
    ['few projections, fewer samples', spec({ ...flat, width: 100 }, { samples: 30 })],
    ['few projections, n between m and d', spec({ ...power, width: 40, ridge: 0.05 }, { samples: 90 })],
    ['m = n = d, ridge', spec({ ...flat, width: 120, ridge: 0.1 }, { samples: 120 })],
    ['many projections', spec({ ...power, width: 400, ridge: 0.05 }, {})],
    ['many projections, n < d', spec({ ...power, width: 200, ridge: 0.02 }, { samples: 60 })],
    ['1e6 projections, 1e12 samples', spec({ ...power, width: 1e6, ridge: 100 }, { samples: 1e12 })],
    ['weights', spec({ ...power, ridge: 0.05 }, { syntheticWeight: 0.05 })],
    ['weights, many samples', spec(flat, { samples: 1e6, syntheticWeight: 0.9 })],
    ['weights, n < d', spec({ ...flat, ridge: 0.1 }, { samples: 80, syntheticWeight: 0.9 })],
    ['all weight on the real part', spec({ ...flat, ridge: 0.1 }, { syntheticWeight: 0 })],
    ['iterative mixing', spec({ ...power, ridge: 0.05 }, {}, { generations: 4 })],
    [
      'iterative mixing without noise, n < d',
      spec({ ...power, ridge: 0.02 }, { samples: 80, relabelling: 'noise-free' }, { generations: 4 }),
    ],
    ['iterative mixing, 1e9 samples', spec(flat, { samples: 1e9, syntheticFraction: 0.5 }, { generations: 3 })],
    ['replacement', spec(flat, { syntheticFraction: 1, quality: 0 }, { generations: 6 })],
    ['replacement with ridge', spec({ ...power, ridge: 0.05 }, { syntheticFraction: 1 }, { generations: 3 })],
    ['least squares by projections, generations', spec({ ...flat, width: 150 }, {}, { generations: 3 })],
  ];

  /** Fails by chance with probability 1e-6 for each of 48 comparisons. The laws are asymptotic: 4/d of the value is allowed on top. */
  settings.forEach(([name, input], i) => {
    test(name, async () => {
      const { provenance, metrics, generation } = await simulate({ ...input, replicates: 300, seed: 100 + i }, { backend: 'native' });
      const { model, schedule } = provenance.spec as RegressionSpec;
      const { totals } = theory.linear.predict(model, schedule, generation);
      totals!.forEach((expected, t) => {
        const { mean, standardError } = metrics['test-error'] as { mean: number[]; standardError: number[] };
        const allowed = criticalZ(ALPHA) * standardError[t] + (4 / d) * expected;
        expect(Math.abs(mean[t] - expected), `generation ${generation[t]}: ${mean[t]} against ${expected}`).toBeLessThan(allowed);
      });
    });
  });

  test('exact at any d: least squares of real data has error s^2 d/(n - d - 1), 1e-6', async () => {
    for (const [dimension, samples] of [
      [1, 4],
      [3, 8],
      [10, 1e12],
    ]) {
      const input = spec({ dimension }, { samples, syntheticFraction: 0 }, { replicates: 100_000, seed: dimension });
      const { mean, standardError } = (await simulate(input)).metrics['test-error'] as unknown as {
        mean: number[];
        standardError: number[];
      };
      expect(Math.abs(mean[0] - (0.25 * dimension) / (samples - dimension - 1)) / standardError[0]).toBeLessThan(criticalZ(ALPHA));
    }
  });
});

/** Counts in 20 classes with the same number of values of both lists in each. */
function sameValues(a: readonly number[], b: readonly number[]): number {
  const all = [...a, ...b].sort((x, y) => x - y);
  const edges = Array.from({ length: 19 }, (_, k) => all[Math.floor(((k + 1) * all.length) / 20)]);
  const count = (values: readonly number[]) => {
    const counts = new Array<number>(20).fill(0);
    for (const value of values) counts[edges.filter((edge) => edge <= value).length]++;
    return counts;
  };
  return sameLaw(count(a), count(b));
}

describe('drawn as Wishart matrices: the law of the data themselves (alpha 1e-6 each)', () => {
  const cases: [string, object, object, number][] = [
    ['both parts at once', { dimension: 3 }, { samples: 7, syntheticFraction: 0.4 }, 1],
    ['n = d', { dimension: 3 }, { samples: 3 }, 1],
    ['one sample of each part', { dimension: 2 }, { samples: 2, syntheticFraction: 0.5 }, 1],
    ['one dimension', { dimension: 1 }, { samples: 2, syntheticFraction: 0.5 }, 1],
    ['no noise', { dimension: 3 }, { samples: 9, noiseReal: 0, noiseSynthetic: 0, quality: 2 }, 1],
    ['noise of one part only', { dimension: 3 }, { samples: 9, noiseReal: 4, noiseSynthetic: 0, quality: 2 }, 1],
    ['labels of full quality', { dimension: 3 }, { samples: 9, quality: 0 }, 1],
    ['ridge', { dimension: 4, ridge: 0.3, spectrum: { kind: 'power-law', exponent: 1 } }, { samples: 6 }, 1],
    ['third generation', { dimension: 3, ridge: 0.1 }, { samples: 8, syntheticFraction: 0.5 }, 3],
    ['each part', { dimension: 3, ridge: 0.1 }, { samples: 9, syntheticFraction: 0.4, syntheticWeight: 0.8 }, 1],
    ['fixed real data', { dimension: 2, ridge: 0.1 }, { samples: 7, syntheticFraction: 0.5, real: 'fixed' }, 3],
    ['few projections', { dimension: 4, width: 2, ridge: 0.1 }, { samples: 6 }, 1],
    ['many projections', { dimension: 3, width: 5, ridge: 0.1, spectrum: { kind: 'power-law', exponent: 1 } }, { samples: 5 }, 2],
    ['many projections, weights', { dimension: 2, width: 3, ridge: 0.1 }, { samples: 8, syntheticWeight: 0.1 }, 1],
  ];
  test.each(cases)('%s', async (_, model, schedule, generation) => {
    const input = (draw: string, seed: number) => spec(model, { ...schedule, draw }, { replicates: 30_000, seed });
    const [drawn, direct] = [await valuesOf(input('auto', 1), generation), await valuesOf(input('data', 2), generation)];
    expect(sameValues(drawn, direct)).toBeGreaterThan(ALPHA);
    expect(drawn).not.toEqual(direct);
  });

  test('a noise of another size is seen', async () => {
    const input = (noiseReal: number, seed: number) => spec({ dimension: 3 }, { samples: 7, noiseReal }, { replicates: 30_000, seed });
    expect(sameValues(await valuesOf(input(0.25, 1)), await valuesOf(input(0.28, 2)))).toBeLessThan(ALPHA);
  });
});

describe('against a plain simulator that shares no code (alpha 1e-6 each)', () => {
  const base: Setting = {
    ...{ dimension: 6, exponent: 1, samples: 14, syntheticFraction: 0.5 },
    ...{ noiseReal: 0.25, noiseSynthetic: 0.5, quality: 0.5, ridge: 0.02 },
  };
  const cases: [string, Partial<Setting>, number][] = [
    ['ridge', {}, 1],
    ['ridge, n < d', { samples: 4 }, 2],
    ['weighted', { syntheticWeight: 0.1 }, 1],
    ['weighted, n < d', { syntheticWeight: 0.9, samples: 4 }, 1],
    ['few projections', { width: 3 }, 2],
    ['few projections, n < m', { width: 4, samples: 3 }, 1],
    ['many projections', { width: 9 }, 1],
    ['many projections, n < d', { width: 9, samples: 4 }, 2],
    ['noise-free relabelling', { noiseFree: true }, 3],
    ['replacement', { syntheticFraction: 1 }, 3],
  ];
  cases.forEach(([name, change, generation], i) => {
    test(name, async () => {
      const setting = { ...base, ...change };
      const { dimension, exponent, ridge, width, noiseFree, ...mixture } = setting;
      const spectrum = { kind: 'power-law', exponent };
      const model = { dimension, spectrum, ridge, ...(width !== undefined && { width }) };
      const schedule = { ...mixture, relabelling: noiseFree ? 'noise-free' : 'noisy' };
      const drawn = await valuesOf(spec(model, schedule, { replicates: 12_000, seed: i }), generation);
      const normal = normals(500 + i);
      const plain = Array.from({ length: 12_000 }, () => replicate(setting, generation, normal)[generation - 1]);
      expect(sameValues(drawn, plain)).toBeGreaterThan(ALPHA);
    });
  });
});

test('strong collapse: with 1 % of synthetic data the slope of log error in log n goes to 0, with real data alone it stays at -1', async () => {
  const sizes = [1e4, 1e6, 1e8, 1e10];
  /** One seed for all sizes: their errors share the labelling models. */
  const slopes = async (syntheticFraction: number) => {
    const means: number[] = [];
    for (const samples of sizes) {
      const input = spec({ dimension: 60 }, { samples, syntheticFraction, quality: 1 }, { replicates: 200, seed: 5 });
      means.push(((await simulate(input)) as Result).testError?.mean as number);
    }
    return means.slice(1).map((mean, i) => Math.log(mean / means[i]) / Math.log(sizes[i + 1] / sizes[i]));
  };
  const [early, middle, late] = await slopes(0.01);
  expect(early).toBeLessThan(-0.5);
  expect(middle).toBeGreaterThan(-0.1);
  expect(Math.abs(late)).toBeLessThan(0.01);
  for (const slope of await slopes(0)) expect(Math.abs(slope + 1)).toBeLessThan(0.02);
});
