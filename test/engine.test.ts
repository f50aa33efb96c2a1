// The engine against theory, and its summaries against a plain computation from the raw results.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { InputError, type Progress, type Result, resolveTruth, parseSpec, simulate, type SpecInput, theory } from '../dist/index.js';
import { ALPHA, criticalZ, normalTail } from './support/statistics.js';

const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } } as const;

async function truthOf(spec: SpecInput): Promise<Float64Array> {
  return (await resolveTruth(parseSpec(spec))).contexts[0].p;
}

/** z of a mean against a value, from the result's own standard error. */
const z = (mean: unknown, standardError: unknown, value: number) => (Number(mean) - value) / Number(standardError);

describe('theory (z-scores, alpha 1e-6 in all of a test by Bonferroni)', () => {
  test('E[T] = 187.01 for a Zipf law on 52 tokens with Simpson index 0.1 and n = 100', async () => {
    const spec: SpecInput = { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 100 }, generations: 'until-collapse', replicates: 6000, seed: 5, metrics: ['simpson'] };
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
    const spec: SpecInput = { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: n }, generations, replicates, seed: 6, metrics: ['support', 'simpson'] };
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
    const spec: SpecInput = { model: { kind: 'categorical', initial: { kind: 'explicit', p } }, schedule: { kind: 'fully-synthetic', sampleSize: 25 }, generations: [3000], replicates: 20_000, seed: 4, metrics: p.map((_, i) => `probability:${i}`) };
    const { metrics, collapseTime } = await simulate(spec);
    expect(collapseTime.collapsed).toBe(20_000);
    p.forEach((share, i) => expect(normalTail(z(metrics[`probability:${i}`].mean[0], Math.sqrt((share * (1 - share)) / 20_000), share))).toBeGreaterThan(ALPHA / 4));
  });
});

/** Type 7 quantile, written down once more. */
function quantile(values: number[], probability: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * probability;
  const low = Math.floor(at);
  return low + 1 < sorted.length ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
}

/** The summaries of a spec from its raw results, in the plainest way; also the result. */
async function naive(spec: SpecInput, threads: number): Promise<{ result: Result; expected: Record<string, { mean: number[]; standardError: number[]; quantiles: number[][] }>; collapsed: number[]; times: number[] }> {
  const chains: { rows: number[][]; time: number }[] = [];
  let contexts = 1;
  const result = await simulate(spec, {
    threads,
    onChains: (batch) => {
      contexts = batch.contexts;
      expect(batch.firstChain).toBe(chains.length);
      let at = 0;
      batch.rows.forEach((count, c) => {
        const rows = Array.from({ length: count }, () => batch.metrics.map(() => batch.values[at++]));
        chains.push({ rows, time: batch.collapseTimes[c] });
      });
      expect(at).toBe(batch.values.length);
    },
  });
  const weights = (await resolveTruth(parseSpec(spec))).contexts.map(({ weight }) => weight);
  const length = result.generation.length;
  const replicates: number[][][] = [];
  const collapsed = new Array<number>(length).fill(0);
  const times: number[] = [];
  for (let first = 0; first < chains.length; first += contexts) {
    const group = chains.slice(first, first + contexts);
    replicates.push(Array.from({ length }, (_, row) =>
      group[0].rows[0].map((_, k) => group.reduce((sum, { rows }, j) => sum + weights[j] * rows[Math.min(row, rows.length - 1)][k], 0)),
    ));
    result.generation.forEach((m, row) => (collapsed[row] += group.filter(({ time }) => time > 0 && time <= m).length / (chains.length / contexts)));
    times.push(group.some(({ time }) => time === 0) ? 0 : Math.max(...group.map(({ time }) => time)));
  }
  const names = result.provenance.spec.metrics;
  const expected = Object.fromEntries(names.map((name, k) => {
    const columns = Array.from({ length }, (_, row) => replicates.map((replicate) => replicate[row][k]));
    const mean = columns.map((values) => values.reduce((sum, x) => sum + x, 0) / values.length);
    const standardError = columns.map((values, row) => Math.sqrt(values.reduce((sum, x) => sum + (x - mean[row]) ** 2, 0) / (values.length - 1) / values.length));
    return [name, { mean, standardError, quantiles: [0.05, 0.5, 0.95].map((q) => columns.map((values) => quantile(values, q))) }];
  }));
  return { result, expected, collapsed, times };
}

function near(actual: unknown[], expected: number[], digits = 1e-10): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    if (!(Math.abs(Number(value) - expected[i]) <= digits * (1 + Math.abs(expected[i])))) expect([i, value]).toEqual([i, expected[i]]);
  });
}

describe('summaries', () => {
  const dirichlet = { kind: 'categorical', initial: { kind: 'dirichlet', vocabulary: 12, concentration: 0.4, contexts: 5 } } as const;
  const cases: { name: string; spec: SpecInput }[] = [
    { name: 'all generations', spec: { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 60 }, generations: 30, replicates: 300, seed: 1 } },
    { name: 'a list, across blocks of replicates', spec: { model: zipf, schedule: { kind: 'partially-synthetic', real: 20, synthetic: 50 }, generations: [1, 3, 12], replicates: 1100, seed: 2 } },
    { name: 'until collapse', spec: { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 20 }, generations: 'until-collapse', replicates: 250, seed: 3 } },
    { name: 'until collapse, first replicate the shortest', spec: { model: { kind: 'categorical', initial: { kind: 'explicit', p: [0.97, 0.03] } }, schedule: { kind: 'fully-synthetic', sampleSize: 15 }, generations: 'until-collapse', replicates: 200, seed: 1 } },
    { name: 'censored', spec: { model: zipf, schedule: { kind: 'randomly-sampled', sampleSize: 12 }, generations: 'until-collapse', maxGenerations: 25, replicates: 150, seed: 4 } },
    { name: 'contexts', spec: { model: dirichlet, schedule: { kind: 'fully-synthetic', sampleSize: 9 }, generations: 25, replicates: 120, seed: 5 } },
    { name: 'contexts, a list', spec: { model: dirichlet, schedule: { kind: 'most-recent', sampleSize: 9, window: 3 }, generations: [2, 7, 20], replicates: 120, seed: 6 } },
    { name: 'contexts until collapse', spec: { model: dirichlet, schedule: { kind: 'fully-synthetic', sampleSize: 9 }, generations: 'until-collapse', replicates: 120, seed: 7 } },
  ];
  test.each(cases)('$name: means, errors, quantiles, collapse', async ({ spec }) => {
    const { result, expected, collapsed, times } = await naive(spec, 2);
    for (const [name, { mean, standardError, quantiles }] of Object.entries(expected)) {
      near(result.metrics[name].mean, mean);
      near(result.metrics[name].standardError, standardError, 1e-8);
      ['0.05', '0.5', '0.95'].forEach((key, i) => near(result.metrics[name].quantiles[key], quantiles[i]));
    }
    const finished = times.filter((time) => time > 0);
    expect(result.collapseTime).toMatchObject({ collapsed: finished.length, replicates: spec.replicates });
    if (finished.length === times.length) {
      const mean = finished.reduce((sum, x) => sum + x, 0) / finished.length;
      near([result.collapseTime.mean], [mean]);
      near([result.collapseTime.standardError], [Math.sqrt(finished.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (finished.length - 1) / finished.length)], 1e-8);
      near(Object.values(result.collapseTime.quantiles), [0.05, 0.5, 0.95].map((q) => quantile(times, q)));
      if (spec.generations === 'until-collapse') expect(result.generation.at(-1)).toBe(Math.max(...times));
    } else {
      expect([result.collapseTime.mean, result.collapseTime.standardError]).toEqual([null, null]);
    }
    if (spec.model === dirichlet) {
      expect(result.contexts?.total).toBe(5);
      near(result.contexts?.collapsed ?? [], collapsed);
    } else expect(result.contexts).toBeUndefined();
  });

  test('one replicate has no standard error', async () => {
    const { metrics, collapseTime } = await simulate({ model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 10 }, generations: 'until-collapse', replicates: 1 });
    for (const { standardError, mean, quantiles } of Object.values(metrics)) {
      expect(standardError.every((value) => value === null)).toBe(true);
      expect(quantiles['0.5']).toEqual(mean);
    }
    expect(collapseTime.standardError).toBeNull();
    expect(collapseTime.mean).toBeGreaterThan(0);
  });

  test('small drifts of large samples keep their digits', async () => {
    const { expected, result } = await naive({ model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 2 ** 31 }, generations: 3, replicates: 50, metrics: ['simpson', 'entropy'] }, 1);
    near(result.metrics.simpson.standardError.map((x) => Number(x) * 1e8), expected.simpson.standardError.map((x) => x * 1e8), 1e-5);
    expect(Number(result.metrics.simpson.standardError[2])).toBeGreaterThan(0);
  });
});

describe('progress is reported, never falls, and ends at 1', () => {
  const base = { model: zipf, metrics: ['simpson'], schedule: { kind: 'fully-synthetic', sampleSize: 300 } } as const;
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
    ['a window above the sample size', { ...good, schedule: { kind: 'most-recent', sampleSize: 5, window: 6 } }, /^schedule\.window: got 6/],
    ['a window that makes too large a table', { ...good, schedule: { kind: 'most-recent', sampleSize: 1e6, window: 1e6 }, generations: [1e6] }, /^schedule\.window/],
    ['more memory than a thread can address', { ...good, model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 1e6 } }, schedule: { kind: 'most-recent', sampleSize: 2e6, window: 1000 }, generations: [2000] }, /^memory of the spec: got "?\d+ MB a thread/],
    ['more rows than a list holds', { ...good, generations: 1e9 }, /^generations: got 1000000000/],
  ];
  test.each(wrong)('%s', async (_, spec, message) => {
    const error = await simulate(spec).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });
});
