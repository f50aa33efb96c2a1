// Standard normals by the ziggurat with 256 layers (Marsaglia & Tsang 2000), docs/MATH.md#normals. A draw takes 64 bits,
// none of them twice: 8 choose the layer, 53 the place in it. The table is made at start with our own log and exp.
import { exp, log } from './math';
import { loadF64, storeF64 } from './primitives';
import { nextU32, setState, stateA, stateB, stateC, stateCounter, uniform } from './stream';

const LAYERS: i32 = 256;
/** Where the tail begins, and the area of a layer: the solution of the closing condition, to the last bit. */
const TAIL: f64 = 3.654152885361009;
const AREA: f64 = 0.004928673233974655;
const TWO_M52: f64 = 2.220446049250313e-16;

/** Per layer its width / 2^52 and the edge below which no test is needed (16 bytes), then 257 heights. */
const HEIGHTS: i32 = 4096;
export const NORMAL_TABLE_BYTES: i32 = 6152;

let table: i32 = 0;

/** Where the table is that the functions below use; it was built there before. */
export function useNormals(at: i32): void {
  table = at;
}

/** Builds the table at `at` (NORMAL_TABLE_BYTES, a multiple of 8) and uses it. Layer 0 is the base with the tail. */
export function buildNormals(at: i32): void {
  table = at;
  let x: f64 = TAIL;
  let height: f64 = exp(-0.5 * TAIL * TAIL);
  storeF64(at, (AREA / height) * TWO_M52);
  storeF64(at + 8, TAIL);
  storeF64(at + HEIGHTS, 0.0);
  for (let layer: i32 = 1; layer < LAYERS; layer++) {
    storeF64(at + (layer << 4), x * TWO_M52);
    storeF64(at + HEIGHTS + (layer << 3), height);
    height = height + AREA / x;
    x = layer < 255 ? Math.sqrt(-2.0 * log(height)) : 0.0;
    storeF64(at + (layer << 4) + 8, x);
  }
  storeF64(at + HEIGHTS + (LAYERS << 3), 1.0);
}

/** One standard normal. */
export function normal(): f64 {
  const high: i32 = nextU32();
  const low: i32 = nextU32();
  const layer: i32 = low & 255;
  const cell: i32 = (table + (layer << 4)) | 0;
  const first: f64 = high;
  const last: f64 = low >>> 11;
  // A whole number in [-2^52, 2^52) and a half: symmetric, never 0, exact.
  const x: f64 = (first * 2097152.0 + last + 0.5) * loadF64(cell);
  return Math.abs(x) < loadF64((cell + 8) | 0) ? x : outside(layer, x);
}

/** What becomes of a point of the layer that is not surely under the curve: 1 in 67. */
function outside(layer: i32, x: f64): f64 {
  if (layer == 0) {
    const z: f64 = tail();
    return x < 0.0 ? -z : z;
  }
  const at: i32 = (table + HEIGHTS + (layer << 3)) | 0;
  const bottom: f64 = loadF64(at);
  if (bottom + uniform() * (loadF64(at + 8) - bottom) < exp(-0.5 * x * x)) return x;
  return normal();
}

/** A normal given that it is above TAIL (Marsaglia 1964). */
function tail(): f64 {
  while (true) {
    const x: f64 = -log(uniform()) / TAIL;
    const y: f64 = -log(uniform());
    if (y + y > x * x) return TAIL + x;
  }
}

/**
 * `count` normals at `at`: those that as many calls of `normal` give, with the generator's state in local variables.
 * `| 0` tells V8 that what comes back from the rare branch is an i32 too (JavaScript 10 -> 5.5 ns a normal).
 */
export function fillNormals(at: i32, count: i32): void {
  const cells: i32 = table;
  const end: i32 = (at + (count << 3)) | 0;
  let a: i32 = stateA() | 0;
  let b: i32 = stateB() | 0;
  let c: i32 = stateC() | 0;
  let counter: i32 = stateCounter() | 0;
  for (let to: i32 = at; to < end; to = (to + 8) | 0) {
    const high: i32 = (((a + b) | 0) + counter) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + high) | 0;
    const low: i32 = (((a + b) | 0) + (counter + 1)) | 0;
    counter = (counter + 2) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + low) | 0;
    const layer: i32 = low & 255;
    const cell: i32 = (cells + (layer << 4)) | 0;
    const first: f64 = high;
    const last: f64 = low >>> 11;
    const x: f64 = (first * 2097152.0 + last + 0.5) * loadF64(cell);
    if (Math.abs(x) < loadF64((cell + 8) | 0)) {
      storeF64(to, x);
    } else {
      setState(a, b, c, counter);
      storeF64(to, outside(layer, x));
      a = stateA() | 0;
      b = stateB() | 0;
      c = stateC() | 0;
      counter = stateCounter() | 0;
    }
  }
  setState(a, b, c, counter);
}
