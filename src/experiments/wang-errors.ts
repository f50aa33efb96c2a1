/** A unigram model with add-k smoothing: its errors are known in every generation, so that Wang et al.'s forms can be put beside it. */
import { accumulateSubsampleErrors, replaceErrors } from '../theory/error-accumulation.js';
import type { ExperimentContext } from './experiment.js';
import type { Run, RunSpec } from './run.js';
import { means } from './seddik.js';
import { generations, type TextSetting } from './wang-text.js';

/** Total error of model 1. */
export const errorSize = 0.02;

export interface ErrorLine {
  name: string;
  word: string;
  run: Run;
  /** Share of the word in each training set: by replicate and generation. */
  shares: Float64Array[];
  /** Its mean by Wang's form. */
  expected: number[];
}

interface ErrorSetting {
  name: string;
  schedule: RunSpec['schedule'];
  /** Of accumulate-subsample; undefined: replace. */
  rate: number | undefined;
  word: string;
  seed: number;
}

export async function unigramRun(
  context: ExperimentContext,
  setting: TextSetting,
  { name, schedule, rate, word, seed }: ErrorSetting,
): Promise<ErrorLine> {
  const { corpus, tokens, source, runs } = setting;
  const types = corpus.counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 1); // and the end of a document
  const k = Number(((errorSize * tokens) / types).toPrecision(6));
  const run = await context.simulate(`unigram, ${name}`, {
    model: { kind: 'ngram', order: 1, smoothing: 'add-k', k, ...source },
    schedule,
    generations,
    watch: [word],
    metrics: ['vocabulary', 'tokens'],
    replicates: runs,
    seed,
  });
  // The model as it is scored has k for every word, also for those of no training set: c = p (n + k |V|) - k.
  const lengths = run.values('tokens');
  const whole = k * (corpus.vocabulary.length + 1);
  const shares = run.values(`watch:${word}`).map((p, r) => p.map((value, i) => (value * (lengths[r][i] + whole) - k) / lengths[r][i]));
  // What is written has k for the types of the training set alone.
  const n = means(run, 'tokens');
  const left = means(run, 'vocabulary').map((words) => words + 1);
  const errors = left.map((t, i) => [k / n[i], (k * (t - 1)) / n[i]]);
  const first = shares[0][0];
  const { models } =
    rate === undefined ? replaceErrors([first, 1 - first], errors) : accumulateSubsampleErrors([first, 1 - first], errors, rate);
  // Training sets from models: q = (1 + a) p - alpha.
  const expected = models.map((model, i) => model[0] * (1 + errors[i][0] + errors[i][1]) - errors[i][0]);
  return { name, word, run, shares, expected };
}
