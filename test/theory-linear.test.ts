import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../dist/errors.js';
import { linear } from '../dist/theory/index.js';
import { increasingRoot } from '../dist/theory/linear/root.js';

const read = (name: string) => JSON.parse(readFileSync(new URL(`./vectors/${name}`, import.meta.url), 'utf8'));
const isotropic = { kind: 'isotropic' } as const;
const half = { samples: 400, syntheticFraction: 0.5, noiseReal: 0.25, noiseSynthetic: 0.5 };

function near(actual: number, expected: number, relative = 1e-9): void {
  if (actual === expected) return;
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(relative * Math.abs(expected));
}

describe('known answers', () => {
  const { ridge, randomProjections } = read('theory.json');
  for (const known of [...ridge, ...randomProjections]) {
    test(`${known.spectrum}, n = ${known.samples}, m = ${known.width ?? 'none'}`, () => {
      const spectrum = known.spectrum === 'isotropic' ? isotropic : ({ kind: 'power-law', exponent: 1.2 } as const);
      const error = linear.testError(linear.population(known.dimension, spectrum, { quality: known.quality }), known, known);
      near(error.bias, known.B, 1e-12);
      near(error.variance, known.V, 1e-12);
      near(error.zeta, known.zeta, 1e-12);
      near(error.total, known.total, 1e-12);
    });
  }

  test('condition number 1e12, every order of n, m and d, ridge from 0 to 1e-2', () => {
    const steps = Array.from({ length: 60 }, (_, i) => 10 ** ((-12 * i) / 59));
    const spectra: Record<string, number[]> = {
      '30 eigenvalues 1 and 30 eigenvalues 1e-12': steps.map((_, i) => (i < 30 ? 1 : 1e-12)),
      'eigenvalues 10^(-12 i/59), i = 0 ... 59': steps,
    };
    for (const known of read('linear-extremes.json').cases) {
      const eigenvalues = spectra[known.spectrum];
      const spectrum = eigenvalues ? { kind: 'explicit' as const, eigenvalues } : known.spectrum;
      const error = linear.testError(linear.population(known.dimension, spectrum, { quality: known.quality }), known, known);
      for (const part of ['bias', 'variance', 'zeta', 'total'] as const) near(error[part], known[part], 1e-12);
    }
  });
});

/** Theorem 1 for Sigma = I as one quadratic: kappa^2 - kappa (d/n + lambda - 1) - lambda = 0. */
function isotropicRidge(d: number, { samples, syntheticFraction: p2, noiseReal, noiseSynthetic }: typeof half, ridge: number, c2: number) {
  const phi = d / samples;
  const b = phi + ridge - 1;
  const kappa = (b + Math.sqrt(b * b + 4 * ridge)) / 2;
  const df2 = d / (1 + kappa) ** 2;
  const u = df2 / samples / (1 - df2 / samples);
  const p1 = 1 - p2;
  return {
    variance: (p1 * noiseReal + p2 * noiseSynthetic) * u,
    bias: (kappa / (1 + kappa)) ** 2 * (1 + u),
    zeta: (p2 * p2 * (1 + p1 * u) * c2 + p2 * u * c2 * (p1 + kappa) ** 2) / (1 + kappa) ** 2,
  };
}

describe('corollaries and limits', () => {
  test('isotropic ridge has a closed form', () => {
    const people = linear.population(200, isotropic, { quality: 0.7 });
    for (const samples of [50, 200, 201, 1000]) {
      for (const ridge of [1e-3, 0.1, 3]) {
        const expected = isotropicRidge(200, { ...half, samples }, ridge, 0.7);
        const actual = linear.testError(people, { ...half, samples }, { ridge });
        near(actual.bias, expected.bias);
        near(actual.variance, expected.variance);
        near(actual.zeta, expected.zeta);
      }
    }
  });

  test('without ridge: least squares above n = d, least norm below, infinity at it', () => {
    const people = linear.population(100, isotropic, { quality: 0.5 });
    const at = (samples: number, syntheticFraction: number) =>
      linear.testError(people, { ...half, samples, syntheticFraction }, { ridge: 0 });
    near(at(300, 0).total, 0.25 / 2);
    near(at(50, 0).total, 0.5 + 0.25); // 1 - n/d, and s^2/(d/n - 1)
    for (const p2 of [0, 0.5, 1]) expect(at(100, p2).variance).toBe(Infinity);
    expect(at(100, 0).zeta).toBe(0);
    expect(at(100, 0.5).zeta).toBe(Infinity);
    near(at(100, 1).zeta, 0.5);
    expect(at(100, 0.5).total).toBe(Infinity);
  });

  test('random projections peak at m = n <= d, and are continuous in the ridge down to 0', () => {
    const people = linear.population(60, { kind: 'power-law', exponent: 1 }, { quality: 0.5 });
    for (const k of [30, 60]) expect(linear.testError(people, { ...half, samples: k }, { ridge: 0, width: k }).total).toBe(Infinity);
    for (const [samples, width] of [
      [30, 40],
      [40, 30],
      [90, 60],
      [120, 120],
      [60, 30],
      [1, 1e12],
      [1e12, 1e12],
    ]) {
      const limit = linear.testError(people, { ...half, samples }, { ridge: 0, width });
      const close = linear.testError(people, { ...half, samples }, { ridge: 1e-40, width });
      for (const part of ['variance', 'zeta', 'total'] as const) near(close[part], limit[part], 1e-8);
      expect(close.bias).toBeCloseTo(limit.bias, 8);
    }
    // m = n = d with exact labels: finite, though the variance diverges.
    const exact = { samples: 60, syntheticFraction: 1, noiseReal: 0, noiseSynthetic: 0 };
    near(
      linear.testError(people, exact, { ridge: 0, width: 60 }).total,
      linear.testError(people, exact, { ridge: 1e-60, width: 60 }).total,
      1e-8,
    );
  });

  test('Theorem 2 becomes Theorem 1 as m grows, at the ridge lambda m/d', () => {
    for (const spectrum of [isotropic, { kind: 'power-law', exponent: 1.5 }] as const) {
      const people = linear.population(100, spectrum, { quality: 0.5 });
      for (const samples of [40, 100, 300]) {
        const wide = linear.testError(people, { ...half, samples }, { ridge: (0.02 * 1e11) / 100, width: 1e11 });
        const ridge = linear.testError(people, { ...half, samples }, { ridge: 0.02 });
        for (const part of ['bias', 'variance', 'zeta'] as const) near(wide[part], ridge[part], 1e-7);
      }
    }
  });

  test('strong collapse: zeta tends to p_2^2 c^2, and more data stops helping', () => {
    const people = linear.population(200, { kind: 'power-law', exponent: 1.2 }, { quality: 0.5 });
    near(linear.testError(people, { ...half, samples: 1e12 }, { ridge: 0 }).total, 0.125, 1e-8);
    const limit = linear.dataLimit(people, half, { ridge: 0 });
    expect(limit.bias + limit.variance).toBe(0);
    near(limit.zeta, 0.125);
    expect(linear.testError(people, { ...half, samples: 1e12, syntheticFraction: 0 }, { ridge: 0 }).total).toBeLessThan(1e-9);
  });

  test('d = 1e5 takes milliseconds and stays finite; n from 1 to 1e12', () => {
    const people = linear.population(1e5, { kind: 'power-law', exponent: 2.4 }, { quality: 0.5 });
    for (const samples of [1, 7, 1e5 - 1, 1e5 + 1, 1e12]) {
      for (const fit of [{ ridge: 0 }, { ridge: 1e-9 }, { ridge: 1e-3, width: 1000 }, { ridge: 0, width: 3 }]) {
        for (const syntheticFraction of [0, 0.3, 1]) {
          const error = linear.testError(people, { ...half, samples, syntheticFraction }, fit);
          for (const value of Object.values(error)) expect(value).toBeGreaterThanOrEqual(0);
          expect(error.total).toBeLessThan(1e7);
        }
      }
    }
  });

  test('never NaN, never negative', () => {
    const eigenvalue = fc.integer({ min: -60, max: 60 }).map((k) => 10 ** k);
    const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(1e3, 1e12));
    const amount = fc.oneof(
      fc.constant(0),
      fc.integer({ min: -40, max: 40 }).map((k) => 10 ** k),
    );
    const fraction = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    const everything = fc.tuple(
      fc.array(eigenvalue, { minLength: 1, maxLength: 8 }),
      size,
      fc.option(size, { nil: undefined }),
      amount,
      fraction,
      amount,
      amount,
    );
    fc.assert(
      fc.property(everything, ([eigenvalues, samples, width, ridge, syntheticFraction, noise, quality]) => {
        const people = linear.population(eigenvalues.length, { kind: 'explicit', eigenvalues }, { quality });
        const error = linear.testError(people, { samples, syntheticFraction, noiseReal: noise, noiseSynthetic: noise }, { ridge, width });
        return Object.values(error).every((value) => value >= 0);
      }),
      { numRuns: 2000, seed: 5 },
    );
  });
});

describe('root', () => {
  test('is found to rounding, over hundreds of decades, with infinite values on the way', () => {
    for (const root of [1e-250, 1e-9, 1, 1e180]) {
      const log = (x: number) => ({ value: Math.log(x / root), slope: 1 });
      near(increasingRoot(log, 1e-280, 1e280), root, 1e-15);
      const steep = (x: number) =>
        x <= root ? { value: -Infinity, slope: 1 } : { value: Math.log(x / root - 1) + 20, slope: x / (x - root) };
      near(increasingRoot(steep, 1e-280, 1e280), root * (1 + Math.exp(-20)), 1e-12);
    }
  });
});

describe('the planner', () => {
  const people = linear.population(300, isotropic, { quality: 0.5 });

  test('the plateau: 10 % above the limit from there on, not before', () => {
    for (const fit of [{ ridge: 0 }, { ridge: 0.01 }, { ridge: 1e-3, width: 400 }]) {
      const { limit, samples, error } = linear.dataPlateau(people, half, fit, 1.1);
      expect(error.total).toBeLessThanOrEqual(1.1 * limit.total);
      expect(linear.testError(people, { ...half, samples: samples - 1 }, fit).total).toBeGreaterThan(1.1 * limit.total);
    }
    // Small p_2: about phi s^2/(0.1 p_2^2 c^2) samples a dimension.
    const { samples } = linear.dataPlateau(people, { ...half, syntheticFraction: 0.001 }, { ridge: 0 });
    near(samples, (300 * 0.25) / (0.1 * 1e-6 * 0.5), 0.02);
  });

  test('real data alone always helps; exact labels from the start do not need any', () => {
    expect(linear.dataPlateau(people, { ...half, syntheticFraction: 0 }, { ridge: 0 }).samples).toBe(Infinity);
    const nothing = linear.population(300, isotropic, { gamma: new Float64Array(300) });
    expect(linear.dataPlateau(nothing, { ...half, noiseReal: 0, noiseSynthetic: 0 }, { ridge: 1 }).samples).toBe(1);
  });

  test('the best width is best among all', () => {
    const small = linear.population(30, { kind: 'power-law', exponent: 1 }, { quality: 0.5 });
    for (const syntheticFraction of [0, 0.3, 1]) {
      for (const samples of [20, 50, 400]) {
        const mixture = { ...half, samples, syntheticFraction };
        const { width, error } = linear.bestWidth(small, mixture, 1e-3, 600);
        const all = Array.from({ length: 600 }, (_, i) => linear.testError(small, mixture, { ridge: 1e-3, width: i + 1 }).total);
        expect(error.total).toBe(Math.min(...all));
        expect(all[width - 1]).toBe(error.total);
      }
    }
  });
});

describe('bad input', () => {
  const people = linear.population(10, isotropic, { quality: 0.5 });
  const cases: [string, RegExp, () => unknown][] = [
    ['p_2 above 1', /^syntheticFraction: got 1.5;/, () => linear.testError(people, { ...half, syntheticFraction: 1.5 }, { ridge: 0 })],
    ['n = 0', /^samples: got 0;/, () => linear.testError(people, { ...half, samples: 0 }, { ridge: 0 })],
    ['m = 0', /^width: got 0;/, () => linear.testError(people, half, { ridge: 0, width: 0 })],
    ['negative noise', /^noiseReal: got -1;/, () => linear.testError(people, { ...half, noiseReal: -1 }, { ridge: 0 })],
    ['negative ridge', /^ridge: got -0.1;/, () => linear.testError(people, half, { ridge: -0.1 })],
    ['an eigenvalue of 0', /^spectrum.eigenvalues\[1\]: got 0;/, () => linear.population(2, { kind: 'explicit', eigenvalues: [1, 0] })],
    [
      'too few eigenvalues',
      /^spectrum.eigenvalues: got "1 numbers"; allowed: 2/,
      () => linear.population(2, { kind: 'explicit', eigenvalues: [1] }),
    ],
    ['a spectrum that underflows', /^spectrum.exponent: got 90;/, () => linear.population(100, { kind: 'power-law', exponent: 90 })],
    ['quality and delta', /^quality: got 1;/, () => linear.population(1, isotropic, { quality: 1, delta: [1] })],
    ['negative delta', /^delta\[0\]: got -1;/, () => linear.population(1, isotropic, { delta: [-1] })],
    ['d = 0', /^dimension: got 0;/, () => linear.population(0, isotropic)],
    ['a factor of 1', /^factor: got 1;/, () => linear.dataPlateau(people, half, { ridge: 0 }, 1)],
    ['weight without real data', /^weight: got 0.5;/, () => linear.weightedTestError(people, { ...half, syntheticFraction: 1 }, 0, 0.5)],
  ];
  for (const [name, message, call] of cases) {
    test(name, () => {
      expect(call).toThrow(InputError);
      expect(call).toThrow(message);
    });
  }
});
