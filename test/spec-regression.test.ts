/** The schemas of regression models and of the schedule `mixture`. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { kinds } from '../dist/spec/fields.js';
import { firstProblem } from '../dist/spec/issues.js';
import {
  checkRegression,
  type MixtureSchedule,
  mixtureSchedule,
  type RegressionModel,
  regressionModelKinds,
  splitSamples,
} from '../dist/spec/regression.js';
import { linear } from '../dist/theory/index.js';

const schema = z
  .strictObject({ model: kinds(regressionModelKinds), schedule: kinds([mixtureSchedule]) })
  .superRefine(({ model, schedule }, context) => {
    checkRegression(model, schedule, (path, message) => context.addIssue({ code: 'custom', path, message, input: undefined }));
  });

function parse(input: unknown): { model: RegressionModel; schedule: MixtureSchedule } {
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw firstProblem(parsed.error.issues, input);
  return parsed.data;
}

const model = { kind: 'ridge', dimension: 200, spectrum: { kind: 'isotropic' }, ridge: 0.01 };
const schedule = { kind: 'mixture', samples: 400, syntheticFraction: 0.1, noiseReal: 0.25, noiseSynthetic: 0.25, quality: 0.5 };
const withModel = (change: object) => ({ model: { ...model, ...change }, schedule });
const withSchedule = (change: object) => ({ model, schedule: { ...schedule, ...change } });

test('the contract’s example, its defaults, and that a parsed spec parses to itself', () => {
  const parsed = parse({ model, schedule });
  expect(parsed).toEqual({ model, schedule: { ...schedule, real: 'fresh', draw: 'auto', relabelling: 'noisy' } });
  expect(parse(parsed)).toEqual(parsed);
  const explicit = parse({
    model: { kind: 'random-projections', width: 3, spectrum: { kind: 'explicit', eigenvalues: [2, 1] }, gamma: [1, 0] },
    schedule: { kind: 'mixture', samples: 1e12, syntheticFraction: 0.5, noiseReal: 1, delta: [0, 1], syntheticWeight: 0.2, real: 'fixed' },
  });
  expect(explicit.model).toMatchObject({ dimension: 2, ridge: 0 });
  expect(explicit.schedule).toMatchObject({ noiseSynthetic: 1, relabelling: 'noisy' });
  expect(explicit.schedule).not.toHaveProperty('quality');
  expect(parse(explicit)).toEqual(explicit);
  expect(parse({ model, schedule: { kind: 'mixture', samples: 5, syntheticFraction: 0, noiseReal: 0 } }).schedule.quality).toBe(0);
});

test('a parsed spec is what the theory takes', () => {
  const { model, schedule } = parse(withSchedule({}));
  expect(linear.predict(model, schedule, [1]).testError!.total).toBeCloseTo(0.2788601855084625, 12);
});

test('how many samples each part has', () => {
  expect(splitSamples({ samples: 5, syntheticFraction: 0.1 })).toEqual({ real: 4, synthetic: 1 });
  expect(splitSamples({ samples: 5, syntheticFraction: 0 })).toEqual({ real: 5, synthetic: 0 });
  expect(splitSamples({ samples: 1e12, syntheticFraction: 1 })).toEqual({ real: 0, synthetic: 1e12 });
});

describe('bad input', () => {
  test.each<[object, RegExp]>([
    [withSchedule({ syntheticFraction: 1.5 }), /^schedule\.syntheticFraction: got 1\.5; allowed: a number from 0 to 1/],
    [withSchedule({ samples: 0 }), /^schedule\.samples: got 0; allowed: a whole number from 1 to 1000000000000/],
    [withSchedule({ noiseReal: -1 }), /^schedule\.noiseReal: got -1; allowed: a finite number, 0 or more/],
    [withSchedule({ noiseSynthetic: -1 }), /^schedule\.noiseSynthetic: got -1/],
    [withSchedule({ noiseReal: undefined }), /^schedule\.noiseReal: got nothing/],
    [withSchedule({ quality: -1 }), /^schedule\.quality: got -1/],
    [withSchedule({ quality: undefined }), /^schedule\.quality: got nothing; allowed: .*\(or give delta instead\)/],
    [withSchedule({ delta: [1] }), /^schedule\.quality: got 0\.5; allowed: quality or delta, not both/],
    [withSchedule({ quality: undefined, delta: [1] }), /^schedule\.delta: got \[1\]; allowed: 200 numbers/],
    [withSchedule({ quality: undefined, delta: [-1] }), /^schedule\.delta\[0\]: got -1/],
    [withSchedule({ syntheticWeight: 2 }), /^schedule\.syntheticWeight: got 2; allowed: a number from 0 to 1/],
    [withSchedule({ syntheticFraction: 0, syntheticWeight: 0.5 }), /^schedule\.syntheticWeight: got 0\.5; allowed: 0, because/],
    [withSchedule({ syntheticFraction: 0.9999, syntheticWeight: 0.5 }), /^schedule\.syntheticWeight: got 0\.5; allowed: 1, because/],
    [withSchedule({ real: 'old' }), /^schedule\.real: got "old"; allowed: "fresh" or "fixed"/],
    [withSchedule({ relabelling: 1 }), /^schedule\.relabelling: got 1; allowed: "noisy" or "noise-free"/],
    [withSchedule({ sampels: 3 }), /^unknown key schedule\.sampels; did you mean "samples"\?/],
    [withModel({ ridge: -0.1 }), /^model\.ridge: got -0\.1; allowed: a finite number, 0 or more/],
    [withModel({ dimension: 0 }), /^model\.dimension: got 0/],
    [withModel({ dimension: undefined }), /^model\.dimension: got nothing; allowed: a whole number from 1 to 100000/],
    [withModel({ kind: 'random-projections', width: 0 }), /^model\.width: got 0/],
    [withModel({ kind: 'random-projections' }), /^model\.width: got nothing/],
    [withModel({ width: 3 }), /^unknown key model\.width/],
    [withModel({ kind: 'rigde' }), /^unknown model\.kind "rigde"; did you mean "ridge"\?/],
    [withModel({ gamma: [1] }), /^model\.gamma: got \[1\]; allowed: 200 numbers/],
    [
      withModel({ spectrum: { kind: 'explicit', eigenvalues: [1, 0] } }),
      /^model\.spectrum\.eigenvalues\[1\]: got 0; allowed: a number from 1e-100/,
    ],
    [withModel({ spectrum: { kind: 'explicit', eigenvalues: [1, -1] } }), /^model\.spectrum\.eigenvalues\[1\]: got -1/],
    [
      withModel({ spectrum: { kind: 'explicit', eigenvalues: [1, 2] } }),
      /^model\.dimension: got 200; allowed: 2, the number of eigenvalues/,
    ],
    [withModel({ spectrum: { kind: 'power-law', exponent: -1 } }), /^model\.spectrum\.exponent: got -1/],
    [withModel({ spectrum: { kind: 'power-law', exponent: 90 } }), /^model\.spectrum\.exponent: got 90; allowed: .*at least 1e-100/],
    [withModel({ spectrum: { kind: 'power' } }), /known kinds: isotropic, power-law, explicit/],
  ])('%#', (input, message) => {
    expect(() => parse(JSON.parse(JSON.stringify(input)))).toThrow(message);
  });
});

test('the schemas have a JSON Schema', () => {
  const json = JSON.stringify(z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }));
  for (const word of ['power-law', 'syntheticFraction', 'random-projections']) expect(json).toContain(word);
});
