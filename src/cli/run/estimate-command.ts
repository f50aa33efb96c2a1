import { availableParallelism } from 'node:os';
import { backendStatus } from '../../backend/select.js';
import type { BackendName } from '../../engine/result.js';
import { resolveTruth } from '../../models/categorical.js';
import { formatBytes, formatSeconds } from '../format.js';
import { print, printJson } from '../print.js';
import type { RunOptions } from '../run.js';
import { type Estimate, estimate } from './estimate.js';
import type { Job } from './jobs.js';

/** `run --estimate`: time and memory of every spec, without running any. */
export async function printEstimates(jobs: readonly Job[], options: RunOptions): Promise<void> {
  const on = { backend: await likelyBackend(options.backend), threads: options.threads ?? availableParallelism() };
  const estimates: Estimate[] = [];
  for (const { spec } of jobs) estimates.push(estimate(spec, await resolveTruth(spec), on));
  if (options.json) return printJson(jobs.length === 1 ? estimates[0] : estimates);
  return print(jobs.map(({ label }, i) => `${label}: ${describe(estimates[i])}`).join('\n'));
}

async function likelyBackend(choice: RunOptions['backend']): Promise<BackendName> {
  if (choice !== 'auto') return choice;
  return (await backendStatus()).find(({ available }) => available)?.name ?? 'javascript';
}

function describe({ generations, chains, values, seconds, memoryBytes, backend, threads }: Estimate): string {
  const count = (value: number) => Number(value.toPrecision(3)).toLocaleString('en');
  return [
    `about ${formatSeconds(seconds)} and ${formatBytes(memoryBytes)} of memory on ${backend} with ${threads} ${threads === 1 ? 'thread' : 'threads'}`,
    `(${count(generations)} generations in ${count(chains)} chains, ${count(values)} numbers)`,
  ].join(' ');
}
