/** The files of a figure and of the report; each set appears whole or not at all. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { interactivePage, pageScripts, stageScripts } from '../figures/interactive-page.js';
import { stageChart } from '../figures/render.js';
import { type FigureReport, type Report, reportHtml } from '../figures/report.js';
import { csvLine } from '../results/csv.js';
import { StagedFolder } from '../results/staged.js';
import type { DataTable, Experiment, Outcome } from './experiment.js';

/** Files of the report, in the output folder. */
export const reportFiles = ['index.html', 'report.json', ...pageScripts] as const;

const names = {
  svg: 'chart.svg',
  png: 'chart.png',
  page: 'chart.html',
  spec: 'chart.vl.json',
  data: 'data.csv',
  results: 'results.json',
} as const;

/** Files of one figure, relative to the output folder. */
export function figureFiles(id: string): string[] {
  return Object.values(names).map((name) => `${id}/${name}`);
}

/** Writes a figure's files into its folder, replacing earlier ones. Returns their paths relative to the report. */
export async function writeFigure(dir: string, { id, title }: Experiment, outcome: Outcome): Promise<FigureReport['files']> {
  const folder = new StagedFolder(dir);
  try {
    await writeTable(folder.stage(names.data), outcome.data);
    await writeFile(folder.stage(names.results), `${JSON.stringify(outcome.results)}\n`);
    await stageChart(outcome.chart, folder, 'chart');
    await writeFile(folder.stage(names.page), interactivePage(outcome.chart, { title, caption: outcome.caption }));
    await folder.commit();
  } finally {
    await folder.discard();
  }
  return Object.fromEntries(Object.entries(names).map(([key, name]) => [key, `${id}/${name}`])) as FigureReport['files'];
}

/** Writes index.html, report.json and the scripts of the interactive charts into the report's folder, replacing earlier ones. */
export async function writeReport(report: Report): Promise<void> {
  const folder = new StagedFolder(report.out);
  const { out: _, ...portable } = report;
  try {
    await writeFile(folder.stage('report.json'), `${JSON.stringify(portable, null, 2)}\n`);
    await stageScripts(folder);
    await writeFile(folder.stage('index.html'), reportHtml(report));
    await folder.commit();
  } finally {
    await folder.discard();
  }
}

const linesPerChunk = 4096;

async function writeTable(path: string, { columns, rows }: DataTable): Promise<void> {
  const stream = createWriteStream(path);
  const done = finished(stream);
  // A failure is reported where `done` is awaited.
  done.catch(() => undefined);
  let chunk = [csvLine(columns)];
  const flush = async () => {
    if (!stream.write(chunk.join(''))) await Promise.race([once(stream, 'drain'), done]);
    chunk = [];
  };
  for (const row of rows) {
    chunk.push(csvLine(row));
    if (chunk.length >= linesPerChunk) await flush();
  }
  await flush();
  stream.end();
  await done;
}
