import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InputError } from '../dist/errors.js';
import { coalescent, distribution, fullySynthetic, partiallySynthetic } from '../dist/theory/index.js';
import { type CollapseCase, near, vectors } from './support/theory-vectors.js';

function nearAll(actual: (m: number[]) => number[], table: Record<string, number>): void {
  const generations = Object.keys(table).map(Number);
  actual(generations).forEach((value, i) => near(value, table[generations[i]]));
}

function zipf(support: number, exponent: number): number[] {
  const weights = Array.from({ length: support }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}

function probabilities({ kind, support, exponent, p }: CollapseCase['distribution']): number[] {
  if (kind === 'explicit') return p!;
  return zipf(support, kind === 'uniform' ? 0 : exponent!);
}

/** Random probability vectors of 1 to 8 positive types. */
const anyP = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 8 }).map((counts) => {
  const sum = counts.reduce((a, b) => a + b, 0);
  return counts.map((c) => c / sum);
});

describe('fully synthetic: known answers', () => {
  for (const known of vectors.collapse) {
    const { sampleSize: n, distribution: d } = known;
    test(`${d.kind}, n = ${n}`, () => {
      const p = probabilities(d);
      near(distribution.simpson(p), known.simpson0);
      near(coalescent.expectedCollapseTime(n, p), known.expectedCollapseTime);
      const bounds = fullySynthetic.collapseTimeBounds(n, known.simpson0, p.length);
      near(bounds.lower, known.paperLowerBound);
      near(bounds.upper, known.paperUpperBound);
      nearAll((m) => coalescent.collapseProbability(m, n, p), known.probabilityCollapsedBy);
      nearAll((m) => coalescent.expectedSupport(m, n, p), known.expectedSupportSize);
      nearAll((m) => fullySynthetic.expectedSimpson(m, n, known.simpson0), known.expectedSimpson);
    });
  }
});

describe('fully synthetic: laws', () => {
  test('E[T] of two types equals the solved Wright-Fisher matrix for n up to 12', () => {
    for (let n = 1; n <= 12; n++) {
      for (const p of [0.5, 0.3, 0.01]) near(coalescent.expectedCollapseTime(n, [p, 1 - p]), wrightFisherTime(n, p), 1e-11);
    }
  });

  test("the paper's bounds hold around the exact values", () => {
    fc.assert(
      fc.property(anyP, fc.integer({ min: 1, max: 60 }), (p, n) => {
        const s0 = distribution.simpson(p);
        const time = coalescent.expectedCollapseTime(n, p);
        const timeBounds = fullySynthetic.collapseTimeBounds(n, s0, p.length);
        expect(time).toBeGreaterThanOrEqual(timeBounds.lower * (1 - 1e-9));
        expect(time).toBeLessThanOrEqual(timeBounds.upper * (1 + 1e-9));
        const generations = [0, 1, 2, 3, 5, 10, 50, 200];
        const rho = coalescent.collapseProbability(generations, n, p);
        const { lower, upper } = fullySynthetic.collapseProbabilityBounds(generations, n, s0, p.length);
        rho.forEach((value, i) => {
          expect(value).toBeGreaterThanOrEqual(lower[i] - 1e-9);
          if (p.length > 1 || generations[i] > 0) expect(value).toBeLessThanOrEqual(upper[i] + 1e-9);
        });
      }),
    );
  });

  test('E[T] is the sum of P(T > m), and the quantile inverts rho_m', () => {
    fc.assert(
      fc.property(anyP, fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p, n, q) => {
        const rho = coalescent.collapseProbability(
          Array.from({ length: 40 * n + 40 }, (_, m) => m),
          n,
          p,
        );
        near(
          rho.reduce((sum, r) => sum + (1 - r), 0),
          coalescent.expectedCollapseTime(n, p),
          1e-8,
        );
        const m = coalescent.collapseTimeQuantile(q, n, p);
        expect(rho[m]).toBeGreaterThanOrEqual(q);
        expect(rho[m - 1]).toBeLessThan(q);
      }),
      { numRuns: 40 },
    );
  });

  test('the support falls from all types to one', () => {
    const p = zipf(52, 1.1);
    const support = coalescent.expectedSupport([0, 1, 3, 10, 100, 1e4], 30, p);
    expect(support[0]).toBe(52);
    for (let i = 1; i < support.length; i++) expect(support[i]).toBeLessThan(support[i - 1]);
    near(support[5], 1);
  });

  test('large n: rows beyond the cache agree with the diffusion limit, and with the collapse law', () => {
    const p = zipf(52, 1.1007934473676655);
    const n = 10_000;
    const exact = coalescent.expectedCollapseTime(n, p);
    const limit = coalescent.diffusionCollapseTime(n, p);
    expect(limit / exact).toBeGreaterThan(1);
    expect(limit / exact).toBeLessThan(1.0005);
    const [median, later] = coalescent.collapseProbability([Math.round(1.6 * n), 4 * n], n, p);
    expect(median).toBeGreaterThan(0.4);
    expect(later).toBeGreaterThan(0.93);
    expect(coalescent.collapseProbability([1, 2], 30_000, p)).toEqual([0, 0]);
    near(coalescent.expectedSupport([2], 30_000, p)[0], 52, 1e-6);
  });

  test('edge cases: one type, one sample, n = 1e12', () => {
    expect(coalescent.expectedCollapseTime(100, [1])).toBe(1);
    expect(coalescent.collapseProbability([0, 1, 7], 100, [0, 1, 0])).toEqual([0, 1, 1]);
    expect(coalescent.expectedSupport([0, 1, 7], 100, [1])).toEqual([1, 1, 1]);
    expect(coalescent.collapseTimeQuantile(0.9, 100, [1])).toBe(1);
    expect(coalescent.diffusionCollapseTime(100, [1])).toBe(1);
    expect(fullySynthetic.collapseTimeBounds(100, 1, 1)).toEqual({ lower: 1, upper: 1 });
    expect(fullySynthetic.collapseProbabilityBounds([1], 100, 1, 1)).toEqual({ lower: [1], upper: [1] });
    expect(coalescent.expectedCollapseTime(1, [0.5, 0.5])).toBe(1);
    expect(coalescent.collapseProbability([1], 1, [0.5, 0.5])).toEqual([1]);
    expect(fullySynthetic.expectedSimpson([0, 1, 2], 1, 0.3)).toEqual([0.3, 1, 1]);
    const [s, drift] = [fullySynthetic.expectedSimpson([1e9], 1e12, 0.1)[0], fullySynthetic.expectedSquaredDrift([2], 1e12, 0.1)[0]];
    near(s, 0.1 + 0.9 * (0.001 - 0.001 ** 2 / 2 + 0.001 ** 3 / 6 - 0.001 ** 4 / 24), 1e-12);
    near(drift, 0.9e-12, 1e-11);
  });

  test('bad input names the field', () => {
    const field = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        return (error as InputError).field;
      }
      return undefined;
    };
    expect(field(() => coalescent.expectedCollapseTime(0, [1]))).toBe('sampleSize');
    expect(field(() => coalescent.expectedCollapseTime(2e6, [1]))).toBe('sampleSize');
    expect(field(() => coalescent.collapseProbability([1.5], 3, [1]))).toBe('generations');
    expect(field(() => coalescent.collapseProbability([1], 3, [0.5, 0.4]))).toBe('p');
    expect(field(() => coalescent.collapseProbability([1], 3, [NaN, 0.4]))).toBe('p[0]');
    expect(field(() => coalescent.collapseTimeQuantile(1, 3, [1]))).toBe('probability');
    expect(field(() => fullySynthetic.collapseTimeBounds(3, 0.1, 5))).toBe('simpson0');
    expect(field(() => partiallySynthetic.syntheticBudget(3, 0, 5))).toBe('epsilon');
  });
});

describe('partially synthetic', () => {
  for (const { real, synthetic, simpson0, expectedSimpson } of vectors.partiallySynthetic) {
    test(`known answers, N = ${real}, n = ${synthetic}`, () => {
      nearAll((m) => partiallySynthetic.expectedSimpson(m, real, synthetic, simpson0), expectedSimpson);
    });
  }

  test('the corrected closed form of Theorem 2 equals the recursion, and the drift their difference', () => {
    const size = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(size, size, fc.double({ min: 0.01, max: 1, noNaN: true }), (N, n, s0) => {
        const generations = Array.from({ length: 30 }, (_, i) => i + 1);
        const alpha = n / (N + n);
        const s1 = 1 / N + (1 - 1 / N) * s0;
        const recursion = [s1];
        while (recursion.length < 30) {
          const s = recursion[recursion.length - 1];
          recursion.push((1 - alpha) ** 2 * s1 + 2 * alpha * (1 - alpha) * s1 + alpha ** 2 * (1 / n + (1 - 1 / n) * s));
        }
        const closed = partiallySynthetic.expectedSimpson(generations, N, n, s0);
        const drift = partiallySynthetic.expectedSquaredDrift(generations, N, n, s0);
        recursion.forEach((s, i) => {
          near(closed[i], s, 1e-12);
          expect(Math.abs(drift[i] - (s - s1))).toBeLessThan(1e-14);
        });
      }),
    );
  });

  test('the budget of equation 11 keeps the bound of Theorem 3 within epsilon', () => {
    let tested = 0;
    for (const N of [1e5, 1e7, 1e9]) {
      for (const s of [3, 10, 52, 600]) {
        for (const epsilon of [0.01, 0.1, 1]) {
          const n = Math.floor(partiallySynthetic.syntheticBudget(N, epsilon, s));
          if (n < 1) continue;
          tested++;
          expect(n).toBeLessThanOrEqual(s - 2);
          expect(partiallySynthetic.l1DriftBound(N, n, s)).toBeLessThanOrEqual(epsilon);
        }
      }
    }
    expect(tested).toBeGreaterThan(10);
    expect(partiallySynthetic.syntheticBudget(10, 0.01, 600)).toBe(0);
  });

  test('Theorem 3 and equation 11 as printed: values worked out by hand in Python, one for each branch', () => {
    near(partiallySynthetic.l1DriftBound(100, 10, 52), 2159.9623864146934);
    near(partiallySynthetic.l1DriftBound(100, 50, 52), 64520154241195.2);
    near(partiallySynthetic.l1DriftBound(1000, 100, 10), 12.808870483364412);
    near(partiallySynthetic.l1DriftBound(7, 1, 3), 1.7305237357042984);
    expect(partiallySynthetic.l1DriftBound(10, 1, 1)).toBe(0);
    expect(partiallySynthetic.l1DriftBound(100, 1e6, 5000)).toBe(Infinity);
    near(partiallySynthetic.syntheticBudget(1e7, 0.1, 52), 7.282122339093484);
    near(partiallySynthetic.syntheticBudget(1e6, 1, 4), 1.7006733263505454);
  });

  test('printed with a minus, Theorem 2 contradicts its own first generation', () => {
    const [N, n, s0] = [100, 100, 0.1];
    const alpha = n / (N + n);
    const printed = (sign: number) =>
      ((1 / N) * (1 + 2 * alpha - (1 - 1 / N) * alpha) + (1 - 1 / N) * s0 * (1 + alpha + (sign * alpha) / N)) / (1 + (1 + 1 / N) * alpha);
    near(printed(+1), 1 / N + (1 - 1 / N) * s0, 1e-14);
    expect(Math.abs(printed(-1) - printed(+1))).toBeGreaterThan(1e-4);
  });
});

/** E[T] of two types: solves (I - Q) t = 1 over the counts 1 ... n-1 of the Wright-Fisher chain, then adds generation 1. */
function wrightFisherTime(n: number, p: number): number {
  const binomial = (q: number) => {
    const law = new Float64Array(n + 1);
    law[0] = 1;
    for (let i = 1; i <= n; i++) for (let k = i; k >= 0; k--) law[k] = law[k] * (1 - q) + (k > 0 ? law[k - 1] * q : 0);
    return law;
  };
  const a: number[][] = [];
  for (let i = 1; i < n; i++) {
    const law = binomial(i / n);
    a.push(Array.from({ length: n - 1 }, (_, j) => (i === j + 1 ? 1 : 0) - law[j + 1]).concat(1));
  }
  for (let c = 0; c < a.length; c++) {
    for (let r = 0; r < a.length; r++) {
      if (r === c) continue;
      const factor = a[r][c] / a[c][c];
      for (let k = c; k < n; k++) a[r][k] -= factor * a[c][k];
    }
  }
  const start = binomial(p);
  return a.reduce((sum, row, c) => sum + (start[c + 1] * row[n - 1]) / row[c], 1);
}
