// What differs between WASM and JavaScript: memory access and integer conversions. This is the WASM version;
// primitives.javascript.ts is the JavaScript one. Everything else in this folder compiles as both.
// An address is an i32 byte offset; an i32 may hold the bits of a u32 where the name says U32.

export function loadI32(at: i32): i32 {
  return load<i32>(at);
}
export function storeI32(at: i32, value: i32): void {
  store<i32>(at, value);
}
export function loadU16(at: i32): i32 {
  return load<u16>(at);
}
export function storeU16(at: i32, value: i32): void {
  store<u16>(at, <u16>value);
}
export function loadF64(at: i32): f64 {
  return load<f64>(at);
}
export function storeF64(at: i32, value: f64): void {
  store<f64>(at, value);
}
/** A u32 (a count up to 2^31) as a double. */
export function loadCount(at: i32): f64 {
  return <f64>load<u32>(at);
}
/** Stores a double in [0, 2^32) as a u32. */
export function storeCount(at: i32, value: f64): void {
  store<u32>(at, <u32>value);
}
/** High 32 bits of the unsigned 64-bit product. */
export function mulHigh(a: i32, b: i32): i32 {
  return <i32>((<u64>(<u32>a) * <u64>(<u32>b)) >> 32);
}
export function multiply(a: i32, b: i32): i32 {
  return a * b;
}
/** a < b as unsigned numbers. */
export function lessU32(a: i32, b: i32): bool {
  return <u32>a < <u32>b;
}
/** a < b ? below : other, as unsigned numbers, without a branch: for tests whose outcome can't be foretold. */
export function selectBelow(a: i32, b: i32, below: i32, other: i32): i32 {
  return select<i32>(below, other, <u32>a < <u32>b);
}
/** a mod b as unsigned numbers. */
export function modU32(a: i32, b: i32): i32 {
  return <i32>(<u32>a % <u32>b);
}
/** The u32 in these bits as a double. */
export function fromU32(a: i32): f64 {
  return <f64>(<u32>a);
}
/** The double as an i32, towards zero; it must be in range. */
export function toI32(x: f64): i32 {
  return <i32>x;
}
/** The bits of a double in [0, 2^32) as a u32, towards zero. */
export function toU32(x: f64): i32 {
  return <i32>(<u32>x);
}
export function highWord(x: f64): i32 {
  return <i32>(reinterpret<u64>(x) >> 32);
}
export function lowWord(x: f64): i32 {
  return <i32>reinterpret<u64>(x);
}
export function fromWords(high: i32, low: i32): f64 {
  return reinterpret<f64>((<u64>(<u32>high) << 32) | <u64>(<u32>low));
}
/** y += x a: doubles on `bytes` bytes. */
export function addScaled(y: i32, bytes: i32, a: i32, x: f64): void {
  const xs = f64x2.splat(x);
  let i: i32 = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(y + i, f64x2.add(v128.load(y + i), f64x2.mul(xs, v128.load(a + i))));
  if (i < bytes) store<f64>(y + i, load<f64>(y + i) + x * load<f64>(a + i));
}
/** y += x0 a0 + x1 a1 + x2 a2 + x3 a3, added up in this order. */
export function addFourScaled(
  y: i32,
  bytes: i32,
  a0: i32,
  a1: i32,
  a2: i32,
  a3: i32,
  x0: f64,
  x1: f64,
  x2: f64,
  x3: f64,
): void {
  const v0 = f64x2.splat(x0);
  const v1 = f64x2.splat(x1);
  const v2 = f64x2.splat(x2);
  const v3 = f64x2.splat(x3);
  let i: i32 = 0;
  for (; i + 16 <= bytes; i += 16) {
    let sum = f64x2.add(v128.load(y + i), f64x2.mul(v0, v128.load(a0 + i)));
    sum = f64x2.add(sum, f64x2.mul(v1, v128.load(a1 + i)));
    sum = f64x2.add(sum, f64x2.mul(v2, v128.load(a2 + i)));
    v128.store(y + i, f64x2.add(sum, f64x2.mul(v3, v128.load(a3 + i))));
  }
  if (i < bytes) {
    const sum = load<f64>(y + i) + x0 * load<f64>(a0 + i) + x1 * load<f64>(a1 + i) + x2 * load<f64>(a2 + i);
    store<f64>(y + i, sum + x3 * load<f64>(a3 + i));
  }
}
/** Where an arena may start: behind the module's own data. */
export function arenaBase(): i32 {
  return (<i32>__heap_base + 63) & -64;
}
/** JavaScript only: there, sets the memory to work in. */
export function bindMemory(_buffer: i32): void {}
