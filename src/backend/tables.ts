/** Tables that every backend derives from a job in the same way, once a job. */
import { log } from '../generated/javascript/math.js';
import { remembered } from '../remembered.js';
import { aliasColumns, aliasTable } from './alias.js';
import type { Block, JobContexts, Program } from './job.js';

export interface ProgramTables {
  /** Per generation: first block, number of blocks. */
  lines: Int32Array;
  /** Per block: source, size, mode, last source. */
  blocks: Int32Array;
  /** Per block: weight of each sample. */
  blockWeights: Float64Array;
}

export interface ContextTables {
  /** Per token: log p, and the sum of p from here to the context's end. */
  logP: Float64Array;
  suffix: Float64Array;
  /** The contexts' alias tables, one after the other: threshold and alias of each column. */
  cells: Uint32Array;
  /** First column of each context, and the end of the last. */
  cellStarts: Int32Array;
}

/** Numbers of the modes in the kernels (assembly/layout.ts). */
const modes: readonly Block['mode'][] = ['redrawn', 'fixed', 'into-pool', 'kept'];
/** Numbers of the kinds of pool. */
export const pools: readonly Program['pool'][] = ['none', 'all', 'blocks'];

/** A look-back that is farther than any generation. */
const FARTHEST = 2 ** 31 - 1;

export const programTables = remembered(({ generations }: Program): ProgramTables => {
  const lines = new Int32Array(2 * generations.length);
  const count = generations.reduce((sum, list) => sum + list.length, 0);
  const blocks = new Int32Array(4 * count);
  const blockWeights = new Float64Array(count);
  let next = 0;
  generations.forEach((list, m) => {
    lines[2 * m] = next;
    lines[2 * m + 1] = list.length;
    for (const { source, size, mode, through = source, weight = 1 } of list) {
      blocks.set([source, size, modes.indexOf(mode), Math.min(through, FARTHEST)], 4 * next);
      blockWeights[next++] = weight;
    }
  });
  return { lines, blocks, blockWeights };
});

export const contextTables = remembered(({ starts, p }: JobContexts): ContextTables => {
  const n = p.length;
  const logP = new Float64Array(n);
  for (let i = 0; i < n; i++) logP[i] = log(p[i]);
  const suffix = new Float64Array(n);
  const cellStarts = new Int32Array(starts.length);
  for (let j = 1; j < starts.length; j++) cellStarts[j] = cellStarts[j - 1] + aliasColumns(starts[j] - starts[j - 1]);
  const cells = new Uint32Array(2 * cellStarts[starts.length - 1]);
  for (let j = 1; j < starts.length; j++) {
    const [start, end] = [starts[j - 1], starts[j]];
    let mass = 0;
    for (let i = end - 1; i >= start; i--) suffix[i] = mass += p[i];
    aliasTable(p.subarray(start, end), cells.subarray(2 * cellStarts[j - 1], 2 * cellStarts[j]));
  }
  return { logP, suffix, cells, cellStarts };
});
