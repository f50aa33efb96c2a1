/**
 * Memory for results that is used again: a system gives out new memory page by page, at the first touch, and that can take longer
 * than the simulation that fills it.
 */

/** Bytes that are kept for later runs. */
const MOST_KEPT = 2 ** 26;
/** Buffers come in multiples of this many bytes, so that results of about one size fit into each other's. */
const STEP = 2 ** 16;

const kept: ArrayBuffer[] = [];
let keptBytes = 0;

/** Room for so many numbers, whatever they are now. */
export function takeRoom(length: number): Float64Array {
  const bytes = 8 * length;
  // The smallest that is large enough, unless that would waste most of it.
  let best = -1;
  for (let i = 0; i < kept.length; i++) {
    const size = kept[i].byteLength;
    if (size >= bytes && size <= 4 * bytes + STEP && (best < 0 || size < kept[best].byteLength)) best = i;
  }
  if (best < 0) return new Float64Array(new ArrayBuffer(Math.ceil(bytes / STEP) * STEP), 0, length);
  const buffer = kept[best];
  kept[best] = kept[kept.length - 1];
  kept.pop();
  keptBytes -= buffer.byteLength;
  return new Float64Array(buffer, 0, length);
}

/** Gives back what `takeRoom` gave: nobody looks at it any more. */
export function giveRoom({ buffer }: Float64Array): void {
  if (keptBytes + buffer.byteLength > MOST_KEPT || buffer.byteLength < STEP) return;
  kept.push(buffer as ArrayBuffer);
  keptBytes += buffer.byteLength;
}

/** The numbers in a buffer of just their size. @param giveBack whether nobody looks at the array that was given any more */
export function exactly(values: Float64Array, giveBack: boolean): Float64Array {
  if (values.byteLength === values.buffer.byteLength) return values;
  const copy = values.slice();
  if (giveBack) giveRoom(values);
  return copy;
}
