/** Bytes to text, piece by piece, saying where a byte is wrong. */

/** What is wrong with the bytes of a file, and at which byte of the (unpacked) file, from 0. */
export interface ByteProblem {
  problem: 'is not UTF-8' | 'is binary';
  byte: number;
}

/** Decodes UTF-8 chunk by chunk; no piece ends within a character, and a byte order mark at the start is dropped. */
export class Utf8Decoder {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** Bytes of a character that the last chunk cut. */
  private cut = new Uint8Array(0);
  private consumed = 0;

  /** @param fail makes the error to throw */
  constructor(private readonly fail: (found: ByteProblem) => Error) {}

  push(chunk: Uint8Array): string {
    const bytes = this.cut.length === 0 ? chunk : concat(this.cut, chunk);
    const whole = bytes.length - cutLength(bytes);
    const text = this.decode(bytes.subarray(0, whole));
    this.cut = bytes.slice(whole);
    return text;
  }

  /** Ends the text. */
  end(): void {
    if (this.cut.length > 0) throw this.fail({ problem: 'is not UTF-8', byte: this.consumed });
  }

  private decode(bytes: Uint8Array): string {
    const zero = bytes.indexOf(0);
    if (zero >= 0) throw this.fail({ problem: 'is binary', byte: this.consumed + zero });
    let text: string;
    try {
      text = this.decoder.decode(bytes);
    } catch {
      throw this.fail({ problem: 'is not UTF-8', byte: this.consumed + firstInvalid(bytes) });
    }
    const mark = this.consumed === 0 && text.charCodeAt(0) === 0xfeff;
    this.consumed += bytes.length;
    return mark ? text.slice(1) : text;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Length of the character that a first byte announces; 1 where it announces none. */
function announced(byte: number): number {
  return byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc0 && byte < 0xe0 ? 2 : 1;
}

/** How many bytes at the end begin a character that goes on in the next chunk. */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back];
    if ((byte & 0xc0) === 0x80) continue;
    return announced(byte) > back ? back : 0;
  }
  return 0;
}

/** Where the first character begins that is not well-formed (Unicode standard, table 3-7). */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at];
    const length = announced(first);
    if (length === 1 ? first >= 0x80 : !wellFormed(bytes, at, length)) return at;
    at += length;
  }
  return at;
}

function wellFormed(bytes: Uint8Array, at: number, length: number): boolean {
  let code = bytes[at] & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) {
    if (at + i >= bytes.length || (bytes[at + i] & 0xc0) !== 0x80) return false;
    code = (code << 6) | (bytes[at + i] & 0x3f);
  }
  const smallest = [0, 0, 0x80, 0x800, 0x10000][length];
  return code >= smallest && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
}
