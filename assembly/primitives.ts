// What differs between WASM and JavaScript: memory access and integer conversions. This is the WASM version;
// primitives.javascript.ts is the JavaScript one. Everything else in this folder compiles as both.
// An address is an i32 byte offset; an i32 may hold the bits of a u32 where the name says U32.

export function loadI32(at: i32): i32 {
  return load<i32>(at);
}
export function storeI32(at: i32, value: i32): void {
  store<i32>(at, value);
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
/** Where an arena may start: behind the module's own data. */
export function arenaBase(): i32 {
  return (<i32>__heap_base + 63) & -64;
}
/** JavaScript only: there, sets the memory to work in. */
export function bindMemory(_buffer: i32): void {}
