import { writeFile } from 'node:fs/promises';
import type { Num, Result } from '../engine/result.js';
import { csvLine } from './csv.js';
import { batched, jsonPieces } from './json.js';
import { StagedFolder } from './staged.js';

/** The files that describe a result beside its tables. */
export const RESULT_FILES = ['summary.csv', 'provenance.json', 'result.json'] as const;

/** Writes `summary.csv`, `provenance.json` and `result.json` under temporary names; they appear when the folder is committed. */
export async function stageResult(folder: StagedFolder, result: Result): Promise<void> {
  await writeFile(folder.stage('summary.csv'), batched(summaryLines(result)));
  await writeFile(folder.stage('provenance.json'), `${JSON.stringify({ ...result.provenance, digest: result.digest }, null, 2)}\n`);
  await writeFile(folder.stage('result.json'), batched(jsonPieces(result)));
}

/** Writes the three files of a result into an existing folder, replacing earlier ones. */
export async function writeResult(dir: string, result: Result): Promise<void> {
  const folder = new StagedFolder(dir);
  try {
    await stageResult(folder, result);
    await folder.commit();
  } finally {
    await folder.discard();
  }
}

/** The summaries as a long table: generation, metric, mean, standard_error, one column q... per quantile. */
function* summaryLines(result: Result): Generator<string> {
  const probabilities = quantileKeys(result);
  yield csvLine(['generation', 'metric', 'mean', 'standard_error', ...probabilities.map((p) => `q${p}`)]);
  for (const [metric, summary] of Object.entries(result.metrics)) {
    for (const [i, generation] of result.generation.entries()) {
      const quantiles = probabilities.map((p) => summary.quantiles[p]?.[i]);
      yield csvLine([generation, metric, summary.mean[i], summary.standardError[i], ...quantiles]);
    }
  }
  const { contexts } = result;
  if (!contexts) return;
  const empty = probabilities.map((): Num => null);
  for (const [i, generation] of result.generation.entries()) {
    yield csvLine([generation, 'contexts-collapsed', contexts.collapsed[i], contexts.standardError[i], ...empty]);
  }
}

function quantileKeys(result: Result): string[] {
  const keys = new Set(Object.values(result.metrics).flatMap((summary) => Object.keys(summary.quantiles)));
  return [...keys].sort((a, b) => Number(a) - Number(b));
}
