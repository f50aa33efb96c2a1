import type { Result } from '../../engine/result.js';
import { inputError } from '../../errors.js';
import type { RunPlan } from '../../sweep/kept-run.js';
import { Interrupted, interruptible } from '../interrupt.js';
import { note, print, printJson } from '../print.js';
import { progressDisplay } from '../progress.js';
import type { RunOptions } from '../run.js';
import { compareWithEarlier, type Job, loadJobs } from './jobs.js';
import { drawChart, jobFolder, prepareFolders, recordRun } from './output.js';

/** `run SPEC...`: everything that can be wrong with the arguments is found before the first spec runs, and before any folder is made. */
export async function run(specs: readonly string[], options: RunOptions): Promise<void> {
  if (options.resume && options.out === undefined) throw inputError('--resume', undefined, 'together with --out DIR');
  if (options.resume && options.overwrite) throw inputError('--resume', undefined, 'without --overwrite, which begins again');
  const jobs = await loadJobs(specs, options);
  await interruptible(async (signal) => {
    if (options.estimate) return (await import('./estimate-command.js')).printEstimates(jobs, options, signal);
    return runAll(await checkJobs(jobs, options, signal), options, signal);
  });
}

/** A job whose files go to a folder. */
interface Kept {
  dir: string;
  plan: RunPlan;
  /** What an earlier process has finished there. */
  finished?: Result;
}
type CheckedJob = Job & { kept?: Kept };

/** The checks that need more than the spec: backend, texts, memory, folders. A single spec without files finds out when it runs. */
async function checkJobs(jobs: readonly Job[], options: RunOptions, signal: AbortSignal): Promise<CheckedJob[]> {
  const { out, backend } = options;
  if (jobs.length === 1 && out === undefined) return [...jobs];
  const [{ checkThreads, prepare }, { lookForRun, planRun }] = await Promise.all([
    import('../../engine/prepare.js'),
    import('../../sweep/kept-run.js'),
  ]);
  const checked: CheckedJob[] = [];
  for (const job of jobs) {
    const plan = planRun(job.spec, await prepare(job.spec, checkThreads(options.threads), backend, signal));
    const dir = out === undefined ? undefined : jobFolder(out, job, jobs);
    const kept = dir === undefined ? {} : { kept: { dir, plan, finished: await lookForRun(dir, plan, options) } };
    checked.push({ ...job, ...kept });
  }
  if (out !== undefined) await prepareFolders(out, jobs, options);
  return checked;
}

async function runAll(jobs: readonly CheckedJob[], options: RunOptions, signal: AbortSignal): Promise<void> {
  const finished: { label: string; result: Result }[] = [];
  const several = jobs.length > 1;
  try {
    for (const job of jobs) {
      const result = await runJob(job, options, signal);
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

async function runJob(job: CheckedJob, options: RunOptions, signal: AbortSignal): Promise<Result> {
  signal.throwIfAborted();
  const { kept } = job;
  if (kept?.finished) {
    await (await import('../../sweep/kept-run.js')).forgetRun(kept.dir);
    note(`${job.label}: was finished before`);
    return kept.finished;
  }
  const { simulate } = await import('../../engine/simulate.js');
  const display = progressDisplay(job.label);
  const onAbort = () => note(`${job.label}: saving what was simulated; interrupt again to stop now`);
  if (kept && options.checkpointEvery !== 0) signal.addEventListener('abort', onAbort, { once: true });
  const settings = {
    backend: options.backend,
    threads: options.threads,
    signal,
    onProgress: (progress: { fraction: number; replicates: number; ofReplicates: number }) =>
      display.update(progress.fraction, `${progress.replicates} of ${progress.ofReplicates} replicates`),
  };
  try {
    const keep = { ...options, checkpointSeconds: options.checkpointEvery, onNote: (text: string) => note(`${job.label}: ${text}`) };
    const result = kept
      ? await (await import('../../sweep/kept-run.js')).keepRun(kept.dir, kept.plan, keep, (checkpoints) =>
          recordRun(kept.dir, options, job.spec, (taking) => simulate(job.spec, { ...settings, ...taking, checkpoints })),
        )
      : await simulate(job.spec, settings);
    display.stop();
    tellNotes(job, result);
    return result;
  } finally {
    display.stop();
    signal.removeEventListener('abort', onAbort);
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

function tellWhatIsKept(jobs: readonly CheckedJob[], done: number, { out, checkpointEvery }: RunOptions): void {
  const unfinished = jobs[done]?.label ?? '';
  const kept = jobs.slice(0, done).flatMap((job) => job.kept?.dir ?? []);
  const partly = checkpointEvery === 0 ? ', its tables were removed' : '; what was simulated is kept: go on with --resume';
  note(`${unfinished}: not finished${out === undefined ? '' : partly}${kept.length > 0 ? `; finished: ${kept.join(', ')}` : ''}`);
}
