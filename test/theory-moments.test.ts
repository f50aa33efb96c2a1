import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distribution, secondMoments } from '../dist/theory/index.js';
import { draw, mix, type Pick, sample, uniforms } from './support/samples.js';

type Law = secondMoments.ScheduleLaw;
type TrainingSet = secondMoments.TrainingSet;

const p = [0.4, 0.3, 0.2, 0.1];
const simpson0 = distribution.simpson(p);
const generations = [1, 2, 3, 4, 5];

/** Mean of sigma_m and of the squared drift from source 1 over 20,000 replicates; the laws must be within 4.5 standard errors. */
function compare(steps: Pick[], reported: number[], simpson: number[], drift: number[], seed: number): void {
  const random = uniforms(seed);
  const replicates = 20_000;
  const sums = reported.map(() => [0, 0, 0, 0]);
  for (let r = 0; r < replicates; r++) {
    const sources = [p];
    for (const step of steps) sources.push(step(sources, random));
    reported.forEach((k, g) => {
      const sigma = sources[k].reduce((sum, x) => sum + x * x, 0);
      const distance = sources[k].reduce((sum, x, i) => sum + (x - sources[1][i]) ** 2, 0);
      sums[g][0] += sigma;
      sums[g][1] += sigma * sigma;
      sums[g][2] += distance;
      sums[g][3] += distance * distance;
    });
  }
  const check = (sum: number, squares: number, expected: number, label: string) => {
    const mean = sum / replicates;
    const error = Math.sqrt(Math.max(0, squares / replicates - mean * mean) / replicates);
    expect(Math.abs(mean - expected), `${label}: ${mean} against ${expected}`).toBeLessThanOrEqual(4.5 * error + 1e-12);
  };
  reported.forEach((k, g) => {
    check(sums[g][0], sums[g][1], simpson[g], `S of source ${k}`);
    check(sums[g][2], sums[g][3], drift[g], `drift of source ${k}`);
  });
}

/** A schedule of the contract: its simulation, and the same thing as training sets for the general table. */
const schedules: { law: Law; steps: Pick[]; sets: TrainingSet[] }[] = [
  {
    law: { kind: 'fully-synthetic', sampleSize: 10 },
    steps: generations.map((m) => (s, random) => sample(s[m - 1], 10, random)),
    sets: generations.map((m) => ({ blocks: [{ source: m - 1, size: 10 }] })),
  },
  {
    law: { kind: 'partially-synthetic', real: 8, synthetic: 10 },
    steps: generations.map(
      (m) => (s, random) =>
        m === 1
          ? sample(p, 8, random)
          : mix([
              [s[1], 8],
              [sample(s[m - 1], 10, random), 10],
            ]),
    ),
    sets: generations.map((m) => ({
      blocks:
        m === 1
          ? [{ source: 0, size: 8 }]
          : [
              { source: 1, size: 8, fixed: true },
              { source: m - 1, size: 10 },
            ],
    })),
  },
  ...[1, 2, 3].map((window) => {
    const batch = Math.floor(10 / window);
    const recent = (m: number) => Array.from({ length: Math.min(m, window) }, (_, i) => m - 1 - i);
    return {
      law: { kind: 'most-recent', sampleSize: 10, window } as Law,
      steps: generations.map(
        (m): Pick =>
          (s, random) =>
            mix(recent(m).map((t) => [sample(s[t], batch, random), batch])),
      ),
      sets: generations.map((m): TrainingSet => ({ blocks: recent(m).map((source) => ({ source, size: batch })) })),
    };
  }),
  {
    law: { kind: 'randomly-sampled', sampleSize: 10 },
    steps: generations.map((m) => (s, random) => {
      const counts = [0, 0, 0, 0];
      for (let i = 0; i < 10; i++) counts[draw(s[Math.floor(random() * m)], random)]++;
      return counts.map((c) => c / 10);
    }),
    sets: generations.map((m) => ({ size: 10, weights: Array.from({ length: m }, () => 1 / m) })),
  },
];

describe('second moments against an independent Monte Carlo', () => {
  for (const [i, { law, steps, sets }] of schedules.entries()) {
    const name = `${law.kind}${law.kind === 'most-recent' ? `, window ${law.window}` : ''}`;
    test(name, () => {
      const simpson = secondMoments.scheduleSimpson(law, generations, simpson0);
      const drift = secondMoments.scheduleSquaredDrift(law, generations, simpson0);
      compare(steps, generations, simpson, drift, 1000 + i);
      const table = secondMoments.secondMoments(simpson0, sets);
      generations.forEach((m, g) => {
        expect(table.simpson(m)).toBeCloseTo(simpson[g], 13);
        expect(table.squaredDistance(m, 1)).toBeCloseTo(drift[g], 13);
      });
    });
  }

  test('fresh data, by the general table', () => {
    const sets = generations.map(
      (m): TrainingSet => ({
        blocks:
          m === 1
            ? [{ source: 0, size: 8 }]
            : [
                { source: 0, size: 8 },
                { source: m - 1, size: 10 },
              ],
      }),
    );
    const steps = generations.map(
      (m): Pick =>
        (s, random) =>
          m === 1
            ? sample(p, 8, random)
            : mix([
                [sample(p, 8, random), 8],
                [sample(s[m - 1], 10, random), 10],
              ]),
    );
    const table = secondMoments.secondMoments(simpson0, sets);
    compare(
      steps,
      generations,
      generations.map((m) => table.simpson(m)),
      generations.map((m) => table.squaredDistance(m, 1)),
      2000,
    );
  });

  test('accumulate, where kept batches are sources of their own', () => {
    // Sources: 1 the real corpus, 2 a batch of it, 3 generation 2 (both), 4 a batch of generation 2, 5 generation 3 (all three).
    const sets: TrainingSet[] = [
      { blocks: [{ source: 0, size: 8 }] },
      { blocks: [{ source: 1, size: 10 }] },
      {
        blocks: [
          { source: 1, size: 8, fixed: true },
          { source: 2, size: 10, fixed: true },
        ],
      },
      { blocks: [{ source: 3, size: 10 }] },
      { blocks: [1, 2, 4].map((source) => ({ source, size: source === 1 ? 8 : 10, fixed: true })) },
    ];
    const steps: Pick[] = [
      (_, random) => sample(p, 8, random),
      (s, random) => sample(s[1], 10, random),
      (s) =>
        mix([
          [s[1], 8],
          [s[2], 10],
        ]),
      (s, random) => sample(s[3], 10, random),
      (s) =>
        mix([
          [s[1], 8],
          [s[2], 10],
          [s[4], 10],
        ]),
    ];
    const table = secondMoments.secondMoments(simpson0, sets);
    compare(
      steps,
      [3, 5],
      [3, 5].map(table.simpson),
      [3, 5].map((k) => table.squaredDistance(k, 1)),
      3000,
    );
    const s1 = table.simpson(1);
    const s2 = 1 - (1 - s1) * (1 - 10 / 18 ** 2);
    expect(table.simpson(3)).toBeCloseTo(s2, 14);
    expect(table.simpson(5)).toBeCloseTo(1 - (1 - s2) * (1 - 10 / 28 ** 2), 14);
  });
});

describe('second moments of schedules', () => {
  test('the short recursions equal the general table for 60 generations', () => {
    const many = Array.from({ length: 60 }, (_, i) => i + 1);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 20 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (window, more, s0) => {
          const n = window + more;
          const batch = Math.floor(n / window);
          const sets = many.map(
            (m): TrainingSet => ({ blocks: Array.from({ length: Math.min(m, window) }, (_, i) => ({ source: m - 1 - i, size: batch })) }),
          );
          const law: Law = { kind: 'most-recent', sampleSize: n, window };
          const uniform = many.map((m): TrainingSet => ({ size: n, weights: Array.from({ length: m }, () => 1 / m) }));
          for (const [schedule, table] of [
            [law, secondMoments.secondMoments(s0, sets)],
            [{ kind: 'randomly-sampled', sampleSize: n }, secondMoments.secondMoments(s0, uniform)],
          ] as const) {
            const simpson = secondMoments.scheduleSimpson(schedule, many, s0);
            const drift = secondMoments.scheduleSquaredDrift(schedule, many, s0);
            many.forEach((m, i) => {
              expect(Math.abs(simpson[i] - table.simpson(m))).toBeLessThan(1e-13);
              expect(Math.abs(drift[i] - table.squaredDistance(m, 1))).toBeLessThan(1e-13);
            });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('window 1 is fully synthetic; generation 0 is the truth; order does not matter', () => {
    const ms = [500, 0, 3, 1];
    const recent = secondMoments.scheduleSimpson({ kind: 'most-recent', sampleSize: 10, window: 1 }, ms, 0.1);
    const full = secondMoments.scheduleSimpson({ kind: 'fully-synthetic', sampleSize: 10 }, ms, 0.1);
    recent.forEach((value, i) => expect(value).toBeCloseTo(full[i], 12));
    expect(recent[1]).toBe(0.1);
    expect(secondMoments.scheduleSimpson({ kind: 'most-recent', sampleSize: 10, window: 5 }, [1], 0.1)[0]).toBeCloseTo(0.55, 15);
  });

  test('the drift keeps its digits at n = 1e12', () => {
    const at = (law: Law) => secondMoments.scheduleSquaredDrift(law, [2], 0.1)[0];
    expect(at({ kind: 'randomly-sampled', sampleSize: 1e12 }) / 1.125e-12).toBeCloseTo(1, 9);
    expect(at({ kind: 'most-recent', sampleSize: 1e12, window: 1 }) / 0.9e-12).toBeCloseTo(1, 9);
  });

  test('bad input is refused', () => {
    const refused = (call: () => unknown, text: RegExp) => expect(call).toThrow(text);
    refused(() => secondMoments.scheduleSimpson({ kind: 'most-recent', sampleSize: 10, window: 11 }, [1], 0.1), /^window: got 11/);
    refused(() => secondMoments.scheduleSimpson({ kind: 'randomly-sampled', sampleSize: 0 }, [1], 0.1), /^sampleSize: got 0/);
    refused(() => secondMoments.scheduleSquaredDrift({ kind: 'randomly-sampled', sampleSize: 5 }, [0], 0.1), /^generations: got 0/);
    refused(() => secondMoments.secondMoments(0.1, [{ blocks: [{ source: 1, size: 3 }] }]), /^source: got 1/);
    refused(() => secondMoments.secondMoments(0.1, [{ blocks: [] }]), /^blocks/);
    refused(() => secondMoments.secondMoments(0.1, [{ size: 4, weights: [0.5] }]), /^weights/);
    refused(() => secondMoments.secondMoments(2, []), /^simpson0: got 2/);
  });
});
