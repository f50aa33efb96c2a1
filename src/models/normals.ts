/** Standard normals of the kernels' own generator, for what is drawn outside of them: the same bits on every machine. */
import { buildNormals, NORMAL_TABLE_BYTES, normal } from '../generated/javascript/normal.js';
import { bindMemory } from '../generated/javascript/primitives.js';
import { bounded, DOMAIN_TRUTH, seedStream } from '../generated/javascript/stream.js';

/** Streams of images, apart from those of anything else with this seed. */
const CONTEXT = 0x1d9;

/**
 * Starts stream `index` of a seed (0 to 2^53 - 1). The stream is one for the thread: draw from it without a pause.
 */
export function startNormals(seed: number, index = 0): void {
  bindMemory(new ArrayBuffer(Math.ceil(NORMAL_TABLE_BYTES / 8) * 8));
  buildNormals(0);
  seedStream(seed | 0, Math.floor(seed / 2 ** 32) | 0, CONTEXT, index, 0, DOMAIN_TRUTH);
}

export { normal as nextNormal };

/** 0 ... count - 1 in random order (Fisher and Yates), from a stream of its own. */
export function shuffled(count: number, seed: number, index: number): Uint32Array {
  startNormals(seed, index);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = bounded((i + 1) | 0) >>> 0;
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
