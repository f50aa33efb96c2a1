/** A part of a sweep's blocks: for clusters that start the same command many times. */
import { inputError } from '../errors.js';

export interface Shard {
  /** From 0. */
  index: number;
  count: number;
  /** Where the index comes from, if not from the option. */
  from?: string;
}

const ALLOWED = 'I/N with I from 0 to N-1, or N with I in SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX';
const MOST_SHARDS = 100_000;

/**
 * The shard that the option or the scheduler names: `i/N`; `N`, with i from the scheduler; or, without an option, the task
 * of a Slurm array of more than one (i counted from the array's first task).
 * @throws InputError for anything else
 */
export function readShard(option: string | undefined, environment: Readonly<Record<string, string | undefined>>): Shard | undefined {
  const task = scheduled(environment);
  if (option === undefined)
    return task?.count !== undefined && task.count > 1 ? checked({ ...task, count: task.count }, option) : undefined;
  const explicit = /^(\d{1,9})\/(\d{1,9})$/.exec(option.trim());
  if (explicit) return checked({ index: Number(explicit[1]), count: Number(explicit[2]) }, option);
  const count = /^(?:auto\/)?(\d{1,9})$/.exec(option.trim());
  if (!count || !task) throw inputError('--shard', option, ALLOWED);
  return checked({ ...task, count: Number(count[1]) }, option);
}

/** Whether a block is a shard's. Blocks are numbered through the sweep; the turn keeps a shard from getting every time the same value of a field. */
export function inShard(block: number, { index, count }: Shard): boolean {
  return (block + Math.floor(block / count)) % count === index;
}

function scheduled(environment: Readonly<Record<string, string | undefined>>): { index: number; count?: number; from: string } | undefined {
  const number = (name: string) => {
    const text = environment[name];
    return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
  };
  const task = number('SLURM_ARRAY_TASK_ID');
  if (task !== undefined) {
    const step = number('SLURM_ARRAY_TASK_STEP') || 1;
    const index = Math.floor((task - (number('SLURM_ARRAY_TASK_MIN') ?? 0)) / step);
    return { index, count: number('SLURM_ARRAY_TASK_COUNT'), from: 'SLURM_ARRAY_TASK_ID' };
  }
  const index = number('JOB_COMPLETION_INDEX');
  return index === undefined ? undefined : { index, from: 'JOB_COMPLETION_INDEX' };
}

function checked(shard: Shard, option: string | undefined): Shard {
  const { index, count, from } = shard;
  if (count >= 1 && count <= MOST_SHARDS && index >= 0 && index < count) return shard;
  throw inputError(from ? `${from} with --shard` : '--shard', from ? `${index} of ${count}` : option, ALLOWED);
}
