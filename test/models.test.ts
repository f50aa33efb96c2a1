import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../dist/errors.js';
import { resolveTruth } from '../dist/models/categorical.js';
import { sum } from '../dist/models/distribution.js';
import { PairIndex } from '../dist/models/pair-index.js';
import { tokenise } from '../dist/models/text.js';
import { tokenIndex } from '../dist/models/token.js';
import type { Truth } from '../dist/models/truth.js';
import { solveExponent, zipf } from '../dist/models/zipf.js';
import { parseSpec } from '../dist/spec/spec.js';

function truth(initial: object, seed = 0, schedule: object = { kind: 'fully-synthetic', sampleSize: 5 }): Promise<Truth> {
  return resolveTruth(parseSpec({ model: { kind: 'categorical', initial }, schedule, seed }));
}

const simpsonOf = (p: Float64Array) => p.reduce((total, x) => total + x * x, 0);

/** Every context a distribution on increasing tokens, weights summing to 1. */
function expectSound({ vocabulary, contexts }: Truth): void {
  expect(Math.abs(sum(contexts.map(({ weight }) => weight)) - 1)).toBeLessThan(1e-12);
  for (const { tokens, p } of contexts) {
    expect(tokens.length).toBe(p.length);
    expect(Math.abs(sum(p) - 1)).toBeLessThan(1e-12);
    expect(p.every((x) => x > 0 && x <= 1)).toBe(true);
    expect(tokens.every((token, i) => token >= 0 && token < vocabulary && (i === 0 || token > tokens[i - 1]))).toBe(true);
  }
}

describe('zipf', () => {
  it('solves the exponent: the known answer, support 52, simpson 0.1', () => {
    expect(solveExponent(52, 0.1)).toBeCloseTo(1.1007934473676655, 14);
  });

  it.each([
    [52, 0.03],
    [52, 0.6],
    [52, 0.999999],
    [52, 1 - 2 ** -53],
    [2, 0.75],
    [1000, 0.0011],
    [100_000, 0.5],
  ])('support %d, simpson %d', (support, simpson) => {
    const { p } = zipf(support, solveExponent(support, simpson));
    expect(Math.abs(simpsonOf(p) / simpson - 1)).toBeLessThan(1e-12);
  });

  it('is uniform at 1/support and at exponent 0', async () => {
    expect(solveExponent(52, 1 / 52)).toBe(0);
    expect((await truth({ kind: 'zipf', vocabulary: 4, exponent: 0 })).contexts[0].p).toEqual(Float64Array.of(0.25, 0.25, 0.25, 0.25));
  });

  it('exponent 1 on three tokens is 6/11, 3/11, 2/11, on the first tokens of the vocabulary', async () => {
    const found = await truth({ kind: 'zipf', vocabulary: 9, support: 3, exponent: 1 });
    expect(found.vocabulary).toBe(9);
    expect(found.contexts).toHaveLength(1);
    expect([...found.contexts[0].tokens]).toEqual([0, 1, 2]);
    found.contexts[0].p.forEach((x, i) => expect(x).toBeCloseTo([6, 3, 2][i] / 11, 15));
  });

  it('takes a million tokens and exponents that underflow', async () => {
    expectSound(await truth({ kind: 'zipf', vocabulary: 1e6, exponent: 1.1 }));
    const steep = await truth({ kind: 'zipf', vocabulary: 1e6, exponent: 1e300 });
    expect(steep.contexts[0].p).toEqual(Float64Array.of(1));
  });

  it('hits any simpson index', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.double({ min: 1e-6, max: 0.999999, noNaN: true }), (support, x) => {
        const simpson = 1 / support + x * (1 - 1 / support);
        expect(Math.abs(simpsonOf(zipf(support, solveExponent(support, simpson)).p) - simpson)).toBeLessThan(1e-13);
      }),
    );
  });
});

describe('uniform and explicit', () => {
  it('uniform is 1/support', async () => {
    const { contexts } = await truth({ kind: 'uniform', vocabulary: 10, support: 4 });
    expect(contexts).toEqual([{ label: '0', weight: 1, tokens: Int32Array.of(0, 1, 2, 3), p: new Float64Array(4).fill(0.25) }]);
  });

  it('explicit drops zeros, keeps token ids and divides by the sum', async () => {
    const { vocabulary, contexts } = await truth({ kind: 'explicit', p: [0, 0.25, 0, 0.75] });
    expect(vocabulary).toBe(4);
    expect(contexts[0].tokens).toEqual(Int32Array.of(1, 3));
    expect(contexts[0].p).toEqual(Float64Array.of(0.25, 0.75));
    expectSound(await truth({ kind: 'explicit', p: [0.3 + 9e-10, 0.7] }));
    expectSound(await truth({ kind: 'explicit', p: new Array(1e6).fill(1e-6) }));
  });
});

describe('dirichlet', () => {
  const initial = { kind: 'dirichlet', vocabulary: 3, concentration: 1, contexts: 81 };

  it('is drawn once per seed, for each context by itself', async () => {
    const drawn = await truth(initial, 5);
    expectSound(drawn);
    expect(await truth(initial, 5)).toEqual(drawn);
    expect((await truth({ ...initial, contexts: 2 }, 5)).contexts[1].p).toEqual(drawn.contexts[1].p);
    expect((await truth(initial, 5 + 2 ** 32)).contexts[0].p).not.toEqual(drawn.contexts[0].p);
    expect(new Set(drawn.contexts.map(({ p }) => p[0])).size).toBe(81);
  });

  it.each([5e-324, 1e-300, 1e-5, 0.01, 1, 1e15, 1.7e308])('concentration %d', async (concentration) => {
    expectSound(await truth({ kind: 'dirichlet', vocabulary: 7, concentration, contexts: 20 }));
  });

  it.each([0.3, 1, 4])('has the mean and the variance of its law, concentration %d', async (concentration) => {
    const draws = 20_000;
    const { contexts } = await truth({ kind: 'dirichlet', vocabulary: 3, concentration, contexts: draws }, 11);
    const first = contexts.map(({ tokens, p }) => (tokens[0] === 0 ? p[0] : 0));
    const mean = sum(first) / draws;
    const variance = sum(first.map((x) => (x - mean) ** 2)) / draws;
    const fourth = sum(first.map((x) => (x - mean) ** 4)) / draws;
    const exact = ((1 / 3) * (2 / 3)) / (3 * concentration + 1);
    // Five standard errors: a false alarm once in 1.7 million, and the seed is fixed.
    expect(Math.abs(mean - 1 / 3)).toBeLessThan(5 * Math.sqrt(exact / draws));
    expect(Math.abs(variance - exact)).toBeLessThan(5 * Math.sqrt((fourth - variance ** 2) / draws));
  });
});

describe('text', () => {
  let folder: string;
  const file = async (name: string, content: string | Uint8Array) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const text = (path: string, tokens: 'char' | 'word', context: number) => truth({ kind: 'text', path, tokens, context });
  const refused = async (path: string, context = 1) =>
    text(path, 'char', context).then(
      () => 'accepted',
      (error: unknown) => (error instanceof InputError ? error.message : `not an InputError: ${error}`),
    );
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'model-collapse-text-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('counts what follows each context', async () => {
    const content = 'abracadabra';
    const found = await text(await file('a.txt', content), 'char', 1);
    expectSound(found);
    expect(found.tokenNames).toEqual(['a', 'b', 'c', 'd', 'r']);
    expect(found.corpus).toEqual({
      path: join(folder, 'a.txt'),
      bytes: 11,
      tokens: 11,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(found.contexts).toEqual([
      { label: 'a', count: 4, weight: 0.4, tokens: Int32Array.of(1, 2, 3), p: Float64Array.of(0.5, 0.25, 0.25) },
      { label: 'b', count: 2, weight: 0.2, tokens: Int32Array.of(4), p: Float64Array.of(1) },
      { label: 'c', count: 1, weight: 0.1, tokens: Int32Array.of(0), p: Float64Array.of(1) },
      { label: 'd', count: 1, weight: 0.1, tokens: Int32Array.of(0), p: Float64Array.of(1) },
      { label: 'r', count: 2, weight: 0.2, tokens: Int32Array.of(0), p: Float64Array.of(1) },
    ]);
  });

  it('reads words, context 0 and 2, and gzip', async () => {
    const path = await file('words.gz', gzipSync("Don't stop, don't stop."));
    const none = await text(path, 'word', 0);
    expect(none.tokenNames).toEqual([',', '.', "Don't", "don't", 'stop']);
    expect(none.contexts).toMatchObject([{ label: '', count: 6, weight: 1 }]);
    expect([...none.contexts[0].p]).toEqual([1, 1, 1, 1, 2].map((n) => n / 6));
    const two = await text(path, 'word', 2);
    expect(two.contexts.map(({ label }) => label)).toEqual([", don't", "Don't stop", "don't stop", 'stop ,']);
    expectSound(two);
  });

  it('agrees with a plain count of slices, whatever the text', async () => {
    const path = join(folder, 'any.txt');
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '😀', '\uffee'), minLength: 4, maxLength: 60 }),
        fc.integer({ min: 0, max: 3 }),
        async (content, l) => {
          const characters = [...content];
          const counts = new Map<string, Map<string, number>>();
          for (let i = 0; i + l < characters.length; i++) {
            const next = counts.get(characters.slice(i, i + l).join('')) ?? new Map<string, number>();
            counts.set(characters.slice(i, i + l).join(''), next.set(characters[i + l], (next.get(characters[i + l]) ?? 0) + 1));
          }
          await writeFile(path, content);
          const found = await text(path, 'char', l);
          expectSound(found);
          expect(found.contexts.map(({ label }) => label)).toEqual([...counts.keys()].sort());
          for (const { label, count = 0, tokens, p } of found.contexts) {
            const next = counts.get(label) as Map<string, number>;
            expect(new Map([...tokens].map((token, i) => [found.tokenNames?.[token], Math.round(p[i] * count)]))).toEqual(
              new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1))),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('splits by code points and by words', () => {
    expect(tokenise('a😀a', 'char')).toEqual({ names: ['a', '😀'], ids: Int32Array.of(0, 1, 0) });
    expect(tokenise("It's 42 %, naïve—οὐ\n", 'word').names).toEqual(['%', ',', '42', "It's", 'naïve', '—', 'οὐ'].sort());
  });

  it('says what is wrong with a file', async () => {
    expect(await refused(join(folder, 'none.txt'))).toMatch(/^model\.initial\.path: .*none\.txt" does not exist; allowed/);
    await mkdir(join(folder, 'directory'));
    expect(await refused(join(folder, 'directory'))).toMatch(/is a directory/);
    expect(await refused(await file('empty.txt', ''))).toMatch(/is empty/);
    expect(await refused(await file('mark.txt', '\ufeff'))).toMatch(/has 0 tokens/);
    expect(await refused(await file('binary.txt', Uint8Array.of(65, 66, 0, 67)))).toMatch(/is binary \(a zero byte at byte 2\)/);
    const latin = new Uint8Array(5000).fill(65);
    latin[4321] = 0xe9;
    expect(await refused(await file('latin1.txt', latin))).toMatch(/is not UTF-8 \(the first invalid byte is near byte 432[0-2]\)/);
    expect(await refused(await file('cut.txt', Uint8Array.of(65, 0xf0, 0x9f)))).toMatch(/is not UTF-8/);
    expect(await refused(await file('cut.gz', gzipSync('abc'.repeat(100)).subarray(0, 20)))).toMatch(/is not a whole gzip file/);
    expect(await refused(await file('bomb.gz', gzipSync(new Uint8Array(2 ** 27 + 1))))).toMatch(/unpacks to more than 134217728 bytes/);
    expect(await refused(await file('short.txt', 'ab'), 2)).toMatch(/has 2 tokens \(char\); allowed: more tokens than the context of 2/);
    expect(await refused('/dev/null')).toMatch(/is not a regular file|does not exist/);
    expect(await refused('a\0b')).toMatch(/cannot be read/);
  });

  it('checks the schedule against the smallest context where sizes come from the corpus', async () => {
    const initial = { kind: 'text', path: await file('b.txt', 'abracadabra'), tokens: 'char', context: 1 };
    await expect(truth(initial, 0, { kind: 'most-recent', sampleSize: 'corpus', window: 2 })).rejects.toThrow(
      /schedule\.window: got 2; allowed: at most sampleSize, which is 1 for the context "c"/,
    );
    await expect(truth(initial, 0, { kind: 'partially-synthetic', real: 'corpus', synthetic: 2 ** 31 })).rejects.toThrow(
      /at most 2147483648/,
    );
    expect((await truth(initial, 0, { kind: 'most-recent', sampleSize: 'corpus', window: 1 })).contexts).toHaveLength(5);
  });
});

it('finds tokens by name or by index', async () => {
  const numbered = await truth({ kind: 'uniform', vocabulary: 3 });
  expect(tokenIndex(numbered, '2', 'metrics[0]')).toBe(2);
  expect(() => tokenIndex(numbered, '3', 'metrics[0]')).toThrow(/metrics\[0\]: unknown token "3"; allowed: an index from 0 to 2/);
  const named: Truth = { ...numbered, tokenNames: ['house', 'mouse', 'tree'] };
  expect(tokenIndex(named, 'tree', 'metrics[0]')).toBe(2);
  expect(() => tokenIndex(named, 'trees', 'metrics[0]')).toThrow(/did you mean "tree"\?/);
});

it('numbers pairs as a Map would', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2 ** 25), fc.nat(2 ** 25 - 1)), { maxLength: 3000 }), (pairs) => {
      const index = new PairIndex(2 ** 25);
      const map = new Map<string, number>();
      for (const [a, b] of [...pairs, ...pairs]) {
        const key = `${a},${b}`;
        if (!map.has(key)) map.set(key, map.size);
        expect(index.id(a, b)).toBe(map.get(key));
      }
      expect(index.size).toBe(map.size);
    }),
    { numRuns: 20 },
  );
});

it('words are those of one Unicode version, whatever the engine: letters of Unicode 16 and 17 too', () => {
  const { names } = tokenise('ab \u{10d4a}\u{10d4b} 1\u0e01\u0e32, x', 'word');
  expect(names).toEqual([',', '1\u0e01\u0e32', 'ab', 'x', '\u{10d4a}\u{10d4b}']);
});
