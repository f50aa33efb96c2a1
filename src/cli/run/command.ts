import type { Result } from '../../engine/result.js';
import { Interrupted, interruptible } from '../interrupt.js';
import { note, print, printJson } from '../print.js';
import { progressDisplay } from '../progress.js';
import type { RunOptions } from '../run.js';
import { compareWithEarlier, type Job, loadJobs } from './jobs.js';
import { drawChart, jobFolder, prepareFolders, recordRun } from './output.js';

/** `run SPEC...`: everything that can be wrong with the arguments is found before the first spec runs, and before any folder is made. */
export async function run(specs: readonly string[], options: RunOptions): Promise<void> {
  const jobs = await loadJobs(specs, options);
  await interruptible(async (signal) => {
    if (options.estimate) return (await import('./estimate-command.js')).printEstimates(jobs, options, signal);
    await checkJobs(jobs, options, signal);
    if (options.out !== undefined) await prepareFolders(options.out, jobs, options);
    return runAll(jobs, options, signal);
  });
}

/** The checks that need more than the spec: backend, texts, memory. A single spec without files finds out when it runs. */
async function checkJobs(jobs: readonly Job[], options: RunOptions, signal: AbortSignal): Promise<void> {
  if (jobs.length === 1 && options.out === undefined) return;
  const { checkRun } = await import('../../engine/simulate.js');
  const { backend, threads } = options;
  for (const { spec } of jobs) await checkRun(spec, { backend, threads, signal });
}

async function runAll(jobs: readonly Job[], options: RunOptions, signal: AbortSignal): Promise<void> {
  const finished: { label: string; result: Result }[] = [];
  const several = jobs.length > 1;
  try {
    for (const job of jobs) {
      const result = await runJob(job, jobs, options, signal);
      finished.push({ label: job.label, result });
      if (!options.json) await printTable(job.label, result, several);
    }
  } catch (error) {
    if (several || error instanceof Interrupted) tellWhatIsKept(jobs, finished.length, options);
    if (options.json && several && finished.length > 0) await printJson(finished.map(({ result }) => result));
    throw error;
  }
  if (options.out !== undefined) await drawChart(options.out, finished);
  if (options.json) await printJson(several ? finished.map(({ result }) => result) : finished[0].result);
}

async function runJob(job: Job, jobs: readonly Job[], options: RunOptions, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { simulate } = await import('../../engine/simulate.js');
  const display = progressDisplay(job.label);
  const settings = {
    backend: options.backend,
    threads: options.threads,
    signal,
    onProgress: (progress: { fraction: number; replicates: number; ofReplicates: number }) =>
      display.update(progress.fraction, `${progress.replicates} of ${progress.ofReplicates} replicates`),
  };
  try {
    const dir = options.out === undefined ? undefined : jobFolder(options.out, job, jobs);
    const result =
      dir === undefined
        ? await simulate(job.spec, settings)
        : await recordRun(dir, options, job.spec, (taking) => simulate(job.spec, { ...settings, ...taking }));
    display.stop();
    tellNotes(job, result);
    return result;
  } finally {
    display.stop();
  }
}

function tellNotes({ label, earlier }: Job, result: Result): void {
  const { refused, backend, corpus } = result.provenance;
  for (const [name, reason] of Object.entries(refused ?? {})) note(`${label}: ran on ${backend}; ${name} was not used: ${reason}`);
  if (earlier) for (const text of compareWithEarlier(earlier, result.digest, corpus?.sha256)) note(`${label}: ${text}`);
}

async function printTable(label: string, result: Result, several: boolean): Promise<void> {
  const { resultTable } = await import('./table.js');
  await print(resultTable(label, result) + (several ? '\n' : ''));
}

function tellWhatIsKept(jobs: readonly Job[], done: number, { out }: RunOptions): void {
  const unfinished = jobs[done]?.label ?? '';
  const kept = out === undefined ? [] : jobs.slice(0, done).map((job) => jobFolder(out, job, jobs));
  const files = out === undefined ? '' : ', its tables were removed';
  note(`${unfinished}: not finished${files}${kept.length > 0 ? `; kept: ${kept.join(', ')}` : ''}`);
}
