import { checkThreads, kernelBytes, prepare } from '../../engine/prepare.js';
import { formatBytes, formatSeconds } from '../format.js';
import { print, printJson } from '../print.js';
import type { RunOptions } from '../run.js';
import { type Estimate, estimate } from './estimate.js';
import type { Job } from './jobs.js';

/**
 * `run --estimate`: time and memory of every spec, without running any.
 * @throws InputError for what `run` would refuse
 */
export async function printEstimates(jobs: readonly Job[], options: RunOptions, signal: AbortSignal): Promise<void> {
  const threads = checkThreads(options.threads);
  const estimates: Estimate[] = [];
  for (const { spec } of jobs) {
    const { selection, truth, job, shape } = await prepare(spec, threads, options.backend, signal);
    const cost = estimate(spec, job, truth, { backend: selection.name, threads });
    // The models of other families are small.
    const models = job.family === 'ngram' ? shape.threads * kernelBytes(shape, selection.name) + job.ngram.corpus.byteLength : 0;
    estimates.push({ ...cost, memoryBytes: cost.memoryBytes + models });
  }
  if (options.json) return printJson(jobs.length === 1 ? estimates[0] : estimates);
  return print(jobs.map(({ label }, i) => `${label}: ${describe(estimates[i])}`).join('\n'));
}

function describe({ generations, chains, values, seconds, memoryBytes, backend, threads }: Estimate): string {
  const count = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  return [
    `about ${formatSeconds(seconds)} and ${formatBytes(memoryBytes)} of memory on ${backend} with ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    `(${count(generations)} generations in ${count(chains)} chains, ${count(values)} numbers)`,
  ].join(' ');
}
