/** Custom schedules in specs: the two forms, their defaults, and every way to get them wrong. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../dist/errors.js';
import { customRange, customSize } from '../dist/spec/custom.js';
import { type ScheduleOf, sizesOf } from '../dist/spec/schedule.js';
import { parseSpec } from '../dist/spec/spec.js';

const model = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5 } };
const text = { kind: 'categorical', initial: { kind: 'text', path: 'a.txt', tokens: 'char', context: 1 } };
const parse = (schedule: object, more: object = {}) => parseSpec({ model, schedule: { kind: 'custom', ...schedule }, ...more });
const parsed = (schedule: object, more?: object) => parse(schedule, more).schedule as ScheduleOf<'custom'>;

describe('accepts', () => {
  test('a rule, with its defaults', () => {
    const sources = [
      { from: 'real', size: 4 },
      { from: 'model', size: 5 },
      { from: 'last', window: 3, size: 6, weight: 2 },
      { from: 'past', size: 7, draw: 'kept' },
    ];
    expect(parsed({ sources })).toEqual({
      kind: 'custom',
      sources: [
        { from: 'real', size: 4, draw: 'fixed', weight: 1 },
        { from: 'model', back: 1, size: 5, draw: 'redrawn', weight: 1 },
        { from: 'last', window: 3, size: 6, draw: 'redrawn', weight: 2 },
        { from: 'past', size: 7, draw: 'kept', weight: 1 },
      ],
    });
  });

  test('a table, with its defaults', () => {
    expect(parsed({ table: [[3], [3, 2]] })).toEqual({ kind: 'custom', table: [[3], [3, 2]], real: 'fixed', synthetic: 'redrawn' });
    expect(parsed({ table: [[3], [0, 2], [3, 0, 7]], synthetic: 'redrawn' })).toMatchObject({ real: 'fixed' });
    expect(parsed({ table: [[3], [5, 2]], real: 'fresh' })).toMatchObject({ real: 'fresh' });
    expect(parsed({ table: [[3], [3, 4], [3, 4, 6], [3, 0, 6, 6]], synthetic: 'kept' })).toMatchObject({ synthetic: 'kept' });
  });

  test('sizes of the corpus in a rule', () => {
    const { schedule } = parseSpec({
      model: text,
      schedule: { kind: 'custom', sources: [{ from: 'model', size: 'corpus' }], first: 'corpus' },
    });
    expect(sizesOf(schedule)).toEqual([
      { path: ['schedule', 'sources', 0, 'size'], size: 'corpus' },
      { path: ['schedule', 'first'], size: 'corpus' },
    ]);
  });
});

const real = { from: 'real', size: 4 };
const entries = (...sources: object[]) => ({ sources });

describe('refuses', () => {
  test.each<[object, RegExp]>([
    [{}, /^schedule\.sources: got nothing; allowed: one of sources and table/],
    [{ ...entries(real), table: [[1]] }, /^schedule\.table: got \[\[1\]\]; allowed: nothing beside sources/],
    [{ ...entries(real), real: 'fixed' }, /^schedule\.real: got "fixed"; allowed: nothing beside sources/],
    [{ ...entries(real), synthetic: 'kept' }, /^schedule\.synthetic: got "kept"; allowed: nothing beside sources/],
    [{ source: [] }, /^unknown key schedule\.source; did you mean "sources"/],
    [entries(), /^schedule\.sources: got \[\]; allowed: a list of 1 to 100 sources/],
    [entries(...Array.from({ length: 101 }, () => ({ from: 'past', size: 1 }))), /^schedule\.sources: .*a list of 1 to 100/],
    [{ sources: 3 }, /^schedule\.sources: got 3; allowed: a list/],
    [entries({}), /^schedule\.sources\[0\]\.from: got nothing; allowed: .*real, model, last, past/],
    [
      entries({ from: 'modle', size: 1 }),
      /^unknown schedule\.sources\[0\]\.from "modle"; did you mean "model"\? known values of from: real/,
    ],
    [entries({ from: 'real' }), /^schedule\.sources\[0\]\.size: got nothing; allowed: a whole number from 1 to 2147483648, or "corpus"/],
    [entries({ from: 'real', size: 0 }), /^schedule\.sources\[0\]\.size: got 0;/],
    [entries({ from: 'real', size: 'corpus' }), /^schedule\.sources\[0\]\.size: got "corpus"; .*"text"/],
    [{ ...entries({ from: 'model', size: 1 }), first: 'corpus' }, /^schedule\.first: got "corpus"; .*"text"/],
    [entries({ from: 'real', size: 1, draw: 'redrawn' }), /^schedule\.sources\[0\]\.draw: got "redrawn"; allowed: "fixed" or "fresh"/],
    [entries({ from: 'past', size: 1, draw: 'fixed' }), /^schedule\.sources\[0\]\.draw: got "fixed"; allowed: "redrawn" or "kept"/],
    [entries({ from: 'past', size: 1, weight: 0 }), /^schedule\.sources\[0\]\.weight: got 0; allowed: a number from 1e-6 to 1e6/],
    [entries({ from: 'past', size: 1, window: 2 }), /^unknown key schedule\.sources\[0\]\.window/],
    [entries({ from: 'last', size: 1 }), /^schedule\.sources\[0\]\.window: got nothing; allowed: a whole number from 1 to/],
    [entries({ from: 'last', size: 1, window: 0 }), /^schedule\.sources\[0\]\.window: got 0;/],
    [entries({ from: 'model', size: 1, back: 0 }), /^schedule\.sources\[0\]\.back: got 0;/],
    [
      entries(real, real),
      /^schedule\.sources\[1\]\.draw: got nothing; allowed: one real source with draw "fixed" at most, and sources\[0\]/,
    ],
    [
      entries(real, { from: 'past', size: 1, draw: 'kept' }, { from: 'last', window: 2, size: 1, draw: 'kept' }),
      /^schedule\.sources\[2\]\.draw: got "kept"; allowed: one source of models with draw "kept"/,
    ],
    [{ ...entries(real), first: 5 }, /^schedule\.first: got 5; allowed: nothing beside a real source/],
    [entries({ from: 'model', size: 5 }), /^schedule\.first: got nothing; allowed: a number of real samples for generation 1/],
    [{ ...entries({ from: 'model', size: 5 }), first: 0 }, /^schedule\.first: got 0;/],
    [{ ...entries({ from: 'model', back: 2, size: 5 }), first: 5 }, /^schedule\.sources: .*generation 2 would have none/],
    [{ table: [] }, /^schedule\.table: got \[\]; allowed: a list of 1 to 1000 rows/],
    [{ table: 3 }, /^schedule\.table: got 3; allowed: a list of 1 to 1000 rows/],
    [{ table: [3] }, /^schedule\.table\[0\]: got 3; allowed: a list of whole numbers/],
    [{ table: [[1.5]] }, /^schedule\.table\[0\]\[0\]: got 1\.5; allowed: a whole number from 0 to 2147483648/],
    [{ table: [[1], [1, -1]] }, /^schedule\.table\[1\]\[1\]: got -1;/],
    [{ table: [[1, 2]] }, /^schedule\.table\[0\]: got \[1,2\]; allowed: 1 sizes, those of generation 1/],
    [{ table: [[1], [1, 2], [1, 2]] }, /^schedule\.table\[2\]: got \[1,2\]; allowed: 3 sizes, those of generation 3/],
    [{ table: [[0]] }, /^schedule\.table\[0\]: got \[0\]; allowed: sizes that are not all 0: generation 1 would/],
    [{ table: [[1], [0, 0]] }, /^schedule\.table\[1\]: got \[0,0\]; .*generation 2 would/],
    [{ table: [[1]], first: 1 }, /^schedule\.first: got 1; allowed: nothing beside table/],
    [{ table: [[1]], real: 'new' }, /^schedule\.real: got "new"; allowed: "fixed" or "fresh"/],
    [{ table: [[1]], synthetic: 'fresh' }, /^schedule\.synthetic: got "fresh"; allowed: "redrawn" or "kept"/],
    [{ table: [[3], [2, 1]] }, /^schedule\.table\[1\]\[0\]: got 2; allowed: 0 or 3, the size of the fixed real data/],
    [
      { table: [[3], [0, 4], [0, 5, 1]], synthetic: 'kept' },
      /^schedule\.table\[2\]\[1\]: got 5; allowed: 0 or 4, the size of the batch that model 1 keeps, or/,
    ],
    [
      { table: [[3], [0, 4], [0, 4, 5], [0, 0, 5, 6], [0, 0, 0, 6, 7]], synthetic: 'kept' },
      /^schedule\.table\[4\]\[3\]: got 6; allowed: 0 or 7, .*model 4 keeps \(generation 6 repeats the last row\)/,
    ],
  ])('%j', (schedule, message) => {
    expect(() => parse(schedule)).toThrow(message);
    expect(() => parse(schedule)).toThrow(InputError);
  });

  test('training sets that grow too large', () => {
    const past = entries(real, { from: 'past', size: 2 ** 30 });
    expect(() => parse(past, { generations: 2 })).not.toThrow();
    expect(() => parse(past, { generations: 3 })).toThrow(
      /^schedule\.sources: .*at most 2147483648 samples; the largest would have 2147483652$/,
    );
    const table = { table: [[2 ** 31], [2 ** 31, 1]] };
    expect(() => parse(table, { generations: 1 })).not.toThrow();
    expect(() => parse(table)).toThrow(/^schedule\.table: .*the largest would have 2147483649$/);
    const first = { sources: [{ from: 'last', window: 1e9, size: 2 ** 28 }], first: 5 };
    expect(() => parse(first, { generations: 9 })).not.toThrow();
    expect(() => parse(first, { generations: 10 })).toThrow(/the largest would have 2415919104/);
  });
});

describe('sizes of training sets', () => {
  const rule = parsed({
    sources: [
      { from: 'real', size: 3 },
      { from: 'real', size: 4, draw: 'fresh' },
      { from: 'model', back: 3, size: 10 },
      { from: 'last', window: 2, size: 100 },
      { from: 'past', size: 1000 },
    ],
  });
  test('of a rule', () => {
    expect([1, 2, 3, 4, 5].map((m) => customSize(rule, m))).toEqual([7, 1107, 2207, 3217, 4217]);
    expect(customRange(rule, 5)).toEqual({ smallest: 7, largest: 4217 });
    const begun = parsed({ sources: [{ from: 'model', size: 4 }], first: 9 });
    expect([1, 2, Infinity].map((m) => customSize(begun, m))).toEqual([9, 4, 4]);
    expect([1, 2].map((last) => customRange(begun, last))).toEqual([
      { smallest: 9, largest: 9 },
      { smallest: 4, largest: 9 },
    ]);
  });

  test('of a table', () => {
    const table = parsed({ table: [[5], [5, 2], [0, 0, 1]] });
    expect([1, 2, 3, 4, Infinity].map((m) => customSize(table, m))).toEqual([5, 7, 1, 1, 1]);
    expect(customRange(table, 2)).toEqual({ smallest: 5, largest: 7 });
    expect(customRange(table, Infinity)).toEqual({ smallest: 1, largest: 7 });
  });

  test('of the corpus', () => {
    expect(
      customSize({ kind: 'custom', sources: [{ from: 'past', size: 'corpus', draw: 'redrawn', weight: 1 }], first: 'corpus' }, 4, 7),
    ).toBe(21);
  });
});
