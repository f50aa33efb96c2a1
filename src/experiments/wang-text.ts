/** What the figures of language models trained on their own text share: the corpus, the schedules, how many runs. */
import { basename } from 'node:path';
import { palette } from '../figures/style.js';
import { parseSpec } from '../spec/spec.js';
import { loadCorpus, type TextCorpus } from '../text/corpus.js';
import type { DataTable, ExperimentContext } from './experiment.js';
import type { Run, RunSpec } from './run.js';

export const paper = 'Wang et al. 2025, arXiv 2412.14872';
/** As in the paper. */
export const generations = 40;

export type NgramInput = Extract<RunSpec['model'], { kind: 'ngram' }>;
type Source = Pick<NgramInput, 'corpus' | 'validation' | 'validationSeed'>;

export const replace = { kind: 'replace' as const };
export function subsample(rate: number) {
  return { kind: 'accumulate-subsample' as const, corpusSize: 'corpus' as const, rate };
}

/** A schedule in charts and claims. */
export const colourOf = {
  replace: palette.vermillion,
  'rate 1': palette.blue,
  'rate 0.5': palette.green,
  'rate 0.1': palette.purple,
} as const;

/** Tokens that one simulation writes in a usual report, about: a second of one core for each ten million. */
const WORK = 4e7;
/** Fewer runs would have no standard error to speak of. */
const FEWEST = 8;

export interface TextSetting {
  /** The fields of a model that say what the corpus is. */
  source: Source;
  corpus: TextCorpus;
  /** Whether it is the built-in grammar's. */
  stories: boolean;
  /** Tokens of the real training set, ends of documents included. */
  tokens: number;
  runs: number;
  /** Lines for the report. */
  parameters: (readonly [string, string])[];
}

/**
 * The corpus of a figure: that of `--corpus`, or stories.
 * @param documents number of stories
 * @throws InputError for a text that can't be used
 */
export async function textSetting(
  context: Pick<ExperimentContext, 'replicates' | 'corpus' | 'signal'>,
  documents: number,
): Promise<TextSetting> {
  const stories = context.corpus === undefined;
  // The real corpus and its division are the same in every simulation.
  const source: Source = stories
    ? { corpus: { kind: 'stories', documents }, validation: 0.2, validationSeed: 0 }
    : { corpus: context.corpus, validation: 0.1, validationSeed: 0 };
  const corpus = await loadCorpus(modelOf(source), 0, context.signal);
  const { training, validation, vocabulary, source: read } = corpus;
  const tokens = training.tokens.length + training.offsets.length - 1;
  const affordable = Math.floor(((context.replicates / 100) * WORK) / (generations * tokens));
  const runs = Math.max(FEWEST, Math.min(context.replicates, affordable));
  return {
    ...{ source, corpus, stories, tokens, runs },
    parameters: [
      ['corpus', stories ? `${documents} stories of the built-in grammar` : `${basename(read.path)}, SHA-256 ${read.sha256}`],
      [
        'trained on',
        `${tokens} tokens (ends of documents included) in ${training.offsets.length - 1} documents, ${vocabulary.length - 1} different words`,
      ],
      ['held out', `${validation.tokens.length} words in ${validation.offsets.length - 1} documents`],
      ['generations', String(generations)],
      ['runs', String(runs)],
    ],
  };
}

/**
 * E of the share of the training set m that was written by generation t (0: real) under accumulate-subsample: the pool is the corpus and
 * `rate` corpora of each model so far. A batch ends with a whole document, so it is longer by the mean excess of a renewal process.
 */
export function poolShare({ corpus, tokens }: TextSetting, rate: number, m: number, t: number): number {
  if (t >= m) return 0;
  const { offsets } = corpus.training;
  let excess = 0;
  for (let d = 0; d + 1 < offsets.length; d++) {
    const length = offsets[d + 1] - offsets[d] + 1;
    excess += (length * (length - 1)) / (2 * tokens);
  }
  const batch = Math.round(rate * tokens) + excess;
  return (t === 0 ? tokens : batch) / (tokens + batch * (m - 1));
}

/** That a text can be used at all. @throws InputError */
export async function checkText(path: string, signal?: AbortSignal): Promise<void> {
  await loadCorpus(modelOf({ corpus: path, validation: 0.1, validationSeed: 0 }), 0, signal);
}

function modelOf(source: Source) {
  const { model } = parseSpec({ model: { kind: 'ngram', ...source }, schedule: replace });
  if (model.kind !== 'ngram') throw new TypeError('not an n-gram model');
  return model;
}

/** One simulation of a figure. */
export interface TextLine {
  name: string;
  run: Run;
}

/** Every replicate's values in long form. */
export function textTable(lines: readonly TextLine[]): DataTable {
  return { columns: ['series', 'replicate', 'generation', 'metric', 'value'], rows: tableRows(lines) };
}

function* tableRows(lines: readonly TextLine[]): Iterable<(number | string | null)[]> {
  for (const { name, run } of lines) {
    for (const metric of Object.keys(run.result.metrics)) {
      for (const [r, values] of run.values(metric).entries()) {
        for (const [i, m] of run.generation.entries()) yield [name, r, m, metric, Number.isNaN(values[i]) ? null : values[i]];
      }
    }
  }
}
