// The JavaScript version of assembly/primitives.ts: the same functions over typed arrays.
// scripts/build.mjs puts this file in the place of that one when it makes src/generated/javascript.

let words = new Int32Array(2);
let counts = new Uint32Array(words.buffer);
let doubles = new Float64Array(1);
let halves = new Uint16Array(words.buffer);

const scratch = new Float64Array(1);
const scratchWords = new Int32Array(scratch.buffer);

/** Sets the memory that the kernel works in. */
export function bindMemory(buffer: ArrayBuffer): void {
  words = new Int32Array(buffer);
  counts = new Uint32Array(buffer);
  doubles = new Float64Array(buffer);
  halves = new Uint16Array(buffer);
}

export function loadI32(at: i32): i32 {
  return words[at >> 2];
}
export function storeI32(at: i32, value: i32): void {
  words[at >> 2] = value;
}
export function loadU16(at: i32): i32 {
  return halves[at >> 1];
}
export function storeU16(at: i32, value: i32): void {
  halves[at >> 1] = value;
}
export function loadF64(at: i32): f64 {
  return doubles[at >> 3];
}
export function storeF64(at: i32, value: f64): void {
  doubles[at >> 3] = value;
}
export function loadCount(at: i32): f64 {
  return counts[at >> 2];
}
export function storeCount(at: i32, value: f64): void {
  counts[at >> 2] = value;
}
export function mulHigh(a: i32, b: i32): i32 {
  // The product of a u32 and a number below 2^21 is exact in a double; otherwise 16-bit limbs.
  const y = b >>> 0;
  if (y < 2097152) return ((a >>> 0) * y * 2.3283064365386963e-10) | 0;
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = y & 0xffff;
  const bHigh = y >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) | 0;
}
export const multiply = Math.imul;
export function lessU32(a: i32, b: i32): boolean {
  return a >>> 0 < b >>> 0;
}
export function selectBelow(a: i32, b: i32, below: i32, other: i32): i32 {
  // The borrow of a - b, spread over all bits.
  const borrow = ((~a & b) | (~(a ^ b) & (a - b))) >> 31;
  return other ^ ((below ^ other) & borrow);
}
export function modU32(a: i32, b: i32): i32 {
  return (a >>> 0) % (b >>> 0) | 0;
}
export function fromU32(a: i32): f64 {
  return a >>> 0;
}
export function toI32(x: f64): i32 {
  return x | 0;
}
export function toU32(x: f64): i32 {
  return x | 0;
}
export function highWord(x: f64): i32 {
  scratch[0] = x;
  return scratchWords[1];
}
export function lowWord(x: f64): i32 {
  scratch[0] = x;
  return scratchWords[0];
}
export function fromWords(high: i32, low: i32): f64 {
  scratchWords[1] = high;
  scratchWords[0] = low;
  return scratch[0];
}
export function addScaled(y: i32, bytes: i32, a: i32, x: f64): void {
  const count = bytes >> 3;
  const to = y >> 3;
  const from = a >> 3;
  for (let i = 0; i < count; i++) doubles[to + i] += x * doubles[from + i];
}
export function addFourScaled(y: i32, bytes: i32, a0: i32, a1: i32, a2: i32, a3: i32, x0: f64, x1: f64, x2: f64, x3: f64): void {
  const end = (y + bytes) >> 3;
  let [i0, i1, i2, i3] = [a0 >> 3, a1 >> 3, a2 >> 3, a3 >> 3];
  for (let to = y >> 3; to < end; to++) {
    doubles[to] = doubles[to] + x0 * doubles[i0++] + x1 * doubles[i1++] + x2 * doubles[i2++] + x3 * doubles[i3++];
  }
}
export function arenaBase(): i32 {
  return 0;
}
