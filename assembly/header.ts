// Access to the arena's header (layout.ts).
import { loadF64, loadI32, storeF64, storeI32 } from './primitives';

let header: i32 = 0;

export function setHeader(at: i32): void {
  header = at;
}
export function word(index: i32): i32 {
  return loadI32(header + (index << 2));
}
export function setWord(index: i32, value: i32): void {
  storeI32(header + (index << 2), value);
}
export function double(index: i32): f64 {
  return loadF64(header + (index << 2));
}
export function setDouble(index: i32, value: f64): void {
  storeF64(header + (index << 2), value);
}
/** Address of a header word, for functions that read several. */
export function headerAt(): i32 {
  return header;
}
