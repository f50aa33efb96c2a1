// Summaries against a plain computation from the raw results.
import { describe, expect, test } from 'vitest';
import { parseSpec, type Result, resolveTruth, type SpecInput, simulate } from '../dist/index.js';

const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } } as const;

/** Type 7 quantile, written down once more. */
function quantile(values: number[], probability: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * probability;
  const low = Math.floor(at);
  return low + 1 < sorted.length ? sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]) : sorted[low];
}

/** The summaries of a spec from its raw results, in the plainest way; also the result. */
async function naive(
  spec: SpecInput,
  threads: number,
): Promise<{
  result: Result;
  expected: Record<string, { mean: number[]; standardError: number[]; quantiles: number[][] }>;
  collapsed: number[];
  times: number[];
}> {
  const chains: { rows: number[][]; time: number }[] = [];
  let contexts = 1;
  const result = await simulate(spec, {
    threads,
    onChains: (batch) => {
      // A buffer of their own, which can be kept and sent.
      expect(batch.values.buffer.byteLength).toBe(batch.values.byteLength);
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
    replicates.push(
      Array.from({ length }, (_, row) =>
        group[0].rows[0].map((_, k) => group.reduce((sum, { rows }, j) => sum + weights[j] * rows[Math.min(row, rows.length - 1)][k], 0)),
      ),
    );
    result.generation.forEach(
      (m, row) => (collapsed[row] += group.filter(({ time }) => time > 0 && time <= m).length / (chains.length / contexts)),
    );
    times.push(group.some(({ time }) => time === 0) ? 0 : Math.max(...group.map(({ time }) => time)));
  }
  const names = result.provenance.spec.metrics;
  const expected = Object.fromEntries(
    names.map((name, k) => {
      const columns = Array.from({ length }, (_, row) => replicates.map((replicate) => replicate[row][k]));
      const mean = columns.map((values) => values.reduce((sum, x) => sum + x, 0) / values.length);
      const standardError = columns.map((values, row) =>
        Math.sqrt(values.reduce((sum, x) => sum + (x - mean[row]) ** 2, 0) / (values.length - 1) / values.length),
      );
      return [name, { mean, standardError, quantiles: [0.05, 0.5, 0.95].map((q) => columns.map((values) => quantile(values, q))) }];
    }),
  );
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
    {
      name: 'all generations',
      spec: { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 60 }, generations: 30, replicates: 300, seed: 1 },
    },
    {
      name: 'a list, across blocks of replicates',
      spec: {
        model: zipf,
        schedule: { kind: 'partially-synthetic', real: 20, synthetic: 50 },
        generations: [1, 3, 12],
        replicates: 1100,
        seed: 2,
      },
    },
    {
      name: 'until collapse',
      spec: { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 20 }, generations: 'until-collapse', replicates: 250, seed: 3 },
    },
    {
      name: 'until collapse, first replicate the shortest',
      spec: {
        model: { kind: 'categorical', initial: { kind: 'explicit', p: [0.97, 0.03] } },
        schedule: { kind: 'fully-synthetic', sampleSize: 15 },
        generations: 'until-collapse',
        replicates: 200,
        seed: 1,
      },
    },
    {
      name: 'censored',
      spec: {
        model: zipf,
        schedule: { kind: 'randomly-sampled', sampleSize: 12 },
        generations: 'until-collapse',
        maxGenerations: 25,
        replicates: 150,
        seed: 4,
      },
    },
    {
      name: 'contexts',
      spec: { model: dirichlet, schedule: { kind: 'fully-synthetic', sampleSize: 9 }, generations: 25, replicates: 120, seed: 5 },
    },
    {
      name: 'contexts, a list',
      spec: {
        model: dirichlet,
        schedule: { kind: 'most-recent', sampleSize: 9, window: 3 },
        generations: [2, 7, 20],
        replicates: 120,
        seed: 6,
      },
    },
    {
      name: 'contexts until collapse',
      spec: {
        model: dirichlet,
        schedule: { kind: 'fully-synthetic', sampleSize: 9 },
        generations: 'until-collapse',
        replicates: 120,
        seed: 7,
      },
    },
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
      near(
        [result.collapseTime.standardError],
        [Math.sqrt(finished.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (finished.length - 1) / finished.length)],
        1e-8,
      );
      near(
        Object.values(result.collapseTime.quantiles),
        [0.05, 0.5, 0.95].map((q) => quantile(times, q)),
      );
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
    const { metrics, collapseTime } = await simulate({
      model: zipf,
      schedule: { kind: 'fully-synthetic', sampleSize: 10 },
      generations: 'until-collapse',
      replicates: 1,
    });
    for (const { standardError, mean, quantiles } of Object.values(metrics)) {
      expect(standardError.every((value) => value === null)).toBe(true);
      expect(quantiles['0.5']).toEqual(mean);
    }
    expect(collapseTime.standardError).toBeNull();
    expect(collapseTime.mean).toBeGreaterThan(0);
  });

  test('small drifts of large samples keep their digits', async () => {
    const { expected, result } = await naive(
      {
        model: zipf,
        schedule: { kind: 'fully-synthetic', sampleSize: 2 ** 31 },
        generations: 3,
        replicates: 50,
        metrics: ['simpson', 'entropy'],
      },
      1,
    );
    near(
      result.metrics.simpson.standardError.map((x) => Number(x) * 1e8),
      expected.simpson.standardError.map((x) => x * 1e8),
      1e-5,
    );
    expect(Number(result.metrics.simpson.standardError[2])).toBeGreaterThan(0);
  });
});
