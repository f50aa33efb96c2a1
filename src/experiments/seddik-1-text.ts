/** Figure 1 for a real text: every context of its characters is a model of its own, and all of them collapse. */
import { basename } from 'node:path';
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { resolveTruth } from '../models/categorical.js';
import { parseSpec } from '../spec/spec.js';
import { simpson } from '../theory/distribution.js';
import { expectedSimpson } from '../theory/fully-synthetic.js';
import type { DataTable, Experiment, ExperimentContext, Outcome } from './experiment.js';
import { paper } from './seddik.js';
import { drawText } from './text-chart.js';
import { counts, lastTimes, snapshots, type TextColumn, textColumn, textSpec } from './text-contexts.js';

const lengths = [1, 2];
const seed = 110;
/** Generations in the table of claims. */
const tested = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

export const seddik1Text: Experiment = {
  id: 'seddik-1-text',
  aliases: ['fig1-text', '1-text'],
  group: 'text',
  title: 'Every context of a text collapses',
  source: `setting of ${paper}, Figure 1; the collapse of all contexts is not in the paper`,
  simulations: 2 * lengths.length,
  readCorpus: async (path, signal) => {
    // A text that is long enough for the longest contexts is so for the others.
    await resolveTruth(parseSpec(textSpec(path, Math.max(...lengths))), signal);
  },
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const path = context.corpus ?? '';
  const columns: TextColumn[] = [];
  for (const length of lengths) columns.push(await textColumn(context, path, length, seed));
  const { corpus, times } = columns[0];
  return {
    caption:
      `Every context of ${basename(corpus.path)} is a model of its own, trained in every generation on as many tokens as the text has after it. ` +
      'Triangles: one run; one dot for each context, its area growing with the logarithm of that number, in the colour of where it began, with a dark edge once a single token is left; numbers at the corners count these. ' +
      'Below: contexts that have collapsed, mean over the runs against the exact expectation; ' +
      'the ticks are the times at which the last context of a run collapsed, the dot their mean, the vertical line its exact expectation.',
    parameters: [
      ['text', `${basename(corpus.path)}, ${corpus.tokens} characters`],
      ['SHA-256 of the file', corpus.sha256],
      ['schedule', 'fully synthetic; each context as often as the text has it'],
      ...columns.map(({ name, contexts }) => [`contexts of ${name}`, sizes(contexts.map(({ n }) => n))] as const),
      ['runs', `1 to look at, ${times.length} until all contexts have collapsed`],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: columns.flatMap(claims),
    results: columns.flatMap(({ results }) => results),
    data: data(columns),
    chart: drawText(columns),
  };
}

function sizes(n: readonly number[]): string {
  const sorted = [...n].sort((a, b) => a - b);
  return `${n.length}, with ${sorted[0]} to ${sorted[sorted.length - 1]} tokens after them (median ${sorted[sorted.length >> 1]})`;
}

/** So many collapses are expected before a generation, or after it, in all runs: with fewer, a standard error says little. */
const enough = 4;

function claims(column: TextColumn): Claim[] {
  const { name, law, times, contexts } = column;
  const which = law.contexts < contexts.length ? ` with at most ${law.largest} tokens` : '';
  const all = `contexts of ${name}${which}`;
  const source = 'lineages traced backwards';
  const byGeneration = counts(column)
    .filter(({ generation, variance }) => tested.includes(generation) && variance * times.length >= enough)
    .map(({ generation, measured, exact, variance }) =>
      compare(
        `collapsed of ${law.contexts} ${all} (m = ${generation})`,
        source,
        { mean: measured.mean, standardError: Math.sqrt(variance / times.length) },
        '=',
        exact,
      ),
    );
  const last = lastTimes(column);
  const end = which
    ? compare(
        `mean T until all contexts of ${name} have collapsed is above the exact E[T] of those${which}`,
        source,
        estimate(last),
        '>=',
        law.mean,
      )
    : compare(`mean T until all ${contexts.length} ${all} have collapsed is the exact E[T]`, source, estimate(last), '=', law.mean);
  return [...byGeneration, end, ...diversity(column)];
}

/** Claims on the run that is drawn: contexts are independent, so that one run is enough. */
function diversity({ name, contexts }: TextColumn): Claim[] {
  const simpsons: Claim[] = [];
  const shares = snapshots.map((m, i) => {
    const truth = contexts.map(({ shares }) => shares[0][0]);
    // Variance of a share: p (1 - p) (1 - (1 - 1/n)^m).
    const variance = contexts.reduce((sum, { n }, c) => sum - truth[c] * (1 - truth[c]) * Math.expm1(m * Math.log1p(-1 / n)), 0);
    const expected = contexts.map(({ n, p }) => expectedSimpson([m], n, simpson(p))[0]);
    const alive = expected.reduce((sum, value) => sum + 1 - value, 0);
    const mean = estimate(expected).mean;
    const { mean: difference, standardError } = estimate(contexts.map((one, c) => one.simpson[i] - expected[c]));
    if (alive >= enough)
      simpsons.push(
        compare(
          `mean Simpson index of the contexts of ${name} follows S_m (m = ${m})`,
          'Theorem 1',
          { mean: mean + difference, standardError },
          '=',
          mean,
        ),
      );
    return compare(
      `no token is preferred: the share of a context's most frequent token stays, on average (${name}; m = ${m})`,
      'martingale',
      { mean: estimate(contexts.map((one) => one.shares[i + 1][0])).mean, standardError: Math.sqrt(variance) / contexts.length },
      '=',
      estimate(truth).mean,
    );
  });
  return [...(simpsons.length > 0 ? [worst(simpsons)] : []), worst(shares)];
}

function data(columns: readonly TextColumn[]): DataTable {
  return {
    columns: [
      'part',
      'context-length',
      'context',
      'sample-size',
      'run',
      'generation',
      'first',
      'second',
      'others',
      'collapsed',
      'standard-error',
      'exact',
    ],
    rows: rows(columns),
  };
}

function* rows(columns: readonly TextColumn[]): Iterable<(number | string | null)[]> {
  for (const column of columns) {
    const { length } = column;
    for (const { label, n, shares, single } of column.contexts) {
      for (const [i, [first, second, others]] of shares.entries()) {
        yield ['context', length, label, n, null, i === 0 ? 0 : snapshots[i - 1], first, second, others, single[i] ? 1 : 0, null, null];
      }
    }
    for (const { generation, measured, exact } of counts(column)) {
      yield ['collapsed', length, null, null, null, generation, null, null, null, measured.mean, measured.standardError, exact];
    }
    for (const [run, time] of lastTimes(column).entries()) {
      yield ['all-collapsed', length, null, null, run, time, null, null, null, column.contexts.length, null, column.law.mean];
    }
  }
}
