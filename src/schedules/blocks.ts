/** The parts that programs of schedules are put together from. */
import { type Block, MIXTURE, type Program } from '../backend/job.js';
import type { Size } from '../spec/size.js';

/** A program is a table; this many blocks take 200 MB. */
export const MOST_BLOCKS = 1 << 24;

export interface ScheduleProgram {
  program: Program;
  /** Sample sizes of one context, by the slots of the program; the spec and its truth have been checked. `count`: its size in the corpus. */
  sizes(count: number | undefined): number[];
  /** Size of the largest training set, where it is not the largest sum over a generation's blocks. */
  largest?(sizes: readonly number[]): number;
}

export const drawn = (source: number, size = 0): Block => ({ source, size, mode: 'redrawn' });
export const fixed = (source: number, size = 0): Block => ({ source, size, mode: 'fixed' });
export const intoPool = (source: number, size = 0): Block => ({ source, size, mode: 'into-pool' });
export const kept = (source: number, size = 0): Block => ({ source, size, mode: 'kept' });

/** A size of the spec for one context. */
export function resolve(size: Size, count: number | undefined): number {
  return size === 'corpus' ? (count ?? 0) : size;
}

export function program(generations: Block[][], sizeSlots: number, lookBack = 1): Program {
  const blocks = generations.flat();
  const pool = blocks.some(({ source }) => source === MIXTURE)
    ? 'all'
    : blocks.some(({ mode }) => mode === 'into-pool')
      ? 'blocks'
      : 'none';
  return { generations, sizeSlots, lookBack, pool };
}
