/** The rates at which a categorical job draws from the model before, once its training sets have their final size. */
import type { Program } from '../backend/job.js';
import { LARGEST_ROW } from '../generated/javascript/layout.js';

/** Each rate has rows of its own: with more of them than this, none is worth its memory. */
const MOST_RATES = 8;

/**
 * The quotients n / total of new samples and the training set that they are drawn from, all contexts together; empty where
 * there are more than a few. Training sets that grow have none.
 *
 * @param sizes u32 sample sizes, contexts x program.sizeSlots
 */
export function ratesOf(program: Program, sizes: Uint32Array): Float64Array {
  const blocks = program.generations[program.generations.length - 1];
  const grows = blocks.some(({ source, mode, through }) => through !== undefined || (mode === 'fixed' && source !== 0));
  const rates = new Set<number>();
  for (let row = 0; !grows && row < sizes.length; row += program.sizeSlots) {
    const total = blocks.reduce((sum, { size, mode }) => (mode === 'into-pool' ? sum : sum + sizes[row + size]), 0);
    for (const { source, size } of blocks) {
      const n = sizes[row + size];
      // Small training sets that are drawn as a whole have rows of their own.
      const whole = blocks.length === 1 && program.lookBack === 1 && n <= LARGEST_ROW;
      if (source > 0 && n <= total && !whole) rates.add(n / total);
    }
    if (rates.size > MOST_RATES) return new Float64Array(0);
  }
  return Float64Array.from(rates);
}
