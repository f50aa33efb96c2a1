// Tokens of a distribution of real numbers by its alias table (docs/MATH.md#alias), which src/backend/alias.ts makes: 2^bits columns
// of two words, threshold and alias.
import { loadI32, selectBelow, storeI32 } from './primitives';
import { setState, stateA, stateB, stateC, stateCounter } from './stream';

/** Picks n tokens: counts them at `added`, and lists those that had none before behind the `listed` first of `list`. Returns how many are listed. */
export function addAliasPicks(cells: i32, bits: i32, n: i32, added: i32, list: i32, listed: i32): i32 {
  const others: i32 = 32 - bits;
  let a: i32 = stateA();
  let b: i32 = stateB();
  let c: i32 = stateC();
  let counter: i32 = stateCounter();
  let count: i32 = listed;
  for (let j: i32 = 0; j < n; j++) {
    const u: i32 = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + u) | 0;
    const column: i32 = u >>> others;
    const cell: i32 = (cells + (column << 3)) | 0;
    const threshold: i32 = loadI32(cell);
    const v: i32 = u << bits;
    // All ones below the threshold; unless they tie, both differ in more than their last bit.
    let below: i32 = ((v >>> 1) - (threshold >>> 1)) >> 31;
    if ((v ^ threshold) >>> bits == 0) {
      const w: i32 = (((a + b) | 0) + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = (((c << 21) | (c >>> 11)) + w) | 0;
      below = selectBelow(v | (w >>> others), threshold, -1, 0);
    }
    const alias: i32 = loadI32((cell + 4) | 0);
    const token: i32 = alias ^ ((alias ^ column) & below);
    const at: i32 = (added + (token << 2)) | 0;
    const before: i32 = loadI32(at);
    if (before == 0) storeI32(list + (count++ << 2), token);
    storeI32(at, (before + 1) | 0);
  }
  setState(a, b, c, counter);
  return count;
}
