/**
 * Byte-level byte pair encoding (Sennrich et al. 2016; Radford et al. 2019) with the vocabulary of GPT-2, by the package
 * gpt-tokenizer, an optional peer dependency.
 */
import { inputError } from '../errors.js';
import type { TokenStore } from './token-store.js';
import type { Tokeniser } from './tokeniser.js';

const PACKAGE = 'gpt-tokenizer';
/** Longest text encoded at once, in code units, where it has no place to cut. */
const LONGEST = 2 ** 24;

/** What is used of the package: token n is bytes[n], as text or, where that is not UTF-8, as bytes. */
export interface BytePairLibrary {
  encode(text: string, options: { disallowedSpecial: Set<string> }): number[];
  bytes: readonly (string | readonly number[])[];
}

/** @throws InputError when the package is not installed. */
async function loadLibrary(): Promise<BytePairLibrary> {
  // Not literals: the compiler and bundlers would ask for the package.
  const [encoding, ranks] = [`${PACKAGE}/encoding/r50k_base`, `${PACKAGE}/bpeRanks/r50k_base`];
  try {
    const { encode } = (await import(encoding)) as { encode: BytePairLibrary['encode'] };
    return { encode, bytes: ((await import(ranks)) as { default: BytePairLibrary['bytes'] }).default };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw inputError('model.tokens', 'bpe', `"char" or "word", or install the package ${PACKAGE} (${reason})`);
  }
}

/** A tokeniser over GPT-2's byte pairs. White space is part of tokens. */
export async function bytePairTokeniser(store: TokenStore, library?: BytePairLibrary): Promise<Tokeniser> {
  return new BytePairs(store, library ?? (await loadLibrary()));
}

class BytePairs implements Tokeniser {
  private held = '';
  // Text is text: a special token's name in it means nothing.
  private readonly options = { disallowedSpecial: new Set<string>() };
  private readonly numbers = new Map<number, number>();
  private readonly tokens: number[] = [];

  constructor(
    private readonly store: TokenStore,
    private readonly library: BytePairLibrary,
  ) {}

  get size(): number {
    return this.tokens.length + 1;
  }

  name(id: number): string {
    if (id === 0) return '<unk>';
    const bytes = this.library.bytes[this.tokens[id - 1]];
    return typeof bytes === 'string' ? bytes : byteName(bytes);
  }

  text(piece: string): void {
    // A space between two visible characters begins a token whatever stands around it, so the text may be cut there.
    let cut = piece.lastIndexOf(' ');
    while (cut > 0 && !(isVisible(piece[cut - 1]) && isVisible(piece[cut + 1]))) cut = piece.lastIndexOf(' ', cut - 1);
    if (cut <= 0) {
      this.held += piece;
      if (this.held.length > LONGEST) throw inputError('model.tokens', 'bpe', `text with a single space in any ${LONGEST} characters`);
      return;
    }
    this.encode(this.held + piece.slice(0, cut));
    this.held = piece.slice(cut);
  }

  end(): void {
    this.encode(this.held);
    this.held = '';
    this.store.endDocument();
  }

  private encode(text: string): void {
    for (const token of this.library.encode(text, this.options)) {
      let number = this.numbers.get(token);
      if (number === undefined) {
        number = this.tokens.push(token);
        this.numbers.set(token, number);
      }
      this.store.add(number);
    }
  }
}

function isVisible(character: string | undefined): boolean {
  return character !== undefined && character.trim() !== '';
}

/** `<0xE2><0x80>`: no token of GPT-2 reads so, as its tokens do not mix letters, digits and marks. */
function byteName(bytes: readonly number[]): string {
  return bytes.map((byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`).join('');
}

/** The text of byte pairs by their names; bytes that are no UTF-8 become U+FFFD. */
export function joinBytePairs(names: readonly string[]): string {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const name of names) {
    if (/^(<0x[0-9A-F]{2}>)+$/.test(name)) bytes.push(...[...name.matchAll(/[0-9A-F]{2}/g)].map(([digits]) => Number.parseInt(digits, 16)));
    else for (const byte of encoder.encode(name)) bytes.push(byte);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
}
