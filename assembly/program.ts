// The data schedule as data: which blocks generation m trains on, and how many samples each takes.
import { word } from './header';
import * as A from './layout';
import { loadCount, loadF64, loadI32 } from './primitives';

const BLOCK_BYTES: i32 = 24;

/** Address of the program's line for generation m; the last one repeats. */
function programLine(m: i32): i32 {
  const length: i32 = word(A.PROGRAM_LENGTH);
  return word(A.ADDR_PROGRAM) + ((m <= length ? (m - 1) | 0 : (length - 1) | 0) << 3);
}
export function programLength(): i32 {
  return word(A.PROGRAM_LENGTH);
}
/** Number of blocks of generation m. */
export function blockCount(m: i32): i32 {
  return loadI32(programLine(m) + 4);
}
/** Address of block i of generation m. */
export function blockAt(m: i32, i: i32): i32 {
  return word(A.ADDR_BLOCKS) + (loadI32(programLine(m)) + i) * BLOCK_BYTES;
}
export function blockSource(block: i32): i32 {
  return loadI32(block);
}
/** Samples that the block takes from each source, in the current context. */
export function blockSize(block: i32): f64 {
  const slot: i32 = (word(A.CONTEXT) * word(A.SIZE_SLOTS) + loadI32(block + 4)) | 0;
  return loadCount(word(A.ADDR_SIZES) + (slot << 2));
}
export function blockMode(block: i32): i32 {
  return loadI32(block + 8);
}
/** The last source of a block of models, in generation m: there are m - 1 models before it. */
export function blockThrough(block: i32, m: i32): i32 {
  const through: i32 = loadI32(block + 12);
  return through < m ? through : (m - 1) | 0;
}
/** Weight of each sample. */
export function blockWeight(block: i32): f64 {
  return loadF64(block + 16);
}
