// Whole chains of small models against laws found by listing every history. alpha = 1e-6 each.
import { describe, expect, test } from 'vitest';
import { simulate } from '../dist/engine/simulate.js';
import type { SpecInput } from '../dist/spec/spec.js';
import { mulberry32, slowMultinomial } from './support/oracle.js';
import { ALPHA, binomialLaw, compositions, criticalZ, goodnessOfFit, multinomialProbability, sameLaw } from './support/statistics.js';

/** Counts of tokens 0 ... support - 1 by replicate and generation, each row `support` numbers. */
async function countsOf(spec: SpecInput, support: number, sizes: (generation: number) => number): Promise<number[][][]> {
  const metrics = Array.from({ length: support }, (_, i) => `probability:${i}`);
  const replicates: number[][][] = [];
  await simulate(
    { ...spec, metrics },
    {
      onChains: ({ rows, values }) => {
        let at = 0;
        for (const count of rows) {
          replicates.push(Array.from({ length: count }, (_, row) => metrics.map(() => Math.round(values[at++] * sizes(row + 1)))));
        }
      },
    },
  );
  return replicates;
}

const explicit = (p: number[]): SpecInput['model'] => ({ kind: 'categorical', initial: { kind: 'explicit', p } });

describe('real samples (generation 1)', () => {
  const cases = [
    { method: 'alias picks', p: [0.5, 0.3, 0.2], n: 6 },
    { method: 'alias picks', p: [0.001, 0.998, 0.0005, 0.0005], n: 9 },
    { method: 'alias picks', p: [0.25, 0.25, 0.25, 0.25], n: 5 },
    { method: 'binomials', p: [0.7, 0.3], n: 40 },
    { method: 'binomials', p: [0.01, 0.99], n: 33 },
    { method: 'binomials', p: [0.9, 0.06, 0.04], n: 48 },
  ];
  test.each(cases)('$method: n = $n from $p, all outcomes', async ({ p, n }) => {
    const spec: SpecInput = {
      model: explicit(p),
      schedule: { kind: 'fully-synthetic', sampleSize: n },
      generations: 1,
      replicates: 60_000,
      seed: 11,
    };
    const outcomes = compositions(n, p.length);
    const index = new Map(outcomes.map((outcome, i) => [outcome.join(), i]));
    const seen = new Array<number>(outcomes.length).fill(0);
    for (const [counts] of await countsOf(spec, p.length, () => n)) seen[index.get(counts.join()) as number]++;
    expect(
      goodnessOfFit(
        seen,
        outcomes.map((outcome) => multinomialProbability(outcome, p)),
      ),
    ).toBeGreaterThan(ALPHA);
  });

  test.each([{ n: 300 }, { n: 2000 }])('n = $n from a Zipf law on 60 tokens: marginals and a slow simulator', async ({ n }) => {
    const initial = { kind: 'zipf', vocabulary: 60, exponent: 1.1 } as const;
    const weights = Array.from({ length: 60 }, (_, i) => (i + 1) ** -1.1);
    const total = weights.reduce((sum, w) => sum + w, 0);
    const spec: SpecInput = {
      model: { kind: 'categorical', initial },
      schedule: { kind: 'fully-synthetic', sampleSize: n },
      generations: 1,
      replicates: 5000,
      seed: 12,
    };
    const samples = (await countsOf(spec, 60, () => n)).map(([counts]) => counts);
    for (const i of [0, 1, 30, 59]) {
      const seen = new Array<number>(n + 1).fill(0);
      for (const counts of samples) seen[counts[i]]++;
      expect(goodnessOfFit(seen, binomialLaw(n, weights[i] / total))).toBeGreaterThan(ALPHA);
    }
    const supports = (list: number[][]) => {
      const seen: number[] = [];
      for (const counts of list) {
        const support = counts.filter((x) => x > 0).length;
        seen[support] = (seen[support] ?? 0) + 1;
      }
      return seen;
    };
    const random = mulberry32(12);
    const slow = Array.from({ length: 3000 }, () => slowMultinomial(n, weights, random));
    expect(sameLaw(supports(samples), supports(slow))).toBeGreaterThan(ALPHA);
  });
});

/** Law of (x_2, x_3), the counts of token 0 of 2 in generations 2 and 3, given the schedule: n_t sizes and the law of x_m given the earlier x. */
interface Case {
  name: string;
  schedule: SpecInput['schedule'];
  sizes: [number, number, number];
  next(history: number[]): number[];
}

const P = 0.35;

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const result = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => b.forEach((y, j) => (result[i + j] += x * y)));
  return result;
}

function cases(n: number): Case[] {
  const share = (x: number, size: number) => x / size;
  const half = Math.floor(n / 2);
  return [
    {
      name: 'fully-synthetic',
      schedule: { kind: 'fully-synthetic', sampleSize: n },
      sizes: [n, n, n],
      next: (h) => binomialLaw(n, h.length === 0 ? P : share(h[h.length - 1], n)),
    },
    {
      name: 'partially-synthetic',
      schedule: { kind: 'partially-synthetic', real: n, synthetic: half },
      sizes: [n, n + half, n + half],
      next: (h) => {
        if (h.length === 0) return binomialLaw(n, P);
        const synthetic = binomialLaw(half, share(h[h.length - 1], h.length === 1 ? n : n + half));
        return [...new Array<number>(h[0]).fill(0), ...synthetic];
      },
    },
    {
      name: 'most-recent, window 2',
      schedule: { kind: 'most-recent', sampleSize: n, window: 2 },
      sizes: [half, 2 * half, 2 * half],
      next: (h) => {
        if (h.length === 0) return binomialLaw(half, P);
        const sources = h.length === 1 ? [P, h[0] / half] : [h[0] / half, h[1] / (2 * half)];
        return convolve(binomialLaw(half, sources[0]), binomialLaw(half, sources[1]));
      },
    },
    {
      name: 'randomly-sampled',
      schedule: { kind: 'randomly-sampled', sampleSize: n },
      sizes: [n, n, n],
      next: (h) => binomialLaw(n, (P + h.reduce((sum, x) => sum + x / n, 0)) / (h.length + 1)),
    },
  ];
}

// n = 3 and 4: direct picks (n < 4 from two live tokens); 24: rejection and binomials.
describe.each([3, 4, 24])('two tokens, n = %d: the joint law of generations 2 and 3', (n) => {
  test.each(cases(n))('$name', async ({ schedule, sizes, next }) => {
    const law = new Map<string, number>();
    next([]).forEach((p1, x1) => {
      if (p1 === 0) return;
      next([x1]).forEach((p2, x2) => {
        if (p1 * p2 === 0) return;
        next([x1, x2]).forEach((p3, x3) => {
          const key = `${x2},${x3}`;
          if (p1 * p2 * p3 > 0) law.set(key, (law.get(key) ?? 0) + p1 * p2 * p3);
        });
      });
    });
    const spec: SpecInput = { model: explicit([P, 1 - P]), schedule, generations: 3, replicates: 60_000, seed: 13 };
    const seen = new Map<string, number>();
    for (const rows of await countsOf(spec, 1, (m) => sizes[m - 1])) {
      const key = `${rows[1][0]},${rows[2][0]}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const keys = [...new Set([...law.keys(), ...seen.keys()])];
    expect(
      goodnessOfFit(
        keys.map((key) => seen.get(key) ?? 0),
        keys.map((key) => law.get(key) ?? 0),
      ),
    ).toBeGreaterThan(ALPHA);
  });
});

describe('three tokens: the law of generation 2 by direct picks from weights', () => {
  test.each([
    { kind: 'randomly-sampled', sampleSize: 5 },
    { kind: 'most-recent', sampleSize: 8, window: 2 },
    { kind: 'partially-synthetic', real: 4, synthetic: 5 },
  ] as const)('$kind', async (schedule) => {
    const p = [0.5, 0.3, 0.2];
    const first = schedule.kind === 'randomly-sampled' ? 5 : 4;
    const parts = (x: number[]): { n: number; p: number[] }[] => {
      const share = x.map((count) => count / first);
      if (schedule.kind === 'randomly-sampled') return [{ n: 5, p: share.map((s, i) => (s + p[i]) / 2) }];
      return schedule.kind === 'most-recent'
        ? [
            { n: 4, p },
            { n: 4, p: share },
          ]
        : [{ n: 5, p: share }];
    };
    const law = new Map<string, number>();
    for (const x of compositions(first, 3)) {
      let sums = new Map<string, number>([[schedule.kind === 'partially-synthetic' ? x.join() : '0,0,0', multinomialProbability(x, p)]]);
      for (const part of parts(x)) {
        const more = new Map<string, number>();
        for (const [key, weight] of sums) {
          for (const y of compositions(part.n, 3)) {
            const total = key
              .split(',')
              .map((value, i) => Number(value) + y[i])
              .join();
            const probability = weight * multinomialProbability(y, part.p);
            if (probability > 0) more.set(total, (more.get(total) ?? 0) + probability);
          }
        }
        sums = more;
      }
      for (const [key, weight] of sums) law.set(key, (law.get(key) ?? 0) + weight);
    }
    const second = { 'randomly-sampled': 5, 'most-recent': 8, 'partially-synthetic': 9 }[schedule.kind];
    const spec: SpecInput = { model: explicit(p), schedule, generations: 2, replicates: 60_000, seed: 14 };
    const seen = new Map<string, number>();
    for (const [, row] of await countsOf(spec, 3, (m) => (m === 1 ? first : second))) seen.set(row.join(), (seen.get(row.join()) ?? 0) + 1);
    const keys = [...new Set([...law.keys(), ...seen.keys()])];
    expect(
      goodnessOfFit(
        keys.map((key) => seen.get(key) ?? 0),
        keys.map((key) => law.get(key) ?? 0),
      ),
    ).toBeGreaterThan(ALPHA);
  });
});

test('2^31 samples of 20 tokens: means and variances over three generations', async () => {
  const n = 2 ** 31;
  const p = Array.from({ length: 20 }, (_, i) => (i + 1) / 210);
  const spec: SpecInput = {
    model: explicit(p),
    schedule: { kind: 'fully-synthetic', sampleSize: n },
    generations: 3,
    replicates: 3000,
    seed: 15,
  };
  const critical = criticalZ(ALPHA / 40);
  const rows = await countsOf(spec, 20, () => n);
  p.forEach((share, i) => {
    // Variance of p_i^(3): p (1 - p) (1 - (1 - 1/n)^3).
    const sd = Math.sqrt(share * (1 - share) * (3 / n));
    const z = rows.map((row) => (row[2][i] / n - share) / sd);
    const mean = z.reduce((sum, x) => sum + x, 0) / z.length;
    const square = z.reduce((sum, x) => sum + x * x, 0) / z.length;
    expect(Math.abs(mean) * Math.sqrt(z.length)).toBeLessThan(critical);
    expect(Math.abs(square - 1) * Math.sqrt(z.length / 2)).toBeLessThan(critical);
  });
});
