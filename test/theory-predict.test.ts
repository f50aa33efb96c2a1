/** Predictions by metric name: the law of collapse of one context and many, bounds, what is absent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coalescent, collapse, distribution, prediction, type secondMoments } from '../dist/theory/index.js';
import { sample, uniforms } from './support/samples.js';

type Law = secondMoments.ScheduleLaw;

const { predict } = prediction;
const { collapseLaw, hasCollapseLaw } = collapse;
const p = [0.4, 0.3, 0.2, 0.1];
const metrics = ['simpson', 'max', 'support', 'entropy', 'l1-first', 'l2-first', 'l1-truth', 'l2-truth', 'kl-truth'];
const replaced = (sampleSize: number): Law => ({ kind: 'fully-synthetic', sampleSize });

/** Collapse times of many independent runs of all contexts, and how many contexts had collapsed by generation 10. */
function simulateCollapse(
  contexts: { sampleSize: number; p: number[] }[],
  replicates: number,
  seed: number,
): { times: number[]; byTen: number } {
  const random = uniforms(seed);
  let byTen = 0;
  const times = Array.from({ length: replicates }, () => {
    let latest = 0;
    for (const { sampleSize, p } of contexts) {
      let current = p;
      let m = 0;
      do {
        current = sample(current, sampleSize, random);
        m++;
      } while (Math.max(...current) < 1);
      if (m <= 10) byTen++;
      latest = Math.max(latest, m);
    }
    return latest;
  });
  return { times, byTen: byTen / replicates };
}

describe('the law of total collapse', () => {
  const contexts = [
    { sampleSize: 6, p, weight: 0.5 },
    { sampleSize: 6, p: [0.7, 0.3], weight: 0.25 },
    { sampleSize: 9, p: [0.5, 0.5], weight: 0.25 },
  ];

  test('of one context is the exact law', () => {
    const generations = [1, 2, 5, 10, 40, 3000];
    const law = collapseLaw([{ sampleSize: 30, p, weight: 1 }], { generations, quantiles: [0.05, 0.5, 0.95], support: true });
    expect(law.generation).toEqual(generations);
    coalescent.collapseProbability(generations, 30, p).forEach((rho, i) => {
      expect(Math.abs(law.cdf[i] / rho - 1)).toBeLessThan(1e-12);
    });
    coalescent.expectedSupport(generations, 30, p).forEach((size, i) => {
      expect(law.support?.[i]).toBeCloseTo(size, 12);
    });
    expect(law.mean).toBe(coalescent.expectedCollapseTime(30, p));
    expect(law.quantiles).toEqual([0.05, 0.5, 0.95].map((q) => coalescent.collapseTimeQuantile(q, 30, p)));
  });

  test('of several contexts agrees with simulation: mean, probabilities, quantiles, collapsed contexts', () => {
    const replicates = 20_000;
    const { times, byTen } = simulateCollapse(contexts, replicates, 5);
    const generations = [2, 5, 10, 20, 40];
    const law = collapseLaw(contexts, { generations, quantiles: [0.25, 0.5, 0.9] });
    const mean = times.reduce((sum, t) => sum + t, 0) / replicates;
    const variance = times.reduce((sum, t) => sum + (t - mean) ** 2, 0) / replicates;
    expect(Math.abs(mean - law.mean)).toBeLessThan(4.5 * Math.sqrt(variance / replicates));
    generations.forEach((m, i) => {
      const share = times.filter((t) => t <= m).length / replicates;
      expect(Math.abs(share - law.cdf[i])).toBeLessThan(4.5 * Math.sqrt((law.cdf[i] * (1 - law.cdf[i])) / replicates) + 1e-9);
    });
    expect(Math.abs(byTen - law.collapsed[2])).toBeLessThan(4.5 * Math.sqrt(0.75 / replicates));
    law.quantiles.forEach((m, i) => {
      const q = [0.25, 0.5, 0.9][i];
      const [before, at] = collapseLaw(contexts, { generations: [m - 1, m] }).cdf;
      expect(before).toBeLessThan(q);
      expect(at).toBeGreaterThanOrEqual(q);
    });
  });

  test('the mean of several contexts is the sum of P(T > m), and equal contexts bring the mean of their maximum', () => {
    const law = collapseLaw(contexts, { generations: { until: 0.9999 } });
    const long = collapseLaw(contexts, { generations: Array.from({ length: 2000 }, (_, i) => i + 1) });
    expect(law.mean).toBeCloseTo(1 + long.cdf.reduce((sum, cdf) => sum + (1 - cdf), 0), 6);
    expect(law.cdf[law.cdf.length - 1]).toBeGreaterThanOrEqual(0.9999);
    expect(law.cdf[law.cdf.length - 2]).toBeLessThan(0.9999);
  });

  test('one type has collapsed at once; what would take minutes is refused', () => {
    expect(collapseLaw([{ sampleSize: 5, p: [0, 1], weight: 1 }], { generations: [1, 9], support: true })).toEqual({
      generation: [1, 9],
      cdf: [1, 1],
      collapsed: [1, 1],
      support: [1, 1],
      mean: 1,
      quantiles: [],
    });
    expect(hasCollapseLaw([100_000])).toBe(true);
    expect(hasCollapseLaw([100_001])).toBe(false);
    expect(() => collapseLaw([{ sampleSize: 100_001, p, weight: 1 }], { generations: [1] })).toThrow(/^sampleSize: got 100001/);
  });

  test('n = 1e5 and 52 types take seconds', () => {
    const weights = Array.from({ length: 52 }, (_, i) => (i + 1) ** -1.1);
    const sum = weights.reduce((a, b) => a + b, 0);
    const zipf = weights.map((w) => w / sum);
    const started = performance.now();
    const law = collapseLaw([{ sampleSize: 1e5, p: zipf, weight: 1 }], { generations: [1, 50, 1000, 200_000], quantiles: [0.5] });
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(law.mean / coalescent.diffusionCollapseTime(1e5, zipf)).toBeCloseTo(1, 4);
  });

  test('the diffusion limit is within its stated error of the exact mean', () => {
    const counts = fc.array(fc.double({ min: 1e-7, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 5000 }), (weights, n) => {
        const sum = weights.reduce((a, b) => a + b, 0);
        const q = weights.map((w) => w / sum);
        const difference = coalescent.diffusionCollapseTime(n, q) - coalescent.expectedCollapseTime(n, q);
        expect(Math.abs(difference)).toBeLessThan(coalescent.diffusionError(n));
      }),
      { numRuns: 80 },
    );
  });
});

describe('predictions', () => {
  const laws: Law[] = [
    replaced(20),
    { kind: 'partially-synthetic', real: 10, synthetic: 10 },
    { kind: 'most-recent', sampleSize: 20, window: 4 },
    { kind: 'randomly-sampled', sampleSize: 20 },
    { kind: 'accumulate', real: 10, synthetic: 10 },
    { kind: 'accumulate-subsample', corpusSize: 20, batch: 10 },
    { kind: 'fresh', real: 10, synthetic: 10 },
  ];

  test.each(laws)('$kind: what has a closed form is there, the rest is absent', (law) => {
    const answer = predict([{ law, p, weight: 1 }], { generations: [1, 2, 9], metrics });
    const supported = ['fully-synthetic', 'partially-synthetic', 'accumulate'].includes(law.kind);
    expect(Object.keys(answer.expected)).toEqual(['simpson', ...(supported ? ['support'] : []), 'l2-first', 'l2-truth']);
    for (const values of Object.values(answer.expected)) expect(values.every((x) => Number.isFinite(x) && x >= 0)).toBe(true);
    expect(answer.expected['l2-first'][0]).toBe(0);
    answer.expected.simpson.forEach((s, i) => {
      expect(answer.expected['l2-truth'][i]).toBeCloseTo(s - distribution.simpson(p), 14);
    });
    expect('collapseTime' in answer).toBe(law.kind === 'fully-synthetic');
    const only = predict([{ law, p, weight: 1 }], { generations: [3], metrics: ['simpson'] });
    expect(Object.keys(only.expected)).toEqual(['simpson']);
  });

  test('a window of one source is fully synthetic, in every word', () => {
    const question = { generations: [1, 5], metrics } as const;
    const one = predict([{ law: { kind: 'most-recent', sampleSize: 20, window: 1 }, p, weight: 1 }], question);
    const other = predict([{ law: replaced(20), p, weight: 1 }], question);
    expect(one.collapseTime).toEqual(other.collapseTime);
    expect(one.bounds).toEqual(other.bounds);
    expect(one.expected.support).toEqual(other.expected.support);
  });

  test('the support of kept real data is that of the real samples, for ever', () => {
    const random = uniforms(8);
    const replicates = 20_000;
    let sum = 0;
    for (let r = 0; r < replicates; r++) sum += sample(p, 6, random).filter((share) => share > 0).length;
    const { expected } = predict([{ law: { kind: 'accumulate', real: 6, synthetic: 3 }, p, weight: 1 }], { generations: [1, 50], metrics });
    expect(Math.abs(sum / replicates - expected.support[1])).toBeLessThan(4.5 * Math.sqrt(0.6 / replicates));
    expect(expected.support[0]).toBe(expected.support[1]);
  });

  test('several contexts are averaged by weight, whether their sizes differ or not', () => {
    const parts = [
      { law: replaced(20), p, weight: 0.3 },
      { law: replaced(20), p: [0.9, 0.1], weight: 0.2 },
      { law: replaced(7), p: [0.5, 0.5], weight: 0.5 },
    ];
    const question = { generations: [1, 4, 60], metrics };
    const all = predict(parts, question);
    const each = parts.map((part) => predict([{ ...part, weight: 1 }], question));
    for (const name of ['simpson', 'support', 'l2-first', 'l2-truth']) {
      all.expected[name].forEach((value, i) => {
        expect(value).toBeCloseTo(
          each.reduce((sum, answer, j) => sum + parts[j].weight * answer.expected[name][i], 0),
          12,
        );
      });
    }
    all.collapseTime?.cdf?.forEach((value, i) => {
      expect(value).toBeCloseTo(
        each.reduce((product, answer) => product * (answer.collapseTime?.cdf?.[i] ?? NaN), 1),
        12,
      );
      expect(all.contexts?.collapsed[i]).toBeCloseTo(
        each.reduce((sum, answer) => sum + (answer.collapseTime?.cdf?.[i] ?? NaN), 0),
        12,
      );
    });
  });

  test("the papers' bounds stand on either side of the exact values", () => {
    const anyP = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 8 }).map((counts) => {
      const sum = counts.reduce((a, b) => a + b, 0);
      return counts.map((c) => c / sum);
    });
    const context = fc.record({ p: anyP, n: fc.integer({ min: 2, max: 40 }) });
    fc.assert(
      fc.property(fc.array(context, { minLength: 1, maxLength: 3 }), (drawn) => {
        const contexts = drawn.map(({ p, n }) => ({ law: replaced(n), p, weight: 1 / drawn.length }));
        const { bounds, collapseTime } = predict(contexts, { generations: [1, 2, 5, 20, 100], metrics });
        const { lower, upper } = bounds.collapseTime ?? { lower: NaN, upper: NaN };
        expect(collapseTime?.mean).toBeGreaterThanOrEqual(lower * (1 - 1e-9));
        expect(collapseTime?.mean).toBeLessThanOrEqual(upper * (1 + 1e-9));
        collapseTime?.cdf?.forEach((rho, i) => {
          expect(rho).toBeGreaterThanOrEqual((bounds.cdf?.lower[i] ?? NaN) - 1e-12);
          expect(rho).toBeLessThanOrEqual((bounds.cdf?.upper[i] ?? NaN) + 1e-12);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('until collapse: to the 0.9999 quantile, or maxGenerations, or refused', () => {
    const question = { generations: 'until-collapse', metrics } as const;
    const { generation, collapseTime } = predict([{ law: replaced(10), p, weight: 1 }], question);
    expect(generation[generation.length - 1]).toBe(coalescent.collapseTimeQuantile(0.9999, 10, p));
    expect(collapseTime?.cdf).toHaveLength(generation.length);
    const fresh: Law = { kind: 'fresh', real: 5, synthetic: 5 };
    expect(predict([{ law: fresh, p, weight: 1 }], { ...question, maxGenerations: 4 }).generation).toEqual([1, 2, 3, 4]);
    expect(predict([{ law: replaced(10), p, weight: 1 }], { ...question, maxGenerations: 4 }).generation).toEqual([1, 2, 3, 4]);
    expect(() => predict([{ law: replaced(1e9), p, weight: 1 }], question)).toThrow(/^generations: got "until-collapse"/);
  });

  test('beyond the exact law: the diffusion mean with its error, no probabilities', () => {
    const { collapseTime, expected, bounds } = predict([{ law: replaced(1e12), p, weight: 1 }], { generations: [1, 1e6], metrics });
    expect(collapseTime).toEqual({ mean: expect.any(Number), approximation: 'diffusion', relativeError: expect.any(Number) });
    expect(collapseTime?.relativeError).toBeLessThan(1e-10);
    expect(Object.keys(expected)).toEqual(['simpson', 'l2-first', 'l2-truth']);
    expect(expected['l2-truth'][1] / (0.7 * 1e-6)).toBeCloseTo(1, 5);
    expect(bounds.collapseTime?.upper).toBeGreaterThan(collapseTime?.mean ?? NaN);
  });

  test('a window too long for memory leaves the moments out', () => {
    const law: Law = { kind: 'most-recent', sampleSize: 1e6, window: 1e5 };
    expect(predict([{ law, p, weight: 1 }], { generations: [1e5], metrics }).expected).toEqual({});
    expect(Object.keys(predict([{ law, p, weight: 1 }], { generations: [50], metrics }).expected)).toContain('simpson');
  });
});
