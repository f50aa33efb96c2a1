/** Everything that comes before the first draw: checks, backend, truth, job, and how the job is cut. */
import { cores, memoryBytes } from '#platform';
import { arenaBytes } from '../backend/arena.js';
import type { Job } from '../backend/job.js';
import type { Shape } from '../backend/kernel.js';
import { type BackendChoice, type BackendName, INLINE_WORK, type Selection, selectBackend } from '../backend/select.js';
import { inputError } from '../errors.js';
import { LARGEST_ROW } from '../generated/javascript/layout.js';
import { PLAIN } from '../generated/javascript/sampling.js';
import type { Spec } from '../spec/spec.js';
import { type Resolved, resolveSpec } from './resolve.js';
import { planSlices } from './slices.js';

/** Addresses in an arena are 31 bits. */
const LARGEST_ARENA = 2 ** 31 - 65536;
/** Share of the machine's memory that arenas may take. */
const MEMORY_SHARE = 0.8;
/** Of the upper bound that an arena of language models is sized by: measured with 10^8 tokens at order 3. */
const NATIVE_SHARE = 0.7;
const MOST_THREADS = 1024;

export interface Prepared extends Resolved {
  selection: Selection;
  /** How the job is cut; `threads`: as many as asked for, but no more than slices. */
  shape: Shape & { threads: number };
  /** Whether the job is so small that it runs in this thread. */
  inline: boolean;
}

/** About how many look-ups some replicates of a job take. */
export function workOf(job: Job, replicates: number): number {
  const generations = job.untilCollapse ? 2 * (job.sizes[0] ?? 1) : job.lastGeneration;
  return replicates * job.contextCount * generations * job.generationCost;
}

/**
 * Whether a job runs in this thread. Portable kernels stop for others there; native ones only when they are done, or have filled their room,
 * so that of these only jobs run here whose work has a bound: at most 512 samples of the last model, which chains lose quickly.
 */
function runsHere(job: Job, replicates: number, backend: BackendName): boolean {
  if (backend !== 'native') return workOf(job, replicates) < INLINE_WORK[backend];
  if (job.family !== 'categorical' || job.weighted || job.rule !== PLAIN) return false;
  const last = job.program.generations.at(-1) ?? [];
  const largest = job.sizes.reduce((most, n) => Math.max(most, n), 1);
  if (last.length !== 1 || last[0].source !== 1 || largest > LARGEST_ROW) return false;
  const generations = Math.min(job.lastGeneration, job.untilCollapse ? 2 * largest : Number.POSITIVE_INFINITY);
  return replicates * job.contextCount * generations * job.ringCapacity * (job.metrics.length / 2) < INLINE_WORK.native;
}

/** @throws InputError unless threads is undefined (all cores) or a whole number from 1 to 1024. */
export function checkThreads(threads: number | undefined): number {
  if (threads === undefined) return cores();
  const fine = Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS;
  if (!fine) throw inputError('threads', threads, `a whole number from 1 to ${MOST_THREADS}`);
  return threads;
}

/** @throws InputError for a backend that can't be had, a text that can't be read, or a spec too large for the memory. */
export async function prepare(spec: Spec, threads: number, backend?: BackendChoice, signal?: AbortSignal): Promise<Prepared> {
  const selection = await selectBackend(backend);
  const resolved = await resolveSpec(spec, signal);
  const inline = runsHere(resolved.job, spec.replicates, selection.name);
  return { selection, ...resolved, inline, shape: fitShape(resolved.job, spec, inline ? 1 : threads, selection.name) };
}

/** The native kernel of language models takes memory as it needs it. */
function takesArena(job: Job, backend: BackendName): boolean {
  return job.family !== 'ngram' || backend !== 'native';
}

/** Bytes of memory that one thread needs, about. */
export function kernelBytes(shape: Shape, backend: BackendName): number {
  return Math.round(arenaBytes(shape) * (takesArena(shape.job, backend) ? 1 : NATIVE_SHARE));
}

/**
 * How a job is cut for so many threads.
 * @param spec with the replicates of one block, where it is run by blocks
 * @param beside how many jobs of this size share the memory
 * @throws InputError for a job too large for the memory
 */
export function fitShape(
  job: Job,
  spec: Pick<Spec, 'replicates' | 'metrics'>,
  threads: number,
  backend: BackendName,
  beside = 1,
): Prepared['shape'] {
  const rows = job.report?.length ?? (job.untilCollapse ? undefined : job.lastGeneration);
  const plan = planSlices(spec.replicates, job.contextCount, rows, spec.metrics.length, threads);
  const slices = Math.ceil((spec.replicates * job.contextCount) / plan.chainsPerSlice);
  const shape = { job, ...plan, threads: Math.min(threads, slices) };
  const bytes = kernelBytes(shape, backend);
  const memory = (MEMORY_SHARE * memoryBytes()) / (shape.threads * beside);
  const most = takesArena(job, backend) ? Math.min(LARGEST_ARENA, memory) : memory;
  if (bytes <= most) return shape;
  const megabytes = (value: number) => `${Math.ceil(value / 2 ** 20)} MB`;
  throw inputError(
    'memory of the spec',
    `${megabytes(bytes)} a thread`,
    `at most ${megabytes(most)}; ${job.family === 'categorical' ? 'fewer tokens, contexts or a smaller window' : 'fewer dimensions, samples or generations to look back at'}`,
  );
}
