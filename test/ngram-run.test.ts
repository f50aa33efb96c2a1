/** Runs of n-gram models: the same on every backend, schedules over documents, laws that a unigram obeys, nothing that comes back. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { simulate } from '../dist/engine/simulate.js';
import { keepRun } from '../dist/experiments/run.js';
import type { SpecInput } from '../dist/spec/spec.js';
import { expectedSupport } from '../dist/theory/coalescent.js';
import { bernoulliSurvival, expectedWords, poissonSurvival } from '../dist/theory/forgetting.js';
import { scheduleSimpson } from '../dist/theory/schedule-moments.js';

type Ngram = Extract<SpecInput['model'], { kind: 'ngram' }>;
const stories = (documents: number): Ngram => ({ kind: 'ngram', corpus: { kind: 'stories', documents } });

describe('one digest', () => {
  const specs: SpecInput[] = [
    {
      model: { ...stories(60), smoothing: 'kneser-ney' },
      schedule: { kind: 'accumulate-subsample', corpusSize: 'corpus', rate: 0.5 },
      generations: 4,
      replicates: 5,
      watch: ['there was'],
    },
    {
      model: stories(60),
      schedule: { kind: 'fresh', real: 500, synthetic: 700 },
      sampling: { kind: 'top-p', p: 0.9 },
      generations: 4,
      replicates: 5,
    },
  ];
  test.each(specs)(
    'over backends and threads, with the same samples: $schedule.kind',
    async (spec) => {
      const [first, ...others] = await Promise.all([
        simulate(spec, { backend: 'native', threads: 1 }),
        simulate(spec, { backend: 'native', threads: 3 }),
        simulate(spec, { backend: 'wasm', threads: 2 }),
        simulate(spec, { backend: 'javascript', threads: 1 }),
      ]);
      for (const other of others) {
        expect(other.digest).toBe(first.digest);
        expect(other.samples).toEqual(first.samples);
      }
      expect(first.samples?.map(({ generation }) => generation)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    },
    60_000,
  );
});

describe('schedules over documents', () => {
  const metrics = ['tokens', 'documents', 'real-share', 'composition:1', 'composition:2', 'vocabulary'];
  const run = (schedule: SpecInput['schedule']) => simulate({ model: stories(100), schedule, generations: 3, replicates: 20, metrics });

  test('accumulate-subsample: model 1 sees the whole corpus, the others as much of everything so far', async () => {
    const { metrics: found, provenance } = await run({ kind: 'accumulate-subsample', corpusSize: 'corpus', rate: 1 });
    const { corpus } = provenance;
    if (!corpus || !('training' in corpus)) throw new Error('no corpus');
    const whole = corpus.training.tokens + corpus.training.documents;
    expect([found.tokens.mean[0], found.documents.mean[0], found.vocabulary.mean[0]]).toEqual([
      whole,
      corpus.training.documents,
      corpus.vocabulary,
    ]);
    for (const i of [1, 2]) {
      expect(Number(found.tokens.mean[i])).toBeGreaterThanOrEqual(whole);
      expect(Number(found.tokens.mean[i])).toBeLessThan(1.05 * whole);
      expect(found.tokens.standardError[i]).toBeGreaterThan(0);
    }
    // 20 runs of 90 documents: 5 standard errors are about 0.06.
    expect(found['real-share'].mean[1]).toBeCloseTo(1 / 2, 1);
    expect(found['real-share'].mean[2]).toBeCloseTo(1 / 3, 1);
    expect(found['composition:1'].mean[2]).toBeCloseTo(1 / 3, 1);
    expect(provenance.spec.metrics).toEqual(metrics);
  });

  test('fixed and fresh real parts', async () => {
    for (const kind of ['partially-synthetic', 'fresh'] as const) {
      const { metrics: found } = await run({ kind, real: 2000, synthetic: 2000 });
      expect(found['real-share'].mean[0]).toBe(1);
      expect(found['real-share'].mean[2]).toBeCloseTo(0.5, 1);
    }
  });

  test('under replace no word comes back; under accumulate-subsample some do', async () => {
    const words = async (schedule: SpecInput['schedule']) => {
      const run = await keepRun('words', {
        model: stories(100),
        schedule,
        generations: 20,
        replicates: 10,
        metrics: ['survival:1', 'vocabulary'],
      });
      return [...run.values('vocabulary'), ...run.values('survival:1')];
    };
    const rises = (values: Float64Array) => values.some((value, i) => i > 0 && value > values[i - 1]);
    expect((await words({ kind: 'replace' })).some(rises)).toBe(false);
    expect((await words({ kind: 'accumulate-subsample', corpusSize: 'corpus', rate: 1 })).some(rises)).toBe(true);
  });
});

describe('a unigram under replace is the multinomial chain', () => {
  const generations = 12;
  const runs = 400;
  const watch = ['the', 'was', 'there'];
  const all = Array.from({ length: generations }, (_, i) => i + 1);

  test('second moments of shares, survival and number of words (false alarms: below 10^-4 in all)', async () => {
    const names = ['tokens', 'vocabulary', 'survival:1', 'survival:3', 'survival:8'];
    const spec: SpecInput = {
      model: { ...stories(100), order: 1 },
      schedule: { kind: 'replace' },
      generations,
      replicates: runs,
      metrics: names,
      watch,
    };
    const run = await keepRun('unigram', spec);
    const n = run.values('tokens')[0][0];
    const mean = (metric: string, row: number) => run.values(metric).reduce((sum, values) => sum + values[row], 0) / runs;
    for (const word of watch) {
      const metric = `watch:${word}`;
      const p = run.values(metric)[0][0];
      // Of two types, with generation 1 as the truth: S - p^2 - (1 - p)^2 is twice the variance.
      const simpson0 = p * p + (1 - p) * (1 - p);
      const law = scheduleSimpson({ kind: 'fully-synthetic', sampleSize: n }, all.slice(0, -1), simpson0);
      for (const row of [1, 5, 11]) {
        const variance = (law[row - 1] - simpson0) / 2;
        const values = run.values(metric).map((shares) => shares[row]);
        expect(Math.abs(mean(metric, row) - p)).toBeLessThan(5 * Math.sqrt(variance / runs));
        const measured = values.reduce((sum, value) => sum + (value - p) ** 2, 0) / runs;
        expect(Math.abs(measured / variance - 1)).toBeLessThan(5 * Math.sqrt(2.2 / runs));
      }
    }
    const survival = bernoulliSurvival(n, all);
    for (const count of [1, 3, 8]) {
      const expected = survival(count);
      for (const row of [1, 4, 11]) {
        const error = Math.sqrt((expected[row] * (1 - expected[row])) / runs);
        expect(Math.abs(mean(`survival:${count}`, row) - expected[row])).toBeLessThan(5 * error + 0.002);
      }
    }
  }, 60_000);
});

describe('forgetting in closed form', () => {
  const all = [1, 2, 5, 20, 40];

  test('corpora of n tokens: the exact law of lineages', () => {
    for (const [count, tokens] of [
      [1, 30],
      [4, 50],
      [20, 60],
    ]) {
      const p = count / tokens;
      // Two types: those left, less the other one. Generation 1 is the truth, so generations count from 0.
      const both = expectedSupport([1, 4, 19, 39], tokens, [p, 1 - p]);
      const other = expectedSupport([1, 4, 19, 39], tokens, [1 - p, p]);
      expect(both).toEqual(other);
      const found = bernoulliSurvival(tokens, all)(count);
      const rest = bernoulliSurvival(tokens, all)(tokens - count);
      for (const i of [1, 2, 3, 4]) expect(found[i] + rest[i]).toBeCloseTo(both[i - 1], 10);
    }
  });

  test('the limit, and its half-life of 2 k / ln 2 generations', () => {
    expect(poissonSurvival(1, [1, 2, 3])).toEqual([1, 1 - Math.exp(-1), 1 - Math.exp(Math.exp(-1) - 1)].map((x) => expect.closeTo(x, 14)));
    const [half] = poissonSurvival(1000, [Math.round(2000 / Math.LN2)]);
    expect(half).toBeCloseTo(0.5, 2);
    const many = bernoulliSurvival(10_000_000, all)(7);
    poissonSurvival(7, all).forEach((value, i) => expect(many[i]).toBeCloseTo(value, 5));
    expect(expectedWords([0, 1, 1, 5], (count) => [count], 1)).toEqual([7]);
  });

  test('refusals', () => {
    expect(() => poissonSurvival(0, [1])).toThrow(/count: got 0/);
    expect(() => poissonSurvival(1, [2, 2])).toThrow(/increasing/);
    expect(() => bernoulliSurvival(5, [1])(6)).toThrow(/at most 5/);
  });
});

describe('byte pairs', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ngram-bpe-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('a small file, written again as text', async () => {
    const path = join(folder, 'rain.txt');
    await writeFile(path, Array.from({ length: 30 }, (_, i) => `It rained for ${i} days, naïvely 😀.`).join('\n\n'));
    const spec: SpecInput = {
      model: { kind: 'ngram', order: 3, tokens: 'bpe', corpus: path },
      schedule: { kind: 'replace' },
      generations: 2,
      replicates: 2,
      watch: [' days,'],
    };
    const result = await simulate(spec);
    expect(result.samples?.every(({ text }) => /^It rained for \d+ days, naïvely 😀\.$/u.test(text))).toBe(true);
    expect(result.metrics['watch: days,'].mean[0]).toBeGreaterThan(0.8);
  });
});
