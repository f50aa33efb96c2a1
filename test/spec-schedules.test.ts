/** The schedules' schemas: defaults, limits between fields, and the wider limits of predictions. */
import { describe, expect, test } from 'vitest';
import { parseSpec } from '../dist/spec/spec.js';

const model = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5 } };
const parse = (schedule: object, more: object = {}, limits = {}) => parseSpec({ model, schedule, ...more }, limits);

describe('accumulate, accumulate-subsample, fresh', () => {
  test('defaults', () => {
    expect(parse({ kind: 'accumulate-subsample', corpusSize: 10, rate: 0.5 }).schedule).toEqual({
      kind: 'accumulate-subsample',
      corpusSize: 10,
      rate: 0.5,
      replacement: false,
    });
    for (const kind of ['accumulate', 'fresh'])
      expect(parse({ kind, real: 3, synthetic: 4 }).schedule).toEqual({ kind, real: 3, synthetic: 4 });
  });

  test.each<[object, object, RegExp]>([
    [{ kind: 'accumulate', real: 3 }, {}, /^schedule\.synthetic: got nothing; allowed: a whole number from 1 to 2147483648/],
    [{ kind: 'accumulate', real: 0, synthetic: 1 }, {}, /^schedule\.real: got 0/],
    [{ kind: 'accumulate', real: 1, synthetic: 2 ** 31 }, {}, /^schedule\.synthetic: got 2147483648; allowed: .*at most 2147483648/],
    [{ kind: 'accumulate', real: 10, synthetic: 1e6 }, { generations: 1e4 }, /^schedule\.synthetic: got 1000000; allowed: at most 214769 /],
    [{ kind: 'accumulate', real: 'corpus', synthetic: 1 }, {}, /^schedule\.real: got "corpus"; allowed: .*"text"/],
    [{ kind: 'accumulate', real: 3, synthetic: 4 }, { generations: 'until-collapse' }, /^maxGenerations: got nothing/],
    [{ kind: 'accumulate-subsample', corpusSize: 10, rate: 0 }, {}, /^schedule\.rate: got 0; allowed: a finite number above 0/],
    [
      { kind: 'accumulate-subsample', corpusSize: 10, rate: 0.04 },
      {},
      /^schedule\.rate: got 0\.04; .*round\(rate x corpusSize\) from 1 .*it is 0/,
    ],
    [{ kind: 'accumulate-subsample', corpusSize: 10, rate: 1e300 }, {}, /^schedule\.rate/],
    [{ kind: 'accumulate-subsample', corpusSize: 10, rate: '1' }, {}, /^schedule\.rate: got "1"/],
    [
      { kind: 'accumulate-subsample', corpusSize: 10, rate: 1, replacement: 1 },
      {},
      /^schedule\.replacement: got 1; allowed: true or false/,
    ],
    [{ kind: 'accumulate-subsample', corpusSize: 10, rate: 1, replacment: true }, {}, /did you mean "replacement"/],
    [{ kind: 'accumulate-subsample', corpusSize: 10, rate: 1 }, { generations: 'until-collapse' }, /^maxGenerations/],
    [{ kind: 'fresh', real: 1, synthetic: 1.5 }, {}, /^schedule\.synthetic: got 1\.5/],
    [{ kind: 'fresh', real: 1, synthetic: 2 ** 31 }, {}, /^schedule\.synthetic/],
    [{ kind: 'fresh', real: 1, synthetic: 1 }, { generations: 'until-collapse' }, /^maxGenerations/],
    [{ kind: 'acumulate', real: 1, synthetic: 1 }, {}, /did you mean "accumulate"/],
  ])('%j %j', (schedule, more, message) => {
    expect(() => parse(schedule, more)).toThrow(message);
  });

  test('a batch of half an item is one item', () => {
    expect(() => parse({ kind: 'accumulate-subsample', corpusSize: 10, rate: 0.05 })).not.toThrow();
  });
});

test('predictions take larger samples than simulations', () => {
  const schedule = { kind: 'fully-synthetic', sampleSize: 1e12 };
  expect(() => parse(schedule)).toThrow(/^schedule\.sampleSize: got 1000000000000; allowed: a whole number from 1 to 2147483648/);
  expect(parse(schedule, {}, { largest: 1e12 }).schedule).toEqual(schedule);
  expect(() => parse({ ...schedule, sampleSize: 1e12 + 1 }, {}, { largest: 1e12 })).toThrow(/from 1 to 1000000000000/);
});
