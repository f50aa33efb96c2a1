// What a program means: the samples of every training set, one line for each source, written out.
import type { Block, Program } from '../../dist/backend/job.js';
import { scheduleProgram } from '../../dist/schedules/registry.js';
import type { SampleSchedule } from '../../dist/spec/schedule.js';

/** One source of a training set: `size` samples of model `from` (0: the truth), drawn in generation `drawn`. */
export interface Share {
  from: number;
  size: number;
  /** Generation in which the samples were drawn: what two sets with the same samples have in common. */
  drawn: number;
  weight: number;
}

/** The training sets of generations 1 ... last, each in a fixed order. */
export function trainingSets(schedule: SampleSchedule, last: number): Share[][] {
  const { program, sizes } = scheduleProgram(schedule, last);
  return expand(program, sizes(undefined), last);
}

function expand({ generations }: Program, sizes: readonly number[], last: number): Share[][] {
  const sets: Share[][] = [];
  const pool: Share[] = [];
  const batches = new Map<number, Share>();
  for (let m = 1; m <= last; m++) {
    const set: Share[] = [];
    for (const block of generations[Math.min(m, generations.length) - 1]) {
      for (const from of modelsOf(block, m)) {
        const fresh = { from, size: sizes[block.size], drawn: m, weight: block.weight ?? 1 };
        if (block.mode === 'into-pool') pool.push({ ...fresh, weight: 1 });
        else if (block.mode === 'redrawn') set.push(fresh);
        else if (block.mode === 'kept') {
          if (!batches.has(from)) batches.set(from, fresh);
          set.push(batches.get(from)!);
        } else if (block.source === -2) set.push(...pool.map((share) => ({ ...share, weight: block.weight ?? 1 })));
        else
          set.push(
            ...sets[block.source === 0 ? 0 : m - block.source - 1].map((share) => ({ ...share, weight: block.weight ?? share.weight })),
          );
      }
    }
    sets.push(set.sort((a, b) => a.from - b.from || a.drawn - b.drawn || a.size - b.size));
  }
  return sets;
}

/** The models of a block that there are in generation m; the truth and the pool are themselves. */
function modelsOf({ source, through = source }: Block, m: number): number[] {
  if (source <= 0) return [source];
  const models: number[] = [];
  for (let back = source; back <= Math.min(through, m - 1); back++) models.push(m - back);
  return models;
}
