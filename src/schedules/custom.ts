/** The compiler of custom schedules: a rule or a table to a program for the kernels. */
import { type Block, POOL, type Program, TRUTH } from '../backend/job.js';
import { inputError } from '../errors.js';
import { type CustomRule, type CustomTable, customRange, type Source } from '../spec/custom.js';
import { drawn, fixed, intoPool, kept, MOST_BLOCKS, program, resolve, type ScheduleProgram } from './blocks.js';

/** The program of a custom schedule for generations 1 ... `lastGeneration`. */
export function custom(schedule: CustomRule | CustomTable, lastGeneration: number): ScheduleProgram {
  return 'table' in schedule ? tableProgram(schedule, lastGeneration) : ruleProgram(schedule, lastGeneration);
}

/** One size slot for each source, in order, and one more for `first`. */
function ruleProgram(rule: CustomRule, lastGeneration: number): ScheduleProgram {
  const { sources, first } = rule;
  const slots = first === undefined ? sources.map(({ size }) => size) : [...sources.map(({ size }) => size), first];
  const oldest = lastGeneration - 1;
  const real = sources.flatMap((source, slot) => (source.from === 'real' ? [{ draw: source.draw, weight: source.weight, slot }] : []));
  // A fixed batch that generation 1 trains on alone is that training set; beside other samples it needs a place of its own.
  const alone = real.length === 1;
  const begin = real.map(({ draw, weight, slot }) => weighed((draw === 'fixed' && !alone ? kept : drawn)(TRUTH, slot), weight));
  const generations: Block[][] = [first === undefined ? begin : [drawn(TRUTH, sources.length)]];
  const deepest = sources.reduce(
    (most, source) => (source.from === 'model' && source.back <= oldest ? Math.max(most, source.back) : most),
    1,
  );
  if (deepest * sources.length > MOST_BLOCKS) {
    const allowed = `at most ${Math.floor(MOST_BLOCKS / sources.length)} with so many sources (the schedule is a table)`;
    throw inputError('schedule.sources: back', deepest, allowed);
  }
  for (let m = 2; m <= Math.min(deepest + 1, lastGeneration); m++) {
    generations.push(sources.flatMap((source, slot) => blocksOf(source, slot, m, oldest, alone)));
  }
  return {
    program: program(generations, slots.length, lookBackOf(generations)),
    sizes: (count) => slots.map((size) => resolve(size, count)),
    largest: (sizes) => {
      const resolved = { ...rule, sources: sources.map((source, i) => ({ ...source, size: sizes[i] })) };
      return customRange(first === undefined ? resolved : { ...resolved, first: sizes[sources.length] }, lastGeneration).largest;
    },
  };
}

/** What a source gives generation m >= 2. `oldest`: the longest way back to a model that any generation has. */
function blocksOf(source: Source, slot: number, m: number, oldest: number, alone: boolean): Block[] {
  switch (source.from) {
    case 'real': {
      const block = source.draw === 'fresh' ? drawn : alone ? fixed : kept;
      return [weighed(block(TRUTH, slot), source.weight)];
    }
    // A model meets such a source once only, so that its kept batch is new as well.
    case 'model':
      return source.back < m ? [weighed(drawn(source.back, slot), source.weight)] : [];
    case 'last': {
      const block = (source.draw === 'kept' ? kept : drawn)(1, slot);
      return [weighed(through(block, Math.min(source.window, oldest)), source.weight)];
    }
    case 'past':
      // All kept batches so far are the pool: a new one a generation, and no look-back.
      if (source.draw === 'kept') return [intoPool(1, slot), weighed(fixed(POOL, slot), source.weight)];
      return [weighed(through(drawn(1, slot), oldest), source.weight)];
  }
}

function weighed(block: Block, weight: number): Block {
  return weight === 1 ? block : { ...block, weight };
}

function through(block: Block, last: number): Block {
  return last > block.source ? { ...block, through: last } : block;
}

function lookBackOf(generations: readonly Block[][]): number {
  let longest = 1;
  for (const blocks of generations) for (const { source, through = source } of blocks) longest = Math.max(longest, through);
  return longest;
}

/** One size slot for each different size. */
function tableProgram({ table, real, synthetic }: CustomTable, lastGeneration: number): ScheduleProgram {
  const sizes: number[] = [];
  const slotOf = new Map<number, number>();
  const slot = (size: number) => {
    const known = slotOf.get(size) ?? sizes.push(size) - 1;
    slotOf.set(size, known);
    return known;
  };
  const realBlock = real === 'fixed' ? fixed : drawn;
  const modelBlock = synthetic === 'kept' ? kept : drawn;
  // The first row is drawn, and the same samples where it repeats.
  const rows = table.length === 1 ? [table[0], table[0]] : table;
  const generations = rows.slice(0, lastGeneration).map((row, i) =>
    row.flatMap((size, t) => {
      if (size === 0) return [];
      if (t === 0) return [(i === 0 ? drawn : realBlock)(TRUTH, slot(size))];
      return [modelBlock(row.length - t, slot(size))];
    }),
  );
  const compiled: Program = program(generations, sizes.length, lookBackOf(generations));
  return { program: compiled, sizes: () => [...sizes] };
}
