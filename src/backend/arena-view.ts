/** Typed views of an arena. */
import * as A from '../generated/javascript/layout.js';

/** A block of memory that a kernel works in; `base` is the arena's first byte. */
export interface Memory {
  readonly buffer: ArrayBuffer;
  readonly base: number;
}

/** A part of the arena: the header word that holds its address, and its size. */
export type Region = readonly [word: number, bytes: number];

/** Views of an arena by the header word that holds their address. */
export function view({ buffer, base }: Memory) {
  const words = new Int32Array(buffer, base, A.HEADER_BYTES / 4);
  return {
    words,
    doubles: new Float64Array(buffer, base, A.HEADER_BYTES / 8),
    i32: (word: number, length: number) => new Int32Array(buffer, words[word], length),
    u32: (word: number, length: number) => new Uint32Array(buffer, words[word], length),
    f64: (word: number, length: number) => new Float64Array(buffer, words[word], length),
  };
}
