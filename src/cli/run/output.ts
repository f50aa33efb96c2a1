import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result, SimulateOptions } from '../../engine/result.js';
import { prepareOutput } from '../../results/output.js';
import { ReplicateWriter, replicateFiles } from '../../results/replicates.js';
import { SampleWriter, sampleFiles } from '../../results/samples.js';
import { StagedFolder } from '../../results/staged.js';
import { TABLE_FORMATS } from '../../results/table.js';
import { RESULT_FILES, stageResult } from '../../results/write-result.js';
import { note } from '../print.js';
import type { RunOptions } from '../run.js';
import { CHART, CHART_FILES, type Job } from './jobs.js';

/** Where a job's files go: DIR itself for one spec, a folder of its own in DIR for several. */
export function jobFolder(out: string, job: Job, jobs: readonly Job[]): string {
  return jobs.length === 1 ? out : join(out, job.label);
}

/**
 * Checks and creates all folders before the first spec runs. Tables of either format count as an earlier result,
 * so that a folder never holds tables of two runs.
 * @throws InputError
 */
export async function prepareFolders(out: string, jobs: readonly Job[], { overwrite, resume }: RunOptions): Promise<void> {
  const tables = TABLE_FORMATS.flatMap((format) => Object.values(replicateFiles(format)));
  const replace = overwrite || resume; // what a killed process has left
  await prepareOutput(out, { overwrite: replace, files: CHART_FILES });
  for (const job of jobs) {
    const dir = jobFolder(out, job, jobs);
    await prepareOutput(dir, { overwrite: replace, files: [...tables, ...RESULT_FILES, ...(await sampleFiles(dir))] });
  }
}

/**
 * Runs `work` with its raw results going to tables in `dir`: all tables appear at the end, or none. Texts to be read appear as they
 * are written, and stay.
 */
export async function recordRun(
  dir: string,
  { format }: Pick<RunOptions, 'format'>,
  { generations, maxGenerations }: Job['spec'],
  work: (taking: Pick<SimulateOptions, 'onChains' | 'onSamples'>) => Promise<Result>,
): Promise<Result> {
  const folder = new StagedFolder(dir);
  const writer = new ReplicateWriter(folder, { format });
  const last = Array.isArray(generations)
    ? Math.max(...generations)
    : typeof generations === 'number'
      ? generations
      : (maxGenerations ?? 0);
  const samples = new SampleWriter(dir, last);
  try {
    const result = await work({ onChains: (batch) => writer.write(batch), onSamples: (texts) => samples.write(texts) });
    await writer.finish();
    await stageResult(folder, result);
    await samples.finish();
    await folder.commit();
    await removeOtherFormats(dir, format);
    return result;
  } catch (error) {
    const kept = samples.kept();
    if (kept !== undefined) note(`kept: ${kept}`);
    throw inFolder(dir, error);
  } finally {
    await writer.abort();
    await folder.discard();
  }
}

const FULL: Record<string, string> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'a file would be larger than is allowed',
};

/** An error of the file system says what happened, but not where. */
function inFolder(dir: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = FULL[code ?? ''];
  return reason === undefined ? error : new Error(`the result could not be written to ${dir}: ${reason} (${message})`, { cause: error });
}

/** After --overwrite: the tables of the earlier result, where they were in another format. */
async function removeOtherFormats(dir: string, format: RunOptions['format']): Promise<void> {
  for (const other of TABLE_FORMATS) {
    if (other === format) continue;
    for (const name of Object.values(replicateFiles(other))) await rm(join(dir, name), { force: true });
  }
}

/** One chart of all results. Without the optional chart packages it is left out, which a note says. */
export async function drawChart(out: string, results: { label: string; result: Result }[]): Promise<void> {
  try {
    const [{ runChart }, { renderChart }] = await Promise.all([import('../../figures/run-chart.js'), import('../../figures/render.js')]);
    await renderChart(runChart(results), join(out, CHART));
  } catch (error) {
    note(`no chart: ${(error as Error).message}`);
  }
}
