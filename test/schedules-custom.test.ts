/** Programs of custom schedules: against tables written by hand, against the named schedules, and by property. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scheduleProgram } from '../dist/schedules/registry.js';
import { weightingOf } from '../dist/schedules/weighting.js';
import type { CustomRule, CustomTable, Source } from '../dist/spec/custom.js';
import { customSize } from '../dist/spec/custom.js';
import type { SampleSchedule } from '../dist/spec/schedule.js';
import { parseSpec, type SpecInput } from '../dist/spec/spec.js';
import { type Share, trainingSets } from './support/programs.js';
import { custom } from './support/wider-specs.js';

const LAST = 12;
const model = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5 } };
const scheduleOf = (schedule: object) => parseSpec({ model, schedule, generations: LAST } as SpecInput).schedule as SampleSchedule;
const compile = (schedule: object, last = LAST) => scheduleProgram(scheduleOf({ kind: 'custom', ...schedule }), last);
const sets = (schedule: object, last = LAST) => trainingSets(scheduleOf(schedule), last);
const rule = (sources: object[], first?: number) => ({ kind: 'custom', sources, ...(first && { first }) });

describe('programs', () => {
  const real = { source: 0, size: 0, mode: 'redrawn' };

  test('of a rule with every kind of source', () => {
    const { program, sizes } = compile({
      sources: [
        { from: 'real', size: 3 },
        { from: 'real', size: 4, draw: 'fresh', weight: 2 },
        { from: 'model', back: 3, size: 5 },
        { from: 'last', window: 4, size: 6, weight: 0.5 },
        { from: 'past', size: 7, draw: 'kept' },
      ],
    });
    const begin = [
      { source: 0, size: 0, mode: 'kept' },
      { source: 0, size: 1, mode: 'redrawn', weight: 2 },
    ];
    const rest = [
      { source: 1, through: 4, size: 3, mode: 'redrawn', weight: 0.5 },
      { source: 1, size: 4, mode: 'into-pool' },
      { source: -2, size: 4, mode: 'fixed' },
    ];
    const late = [...begin, { source: 3, size: 2, mode: 'redrawn' }, ...rest];
    expect(program).toEqual({
      generations: [begin, [...begin, ...rest], [...begin, ...rest], late],
      sizeSlots: 5,
      lookBack: 4,
      pool: 'blocks',
    });
    expect(sizes(undefined)).toEqual([3, 4, 5, 6, 7]);
  });

  test('of a table', () => {
    const { program, sizes, largest } = compile({ table: [[3], [3, 4], [0, 3, 5]] });
    expect(program).toEqual({
      generations: [
        [real],
        [
          { source: 0, size: 0, mode: 'fixed' },
          { source: 1, size: 1, mode: 'redrawn' },
        ],
        [
          { source: 2, size: 0, mode: 'redrawn' },
          { source: 1, size: 2, mode: 'redrawn' },
        ],
      ],
      sizeSlots: 3,
      lookBack: 2,
      pool: 'none',
    });
    expect(sizes(undefined)).toEqual([3, 4, 5]);
    expect(largest).toBeUndefined();
  });

  test('windows end where generations do', () => {
    const { program } = compile(
      {
        sources: [
          { from: 'last', window: 1e9, size: 1 },
          { from: 'past', size: 1 },
          { from: 'model', back: 1e9, size: 1 },
        ],
        first: 2,
      },
      5,
    );
    const through = { source: 1, through: 4, mode: 'redrawn' };
    expect(program.generations).toEqual([
      [{ ...real, size: 3 }],
      [
        { ...through, size: 0 },
        { ...through, size: 1 },
      ],
    ]);
    expect(program.lookBack).toBe(4);
    expect(compile({ sources: [{ from: 'past', size: 1 }], first: 2 }, 1).program.generations).toEqual([[{ ...real, size: 1 }]]);
    expect(compile({ sources: [{ from: 'past', size: 1 }], first: 2 }, 2).program.generations[1]).toEqual([
      { source: 1, size: 0, mode: 'redrawn' },
    ]);
    expect(compile({ table: [[3], [3, 4], [0, 3, 5]] }, 2).program).toMatchObject({ lookBack: 1, sizeSlots: 2 });
  });

  test('a way back that would need too long a table is refused', () => {
    const schedule = rule([
      { from: 'model', back: 5e7, size: 1 },
      { from: 'real', size: 1 },
    ]) as CustomRule;
    expect(() => scheduleProgram(scheduleOf(schedule), 1e9)).toThrow(/^schedule\.sources: back: got 50000000; allowed: at most 8388608/);
  });

  test('sizes of the corpus', () => {
    const sources: Source[] = [{ from: 'last', window: 3, size: 'corpus', draw: 'redrawn', weight: 1 }];
    const { sizes, largest } = scheduleProgram({ kind: 'custom', sources, first: 'corpus' }, LAST);
    expect(sizes(7)).toEqual([7, 7]);
    expect(largest?.([7, 7])).toBe(21);
  });
});

describe('a custom schedule that says what a named one does', () => {
  const redrawn = (n: number) => Array.from({ length: LAST }, (_, i) => Array.from({ length: i + 1 }, (_, t) => (t === i ? n : 0)));
  test.each<[string, object, ...object[]]>([
    [
      'fully-synthetic',
      { kind: 'fully-synthetic', sampleSize: 9 },
      rule([{ from: 'model', size: 9 }], 9),
      { kind: 'custom', table: redrawn(9).slice(0, 2) },
      rule([{ from: 'last', window: 1, size: 9, draw: 'kept' }], 9),
    ],
    [
      'partially-synthetic',
      { kind: 'partially-synthetic', real: 5, synthetic: 4 },
      rule([
        { from: 'real', size: 5 },
        { from: 'model', size: 4, draw: 'kept' },
      ]),
      { kind: 'custom', table: [[5], [5, 4], [5, 0, 4]] },
    ],
    [
      'fresh',
      { kind: 'fresh', real: 5, synthetic: 4 },
      rule([
        { from: 'real', size: 5, draw: 'fresh' },
        { from: 'model', size: 4 },
      ]),
      { kind: 'custom', table: [[5], [5, 4]], real: 'fresh' },
    ],
    [
      'accumulate',
      { kind: 'accumulate', real: 5, synthetic: 4 },
      rule([
        { from: 'real', size: 5 },
        { from: 'past', size: 4, draw: 'kept' },
      ]),
      rule([
        { from: 'real', size: 5 },
        { from: 'last', window: 99, size: 4, draw: 'kept' },
      ]),
      { kind: 'custom', table: Array.from({ length: LAST }, (_, i) => [5, ...new Array<number>(i).fill(4)]), synthetic: 'kept' },
    ],
    [
      'most-recent',
      { kind: 'most-recent', sampleSize: 12, window: 3 },
      { kind: 'custom', table: [[4], [4, 4], [4, 4, 4], [0, 4, 4, 4]], real: 'fresh' },
    ],
  ])('%s', (_name, named, ...customs) => {
    for (const schedule of customs) expect(sets(schedule)).toEqual(sets(named));
  });

  test('is the very same program where it can be', () => {
    const program = (schedule: object) => scheduleProgram(scheduleOf(schedule), LAST).program;
    expect(
      program(
        rule([
          { from: 'real', size: 5 },
          { from: 'model', size: 4 },
        ]),
      ),
    ).toEqual(program({ kind: 'partially-synthetic', real: 5, synthetic: 4 }));
    expect(program({ kind: 'custom', table: [[4], [4, 4], [4, 4, 4], [0, 4, 4, 4]], real: 'fresh' })).toEqual(
      program({ kind: 'most-recent', sampleSize: 12, window: 3 }),
    );
    expect(
      program(
        rule([
          { from: 'real', size: 5, draw: 'fresh' },
          { from: 'model', size: 4 },
        ]),
      ),
    ).toEqual(program({ kind: 'fresh', real: 5, synthetic: 4 }));
  });
});

/** The training set of generation m by the definition, batch by batch. */
function byDefinition(schedule: CustomRule | CustomTable, m: number): Share[] {
  const share = (from: number, size: number, drawn: number, weight = 1): Share => ({ from, size, drawn, weight });
  if ('table' in schedule) {
    const { table, real, synthetic } = schedule;
    const row = table[Math.min(m, table.length) - 1];
    return row.flatMap((size, at) => {
      if (size === 0) return [];
      if (at === 0) return [share(0, size, real === 'fixed' ? 1 : m)];
      const t = m - (row.length - at);
      return [share(t, size, synthetic === 'redrawn' ? m : firstUse(schedule, t))];
    });
  }
  const models = Array.from({ length: m - 1 }, (_, i) => i + 1);
  const shares = schedule.sources.flatMap((source): Share[] => {
    const size = source.size as number;
    if (source.from === 'real') return [share(0, size, source.draw === 'fixed' ? 1 : m, source.weight)];
    const those = models.filter((t) => source.from === 'past' || (source.from === 'last' ? t >= m - source.window : t === m - source.back));
    return those.map((t) => share(t, size, source.draw === 'kept' ? t + (source.from === 'model' ? source.back : 1) : m, source.weight));
  });
  return m === 1 && schedule.first !== undefined ? [share(0, schedule.first as number, 1)] : shares;
}

/** The first generation whose row takes samples of model t. */
function firstUse({ table }: CustomTable, t: number): number {
  for (let m = t + 1; ; m++) {
    const row = table[Math.min(m, table.length) - 1];
    if (row[row.length - (m - t)] > 0) return m;
  }
}

test('every custom schedule gives the training sets of its definition', () => {
  const key = ({ from, size, drawn, weight }: Share) => `${from}:${size}:${drawn}:${weight}`;
  fc.assert(
    fc.property(custom, fc.integer({ min: 1, max: LAST }), (input, last) => {
      const schedule = scheduleOf(input) as CustomRule | CustomTable;
      const given = trainingSets(schedule, last);
      expect(given.length).toBe(last);
      given.forEach((set, i) => {
        expect(set.map(key).sort()).toEqual(
          byDefinition(schedule, i + 1)
            .map(key)
            .sort(),
        );
        expect(set.reduce((sum, { size }) => sum + size, 0)).toBe(customSize(schedule, i + 1));
      });
      const { program, sizes, largest } = scheduleProgram(schedule, last);
      const sums = given.map((set) => set.reduce((sum, { size }) => sum + size, 0));
      if (largest) expect(largest(sizes(undefined))).toBe(Math.max(...sums));
      expect(sizes(undefined).length).toBe(program.sizeSlots);
      for (const { source, through = source, size } of program.generations.flat()) {
        expect(through).toBeLessThanOrEqual(program.lookBack);
        expect(size).toBeLessThan(program.sizeSlots);
      }
    }),
    { numRuns: 500, seed: 3 },
  );
});

describe('weights of real samples', () => {
  test('plain and given', () => {
    expect(weightingOf({ kind: 'plain' }, 3, 7)).toBe(1);
    expect(weightingOf({ kind: 'real-weight', weight: 2.5 }, 3, 7)).toBe(2.5);
  });

  test('give the real samples their share', () => {
    for (const [share, real, synthetic] of [
      [0.25, 10, 30],
      [0.9, 100, 3],
      [1e-9, 1, 2 ** 31],
    ]) {
      const w = weightingOf({ kind: 'real-share', share }, real, synthetic);
      expect((w * real) / (w * real + synthetic) / share).toBeCloseTo(1, 12);
    }
  });

  test('of the golden ratio, r = (sqrt(k^2 + 4k) - k) / 2', () => {
    expect(weightingOf({ kind: 'golden-ratio' }, 10, 10)).toBeCloseTo((1 + Math.sqrt(5)) / 2, 15);
    for (const [real, synthetic] of [
      [10, 10],
      [3, 100],
      [100, 3],
    ]) {
      const w = weightingOf({ kind: 'golden-ratio' }, real, synthetic);
      const k = real / synthetic;
      expect((w * real) / (w * real + synthetic)).toBeCloseTo((Math.sqrt(k * k + 4 * k) - k) / 2, 12);
    }
  });
});
