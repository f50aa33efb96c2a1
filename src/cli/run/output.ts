import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainBatch, Result } from '../../engine/result.js';
import { prepareOutput } from '../../results/output.js';
import { ReplicateWriter, replicateFiles } from '../../results/replicates.js';
import { writeSamples } from '../../results/samples.js';
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
  for (const job of jobs) await prepareOutput(jobFolder(out, job, jobs), { overwrite: replace, files: [...tables, ...RESULT_FILES] });
}

/** Runs `work` with its raw results going to tables in `dir`; all files appear at the end, or none. */
export async function recordRun(
  dir: string,
  { format }: RunOptions,
  work: (onChains: (batch: ChainBatch) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const folder = new StagedFolder(dir);
  const writer = new ReplicateWriter(folder, { format });
  try {
    const result = await work((batch) => writer.write(batch));
    await writer.finish();
    await stageResult(folder, result);
    await writeSamples(dir, result.samples ?? []);
    await folder.commit();
    await removeOtherFormats(dir, format);
    return result;
  } finally {
    await writer.abort();
    await folder.discard();
  }
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
