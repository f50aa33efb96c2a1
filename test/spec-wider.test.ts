/** Weights, verifiers, errors and Gaussians in specs: defaults, limits, and what is refused. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { InputError } from '../dist/errors.js';
import { gaussianMetrics, metricNames } from '../dist/metrics/registry.js';
import { samplingRule } from '../dist/sampling/registry.js';
import { specJsonSchema } from '../dist/spec/json-schema.js';
import { isCategorical, isGaussian, parseSpec, type SpecInput } from '../dist/spec/spec.js';
import { gaussianSpec, widerSpec } from './support/wider-specs.js';

const initial = { kind: 'uniform', vocabulary: 5, support: 3 };
const fully = { kind: 'fully-synthetic', sampleSize: 10 };
const fresh = { kind: 'fresh', real: 10, synthetic: 30 };
const categorical = (error?: object) => ({ kind: 'categorical', initial, ...(error && { error }) });
const parse = (more: object, schedule: object = fully, model: object = categorical()) => parseSpec({ model, schedule, ...more });
const until = { generations: 'until-collapse' };

describe('defaults', () => {
  test('an error is over the tokens outside, and adds the mass there to the metrics', () => {
    const spec = parse({}, fully, categorical({ size: 0.1 }));
    expect(spec.model).toMatchObject({ error: { size: 0.1, tokens: 'outside' } });
    expect(spec.metrics).toEqual(metricNames('categorical'));
    expect(spec.metrics).toContain('outside-truth');
    expect(parse({}).metrics).toEqual(metricNames('categorical').filter((name) => name !== 'outside-truth'));
    expect(parse({ metrics: ['outside-truth'] }).metrics).toEqual(['outside-truth']);
  });

  test('a Gaussian', () => {
    const spec = parse({}, fully, { kind: 'gaussian' });
    expect(spec.model).toEqual({ kind: 'gaussian', dimension: 1, estimator: 'mle', collapseVariance: 0.001 });
    expect(spec.metrics).toEqual(gaussianMetrics.map(({ name }) => name));
    expect([isGaussian(spec), isCategorical(spec)]).toEqual([true, false]);
  });

  test('a verifier keeps all that is inside', () => {
    expect(parse({ sampling: { kind: 'verifier', keepOutside: 0 } }).sampling).toEqual({ kind: 'verifier', keepInside: 1, keepOutside: 0 });
  });
});

test("a verifier's parameter is the ratio", () => {
  expect(samplingRule({ kind: 'verifier', keepInside: 0.5, keepOutside: 0.1 })).toEqual({ rule: 4, parameter: 0.2 });
  expect(samplingRule({ kind: 'verifier', keepInside: 1, keepOutside: 0 })).toEqual({ rule: 4, parameter: 0 });
});

describe('collapse is certain, so that no maxGenerations is needed', () => {
  test.each<[object, object]>([
    [fully, categorical({ size: [0.5, 0] })],
    [fully, { kind: 'gaussian' }],
    [{ kind: 'most-recent', sampleSize: 10, window: 3 }, { kind: 'gaussian' }],
    [{ kind: 'custom', sources: [{ from: 'last', window: 3, size: 2, draw: 'kept' }], first: 5 }, categorical()],
    [{ kind: 'custom', table: [[5], [5, 5], [0, 0, 5]] }, categorical()],
  ])('%j %j', (schedule, model) => {
    expect(() => parse(until, schedule, model)).not.toThrow();
    expect(() => parse({ ...until, weighting: { kind: 'real-weight', weight: 9 } }, schedule, model)).not.toThrow();
  });

  test.each<[object, object, RegExp]>([
    [fully, categorical({ size: [0, 0.1] }), /because a model with an error need not collapse/],
    [{ kind: 'fresh', real: 1, synthetic: 1 }, { kind: 'gaussian' }, /because fresh need not collapse/],
    [{ kind: 'custom', sources: [{ from: 'last', window: 3, size: 2 }], first: 5 }, { kind: 'gaussian' }, /a Gaussian under custom/],
    [{ kind: 'custom', sources: [{ from: 'past', size: 2 }], first: 5 }, categorical(), /because custom need not/],
    [
      {
        kind: 'custom',
        sources: [
          { from: 'past', size: 2 },
          { from: 'real', size: 1 },
        ],
      },
      categorical(),
      /because custom need not/,
    ],
    [{ kind: 'custom', table: [[5], [5, 5]] }, categorical(), /because custom need not/],
  ])('but not with %j %j', (schedule, model, message) => {
    expect(() => parse(until, schedule, model)).toThrow(/^maxGenerations: got nothing/);
    expect(() => parse(until, schedule, model)).toThrow(message);
    expect(() => parse({ ...until, maxGenerations: 9 }, schedule, model)).not.toThrow();
  });

  test('a hot Gaussian is refused as a hot categorical model is', () => {
    const hot = { ...until, sampling: { kind: 'temperature', temperature: 2 } };
    expect(() => parse(hot, fully, { kind: 'gaussian' })).toThrow(/^maxGenerations: .*temperature above 1/);
  });
});

describe('refuses', () => {
  test.each<[object, object, object, RegExp]>([
    [{ weighting: { kind: 'real-wieght' } }, fully, categorical(), /^unknown weighting\.kind "real-wieght"; did you mean "real-weight"/],
    [{ weighting: {} }, fully, categorical(), /^weighting\.kind: got nothing/],
    [{ weighting: { kind: 'plain', weight: 1 } }, fully, categorical(), /^unknown key weighting\.weight/],
    [{ weighting: { kind: 'real-weight' } }, fully, categorical(), /^weighting\.weight: got nothing; allowed: a number from 1e-6 to 1e6/],
    [{ weighting: { kind: 'real-weight', weight: 0 } }, fully, categorical(), /^weighting\.weight: got 0;/],
    [{ weighting: { kind: 'real-weight', weight: 2e6 } }, fully, categorical(), /^weighting\.weight: got 2000000;/],
    [
      { weighting: { kind: 'real-share', share: 1 } },
      fresh,
      categorical(),
      /^weighting\.share: got 1; allowed: a number from 1e-9 to 1 - 1e-9/,
    ],
    [{ weighting: { kind: 'real-share', share: 0 } }, fresh, categorical(), /^weighting\.share: got 0;/],
    [
      { weighting: { kind: 'real-share', share: 0.5 } },
      { kind: 'accumulate', real: 1, synthetic: 1 },
      categorical(),
      /^weighting\.kind: got "real-share"; allowed: plain or real-weight with the schedule accumulate .*partially-synthetic or fresh/,
    ],
    [{ weighting: { kind: 'golden-ratio' } }, fully, categorical(), /^weighting\.kind: got "golden-ratio"; .*fully-synthetic/],
    [{ weighting: { kind: 'golden-ratio' } }, { kind: 'custom', table: [[5]] }, categorical(), /^weighting\.kind: .*the schedule custom/],
    [{ sampling: { kind: 'verifier' } }, fully, categorical(), /^sampling\.keepOutside: got nothing; allowed: a number from 0 to 1/],
    [{ sampling: { kind: 'verifier', keepOutside: 1.1 } }, fully, categorical(), /^sampling\.keepOutside: got 1\.1;/],
    [{ sampling: { kind: 'verifier', keepOutside: -0.1 } }, fully, categorical(), /^sampling\.keepOutside: got -0\.1;/],
    [{ sampling: { kind: 'verifier', keepInside: 0, keepOutside: 0 } }, fully, categorical(), /^sampling\.keepInside: got 0; .*1e-9 to 1/],
    [{}, fully, categorical({}), /^model\.error\.size: got nothing; allowed: a number from 0 to 1000, or a list of 1 to 100000/],
    [{}, fully, categorical({ size: -1 }), /^model\.error\.size: got -1;/],
    [{}, fully, categorical({ size: 1001 }), /^model\.error\.size: got 1001;/],
    [{}, fully, categorical({ size: [] }), /^model\.error\.size: got \[\];/],
    [{}, fully, categorical({ size: [0.1, '1'] }), /^model\.error\.size: got \[0\.1,"1"\]; allowed: a number from 0 to 1000/],
    [{}, fully, categorical({ size: Number.NaN }), /^model\.error\.size: got NaN;/],
    [
      {},
      fully,
      categorical({ size: 1, tokens: 'inside' }),
      /^model\.error\.tokens: got "inside"; allowed: "outside" or "support" or "vocab/,
    ],
    [{}, fully, categorical({ size: 1, token: 'outside' }), /^unknown key model\.error\.token; did you mean "tokens"/],
    [{}, fully, { kind: 'gausian' }, /^unknown model\.kind "gausian"; did you mean "gaussian"/],
    [{}, fully, { kind: 'gaussian', dimension: 65 }, /^model\.dimension: got 65; allowed: a whole number from 1 to 64/],
    [{}, fully, { kind: 'gaussian', dimension: 1.5 }, /^model\.dimension: got 1\.5;/],
    [{}, fully, { kind: 'gaussian', estimator: 'map' }, /^model\.estimator: got "map"; allowed: "mle" or "unbiased"/],
    [{}, fully, { kind: 'gaussian', collapseVariance: 0 }, /^model\.collapseVariance: got 0; allowed: a number above 0, below 1/],
    [{}, fully, { kind: 'gaussian', collapseVariance: 1 }, /^model\.collapseVariance: got 1;/],
    [{}, fully, { kind: 'gaussian', initial }, /^unknown key model\.initial; known keys: kind, dimension/],
    [{}, fully, { kind: 'gaussian', error: { size: 1 } }, /^unknown key model\.error/],
    [{ sampling: { kind: 'top-k', k: 1 } }, fully, { kind: 'gaussian' }, /^sampling\.kind: got "top-k"; allowed: plain or temperature/],
    [{ sampling: { kind: 'verifier', keepOutside: 1 } }, fully, { kind: 'gaussian' }, /^sampling\.kind: got "verifier"/],
    [{}, { kind: 'fully-synthetic', sampleSize: 'corpus' }, { kind: 'gaussian' }, /^schedule\.sampleSize: got "corpus"; .*"text"/],
    [
      { metrics: ['simpson'] },
      fully,
      { kind: 'gaussian' },
      /^unknown metrics\[0\] "simpson"; known metrics of the model gaussian: variance/,
    ],
    [{ metrics: ['varience'] }, fully, { kind: 'gaussian' }, /did you mean "variance"/],
    [{ metrics: ['probability:0'] }, fully, { kind: 'gaussian' }, /^unknown metrics\[0\]/],
    [{ metrics: ['variance'] }, fully, categorical(), /^unknown metrics\[0\] "variance"/],
    [{ metrics: ['variance', 'variance'] }, fully, { kind: 'gaussian' }, /^metrics\[1\]: got "variance"; allowed: each metric once/],
    [
      {},
      { kind: 'fully-synthetic', sampleSize: 1 },
      { kind: 'gaussian', estimator: 'unbiased' },
      /^model\.estimator: got "unbiased"; allowed: "mle" with this schedule: .*at least 2 samples a generation, and one has 1$/,
    ],
    [{}, { kind: 'most-recent', sampleSize: 5, window: 3 }, { kind: 'gaussian', estimator: 'unbiased' }, /one has 1$/],
    [{}, { kind: 'fresh', real: 1, synthetic: 9 }, { kind: 'gaussian', estimator: 'unbiased' }, /one has 1$/],
    [{}, { kind: 'custom', table: [[2], [0, 1]] }, { kind: 'gaussian', estimator: 'unbiased' }, /one has 1$/],
  ])('%j %j %j', (more, schedule, model, message) => {
    expect(() => parse(more, schedule, model)).toThrow(message);
    expect(() => parse(more, schedule, model)).toThrow(InputError);
  });
});

test.each<[string, fc.Arbitrary<SpecInput>]>([
  ['categorical', widerSpec],
  ['gaussian', gaussianSpec],
])('%s specs parse to themselves, through JSON as well, and fit the JSON Schema', (_name, specs) => {
  const validator = z.fromJSONSchema(specJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  fc.assert(
    fc.property(specs, (input) => {
      const once = parseSpec(input);
      expect(parseSpec(once)).toEqual(once);
      expect(parseSpec(JSON.parse(JSON.stringify(once)))).toEqual(once);
      expect(Object.keys(JSON.parse(JSON.stringify(once)))).toEqual(Object.keys(once).filter((key) => once[key as 'seed'] !== undefined));
      expect(validator.safeParse(input).success).toBe(true);
      expect(validator.safeParse(once).success).toBe(true);
    }),
    { numRuns: 200, seed: 5 },
  );
});
