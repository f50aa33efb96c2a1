/** A corpus as the kernels take it: documents one after the other, each ended by the number behind the last word's. */
import type { Documents } from './vocabulary.js';

export function withEnds({ tokens, offsets }: Documents, end: number): Uint32Array {
  const documents = offsets.length - 1;
  const stream = new Uint32Array(tokens.length + documents);
  for (let d = 0; d < documents; d++) {
    stream.set(tokens.subarray(offsets[d], offsets[d + 1]), offsets[d] + d);
    stream[offsets[d + 1] + d] = end;
  }
  return stream;
}
