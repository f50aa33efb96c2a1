/** The schema of n-gram models: defaults, and what each bad field says. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InputError } from '../dist/errors.js';
import { strict } from '../dist/spec/fields.js';
import { firstProblem } from '../dist/spec/issues.js';
import { ngramModel } from '../dist/spec/ngram.js';

const schema = strict({ model: ngramModel });

function parse(model: object) {
  const input = { model: { kind: 'ngram', ...model } };
  const parsed = schema.safeParse(input);
  if (!parsed.success) throw firstProblem(parsed.error.issues, input);
  return parsed.data.model;
}

describe('ngram', () => {
  it('needs its kind only', () => {
    const model = parse({});
    expect(model).toEqual({
      kind: 'ngram',
      order: 3,
      tokens: 'word',
      corpus: { kind: 'stories', documents: 5000, seed: 0 },
      documents: 'auto',
      field: 'text',
      lowercase: false,
      minCount: 1,
      validation: 0.1,
      smoothing: 'none',
    });
    expect(parse(model)).toEqual(model);
    expect(parse({ corpus: 'stories' })).toEqual(model);
  });

  it('takes the example of the contract, and every field', () => {
    expect(parse({ order: 3, tokens: 'word', corpus: 'PATH', validation: 0.1, smoothing: 'none' }).corpus).toBe('PATH');
    expect(parse({ smoothing: 'add-k' }).k).toBe(0.1);
    const model = parse({
      ...{ order: 6, tokens: 'char', corpus: './stories', documents: 'jsonl', field: 'story', lowercase: true, minCount: 5 },
      ...{ validation: 0.5, smoothing: 'add-k', k: 0.01 },
    });
    expect(parse(model)).toEqual(model);
    expect(parse({ corpus: { kind: 'stories', seed: 4 } }).corpus).toEqual({ kind: 'stories', documents: 5000, seed: 4 });
  });

  it.each([
    [{ order: 0 }, 'model.order: got 0; allowed: a whole number from 1 to 6'],
    [{ order: 7 }, 'model.order: got 7'],
    [{ tokens: 'words' }, 'model.tokens: got "words"; allowed: one of "char", "word", "bpe"'],
    [{ corpus: '' }, 'model.corpus: got ""; allowed: the path of a text file or of a folder of them, "stories"'],
    [{ corpus: 5 }, 'model.corpus: got 5'],
    [{ corpus: { kind: 'stories', documents: 1 } }, 'model.corpus.documents: got 1; allowed: a whole number from 2 to 10000000'],
    [{ corpus: { kind: 'stories', size: 100 } }, 'known keys: kind, documents, seed'],
    [{ corpus: { kind: 'storys' } }, 'allowed: an object with kind "stories" and, if wanted, documents'],
    [{ documents: 'blank' }, 'model.documents: got "blank"; allowed: one of "auto", "blank-line"'],
    [{ documents: 'line' }, 'model.documents: got "line"; allowed: "auto" with corpus "stories"'],
    [{ corpus: 'p', field: '' }, 'model.field: got ""; allowed: the name of a field'],
    [{ lowercase: 'yes' }, 'model.lowercase: got "yes"; allowed: true or false'],
    [{ lowercase: true, tokens: 'bpe' }, 'model.lowercase: got true; allowed: false with tokens "bpe"'],
    [{ minCount: 0 }, 'model.minCount: got 0'],
    [{ validation: 0 }, 'model.validation: got 0; allowed: a number above 0 and below 1'],
    [{ validation: 1 }, 'model.validation: got 1'],
    [{ smoothing: 'laplace' }, 'model.smoothing: got "laplace"; allowed: one of "none", "add-k", "witten-bell", "kneser-ney"'],
    [{ smoothing: 'add-k', k: 0 }, 'model.k: got 0; allowed: a number above 0'],
    [{ k: 0.1 }, 'model.k: got 0.1; allowed: nothing, unless smoothing is "add-k"'],
    [{ minCounts: 2 }, 'unknown key model.minCounts; did you mean "minCount"?'],
  ])('%o', (model, message) => {
    expect(() => parse(model)).toThrow(InputError);
    expect(() => parse(model)).toThrow(message);
  });

  it('has a JSON Schema', () => {
    const json = z.toJSONSchema(schema, { io: 'input' }) as unknown as {
      properties: { model: { properties: object; required: string[] } };
    };
    expect(Object.keys(json.properties.model.properties)).toContain('smoothing');
    expect(json.properties.model.required).toEqual(['kind']);
  });
});
