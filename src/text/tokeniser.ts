/** Documents to token numbers. */
import type { TokenUnit } from '../spec/ngram.js';
import { bytePairTokeniser } from './byte-pairs.js';
import { characterKinds, lowerCaseSteps, SPACE, WORD } from './characters.js';
import type { DocumentSink } from './documents.js';
import type { TokenStore } from './token-store.js';
import { grown, TypeTable } from './type-table.js';

/** The token that stands for every word out of the vocabulary. */
export const UNKNOWN = '<unk>';
/** Its number while a corpus is read, and in every vocabulary. */
export const UNKNOWN_ID = 0;

/** Takes documents and puts their tokens into a store, numbered in the order in which they first come, from 1. */
export interface Tokeniser extends DocumentSink {
  /** Numbers below this have been given. */
  readonly size: number;
  name(id: number): string;
}

/**
 * A tokeniser that fills a store.
 * @throws InputError when the library for byte pairs is not there.
 */
export async function makeTokeniser(unit: TokenUnit, lowercase: boolean, store: TokenStore): Promise<Tokeniser> {
  if (unit === 'bpe') return bytePairTokeniser(store);
  return unit === 'char' ? new Characters(lowercase, store) : new Words(lowercase, store);
}

/** What characters and words share: the token that is being put together, code point by code point. */
abstract class Written implements Tokeniser {
  private readonly table = new TypeTable();
  private readonly steps: Int32Array | undefined;
  private units = new Uint16Array(256);
  protected length = 0;

  constructor(
    lowercase: boolean,
    protected readonly store: TokenStore,
  ) {
    this.steps = lowercase ? lowerCaseSteps() : undefined;
  }

  get size(): number {
    return this.table.size + 1;
  }

  name(id: number): string {
    return id === UNKNOWN_ID ? UNKNOWN : this.table.name(id - 1);
  }

  abstract text(piece: string): void;

  end(): void {
    this.finish();
    this.store.endDocument();
  }

  /** Adds a code point to the token. */
  protected write(code: number): void {
    const written = this.steps ? code + this.steps[code] : code;
    if (this.length + 2 > this.units.length) this.units = grown(this.units, Uint16Array);
    if (written < 0x10000) this.units[this.length++] = written;
    else {
      this.units[this.length++] = 0xd7c0 + (written >> 10);
      this.units[this.length++] = 0xdc00 + (written & 0x3ff);
    }
  }

  /** Ends the token, if there is one. */
  protected finish(): void {
    if (this.length > 0) this.store.add(this.number());
    this.length = 0;
  }

  private number(): number {
    return this.table.id(this.units, this.length) + 1;
  }

  /** The number of a token given as a string. */
  protected numberOf(token: string): number {
    for (const character of token) this.write(character.codePointAt(0) as number);
    const id = this.number();
    this.length = 0;
    return id;
  }
}

/** Every code point is a token, white space too. */
class Characters extends Written {
  text(piece: string): void {
    for (let i = 0; i < piece.length; i++) {
      const code = piece.codePointAt(i) as number;
      if (code > 0xffff) i++;
      this.write(code);
      this.finish();
    }
  }
}

/**
 * Runs of word characters and single marks, as `initial.kind: "text"` has them. `<unk>` as it is written, without white space,
 * is the unknown word: sets such as WikiText come with it.
 */
class Words extends Written {
  private readonly kinds = characterKinds();
  private readonly literal = ['<', 'unk', '>'].map((token) => this.numberOf(token));
  /** Tokens since the last white space. */
  private run = 0;

  text(piece: string): void {
    const { kinds } = this;
    for (let i = 0; i < piece.length; i++) {
      let code = piece.charCodeAt(i);
      if (code >= 0xd800 && code < 0xdc00) code = piece.codePointAt(i++) as number;
      const kind = kinds[code];
      if (kind === WORD) {
        this.write(code);
        continue;
      }
      this.finishWord();
      if (kind === SPACE) this.run = 0;
      else this.mark(code);
    }
  }

  override end(): void {
    this.finishWord();
    this.run = 0;
    super.end();
  }

  private finishWord(): void {
    if (this.length > 0) this.run++;
    this.finish();
  }

  private mark(code: number): void {
    this.write(code);
    this.run++;
    this.finish();
    if (code !== 0x3e || this.run < 3) return;
    const { store, literal } = this;
    if (literal.some((id, i) => store.recent(2 - i) !== id)) return;
    store.tokens.drop(3);
    store.add(UNKNOWN_ID);
    this.run = 1;
  }
}
