// Regression models, simulated: the same bytes everywhere, exact small cases, and what specs are refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BackendName, parseSpec, type Result, type SpecInput, simulate } from '../dist/index.js';

type Model = Extract<SpecInput['model'], { kind: 'ridge' | 'random-projections' }>;
type Mixture = Extract<SpecInput['schedule'], { kind: 'mixture' }>;

function spec(model: Partial<Model>, schedule: Partial<Mixture>, rest: Partial<SpecInput> = {}): SpecInput {
  return {
    model: { kind: 'ridge', ...model } as Model,
    schedule: { kind: 'mixture', samples: 30, syntheticFraction: 0.4, noiseReal: 0.25, quality: 0.5, ...schedule } as Mixture,
    replicates: 5,
    ...rest,
  };
}

async function everywhere(input: SpecInput): Promise<Result> {
  const reference = await simulate(input, { backend: 'native', threads: 1 });
  const ways: [BackendName, number][] = [
    ['native', 2],
    ['wasm', 1],
    ['javascript', 1],
  ];
  for (const [backend, threads] of ways) {
    const { digest } = await simulate(input, { backend, threads });
    expect([backend, threads, digest], JSON.stringify(input)).toEqual([backend, threads, reference.digest]);
  }
  return reference;
}

const valuesOf = ({ metrics }: Result) => metrics['test-error'].mean as number[];

describe('the same bytes on every backend', () => {
  const size = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 2, 3, 4, 5, 63, 64, 65, 129));
  const amount = fc.constantFrom(0, 0, 1e-9, 0.02, 3);
  const spectrum = (d: number) =>
    fc.oneof(
      fc.constant({ kind: 'isotropic' as const }),
      fc.constantFrom(0.7, 3).map((exponent) => ({ kind: 'power-law' as const, exponent })),
      fc
        .array(fc.constantFrom(1e-6, 1, 7, 1e4), { minLength: d, maxLength: d })
        .map((eigenvalues) => ({ kind: 'explicit' as const, eigenvalues })),
    );
  const anyRegression = fc
    .record({ d: size, n: fc.oneof(size, fc.constantFrom(1000, 1e6, 1e12)), near: fc.integer({ min: -2, max: 2 }), isNear: fc.boolean() })
    .chain(({ d, n, near, isNear }) => {
      const samples = isNear ? Math.max(1, d + near) : n;
      return fc
        .record({
          spectrum: spectrum(d),
          ridge: fc.oneof(amount, fc.constant(1e300)),
          width: fc.option(fc.oneof(size, fc.constantFrom(1e6, 1e9)), { nil: undefined }),
          syntheticFraction: fc.constantFrom(0, 0.001, 0.3, 0.5, 0.97, 1),
          noiseReal: amount,
          noiseSynthetic: amount,
          quality: amount,
          weight: fc.option(fc.constantFrom(0, 0.1, 0.8, 1), { nil: undefined }),
          real: fc.constantFrom('fresh' as const, 'fixed' as const),
          relabelling: fc.constantFrom('noisy' as const, 'noise-free' as const),
          draw: fc.constantFrom('auto' as const, 'data' as const),
          generations: fc.constantFrom(1, 3, [2, 3]),
          seed: fc.maxSafeNat(),
        })
        .map(({ spectrum, ridge, width, weight, syntheticFraction, draw, generations, seed, ...rest }) => {
          const synthetic = Math.min(samples, Math.floor(samples * syntheticFraction + 0.5));
          const both = synthetic > 0 && synthetic < samples && syntheticFraction > 0 && syntheticFraction < 1;
          return spec(
            { kind: width === undefined ? 'ridge' : 'random-projections', dimension: d, spectrum, ridge, ...(width && { width }) } as Model,
            { ...rest, samples, syntheticFraction, draw: samples > 1e4 ? 'auto' : draw, ...(both && { syntheticWeight: weight }) },
            { generations, seed, replicates: 3 },
          );
        });
    });

  test('150 random specs: one and two parts, every order of n, m and d, weights, generations', async () => {
    await fc.assert(
      fc.asyncProperty(anyRegression, async (input) => {
        const huge = (input.schedule as Mixture).samples > 1e4;
        const skipped = huge && (input.schedule as Mixture).real === 'fixed';
        if (skipped) return;
        for (const value of valuesOf(await everywhere(input))) expect(value).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 150, seed: 7 },
    );
  }, 60_000);

  test.each([
    [
      'a wild spectrum',
      spec(
        { ridge: 1e-30, spectrum: { kind: 'explicit', eigenvalues: [1e-100, 1, 1e100, 1e-7, 1e9] } },
        { samples: 9 },
        { generations: 2 },
      ),
    ],
    ['rows', spec({ dimension: 130 }, { samples: 70 })],
    ['both parts at once', spec({ dimension: 130, ridge: 0.1 }, { samples: 1e12 })],
    ['each part', spec({ dimension: 67, ridge: 0.1 }, { samples: 1e12, syntheticFraction: 0.5, syntheticWeight: 0.1 })],
    ['the data', spec({ dimension: 67 }, { samples: 300, draw: 'data' })],
    ['projections', spec({ kind: 'random-projections', dimension: 90, width: 41 } as Model, { samples: 200 })],
  ])('larger matrices: %s', async (_, input) => void (await everywhere(input)));
});

describe('small cases that are known', () => {
  test('labels without noise and of full quality: least squares finds the truth', async () => {
    for (const draw of ['auto', 'data'] as const) {
      for (const samples of [20, 21, 50]) {
        const exact = spec({ dimension: 20 }, { samples, noiseReal: 0, quality: 0, draw });
        expect(valuesOf(await simulate(exact))[0]).toBeLessThan(1e-12);
      }
    }
    // From 1e12 samples and a spectrum of condition 1e12: the noise is what it should be to many digits.
    const eigenvalues = Array.from({ length: 13 }, (_, i) => 10 ** -i);
    const tiny = spec({ spectrum: { kind: 'explicit', eigenvalues } }, { samples: 1e12, syntheticFraction: 0 }, { replicates: 2000 });
    expect(valuesOf(await simulate(tiny))[0] / (13 * 0.25e-12)).toBeCloseTo(1, 1);
  });

  test('a part of quality 0 and no noise leaves synthetic labels as the truth; all data synthetic: its weights are learnt', async () => {
    const learnt = spec({ dimension: 12 }, { samples: 40, syntheticFraction: 1, noiseReal: 0, quality: 0.5 }, { replicates: 4000 });
    const { mean, standardError } = (await simulate(learnt)).metrics['test-error'];
    expect(Math.abs((mean[0] as number) - 0.5) / (standardError[0] as number)).toBeLessThan(4.9);
  });

  test('an endless ridge gives weights of 0: the error is w_1 Sigma w_1', async () => {
    for (const samples of [5, 30, 1e6]) {
      const heavy = (ridge: number) => simulate(spec({ dimension: 10, ridge }, { samples, syntheticFraction: 0 }, { replicates: 50 }));
      const [some, most] = [await heavy(1e100), await heavy(1e300)].map(valuesOf);
      expect(some[0]).toBeCloseTo(most[0], 10);
      expect(Math.abs(some[0] - 1)).toBeLessThan(0.5);
    }
  });

  test('fixed real data alone are fitted again and again: the same fit', async () => {
    for (const samples of [8, 40]) {
      const values = valuesOf(
        await simulate(spec({ dimension: 20 }, { samples, syntheticFraction: 0, real: 'fixed' }, { generations: 4 })),
      );
      expect(new Set(values).size).toBe(1);
    }
  });

  test('projections as wide as x lose nothing: least squares, to the bit', async () => {
    const narrow = await simulate(spec({ dimension: 15 }, { samples: 40 }));
    const wide = await simulate(spec({ kind: 'random-projections', width: 15, dimension: 15 } as Model, { samples: 40 }));
    expect(wide.digest).toBe(narrow.digest);
  });
});

describe('result', () => {
  test('testError is the metric in generation 1', async () => {
    const { testError, metrics, generation, collapseTime } = await simulate(spec({ dimension: 5 }, {}, { generations: 3 }));
    expect(generation).toEqual([1, 2, 3]);
    expect(testError).toEqual({ mean: metrics['test-error'].mean[0], standardError: metrics['test-error'].standardError[0] });
    expect(collapseTime.collapsed).toBe(0);
    expect((await simulate(spec({ dimension: 5 }, {}, { generations: [2] }))).testError).toBeUndefined();
    expect((await simulate(spec({ dimension: 5 }, {}))).generation).toEqual([1]);
  });

  test('an aborted run stops soon, within one long fit too', async () => {
    const long = spec({ dimension: 1500, ridge: 0.1 }, { samples: 1e5, draw: 'data' });
    const started = performance.now();
    await expect(simulate(long, { backend: 'native', signal: AbortSignal.timeout(100) })).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe('specs', () => {
  const categorical = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 3 } } as const;
  const mixture = spec({ dimension: 5 }, {}).schedule;
  test.each<[unknown, RegExp]>([
    [{ model: categorical, schedule: mixture }, /^schedule\.kind: got "mixture"; allowed: another kind with the model categorical/],
    [
      { model: { kind: 'ridge', dimension: 2 }, schedule: { kind: 'fully-synthetic', sampleSize: 3 } },
      /^schedule\.kind: got "fully-synthetic"; allowed: "mixture" with the model ridge$/,
    ],
    [
      spec({ dimension: 5 }, {}, { generations: 'until-collapse' }),
      /^generations: got "until-collapse"; allowed: a whole number or a list/,
    ],
    [spec({ dimension: 5 }, {}, { maxGenerations: 5 }), /^maxGenerations: got 5/],
    [spec({ dimension: 5 }, {}, { metrics: ['simpson'] }), /^unknown metrics\[0\] "simpson"; .*of the model ridge: test-error/],
    [
      spec({ dimension: 5 }, {}, { sampling: { kind: 'temperature', temperature: 2 } }),
      /^sampling\.kind: got "temperature"; allowed: "plain"/,
    ],
    [spec({ dimension: 5 }, {}, { weighting: { kind: 'real-weight', weight: 2 } }), /^weighting\.kind: .*syntheticWeight/],
    [spec({ dimension: 5 }, { delta: [1], quality: undefined }), /^schedule\.delta: got \[1\]; allowed: 5 numbers/],
    [spec({ dimension: 5 }, { draw: 'rows' as 'data' }), /^schedule\.draw: got "rows"; allowed: "auto" or "data"/],
  ])('%#', (input, message) => {
    expect(() => parseSpec(JSON.parse(JSON.stringify(input)))).toThrow(message);
  });

  test('what only a run refuses: energies that no double holds, matrices that no memory holds', async () => {
    await expect(simulate(spec({ dimension: 2 }, { noiseReal: 1e300 }))).rejects.toThrow(/^schedule\.noiseReal: got 1e\+300/);
    await expect(simulate(spec({ dimension: 2 }, { quality: 1e300 }))).rejects.toThrow(/^schedule\.quality/);
    await expect(simulate(spec({ dimension: 2, gamma: [1, 1e300] }, {}))).rejects.toThrow(/^model\.gamma\[1\]/);
    const steep = { spectrum: { kind: 'explicit' as const, eigenvalues: [1, 1e-7, 1e-14] } };
    await expect(simulate(spec(steep, { samples: 3 }))).resolves.toBeDefined();
    await expect(simulate(spec({ ...steep, ridge: 1e-10 }, { samples: 2 }))).resolves.toBeDefined();
    await expect(simulate(spec({ spectrum: { kind: 'power-law', exponent: 50 }, dimension: 9 }, { samples: 4 }))).rejects.toThrow(
      /^model\.ridge: got 0; allowed: at least 1e-13, as the eigenvalues/,
    );
    await expect(simulate(spec({ dimension: 8 }, { samples: 9, syntheticWeight: 1e-15 }))).rejects.toThrow(/^schedule\.syntheticWeight/);
    await expect(simulate(spec({ dimension: 1e5 }, { samples: 1e6 }))).rejects.toThrow(/^memory of the spec/);
  });

  test('a parsed spec parses to itself', () => {
    const parsed = parseSpec(spec({ dimension: 5 }, {}));
    expect(parsed).toMatchObject({ generations: 1, metrics: ['test-error'], schedule: { draw: 'auto', noiseSynthetic: 0.25 } });
    expect(parseSpec(parsed)).toEqual(parsed);
  });
});
