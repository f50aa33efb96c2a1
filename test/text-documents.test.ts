/** Bytes to documents: decoding, separators, files and folders. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../dist/errors.js';
import { ngramModel } from '../dist/spec/ngram.js';
import { loadCorpus, type TextCorpus } from '../dist/text/corpus.js';
import { detokenise } from '../dist/text/detokenise.js';
import { detectSeparator, makeSplitter } from '../dist/text/documents.js';
import { Utf8Decoder } from '../dist/text/utf8.js';

type Separator = 'blank-line' | 'endoftext' | 'line' | 'jsonl';

/** Cuts at the places that the numbers say, modulo the length, but never within a surrogate pair. */
function cutText(text: string, at: readonly number[]): string[] {
  const places = at.map((n) => n % (text.length + 1)).filter((n) => !/^[\udc00-\udfff]/.test(text.slice(n)));
  const sorted = [0, ...places.sort((a, b) => a - b), text.length];
  return sorted.slice(1).map((end, i) => text.slice(sorted[i], end));
}

function split(pieces: readonly string[], separator: Separator, field = 'text'): string[] {
  const documents: string[] = [];
  let parts: string[] = [];
  const sink = {
    text: (piece: string) => void parts.push(piece),
    end: () => {
      documents.push(parts.join(''));
      parts = [];
    },
  };
  const splitter = makeSplitter(separator, field, sink, (problem) => new InputError(problem));
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  expect(parts).toEqual([]);
  return documents;
}

/** What each separator means, in one line on the whole text. */
const oracle: Record<Exclude<Separator, 'jsonl'>, (text: string) => string[]> = {
  'blank-line': (text) => {
    const documents: string[][] = [[]];
    for (const line of text.split('\n')) line.trim() === '' ? documents.push([]) : documents[documents.length - 1].push(line);
    return documents.map((lines) => lines.join('\n'));
  },
  line: (text) => text.split('\n'),
  endoftext: (text) => text.split('<|endoftext|>'),
};
const trimmed = (documents: string[]) => documents.map((text) => text.trim().replaceAll('\r\n', '\n')).filter((text) => text !== '');

const snippets = fc.constantFrom(
  'a',
  'bc',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\n \n',
  '<|',
  '<|endoftext|>',
  '<|endoftext',
  '|>',
  '😀',
  'é',
  '\u00a0',
);
const texts = fc.array(snippets, { maxLength: 40 }).map((parts) => parts.join(''));
const cuts = fc.array(fc.nat(1000), { maxLength: 12 });

describe('documents', () => {
  for (const separator of ['blank-line', 'line', 'endoftext'] as const) {
    it(`${separator}: as the definition says, wherever the pieces are cut`, () => {
      fc.assert(
        fc.property(texts, cuts, (text, at) => {
          expect(split(cutText(text, at), separator)).toEqual(trimmed(oracle[separator](text)));
        }),
        { numRuns: 1000, seed: 1 },
      );
    });
  }

  it('jsonl: the field of every line, wherever the pieces are cut', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 5 }), cuts, (documents, at) => {
        const lines = documents.map((story) => JSON.stringify({ id: 1, story })).join('\n');
        expect(split(cutText(lines, at), 'jsonl', 'story')).toEqual(trimmed(documents));
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it('long white space costs no time', () => {
    const start = performance.now();
    expect(split(['a', ...Array.from({ length: 300 }, () => ' \n\t'.repeat(10_000)), 'b'], 'endoftext')[0]).toHaveLength(9_000_002);
    expect(split(['a', ' '.repeat(2_000_000), '\n', ' '.repeat(2_000_000), 'b'], 'blank-line')).toHaveLength(1);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('auto', () => {
    expect(detectSeparator('a/b.JSONL', '')).toBe('jsonl');
    expect(detectSeparator('b.jsonl.gz', '')).toBe('jsonl');
    expect(detectSeparator('b.txt', 'x\n\ny <|endoftext|>')).toBe('endoftext');
    expect(detectSeparator('b.txt', 'x\n \t\r\ny')).toBe('blank-line');
    expect(detectSeparator('b.txt', '\n\nx\ny\n\n')).toBe('line');
    expect(detectSeparator('b.txt', `x\ny${' '.repeat(2 ** 20)}\n\nz`)).toBe('line');
  });

  it.each([
    ['{"text": "a"}\n\n{"text": ', 'has no JSON on line 3'],
    ['{"text": "a"}\n[1]', 'has [1] on line 2'],
    ['{"title": "a", "body": "b"}', 'has no field "text" on line 1 (its fields: title, body)'],
    ['{"text": 5}', 'has 5 in field "text" on line 1'],
    ['{"text": "\\ud800"}', 'half a surrogate pair'],
    ['{"__proto__": 1}', 'has no field "text"'],
  ])('a bad line of JSON: %s', (text, message) => {
    expect(() => split([text], 'jsonl')).toThrow(message);
  });
});

describe('UTF-8', () => {
  const decode = (bytes: Uint8Array, at: readonly number[] = []) => {
    const decoder = new Utf8Decoder(({ problem, byte }) => new Error(`${problem} ${byte}`));
    const places = [0, ...at.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    const text = places.slice(1).map((end, i) => decoder.push(bytes.subarray(places[i], end)));
    for (const piece of text) expect(piece).not.toMatch(/\p{Cs}/u);
    decoder.end();
    return text.join('');
  };

  it('is the text, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), cuts, (text, at) => {
        fc.pre(!text.includes('\0'));
        const kept = text.startsWith('\ufeff') ? text.slice(1) : text;
        expect(decode(new TextEncoder().encode(text), at)).toBe(kept);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('refuses what the platform refuses, at the same byte wherever the bytes are cut', () => {
    const bytes = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc0, 0xc3, 0xe0, 0xe2, 0xed, 0xa0, 0xf0, 0x90, 0xf4, 0x9f, 0xf8, 0xff), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(bytes, cuts, (list, at) => {
        const input = Uint8Array.from(list);
        const outcome = (run: () => string) => {
          try {
            return run();
          } catch (error) {
            return (error as Error).message;
          }
        };
        const whole = outcome(() => decode(input));
        expect(outcome(() => decode(input, at))).toBe(whole);
        // A prefix that ends before the byte named is sound, and one that holds it is not.
        const invalid = Number(/^is not UTF-8 (\d+)$/.exec(whole)?.[1] ?? Number.NaN);
        const strict = new TextDecoder('utf-8', { fatal: true });
        if (Number.isNaN(invalid)) expect(whole).toBe(strict.decode(input));
        else {
          strict.decode(input.subarray(0, invalid));
          expect(() => strict.decode(input.subarray(0, invalid + 1))).toThrow();
          expect(() => strict.decode(input)).toThrow();
        }
      }),
      { numRuns: 1500, seed: 4 },
    );
  });
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-collapse-text-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const write = async (name: string, content: string | Uint8Array) => {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const load = (corpus: string, more: object = {}, signal?: AbortSignal) =>
    loadCorpus(ngramModel.parse({ kind: 'ngram', validation: 0.5, corpus, ...more }), 0, signal);
  const documentsOf = ({ training, validation, vocabulary, unit }: TextCorpus) =>
    [training, validation].flatMap(({ tokens, offsets }) =>
      Array.from({ length: offsets.length - 1 }, (_, d) => detokenise(tokens.subarray(offsets[d], offsets[d + 1]), vocabulary, unit)),
    );
  const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

  it('plain, gzip-compressed (in members), JSON lines, and both', async () => {
    const text = 'a b.\n\nb. a\n\n\n. b b a';
    const rows = ['a b.', 'b. a', '. b b a'].map((story) => `${JSON.stringify({ story })}\n`).join('');
    const members = Buffer.concat([gzipSync('a b.\n\nb. a'), gzipSync('\n\n. b b a')]);
    const paths = await Promise.all([
      write('one/plain.txt', text),
      write('one/packed', gzipSync(text)),
      write('one/members.gz', members),
      write('one/rows.jsonl', rows),
      write('one/rows.jsonl.gz', gzipSync(rows)),
    ]);
    const loaded = await Promise.all(paths.map((path) => load(path, { field: 'story', tokens: 'char' })));
    for (const corpus of loaded) expect(corpus.training).toEqual(loaded[0].training);
    expect(documentsOf(loaded[0]).sort()).toEqual(['. b b a', 'a b.', 'b. a']);
    expect(loaded.map(({ source }) => source.separators[0])).toEqual(['blank-line', 'blank-line', 'blank-line', 'jsonl', 'jsonl']);
    expect(loaded[2].source).toMatchObject({ sha256: sha256(members), bytes: members.length, files: 1, documents: 3, tokens: 15 });
  });

  it('a folder: by name, the end of a file ends a document', async () => {
    await write('many/b.txt', 'x y\n\ny x');
    await write('many/a.jsonl', '{"text":"x x y"}');
    await write('many/c.txt.gz', gzipSync('y y x<|endoftext|>x y y'));
    await write('many/README.md', 'not text of the corpus');
    await write('many/.hidden.txt', 'hidden');
    await write('many/inner/d.txt', 'd1');
    const corpus = await load(join(folder, 'many'));
    expect(documentsOf(corpus).sort()).toEqual(['x x y', 'x y', 'x y y', 'y x', 'y y x']);
    expect(corpus.source).toMatchObject({ files: 3, documents: 5, separators: ['jsonl', 'blank-line', 'endoftext'] });
    const lines = [
      ['a.jsonl', '{"text":"x x y"}'],
      ['b.txt', 'x y\n\ny x'],
      ['c.txt.gz', gzipSync('y y x<|endoftext|>x y y')],
    ].map(([name, content]) => `${sha256(content)}  ${name}\n`);
    expect(corpus.source.sha256).toBe(sha256(lines.join('')));
  });

  it('a file larger than the chunks it is read in', async () => {
    const story = `Once upon a time 😀 ${'é'.repeat(1000)}.`;
    const path = await write('large.txt', Array(400).fill(story).join('\n\n'));
    const corpus = await load(path, { tokens: 'char' });
    expect(documentsOf(corpus)).toEqual(Array(400).fill(story));
  });

  it.each<[string, string | Uint8Array | undefined, object, string]>([
    ['missing.txt', undefined, {}, 'does not exist'],
    ['empty.txt', '', {}, 'is empty'],
    ['blank.txt', ' \n\n\t', {}, 'is empty'],
    ['binary.txt', 'ab\0', {}, 'is binary (a zero byte at byte 2)'],
    ['latin.txt', Uint8Array.of(0x61, 0x62, 0xe9, 0x20), {}, 'is not UTF-8 (the first invalid byte is at byte 2)'],
    ['cut.txt', Uint8Array.of(0x61, 0xc3), {}, 'is not UTF-8 (the first invalid byte is at byte 1)'],
    ['broken.gz', gzipSync('a text of some length').subarray(0, 20), {}, 'is not a whole gzip file'],
    ['one.txt', 'a b c', {}, '1 document'],
    ['rows.txt', 'a\nb', { documents: 'jsonl' }, 'has no JSON on line 1'],
    [
      'two.txt',
      'a\n\nb',
      { validation: 0.1 },
      'model.validation: got 0.1; allowed: a share that leaves each side one of 2 documents: about 0.25 to 0.75',
    ],
  ])('%s', async (name, content, more, message) => {
    const path = content === undefined ? join(folder, name) : await write(name, content);
    const loading = load(path, more);
    await expect(loading).rejects.toThrow(InputError);
    await expect(loading).rejects.toThrow(message);
  });

  it('a folder without texts, and one that is not there', async () => {
    await write('none/README.md', 'x');
    await expect(load(join(folder, 'none'))).rejects.toThrow('has no file whose name ends in .txt, .jsonl or .gz');
    await expect(load(join(folder, 'nowhere'))).rejects.toThrow('does not exist');
  });

  it('stops when it is told to', async () => {
    const path = await write('stop.txt', 'a b\n\n'.repeat(400_000));
    const controller = new AbortController();
    const loading = load(path, {}, controller.signal);
    controller.abort(new Error('enough'));
    await expect(loading).rejects.toThrow('enough');
    await expect(loadCorpus(ngramModel.parse({ kind: 'ngram' }), 0, controller.signal)).rejects.toThrow('enough');
  });
});
