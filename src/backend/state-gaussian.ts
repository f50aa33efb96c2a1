/** The state of a Gaussian's chain; the twin of native/gaussian-state.cc. */
import * as A from '../generated/javascript/layout.js';
import { type Memory, view } from './arena-view.js';
import type { ChainState } from './state.js';

export function transferGaussian(memory: Memory, state: ChainState): void {
  const { words, doubles } = view(memory);
  const d = words[A.DIMENSION];
  const ring = words[A.RING_SIZE];
  const record = 48 + 8 * (d + 2 * d * d);
  const generation = words[A.GENERATION];
  const oldest = Math.max(1, generation - ring + 1);
  state.double(A.LOG_DETERMINANT);
  for (let m = oldest; m <= generation; m++) state.copy(words[A.ADDR_RING] + (m % ring) * record, record);
  state.word(A.REAL_LIVE);
  state.copy(words[A.ADDR_REAL_BATCH], record);
  if (words[A.POOL_SAMPLES] > 0) {
    const samples = state.count(doubles[A.POOL_TOTAL / 2], words[A.POOL_SAMPLES]);
    doubles[A.POOL_TOTAL / 2] = samples;
    state.copy(words[A.ADDR_POOL_ORDER], 4 * samples);
    state.copy(words[A.ADDR_POOL], 8 * (d + 1) * samples);
  } else if (words[A.POOL] === A.POOL_BLOCKS) {
    state.copy(words[A.ADDR_POOL], record);
  }
  if (words[A.KEPT] === 0) return;
  for (let m = oldest; m <= generation; m++) {
    const batch = words[A.ADDR_BATCHES] + (m % ring) * (8 + record);
    const drawn = new Int32Array(memory.buffer, batch, 1);
    drawn[0] = state.flag(drawn[0] === m) ? m : 0;
    if (drawn[0] !== 0) state.copy(batch + 8, record);
  }
}
