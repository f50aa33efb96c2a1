/** Runs experiments and writes their figures and the report. */

import { join } from 'node:path';
import { machine, version } from '#platform';
import type { BackendName } from '../engine/result.js';
import { inputError } from '../errors.js';
import { loadChartTools } from '../figures/render.js';
import { type FigureReport, type Report, simulationReport } from '../figures/report.js';
import { makeFolder } from '../results/folder.js';
import { prepareOutput } from '../results/output.js';
import type { Experiment, Outcome } from './experiment.js';
import { corpusSet, defaultSet, findExperiments, fullSet, imageSet, textSet } from './registry.js';
import { keepRun, type Run } from './run.js';
import { figureFiles, reportFiles, writeFigure, writeReport } from './write.js';

export interface ReproduceOptions {
  /** Ids, short names or groups; default: the set that stays under two minutes on two cores. */
  figures?: readonly string[];
  /** The folder to write to; made if it is not there. */
  out: string;
  /** Every figure (where none is named), with ten times the runs. */
  full?: boolean;
  /** A text (plain or gzip-compressed UTF-8) for the figures that are drawn from one; where none is named, only these run. */
  corpus?: string;
  /** A folder with the MNIST test images and labels, for the figures that are drawn from them; where none is named, only these run. */
  mnist?: string;
  backend?: 'auto' | BackendName;
  /** Default: all cores. */
  threads?: number;
  /** Replace an earlier report in `out`. */
  overwrite?: boolean;
  /** Stops within 100 ms (the exact law of a large text: within a second); figures that are finished stay, with a report of them. */
  signal?: AbortSignal;
  onProgress?: (progress: ReproduceProgress) => void;
}

export interface ReproduceProgress {
  /** The figure being worked on, e.g. `seddik-2`, and what it is doing. */
  figure: string;
  step: string;
  /** Figures finished and asked for. */
  figures: number;
  ofFigures: number;
  /** Fraction of everything, in [0, 1]. */
  fraction: number;
  elapsedSeconds: number;
}

/** Runs of each simulation: the papers' number, and that of `full`. */
const replicates = { usual: 100, full: 1000 };

/**
 * Reproduces figures of papers: simulates, tests the claims, draws. Writes `out`/ID/ (data.csv, results.json, chart.vl.json, chart.svg,
 * chart.png, chart.html) for each figure and `out`/index.html, `out`/report.json, which are there and complete after every figure.
 * @throws InputError for an unknown figure, a text or images that are missing or cannot be used, a folder that cannot be written or that holds a report already, or bad options
 * @throws Error when a package that charts need is missing
 * @throws the signal's reason when it is aborted
 */
export async function reproduce(options: ReproduceOptions): Promise<Report> {
  const chosen = choose(options);
  for (const { readCorpus, readImages } of chosen) {
    if (readCorpus && options.corpus !== undefined) await readCorpus(options.corpus, options.signal);
    if (readImages && options.mnist !== undefined) await readImages(options.mnist);
  }
  await prepareOutput(options.out, {
    overwrite: options.overwrite,
    files: [...reportFiles, ...chosen.flatMap(({ id }) => figureFiles(id))],
  });
  await loadChartTools();
  const startedAt = new Date();
  const begin = performance.now();
  const figures: FigureReport[] = [];
  let report: Report | undefined;
  for (const experiment of chosen) {
    const figure = await one(experiment, options, { begin, done: figures.length, of: chosen.length });
    figures.push(figure);
    const complete = figures.length === chosen.length;
    report = assemble({
      version: version(),
      machine: machine(),
      out: options.out,
      startedAt: startedAt.toISOString(),
      durationSeconds: since(begin),
      figures,
      complete,
    });
    await writeReport(report);
  }
  return report as Report;
}

function choose({ figures = [], full, corpus, mnist }: ReproduceOptions): readonly Experiment[] {
  const given = [...(corpus === undefined ? [] : corpusSet), ...(mnist === undefined ? [] : imageSet)];
  if (figures.length === 0) return given.length > 0 ? given : full ? fullSet : defaultSet;
  const chosen = findExperiments(figures);
  const needing = chosen.filter((experiment) => textSet.includes(experiment));
  if (corpus === undefined && needing.length > 0)
    throw inputError('--corpus', corpus, `the path of a text, from which ${ids(needing)} is drawn`);
  if (corpus !== undefined && !chosen.some(({ readCorpus }) => readCorpus))
    throw inputError('--corpus', corpus, `with ${ids(corpusSet)} only, or without a figure`);
  if (mnist !== undefined && !chosen.some(({ readImages }) => readImages))
    throw inputError('--mnist', mnist, `with ${ids(imageSet)} only, or without a figure`);
  return chosen;
}

function ids(list: readonly Experiment[]): string {
  return list.map(({ id }) => id).join(', ');
}

interface Position {
  begin: number;
  /** Figures finished and asked for. */
  done: number;
  of: number;
}

async function one(experiment: Experiment, options: ReproduceOptions, position: Position): Promise<FigureReport> {
  const { backend, threads, signal } = options;
  const start = performance.now();
  let simulated = 0;
  const tell = (step: string, part: number) => {
    const { begin, done, of } = position;
    options.onProgress?.({
      figure: experiment.id,
      step,
      figures: done,
      ofFigures: of,
      fraction: (done + part) / of,
      elapsedSeconds: since(begin),
    });
  };
  /** Drawing takes about as long as simulating. */
  const share = (fraction: number) => (0.5 * (simulated + fraction)) / experiment.simulations;
  const outcome = await experiment.run({
    replicates: options.full ? replicates.full : replicates.usual,
    corpus: options.corpus,
    mnist: options.mnist,
    signal,
    simulate: async (label, spec, onChains): Promise<Run> => {
      signal?.throwIfAborted();
      tell(label, share(0));
      // Runs with one seed share their random numbers: a figure's simulations get one seed each, so that their verdicts
      // are independent.
      const seeded = { ...spec, seed: (spec.seed ?? 0) + simulated };
      const run = await keepRun(label, seeded, {
        backend,
        threads,
        signal,
        onChains,
        onProgress: ({ fraction }) => tell(label, share(fraction)),
      });
      simulated++;
      return run;
    },
  });
  signal?.throwIfAborted();
  tell('drawing', 0.5);
  const dir = join(options.out, experiment.id);
  await makeFolder(dir);
  const files = await writeFigure(dir, experiment, outcome);
  tell('done', 1);
  return figureReport(experiment, outcome, files, since(start));
}

function figureReport(
  { id, title, source }: Experiment,
  outcome: Outcome,
  files: FigureReport['files'],
  durationSeconds: number,
): FigureReport {
  const { caption, parameters, claims, results } = outcome;
  return {
    id,
    title,
    source,
    caption,
    parameters,
    claims,
    simulations: results.map(({ label, result }) => simulationReport(label, result)),
    files,
    durationSeconds,
  };
}

function assemble(report: Omit<Report, 'claims' | 'passed'>): Report {
  const claims = report.figures.flatMap((figure) => figure.claims);
  const hold = claims.filter(({ holds }) => holds).length;
  return { ...report, claims: { total: claims.length, hold }, passed: hold === claims.length };
}

function since(start: number): number {
  return (performance.now() - start) / 1000;
}
