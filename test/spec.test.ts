import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InputError } from '../dist/errors.js';
import { defaultMetrics } from '../dist/metrics/registry.js';
import { jsonErrorOffset } from '../dist/spec/json-position.js';
import { specJsonSchema } from '../dist/spec/json-schema.js';
import { loadSpec } from '../dist/spec/load.js';
import { getPreset, listPresets } from '../dist/spec/presets.js';
import { applySet } from '../dist/spec/set.js';
import { parseSpec } from '../dist/spec/spec.js';

const zipf = { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 };
const fully = { kind: 'fully-synthetic', sampleSize: 100 };
const text = { kind: 'text', path: 'corpus.txt', tokens: 'char', context: 2 };

function spec(initial: object = zipf, schedule: object = fully, more: object = {}): Record<string, unknown> {
  return { model: { kind: 'categorical', initial }, schedule, ...more };
}

/** The message of the InputError that `input` is refused with. */
function refusal(input: unknown): string {
  try {
    parseSpec(input);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).exitCode).toBe(2);
    return (error as Error).message;
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`);
}

describe('defaults', () => {
  it('fills in everything but model and schedule', () => {
    expect(parseSpec(spec({ kind: 'uniform', vocabulary: 5 }))).toEqual({
      version: 1,
      model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5, support: 5 } },
      schedule: fully,
      sampling: { kind: 'plain' },
      method: 'auto',
      generations: 50,
      replicates: 100,
      seed: 0,
      weighting: { kind: 'plain' },
      metrics: defaultMetrics({ kind: 'categorical' }),
    });
  });

  it('does not change its input and gives a new object', () => {
    const input = spec({ kind: 'explicit', p: [0.5, 0.5] });
    const before = structuredClone(input);
    const parsed = parseSpec(input);
    (parsed.model as unknown as { initial: { p: number[] } }).initial.p[0] = 7;
    expect(input).toEqual(before);
  });
});

describe('accepts', () => {
  it.each([
    [spec({ kind: 'zipf', vocabulary: 1e6, exponent: 0 })],
    [spec({ kind: 'zipf', vocabulary: 52, simpson: 1 / 52 })],
    [spec({ kind: 'explicit', p: [0.3, 0.7 + 5e-10, 0] })],
    [spec({ kind: 'dirichlet', vocabulary: 3, concentration: 1e-300 })],
    [spec(text, { kind: 'partially-synthetic', real: 'corpus', synthetic: 2 ** 31 })],
    [spec(text, { kind: 'most-recent', sampleSize: 'corpus', window: 2 }, { metrics: ['probability:e'] })],
    [spec(zipf, { kind: 'fully-synthetic', sampleSize: 2 ** 31 }, { seed: 2 ** 53 - 1 })],
    [spec(zipf, { kind: 'most-recent', sampleSize: 10, window: 10 }, { generations: 'until-collapse' })],
    [spec(zipf, { kind: 'randomly-sampled', sampleSize: 10 }, { generations: 'until-collapse', maxGenerations: 9 })],
    [spec(zipf, fully, { generations: [1, 7, 1e9], metrics: ['probability:599', 'max'] })],
  ])('%j', (input) => {
    expect(parseSpec(input)).toMatchObject(input);
  });
});

describe('refuses', () => {
  const cases: [what: string, input: unknown, ...parts: string[]][] = [
    ['no spec', undefined, 'spec: got nothing', 'model and schedule'],
    ['an array', [], 'spec: got []'],
    ['no model', { schedule: fully }, 'model: got nothing', 'categorical'],
    ['no schedule', { model: spec().model }, 'schedule: got nothing', 'fully-synthetic'],
    ['no kind', { model: {}, schedule: fully }, 'model.kind: got nothing'],
    [
      'an unknown model',
      { model: { kind: 'categorial' }, schedule: fully },
      'unknown model.kind "categorial"',
      'did you mean "categorical"?',
    ],
    ['an unknown initial kind', spec({ kind: 'zpif' }), 'unknown model.initial.kind "zpif"', '"zipf"', 'dirichlet'],
    ['an unknown schedule', spec(zipf, { kind: 'fully-synthetc' }), 'unknown schedule.kind', '"fully-synthetic"'],
    ['an unknown sampling', spec(zipf, fully, { sampling: { kind: 'plane' } }), 'unknown sampling.kind "plane"', '"plain"'],
    ['an unknown metric', spec(zipf, fully, { metrics: ['max', 'simpsn'] }), 'unknown metrics[1] "simpsn"', 'did you mean "simpson"?'],
    ['an unknown key', spec(zipf, fully, { replicate: 3 }), 'unknown key replicate;', '"replicates"'],
    [
      'an unknown key that hides a missing one',
      spec(zipf, { kind: 'fully-synthetic', sampelSize: 3 }),
      'unknown key schedule.sampelSize; did you mean "sampleSize"? known keys: kind, sampleSize',
    ],
    ['__proto__', JSON.parse('{"__proto__": {"model": 1}}'), 'unknown key __proto__'],
    ['a negative probability', spec({ kind: 'explicit', p: [1.5, -0.5] }), 'model.initial.p[1]: got -0.5'],
    ['NaN', spec({ kind: 'explicit', p: [0.5, Number.NaN, 0.5] }), 'model.initial.p[1]: got NaN'],
    ['an infinite probability', spec({ kind: 'explicit', p: [Number.POSITIVE_INFINITY] }), 'model.initial.p[0]: got Infinity'],
    ['a sum other than 1', spec({ kind: 'explicit', p: [0.5, 0.6] }), 'model.initial.p: got [0.5,0.6]', 'sum to 1.1'],
    ['a sum barely off', spec({ kind: 'explicit', p: [0.5, 0.5 + 2e-9] }), 'sum to 1 within 1e-9'],
    ['no probabilities', spec({ kind: 'explicit', p: [] }), 'model.initial.p: got []'],
    ...[0, -1, 1.5, 2 ** 31 + 1, Number.NaN, '100', null].map((n): [string, unknown, string, string] => [
      `sampleSize ${n}`,
      spec(zipf, { kind: 'fully-synthetic', sampleSize: n }),
      `schedule.sampleSize: got ${typeof n === 'string' ? JSON.stringify(n) : n};`,
      'from 1 to 2147483648',
    ]),
    ['"corpus" without text', spec(zipf, { kind: 'fully-synthetic', sampleSize: 'corpus' }), 'schedule.sampleSize: got "corpus"', 'text'],
    [
      'too many samples in all',
      spec(zipf, { kind: 'partially-synthetic', real: 2 ** 31, synthetic: 1 }),
      'schedule.synthetic',
      '2147483648',
    ],
    ['window 0', spec(zipf, { kind: 'most-recent', sampleSize: 10, window: 0 }), 'schedule.window: got 0', '1 to 10 (sampleSize)'],
    ['no window', spec(zipf, { kind: 'most-recent', sampleSize: 10 }), 'schedule.window: got nothing', '1 to 10 (sampleSize)'],
    [
      'window 0 with a text',
      spec(text, { kind: 'most-recent', sampleSize: 'corpus', window: 0 }),
      'schedule.window: got 0',
      '1 to 2147483648',
    ],
    ['sampleSize 0 without a window', spec(zipf, { kind: 'most-recent', sampleSize: 0 }), 'schedule.sampleSize: got 0'],
    ['window above sampleSize', spec(zipf, { kind: 'most-recent', sampleSize: 10, window: 11 }), 'schedule.window: got 11', '1 to 10'],
    ['simpson below 1/support', spec({ ...zipf, simpson: 0.019 }), 'model.initial.simpson: got 0.019', '0.01923'],
    ['simpson 1', spec({ ...zipf, simpson: 1 }), 'model.initial.simpson: got 1;', '[1/support, 1) = [0.01923'],
    ['simpson 0', spec({ ...zipf, simpson: 0 }), 'model.initial.simpson: got 0;', '[1/support, 1) = [0.01923'],
    ['simpson and exponent', spec({ ...zipf, exponent: 1 }), 'model.initial.simpson', 'not both'],
    ['neither simpson nor exponent', spec({ kind: 'zipf', vocabulary: 5 }), 'model.initial.exponent: got nothing', 'simpson'],
    ['a negative exponent', spec({ kind: 'zipf', vocabulary: 5, exponent: -0.1 }), 'model.initial.exponent: got -0.1'],
    ['support above vocabulary', spec({ ...zipf, support: 601 }), 'model.initial.support: got 601', '600'],
    ['too large a vocabulary', spec({ ...zipf, vocabulary: 1e6 + 1 }), 'model.initial.vocabulary: got 1000001'],
    ['concentration 0', spec({ kind: 'dirichlet', vocabulary: 3, concentration: 0 }), 'model.initial.concentration: got 0'],
    [
      'a truth that fills the memory',
      spec({ kind: 'dirichlet', vocabulary: 1e6, concentration: 1, contexts: 1e6 }),
      'model.initial.contexts',
      '1 to 100',
    ],
    ['an empty path', spec({ ...text, path: '' }), 'model.initial.path: got ""'],
    ['unknown tokens', spec({ ...text, tokens: 'letters' }), 'model.initial.tokens: got "letters"', '"word"'],
    ['a context of 17', spec({ ...text, context: 17 }), 'model.initial.context: got 17'],
    ['generations 0', spec(zipf, fully, { generations: 0 }), 'generations: got 0'],
    ['an empty list', spec(zipf, fully, { generations: [] }), 'generations: got []', 'strictly increasing'],
    ['a list that does not increase', spec(zipf, fully, { generations: [1, 3, 3] }), 'generations: got [1,3,3]', 'strictly increasing'],
    ['another word', spec(zipf, fully, { generations: 'until-colapse' }), 'generations: got "until-colapse"', '"until-collapse"'],
    ...[
      { kind: 'partially-synthetic', real: 5, synthetic: 5 },
      { kind: 'randomly-sampled', sampleSize: 5 },
    ].map((schedule): [string, unknown, string, string] => [
      `until-collapse without an end: ${schedule.kind}`,
      spec(zipf, schedule, { generations: 'until-collapse' }),
      'maxGenerations: got nothing',
      'need not collapse',
    ]),
    ['maxGenerations alone', spec(zipf, fully, { maxGenerations: 5 }), 'maxGenerations: got 5', 'until-collapse'],
    ['seed 2^53', spec(zipf, fully, { seed: 2 ** 53 }), 'seed: got 9007199254740992', '9007199254740991'],
    ['seed -1', spec(zipf, fully, { seed: -1 }), 'seed: got -1'],
    ['replicates 0', spec(zipf, fully, { replicates: 0 }), 'replicates: got 0'],
    ['no metrics', spec(zipf, fully, { metrics: [] }), 'metrics: got []'],
    ['a metric twice', spec(zipf, fully, { metrics: ['max', 'max'] }), 'metrics[1]: got "max"', 'once'],
    [
      'a token outside the vocabulary',
      spec(zipf, fully, { metrics: ['probability:600'] }),
      'metrics[0]: got "probability:600"',
      '0 to 599',
    ],
    ['another version', spec(zipf, fully, { version: 2 }), 'version: got 2; allowed: 1'],
  ];
  it.each(cases)('%s', (_what, input, ...parts) => {
    const message = refusal(input);
    for (const part of parts) expect(message).toContain(part);
    expect(message).not.toMatch(/Invalid input|Too (small|big)/);
  });

  it('whatever it is given, with an InputError and nothing else', () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom('model', 'schedule', 'kind', 'initial', 'p', 'metrics', 'seed') }), (input) => {
        refusal(input);
      }),
      { numRuns: 300 },
    );
  });
});

const size = fc.integer({ min: 1, max: 2 ** 30 });
const anySpec = fc.record(
  {
    model: fc.record({
      kind: fc.constant('categorical'),
      initial: fc.oneof(
        fc.record({ kind: fc.constant('uniform'), vocabulary: fc.integer({ min: 1, max: 1e6 }) }),
        fc.record({ kind: fc.constant('zipf'), vocabulary: fc.constant(600), simpson: fc.double({ min: 0.002, max: 0.999, noNaN: true }) }),
        fc.record({
          kind: fc.constant('dirichlet'),
          vocabulary: fc.constant(3),
          concentration: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        }),
        fc.constant({ kind: 'explicit', p: [0.25, 0, 0.75] }),
      ),
    }),
    schedule: fc.oneof(
      fc.record({ kind: fc.constantFrom('fully-synthetic', 'randomly-sampled'), sampleSize: size }),
      fc.record({ kind: fc.constant('partially-synthetic'), real: size, synthetic: size }),
      fc.record({ kind: fc.constant('most-recent'), sampleSize: size, window: fc.constant(1) }),
    ),
    seed: fc.maxSafeNat(),
    replicates: fc.integer({ min: 1, max: 1e9 }),
    generations: fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.constant([1, 5, 9])),
  },
  { requiredKeys: ['model', 'schedule'] },
);

it('parses its own output to itself, through JSON as well', () => {
  fc.assert(
    fc.property(anySpec, (input) => {
      const once = parseSpec(input);
      expect(parseSpec(once)).toEqual(once);
      expect(parseSpec(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }),
    { numRuns: 200 },
  );
});

describe('JSON Schema', () => {
  const schema = specJsonSchema();

  it('accepts the presets and refuses what it can see to be wrong', () => {
    const validator = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    for (const preset of listPresets()) expect(validator.safeParse(preset.spec).success, preset.name).toBe(true);
    expect(validator.safeParse(spec(zipf, { kind: 'fully-synthetic', sampleSize: 0 })).success).toBe(false);
    expect(validator.safeParse(spec(zipf, { kind: 'nothing' })).success).toBe(false);
    expect(validator.safeParse(spec(zipf, fully, { replicate: 3 })).success).toBe(false);
  });

  it('describes every field, says its defaults and requires model and schedule only', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'model-collapse spec',
      required: ['model', 'schedule'],
    });
    const bare: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, field] of Object.entries(value as Record<string, { description?: string }>)) {
            if (!field.description) bare.push(`${path}.${name}`);
          }
        }
        walk(value, `${path}.${key}`);
      }
    };
    walk(schema, '');
    expect(bare).toEqual([]);
    expect(schema.properties).toMatchObject({
      replicates: { default: 100, minimum: 1 },
      seed: { default: 0 },
      generations: { default: 50 },
      metrics: { uniqueItems: true },
    });
  });
});

describe('presets', () => {
  it('all parse, with names of their own, and are handed out as copies', () => {
    const presets = listPresets();
    for (const { spec } of presets) parseSpec(spec);
    expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
    getPreset('quick-start').spec.seed = 99;
    expect(getPreset('quick-start').spec.seed).toBe(42);
  });

  it('name the nearest one', () => {
    expect(() => getPreset('quik-start')).toThrow(/unknown preset "quik-start"; did you mean "quick-start"\?/);
  });
});

describe('--set', () => {
  it.each([
    ['schedule.sampleSize=7', { schedule: { kind: 'fully-synthetic', sampleSize: 7 } }],
    ['model.initial.kind=uniform', { model: { initial: { kind: 'uniform' } } }],
    ['sampling.kind=plain', { sampling: { kind: 'plain' } }],
    ['generations=[1,2]', { generations: [1, 2] }],
    ['model.initial.path=a=b', { model: { initial: { path: 'a=b' } } }],
  ])('%s', (assignment, expected) => {
    const base = spec();
    expect(applySet(base, assignment)).toMatchObject(expected);
    expect(base).toEqual(spec());
  });

  it('reaches into lists', () => {
    expect(applySet({ metrics: ['max'] }, 'metrics.0=simpson')).toEqual({ metrics: ['simpson'] });
    expect(applySet({ metrics: ['max'] }, 'metrics.1=simpson')).toEqual({ metrics: ['max', 'simpson'] });
    expect(() => applySet({ metrics: ['max'] }, 'metrics.7=simpson')).toThrow(/an index from 0 to 1/);
  });

  it.each(['seed', '=3', '.a=1', 'a..b=1', '__proto__.polluted=1', 'constructor.prototype.polluted=1', 'model.kind.x=1', ''])(
    'refuses %j',
    (assignment) => {
      expect(() => applySet(spec(), assignment)).toThrow(InputError);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );
});

describe('loadSpec', () => {
  let folder: string;
  const file = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-collapse-spec-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads files, presets, provenance and results', async () => {
    const content = spec();
    expect(await loadSpec(await file('spec.json', `\ufeff${JSON.stringify(content)}`))).toEqual({ spec: content });
    expect(await loadSpec('quick-start')).toEqual({ spec: getPreset('quick-start').spec });
    const provenance = { version: '0.1.0', backend: 'wasm', spec: content, corpus: { sha256: 'def' } };
    const earlier = { digest: 'abc', corpusSha256: 'def' };
    expect(await loadSpec(await file('provenance.json', JSON.stringify({ ...provenance, digest: 'abc' })))).toEqual({
      spec: content,
      earlier,
    });
    expect(await loadSpec(await file('result.json', JSON.stringify({ provenance, generation: [1], digest: 'abc' })))).toEqual({
      spec: content,
      earlier,
    });
  });

  it('says what is wrong with an argument', async () => {
    const refused = (argument: string) =>
      loadSpec(argument).then(
        () => 'accepted',
        (error: unknown) => (error instanceof InputError ? error.message : `not an InputError: ${error}`),
      );
    expect(await refused('quik-start')).toMatch(/no such file or preset: "quik-start"; did you mean "quick-start"\?/);
    expect(await refused(join(folder, 'none.json'))).toMatch(/no such file/);
    expect(await refused(folder)).toMatch(/is a directory/);
    expect(await refused(await file('empty.json', ' \n'))).toMatch(/is empty/);
    expect(await refused(await file('broken.json', '{"a": 1,\n "b": [1, 2,]}'))).toMatch(/not JSON: unexpected "\]" at line 2, column 13/);
    expect(await refused(await file('list.json', '[1]'))).toMatch(/holds \[1\]; allowed: a JSON object/);
  });

  it('finds where a text stops being JSON', () => {
    const places: [string, number][] = [
      ['', 0],
      ['{"a" 1}', 5],
      ['[1, 2', 5],
      ['{"a": tru}', 6],
      ['{} x', 3],
      ['{a: 1}', 1],
      ['"a\nb"', 0],
      ['[1}', 2],
      ['{"a":1,}', 7],
    ];
    for (const [text, offset] of places) {
      expect(() => JSON.parse(text)).toThrow();
      expect(jsonErrorOffset(text), text).toBe(offset);
    }
    fc.assert(fc.property(fc.json(), (text) => jsonErrorOffset(text) === text.length));
  });
});
