// The engine against theory; progress, memory and errors.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError, type Progress, parseSpec, resolveTruth, type SpecInput, simulate, theory } from '../dist/index.js';
import { ALPHA, criticalZ, normalTail } from './support/statistics.js';

const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } } as const;

async function truthOf(spec: SpecInput): Promise<Float64Array> {
  return (await resolveTruth(parseSpec(spec))).contexts[0].p;
}

/** z of a mean against a value, from the result's own standard error. */
const z = (mean: unknown, standardError: unknown, value: number) => (Number(mean) - value) / Number(standardError);

describe('theory (z-scores, alpha 1e-6 in all of a test by Bonferroni)', () => {
  test('E[T] = 187.01 for a Zipf law on 52 tokens with Simpson index 0.1 and n = 100', async () => {
    const spec: SpecInput = {
      model: zipf,
      schedule: { kind: 'fully-synthetic', sampleSize: 100 },
      generations: 'until-collapse',
      replicates: 6000,
      seed: 5,
      metrics: ['simpson'],
    };
    const { collapseTime } = await simulate(spec);
    const exact = theory.coalescent.expectedCollapseTime(100, await truthOf(spec));
    expect(exact).toBeCloseTo(187.01, 1);
    expect(collapseTime.collapsed).toBe(6000);
    expect(Math.abs(z(collapseTime.mean, collapseTime.standardError, exact))).toBeLessThan(4.9);
    const median = theory.coalescent.collapseTimeQuantile(0.5, 100, await truthOf(spec));
    expect(Math.abs(Number(collapseTime.quantiles['0.5']) - median)).toBeLessThan(12);
  });

  test.each([30, 100, 400])('n = %d: P(T <= m), expected support and Simpson index', async (n) => {
    const generations = [1, 2, 5, 20, 60, 150, 400];
    const replicates = 20_000;
    const spec: SpecInput = {
      model: zipf,
      schedule: { kind: 'fully-synthetic', sampleSize: n },
      generations,
      replicates,
      seed: 6,
      metrics: ['support', 'simpson'],
    };
    const collapsed = new Array<number>(generations.length).fill(0);
    const { metrics } = await simulate(spec, {
      onChains: ({ collapseTimes }) => {
        for (const time of collapseTimes) if (time > 0) generations.forEach((m, i) => (collapsed[i] += time <= m ? 1 : 0));
      },
    });
    const p = await truthOf(spec);
    const rho = theory.coalescent.collapseProbability(generations, n, p);
    const critical = criticalZ(ALPHA / (3 * generations.length));
    rho.forEach((probability, i) => {
      const sd = Math.sqrt(probability * (1 - probability) * replicates);
      // Where fewer than ten are expected on one side, the count is Poisson, not normal: a wide limit.
      const limit = sd ** 2 < 10 ? 40 : critical * sd;
      expect(Math.abs(collapsed[i] - probability * replicates)).toBeLessThan(limit);
    });
    const supports = theory.coalescent.expectedSupport(generations, n, p);
    const simpsons = theory.fullySynthetic.expectedSimpson(generations, n, theory.distribution.simpson(p));
    generations.forEach((_, i) => {
      if (rho[i] > 0.999) return;
      expect(Math.abs(z(metrics.support.mean[i], metrics.support.standardError[i], supports[i]))).toBeLessThan(critical);
      expect(Math.abs(z(metrics.simpson.mean[i], metrics.simpson.standardError[i], simpsons[i]))).toBeLessThan(critical);
    });
  });

  const schedules = [
    { kind: 'fully-synthetic', sampleSize: 80 },
    { kind: 'partially-synthetic', real: 60, synthetic: 90 },
    { kind: 'partially-synthetic', real: 400, synthetic: 1200 },
    { kind: 'most-recent', sampleSize: 100, window: 1 },
    { kind: 'most-recent', sampleSize: 100, window: 7 },
    { kind: 'randomly-sampled', sampleSize: 70 },
    { kind: 'randomly-sampled', sampleSize: 2000 },
  ] as const;
  test.each(schedules)('S_m and the squared drift of $kind', async (schedule) => {
    const generations = [1, 2, 3, 5, 10, 30];
    const spec: SpecInput = { model: zipf, schedule, generations, replicates: 8000, seed: 9, metrics: ['simpson', 'l2-first'] };
    const { metrics } = await simulate(spec);
    const simpson0 = theory.distribution.simpson(await truthOf(spec));
    const critical = criticalZ(ALPHA / (2 * generations.length));
    theory.secondMoments.scheduleSimpson(schedule, generations, simpson0).forEach((value, i) => {
      expect(Math.abs(z(metrics.simpson.mean[i], metrics.simpson.standardError[i], value))).toBeLessThan(critical);
    });
    theory.secondMoments.scheduleSquaredDrift(schedule, generations, simpson0).forEach((value, i) => {
      if (i === 0) expect(metrics['l2-first'].mean[0]).toBe(0);
      else expect(Math.abs(z(metrics['l2-first'].mean[i], metrics['l2-first'].standardError[i], value))).toBeLessThan(critical);
    });
  });

  test('what survives is token i with probability p_i', async () => {
    const p = [0.5, 0.3, 0.15, 0.05];
    const spec: SpecInput = {
      model: { kind: 'categorical', initial: { kind: 'explicit', p } },
      schedule: { kind: 'fully-synthetic', sampleSize: 25 },
      generations: [3000],
      replicates: 20_000,
      seed: 4,
      metrics: p.map((_, i) => `probability:${i}`),
    };
    const { metrics, collapseTime } = await simulate(spec);
    expect(collapseTime.collapsed).toBe(20_000);
    p.forEach((share, i) =>
      expect(normalTail(z(metrics[`probability:${i}`].mean[0], Math.sqrt((share * (1 - share)) / 20_000), share))).toBeGreaterThan(
        ALPHA / 4,
      ),
    );
  });
});

describe('progress is reported, never falls, and ends at 1', () => {
  const base = { model: zipf, metrics: ['simpson'] as string[], schedule: { kind: 'fully-synthetic', sampleSize: 300 } } as const;
  const cases: [name: string, spec: SpecInput, backend: 'native' | 'wasm'][] = [
    ['native', { ...base, generations: 300, replicates: 20_000 }, 'native'],
    ['wasm', { ...base, generations: 300, replicates: 8000 }, 'wasm'],
    ['native, until collapse', { ...base, generations: 'until-collapse', replicates: 10_000 }, 'native'],
    ['wasm, until collapse', { ...base, generations: 'until-collapse', replicates: 4000 }, 'wasm'],
  ];
  test.each(cases)('%s', async (_, spec, backend) => {
    const seen: Progress[] = [];
    await simulate(spec, { backend, threads: 2, onProgress: (progress) => void seen.push(progress) });
    expect(seen.length).toBeGreaterThan(1);
    for (let i = 1; i < seen.length; i++) {
      expect(seen[i].fraction).toBeGreaterThanOrEqual(seen[i - 1].fraction);
      expect(seen[i].replicates).toBeGreaterThanOrEqual(seen[i - 1].replicates);
      expect(seen[i].generations).toBeGreaterThanOrEqual(seen[i - 1].generations);
      expect(seen[i].elapsedSeconds).toBeGreaterThanOrEqual(seen[i - 1].elapsedSeconds);
    }
    expect(seen.at(-1)).toMatchObject({ fraction: 1, replicates: spec.replicates, ofReplicates: spec.replicates });
    if (typeof spec.generations === 'number') expect(seen.at(-1)?.generations).toBe(spec.generations * Number(spec.replicates));
  });
});

test('200,000 replicates of 100 generations stay below 600 MB', () => {
  const code = `
    const { simulate } = await import(${JSON.stringify(fileURLToPath(new URL('../dist/index.js', import.meta.url)))});
    const spec = { model: ${JSON.stringify(zipf)}, schedule: { kind: 'fully-synthetic', sampleSize: 20 }, generations: 100, replicates: 200000, metrics: ['simpson'] };
    const { quantilesFrom } = await simulate(spec, { threads: 2 });
    console.log(JSON.stringify({ maxRSS: process.resourceUsage().maxRSS / 1024, quantilesFrom }));`;
  const { maxRSS, quantilesFrom } = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }));
  expect(maxRSS).toBeLessThan(600);
  expect(quantilesFrom).toEqual({ replicates: 100_000 });
}, 30_000);

describe('errors name the field', () => {
  const good: SpecInput = { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 10 }, generations: 2, replicates: 2 };
  test.each([0, -1, 1.5, Number.NaN, 1025])('threads %d', async (threads) => {
    const error = await simulate(good, { threads }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(/^threads: got .*; allowed: a whole number from 1 to 1024$/);
  });

  const wrong: [string, SpecInput, RegExp][] = [
    [
      'a window above the sample size',
      { ...good, schedule: { kind: 'most-recent', sampleSize: 5, window: 6 } },
      /^schedule\.window: got 6/,
    ],
    [
      'a window that makes too large a table',
      { ...good, schedule: { kind: 'most-recent', sampleSize: 1e6, window: 1e6 }, generations: [1e6] },
      /^schedule\.window/,
    ],
    [
      'more memory than a thread can address',
      {
        ...good,
        model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 1e6 } },
        schedule: { kind: 'most-recent', sampleSize: 2e6, window: 1000 },
        generations: [2000],
      },
      /^memory of the spec: got "?\d+ MB a thread/,
    ],
    ['more rows than a list holds', { ...good, generations: 1e9 }, /^generations: got 1000000000/],
  ];
  test.each(wrong)('%s', async (_, spec, message) => {
    const error = await simulate(spec).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });
});
