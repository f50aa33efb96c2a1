/** Tokenisers, vocabularies and the choice of the documents held out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../dist/errors.js';
import { tokenise } from '../dist/models/text.js';
import { bytePairTokeniser, joinBytePairs } from '../dist/text/byte-pairs.js';
import { lowerCaseSteps } from '../dist/text/characters.js';
import { detokenise } from '../dist/text/detokenise.js';
import { heldOut } from '../dist/text/split.js';
import { IntList, TokenStore } from '../dist/text/token-store.js';
import { makeTokeniser, type Tokeniser } from '../dist/text/tokeniser.js';
import { TypeTable } from '../dist/text/type-table.js';
import { divide } from '../dist/text/vocabulary.js';

const newStore = () => new TokenStore(() => new Error('full'));
const namesOf = (store: TokenStore, tokeniser: Tokeniser) =>
  Array.from({ length: store.tokens.length }, (_, i) => tokeniser.name(store.tokens.get(i)));

async function tokensOf(pieces: readonly string[], unit: 'char' | 'word', lowercase = false): Promise<string[]> {
  const store = newStore();
  const tokeniser = await makeTokeniser(unit, lowercase, store);
  for (const piece of pieces) tokeniser.text(piece);
  tokeniser.end();
  return namesOf(store, tokeniser);
}

const characters = fc.constantFrom(...'aZ9 .,;(["\'’<>é\u0301Ω😀\n\t\u00a0\u3000中𝒳_-$', '<unk>', 'unk', 'word ');
const texts = fc.array(characters, { maxLength: 30 }).map((parts) => parts.join(''));
/** A text in two pieces, not within a surrogate pair. */
const pieces = fc.tuple(texts, texts).map(([a, b]) => [a, b]);

describe('words', () => {
  it('are those of text contexts, but for <unk>; pieces make no difference', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        const text = parts.join('');
        const { names, ids } = tokenise(text, 'word');
        const expected = Array.from(ids, (id) => names[id]);
        const found = await tokensOf(parts, 'word');
        expect(found.flatMap((name) => (name === '<unk>' ? ['<', 'unk', '>'] : [name]))).toEqual(expected);
        expect(found).toEqual(await tokensOf([text], 'word'));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('any character of Unicode', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async (text) => {
        const { names, ids } = tokenise(text, 'word');
        expect(await tokensOf([text], 'word')).toEqual(Array.from(ids, (id) => names[id]));
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('make the same words again when they are set as text', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const words = await tokensOf([text], 'word');
        expect(await tokensOf([detokenise(words.keys(), words, 'word')], 'word')).toEqual(words);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it('look like print', () => {
    const words = 'Lily said ( softly ) : yes , I will !'.split(' ');
    expect(detokenise(words.keys(), words, 'word')).toBe('Lily said (softly): yes, I will!');
  });

  it('<unk> without white space is one token', async () => {
    expect(await tokensOf(['a <un', 'k> b<unk>. < unk > <unk >'], 'word')).toEqual([
      'a',
      '<unk>',
      'b',
      '<unk>',
      '.',
      '<',
      'unk',
      '>',
      '<',
      'unk',
      '>',
    ]);
  });
});

describe('characters', () => {
  it('give the text back', async () => {
    await fc.assert(
      fc.asyncProperty(pieces, async (parts) => {
        const found = await tokensOf(parts, 'char');
        expect(found).toEqual([...parts.join('')]);
        expect(detokenise(found.keys(), found, 'char')).toBe(parts.join(''));
      }),
      { numRuns: 300, seed: 4 },
    );
  });
});

describe('lower case', () => {
  it('is that of this engine wherever one character becomes one', () => {
    const steps = lowerCaseSteps();
    for (let code = 0; code < 0x110000; code++) {
      if (steps[code] === 0) continue;
      const small = String.fromCodePoint(code).toLowerCase();
      // Letters that this engine does not know yet stay as they are there.
      if ([...small].length === 1 && small.codePointAt(0) !== code) expect(small).toBe(String.fromCodePoint(code + steps[code]));
    }
    expect(steps['A'.charCodeAt(0)]).toBe(32);
    expect(steps[0x10400]).toBe(40);
  });

  it('of words and characters', async () => {
    expect(await tokensOf(["ΟΔΟΣ É 𐐀 DON'T"], 'word', true)).toEqual(['οδοσ', 'é', '𐐨', "don't"]);
    expect(await tokensOf(['Aß'], 'char', true)).toEqual(['a', 'ß']);
  });
});

describe('byte pairs', () => {
  /** A library with the interface of the package: words with the space before them, the rest as bytes. */
  const known = [' a', 'a', ' bc', ' '];
  const library = {
    bytes: [...known, ...Array.from({ length: 256 }, (_, byte) => (byte < 128 && byte !== 32 ? String.fromCharCode(byte) : [byte]))],
    encode: (text: string, { disallowedSpecial }: { disallowedSpecial: Set<string> }) => {
      expect(disallowedSpecial.size).toBe(0);
      return [...text.matchAll(/ ?\S+|\s+(?!\S)|\s+/g)].flatMap(([token]) => {
        const id = known.indexOf(token);
        return id >= 0 ? [id] : [...new TextEncoder().encode(token)].map((byte) => known.length + byte);
      });
    },
  };
  const encode = async (parts: readonly string[]) => {
    const store = newStore();
    const tokeniser = await bytePairTokeniser(store, library);
    for (const part of parts) tokeniser.text(part);
    tokeniser.end();
    return namesOf(store, tokeniser);
  };

  it('pieces make no difference, and the text comes back', async () => {
    const snippets = fc
      .array(fc.constantFrom('a', ' a', ' bc', ' ', '\n', 'é', '😀', '<|endoftext|>'), { maxLength: 30 })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(snippets, snippets, async (a, b) => {
        const names = await encode([a, b]);
        expect(names).toEqual(await encode([a + b]));
        expect(joinBytePairs(names)).toBe(a + b);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  it('names of bytes that are no text', async () => {
    expect(await encode(['é a'])).toEqual(['<0xC3>', '<0xA9>', ' a']);
  });

  it('where the package is not installed, the error says so', async () => {
    const installed = await import(['gpt-tokenizer', 'encoding/r50k_base'].join('/')).catch(() => undefined);
    if (!installed) {
      await expect(makeTokeniser('bpe', false, newStore())).rejects.toThrow(
        /model\.tokens: got "bpe"; allowed: .*install the package gpt-tokenizer/,
      );
      return;
    }
    const store = newStore();
    const tokeniser = await makeTokeniser('bpe', false, store);
    const text = 'Hello world, 😀 <|endoftext|> Zoë';
    tokeniser.text(text);
    tokeniser.end();
    const names = namesOf(store, tokeniser);
    expect(names.slice(0, 2)).toEqual(['Hello', ' world']);
    expect(joinBytePairs(names)).toBe(text);
  });
});

describe('vocabulary', () => {
  async function sets(documents: readonly string[], validation: readonly number[], minCount = 1) {
    const store = newStore();
    const tokeniser = await makeTokeniser('word', false, store);
    for (const text of documents) {
      tokeniser.text(text);
      tokeniser.end();
    }
    return divide(store, tokeniser, Uint8Array.from(validation), minCount);
  }

  it('frequent tokens first; what training has not is unknown', async () => {
    const found = await sets(['b a b', 'c d', 'a b e <unk>', 'd'], [0, 1, 0, 1]);
    expect(found.vocabulary).toEqual(['<unk>', 'b', 'a', 'e']);
    expect([...found.counts]).toEqual([1, 3, 2, 1]);
    expect([...found.training.tokens]).toEqual([1, 2, 1, 2, 1, 3, 0]);
    expect([...found.training.offsets]).toEqual([0, 3, 7]);
    expect([...found.validation.tokens]).toEqual([0, 0, 0]);
    expect([...found.validation.offsets]).toEqual([0, 2, 3]);
    expect(found.unknown).toEqual({ tokens: 3, types: 2 });
  });

  it('minCount', async () => {
    const found = await sets(['b a b', 'c a', 'b'], [0, 0, 1], 2);
    expect(found.vocabulary).toEqual(['<unk>', 'a', 'b']);
    expect([...found.counts]).toEqual([1, 2, 2]);
    expect([...found.training.tokens]).toEqual([2, 1, 2, 0, 1]);
  });

  it('every token is where it was', async () => {
    const document = fc.array(fc.constantFrom('a', 'b', 'c', '.', 'dd'), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(document, fc.nat(1)), { minLength: 1, maxLength: 10 }), async (drawn) => {
        const { training, validation, vocabulary, counts } = await sets(
          drawn.map(([words]) => words.join(' ')),
          drawn.map(([, side]) => side),
        );
        const words = drawn.filter(([, side]) => side === 0).flatMap(([list]) => list);
        expect(Array.from(training.tokens, (id) => vocabulary[id])).toEqual(words);
        const others = drawn.filter(([, side]) => side === 1).flatMap(([list]) => list);
        expect(Array.from(validation.tokens, (id) => vocabulary[id])).toEqual(
          others.map((word) => (words.includes(word) ? word : '<unk>')),
        );
        expect([...counts]).toEqual(vocabulary.map((name) => words.filter((word) => word === name).length));
      }),
      { numRuns: 200, seed: 6 },
    );
  });
});

describe('lists', () => {
  it('strings keep their numbers while the table grows', () => {
    const table = new TypeTable();
    const units = (text: string) => Uint16Array.from(text, (_, i) => text.charCodeAt(i));
    const names = Array.from({ length: 20_000 }, (_, i) => `w${(i * 7919) % 1_000_003}`);
    for (const [i, name] of names.entries()) expect(table.id(units(name), name.length)).toBe(i);
    for (const [i, name] of names.entries()) expect([table.id(units(name), name.length), table.name(i)]).toEqual([i, name]);
    const long = 'x'.repeat(300_000);
    expect(table.name(table.id(units(long), long.length))).toBe(long);
  });

  it('numbers across blocks, dropped and pushed again', () => {
    const list = new IntList();
    const border = 2 ** 16;
    for (let i = 0; i < border + 2; i++) list.push(i);
    list.drop(3);
    for (const value of [-1, -2, -3]) list.push(value);
    expect([list.length, list.get(border - 2), list.get(border - 1), list.get(border), list.get(border + 1)]).toEqual([
      border + 2,
      border - 2,
      -1,
      -2,
      -3,
    ]);
    list.drop(2);
    list.push(7);
    expect([list.length, list.get(border - 1), list.get(border)]).toEqual([border + 1, -1, 7]);
  });
});

describe('validation', () => {
  it('holds the share out, the same for a seed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.maxSafeNat(),
        (documents, share, seed) => {
          const wanted = Math.round(share * documents);
          if (wanted < 1 || wanted >= documents) expect(() => heldOut(documents, share, seed)).toThrow(InputError);
          else {
            const chosen = heldOut(documents, share, seed);
            expect(chosen.reduce((sum, x) => sum + x, 0)).toBe(wanted);
            expect(heldOut(documents, share, seed)).toEqual(chosen);
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    );
    expect([...heldOut(12, 0.25, 0)].join('')).toBe('001000011000');
  });

  it('every document alike: each of 10 is among the 3 in 30 % of 20,000 seeds (|z| < 5.5, false alarms below 4e-7)', () => {
    const seeds = 20_000;
    const times = new Float64Array(10);
    for (let seed = 0; seed < seeds; seed++) heldOut(10, 0.3, seed).forEach((held, d) => (times[d] += held));
    for (const count of times) expect(Math.abs(count - 0.3 * seeds) / Math.sqrt(seeds * 0.21)).toBeLessThan(5.5);
  });
});
