/** What a sweep is written as, and its points. */
import { describe, expect, test } from 'vitest';
import { readSweep } from '../dist/sweep/points.js';
import { inShard, readShard } from '../dist/sweep/shard.js';

const base = {
  model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 10 } },
  schedule: { kind: 'fully-synthetic', sampleSize: 20 },
};

const varied = (vary: object, combine?: string) => readSweep({ base, vary, ...(combine && { combine }) }).points.map((point) => point.vary);

describe('points', () => {
  test('a product, the last field fastest', () => {
    const { points, varied: names } = readSweep({ base, vary: { 'schedule.sampleSize': [10, 100], seed: { from: 0, count: 2 } } });
    expect(names).toEqual(['schedule.sampleSize', 'seed']);
    expect(points.map(({ index, vary, spec }) => [index, vary, (spec.schedule as { sampleSize: number }).sampleSize, spec.seed])).toEqual([
      [0, { 'schedule.sampleSize': 10, seed: 0 }, 10, 0],
      [1, { 'schedule.sampleSize': 10, seed: 1 }, 10, 1],
      [2, { 'schedule.sampleSize': 100, seed: 0 }, 100, 0],
      [3, { 'schedule.sampleSize': 100, seed: 1 }, 100, 1],
    ]);
  });

  test('zip', () => {
    expect(varied({ 'schedule.sampleSize': [10, 20], seed: [5, 5] }, 'zip')).toEqual([
      { 'schedule.sampleSize': 10, seed: 5 },
      { 'schedule.sampleSize': 20, seed: 5 },
    ]);
  });

  const zipf = (simpson: number) => ({ kind: 'zipf', vocabulary: 10, support: 10, simpson });
  test.each<[string, object, number[]]>([
    ['from, to, step', { from: 0.1, to: 0.4, step: 0.1 }, [0.1, 0.2, 0.3, 0.4]],
    ['from, to, count', { from: 0.2, to: 0.8, count: 4 }, [0.2, 0.4, 0.6, 0.8]],
    ['downwards', { from: 0.5, to: 0.2, step: -0.15 }, [0.5, 0.35, 0.2]],
    ['one', { from: 0.5, to: 0.9, count: 1 }, [0.5]],
  ])('a range: %s', (_, range, expected) => {
    const { points } = readSweep({
      base: { ...base, model: { kind: 'categorical', initial: zipf(0.3) } },
      vary: { 'model.initial.simpson': range },
    });
    expect(points.map(({ vary }) => vary['model.initial.simpson'])).toEqual(expected);
  });

  test('large seeds are exact', () => {
    expect(varied({ seed: { from: 2 ** 53 - 3, count: 3 } })).toEqual([
      { seed: 2 ** 53 - 3 },
      { seed: 2 ** 53 - 2 },
      { seed: 2 ** 53 - 1 },
    ]);
  });

  test('objects vary, and a field of theirs, without touching each other', () => {
    const schedule = { kind: 'fully-synthetic', sampleSize: 1 };
    const { points, document } = readSweep({ base, vary: { schedule: [schedule], 'schedule.sampleSize': [3, 4] } });
    expect(points.map(({ spec }) => spec.schedule)).toEqual([3, 4].map((sampleSize) => ({ kind: 'fully-synthetic', sampleSize })));
    expect(document).toMatchObject({ vary: { schedule: [schedule] } });
  });

  test('a list of specs', () => {
    const { points } = readSweep({ specs: [base, { ...base, seed: 3 }] });
    expect(points.map(({ vary, spec }) => [vary, spec.seed])).toEqual([
      [{}, 0],
      [{}, 3],
    ]);
  });

  test.each<[string, unknown, RegExp]>([
    ['a spec', base, /SWEEP: got .*this is a spec itself/],
    ['nothing', {}, /base: got nothing; allowed: a spec/],
    ['an unknown key', { base, varies: {} }, /unknown key varies; did you mean "vary"\?/],
    ['both forms', { base, specs: [base] }, /unknown key base/],
    ['no values', { base, vary: { seed: [] } }, /vary\.seed: got \[\]; allowed: a list of one value or more/],
    ['a value alone', { base, vary: { seed: 3 } }, /vary\.seed: got 3; allowed: a list of values/],
    ['a range without an end', { base, vary: { seed: { from: 1 } } }, /vary\.seed: got \{"from":1\}; allowed: .*"count"/],
    ['a range with two rules', { base, vary: { seed: { from: 1, to: 5, step: 1, count: 5 } } }, /step or count, not both/],
    [
      'a step that leads away',
      { base, vary: { seed: { from: 1, to: 5, step: -1 } } },
      /vary\.seed\.step: got -1; allowed: a step that leads from 1 to 5/,
    ],
    [
      'zip of unequal lists',
      { base, vary: { seed: [1, 2], replicates: [1] }, combine: 'zip' },
      /combine: got "zip"; allowed: "zip" of lists of the same length \(seed has 2, replicates has 1\)/,
    ],
    [
      'too many points',
      { base, vary: { seed: { from: 0, count: 1000 }, replicates: { from: 1, count: 1000 } } },
      /at most 100000 points; these are 1000000/,
    ],
    ['a bad path', { base, vary: { 'schedule..n': [1] } }, /vary\.schedule\.\.n: got .*; allowed: the dotted path/],
    [
      'a path through a number',
      { base, vary: { 'schedule.sampleSize.x': [1] } },
      /vary schedule\.sampleSize\.x: schedule\.sampleSize is 20/,
    ],
    [
      'a bad value',
      { base, vary: { seed: [0], 'schedule.sampleSize': [10, -1] } },
      /^point 1 \(seed = 0, schedule\.sampleSize = -1\): schedule\.sampleSize: got -1; allowed/,
    ],
    ['a misspelt field', { base, vary: { 'schedule.sampelSize': [10] } }, /unknown key schedule\.sampelSize; did you mean "sampleSize"\?/],
    ['a bad spec in a list', { specs: [base, {}] }, /^specs\[1\]: model: got nothing/],
  ])('%s is refused', (_, input, message) => {
    expect(() => readSweep(input)).toThrow(message);
  });
});

describe('shards', () => {
  test('every block is in exactly one, and their sizes are equal but for one', () => {
    for (const count of [1, 2, 3, 7]) {
      const sizes = Array.from({ length: count }, (_, index) => Array.from({ length: 50 }, (_, b) => Number(inShard(b, { index, count }))));
      for (let b = 0; b < 50; b++) expect(sizes.reduce((sum, of) => sum + of[b], 0)).toBe(1);
      const totals = sizes.map((of) => of.reduce((sum, x) => sum + x, 0));
      expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
    }
  });

  test('from the option and from schedulers', () => {
    expect(readShard('1/4', {})).toEqual({ index: 1, count: 4 });
    expect(readShard(undefined, {})).toBeUndefined();
    expect(readShard('4', { JOB_COMPLETION_INDEX: '3' })).toMatchObject({ index: 3, count: 4 });
    expect(readShard('8', { SLURM_ARRAY_TASK_ID: '5' })).toMatchObject({ index: 5, count: 8 });
    expect(readShard(undefined, { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' })).toMatchObject({
      index: 2,
      count: 4,
    });
    expect(readShard(undefined, { JOB_COMPLETION_INDEX: '3' })).toBeUndefined();
    expect(() => readShard('4/4', {})).toThrow(/--shard: got "4\/4"; allowed: I\/N with I from 0 to N-1/);
    expect(() => readShard('4', {})).toThrow(/--shard: got "4"/);
    expect(() => readShard('2', { JOB_COMPLETION_INDEX: '2' })).toThrow(/JOB_COMPLETION_INDEX with --shard: got "2 of 2"/);
  });
});
