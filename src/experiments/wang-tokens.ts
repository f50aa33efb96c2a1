/** Probabilities of watched words over the generations (Wang et al., figure 3): without errors, and with those of add-k smoothing. */
import { type Claim, compare, type Estimate, estimate, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Datasets } from '../figures/panels.js';
import { type Curve, seriesPanel } from '../figures/series.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { type ScheduleLaw, scheduleSquaredDrift } from '../theory/schedule-moments.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { meanCurve, runCurves } from './laws.js';
import { means, valuesAt } from './seddik.js';
import { type ErrorLine, errorSize, unigramRun } from './wang-errors.js';
import { checkText, generations, paper, replace, subsample, type TextLine, textSetting, textTable } from './wang-text.js';
import { type WatchedPair, watchedPairs } from './wang-watch.js';

const documents = 500;
const seed = 920;
const rate = 1;
const runsDrawn = 25;
const tested = [4, 9, 19, 39];

const schedules = [
  { name: 'replace', schedule: replace },
  { name: 'accumulate-subsample', schedule: subsample(rate) },
] as const;

const metricOf = ({ context, word }: WatchedPair) => `watch:${context} ${word}`;
const realValue = ({ count, contextCount }: WatchedPair) => count / contextCount;
const titleOf = ({ context, word }: WatchedPair) => `p(${word} | ${context})`;

export const wangTokens: Experiment = {
  id: 'wang-tokens',
  aliases: [],
  group: 'wang',
  title: 'The probability of a word: chance moves it, errors pull it away',
  source: `${paper}, Figure 3, with n-gram models`,
  simulations: 2 * schedules.length,
  readCorpus: checkText,
  hasCorpus: true,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const setting = await textSetting(context, documents);
  const pairs = watchedPairs(setting.corpus);
  const watch = pairs.map(({ context: before, word }) => `${before} ${word}`);
  const lines: TextLine[] = [];
  for (const { name, schedule } of schedules) {
    const model = { kind: 'ngram' as const, order: 2, ...setting.source };
    const spec = { model, schedule, generations, watch, metrics: ['tokens'], replicates: setting.runs, seed };
    lines.push({ name, run: await context.simulate(`bigram, ${name}`, spec) });
  }
  const errors: ErrorLine[] = [];
  for (const { name, schedule } of schedules) {
    errors.push(
      await unigramRun(context, setting, { name, schedule, rate: name === 'replace' ? undefined : rate, word: pairs[0].word, seed }),
    );
  }
  const [replaced] = lines;
  const inflation = (mean(squares(replaced, pairs[0], generations - 1)) / fixedVariance(pairs[0], 'replace', [generations])[0]).toPrecision(
    3,
  );
  return {
    caption:
      `Top: a bigram model by maximum likelihood. In the mean ${pairs.map(titleOf).join(' and ')} stay what they are in the corpus (dotted), but single runs drift, like shares of ` +
      `${pairs[0].contextCount} samples (dashed: ± 2 standard deviations if the context stood ${pairs[0].contextCount} times in every training set). ` +
      `The context's own count drifts too, which adds to the expected spread: under replace the variance of ${setting.runs} runs at m = ${generations} is ${inflation} times that. ` +
      `Bottom: a unigram model with add-k smoothing, whose error is α = k/n on each of its types, in all ${errorSize} at first: Wang's forms, with α and the number of types measured in each generation (dashed), say where the mean goes.`,
    parameters: [
      ['models', `order 2, maximum likelihood; order 1, add-k with k T/n = ${errorSize} (T types, n tokens)`],
      ['schedules', `replace; accumulate-subsample with rate ${rate}`],
      ['watched', pairs.map((pair) => `${titleOf(pair)} = ${pair.count}/${pair.contextCount}`).join(', ')],
      ...setting.parameters,
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation; one division of the corpus`],
    ],
    claims: [
      ...lines.flatMap((line) => pairs.map((pair) => staysClaim(line, pair))),
      ...spreadClaims(lines, pairs[0]),
      ...errors.flatMap(formClaims),
    ],
    results: [
      ...lines.map(({ name, run }) => ({
        label: `bigram, ${name}`,
        result: run.result,
        expected: Object.fromEntries(pairs.map((pair) => [metricOf(pair), run.generation.map(() => realValue(pair))])),
      })),
      ...errors.map(({ name, run }) => ({ label: `unigram, ${name}`, result: run.result })),
    ],
    data: textTable([
      ...lines.map(({ name, run }) => ({ name: `bigram, ${name}`, run })),
      ...errors.map(({ name, run }) => ({ name: `unigram, ${name}`, run })),
    ]),
    chart: draw(lines, pairs, errors),
  };
}

/**
 * Variance of p(word | context) in generation m if the context stood as often in every training set as in the corpus. Of two types, half of
 * the expected squared drift from generation 1; 1 - S_0 is such that generation 1 is the corpus.
 */
function fixedVariance(pair: WatchedPair, name: string, generation: readonly number[]): number[] {
  const p = realValue(pair);
  const n = pair.contextCount;
  const simpson0 = 1 - (2 * p * (1 - p)) / (1 - 1 / n);
  const law: ScheduleLaw =
    name === 'replace'
      ? { kind: 'fully-synthetic', sampleSize: n }
      : { kind: 'accumulate-subsample', corpusSize: n, batch: Math.max(1, Math.round(rate * n)) };
  return scheduleSquaredDrift(law, generation, simpson0).map((drift) => Math.max(0, drift) / 2);
}

function squares({ run }: TextLine, pair: WatchedPair, row: number): number[] {
  return valuesAt(run, metricOf(pair), row).map((value) => (value - realValue(pair)) ** 2);
}

function mean(values: readonly number[]): number {
  return estimate(values).mean;
}

function staysClaim({ name, run }: TextLine, pair: WatchedPair): Claim {
  const fixed = fixedVariance(pair, name, run.generation);
  const claims = tested.map((row) => {
    const claim = `mean ${titleOf(pair)} stays that of the corpus without errors (${name}; m = ${run.generation[row]})`;
    const values = valuesAt(run, metricOf(pair), row);
    const { mean: measured, standardError } = estimate(values);
    // Where all of a few runs have lost a word, their own spread says nothing.
    const least = Math.sqrt(fixed[row] / values.length);
    return compare(claim, 'martingale', { mean: measured, standardError: Math.max(standardError, least) }, '=', realValue(pair));
  });
  return worst(claims);
}

function spreadClaims(lines: readonly TextLine[], pair: WatchedPair): Claim[] {
  const row = generations - 1;
  const [replaced, subsampled] = lines.map((line) => estimate(squares(line, pair, row)));
  return [
    compare(
      `variance of ${titleOf(pair)} is at least that of a context whose count stays (replace; m = ${generations})`,
      'Theorem 1 of Seddik et al.; counts add to it',
      replaced,
      '>=',
      fixedVariance(pair, 'replace', [generations])[0],
    ),
    compare(
      `variance of ${titleOf(pair)} is lower under accumulate-subsample (m = ${generations})`,
      'second moments',
      subsampled,
      '<=',
      replaced,
    ),
  ];
}

function formClaims({ name, word, shares, expected, run }: ErrorLine): Claim[] {
  const at = (row: number): Estimate => estimate(shares.map((values) => values[row]));
  const claims = tested.map((row) =>
    compare(
      `mean share of "${word}" follows Wang's form with the measured errors (add-k, ${name}; m = ${run.generation[row]})`,
      paper,
      at(row),
      '=',
      expected[row],
    ),
  );
  return [worst(claims)];
}

const size = { width: 270, height: 190 };
const x = { title: 'generation m', domain: [1, generations] as [number, number], values: [1, 10, 20, 30, 40] };
const colours = { replace: palette.vermillion, 'accumulate-subsample': palette.blue } as const;

function draw(lines: readonly TextLine[], pairs: readonly WatchedPair[], errors: readonly ErrorLine[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const names = Object.keys(colours);
  const shared = { size, x, names, colours: Object.values(colours), columns: 2 };
  const generation = lines[0].run.generation;
  const band = (name: string, pair: WatchedPair): Curve[] =>
    [-2, 2].map((factor) => ({
      name,
      x: generation,
      y: fixedVariance(pair, name, generation).map((variance) => realValue(pair) + factor * Math.sqrt(variance)),
    }));
  const flat = (name: string, value: number): Curve => ({ name, x: [1, generations], y: [value, value] });
  const panelOf = (pair: WatchedPair, { name, run }: TextLine) => {
    const top = Math.min(
      1,
      1.1 * Math.max(...lines.flatMap((line) => line.run.values(metricOf(pair)).map((values) => Math.max(...values)))),
    );
    const bottom = 0.9 * Math.min(...lines.flatMap((line) => line.run.values(metricOf(pair)).map((values) => Math.min(...values))));
    return seriesPanel(datasets, `${pair.word}-${name}`, {
      ...shared,
      title: name,
      y: { title: titleOf(pair), domain: [bottom, top] },
      runs: runCurves(name, run, metricOf(pair), runsDrawn),
      measured: [meanCurve(name, run, metricOf(pair))],
      expected: band(name, pair),
      limit: [flat(name, realValue(pair))],
    });
  };
  const share = (line: ErrorLine): Curve => ({
    name: line.name,
    x: generation,
    y: generation.map((_, i) => mean(line.shares.map((values) => values[i]))),
  });
  const panels = [
    ...pairs.flatMap((pair) => lines.map((line) => panelOf(pair, line))),
    seriesPanel(datasets, 'errors', {
      ...shared,
      title: 'add-k',
      y: { title: `share of "${errors[0].word}"` },
      runs: errors.flatMap((line) => line.shares.slice(0, runsDrawn).map((y) => ({ name: line.name, x: generation, y }))),
      measured: errors.map(share),
      expected: errors.map((line) => ({ name: line.name, x: generation, y: line.expected })),
      limit: [flat(names[0], errors[0].expected[0])],
    }),
    seriesPanel(datasets, 'types', {
      ...shared,
      title: 'add-k',
      y: { title: 'different words in the training set', domain: [0, 1.05 * means(errors[0].run, 'vocabulary')[0]] },
      measured: errors.map(({ name, run }) => meanCurve(name, run, 'vocabulary')),
    }),
  ];
  const entries = [
    ['replicate', 'single runs'],
    'measured',
    ['expected', 'expectation, or ± 2 standard deviations'],
    ['limit', 'real text'],
  ] as const;
  return chart(under(entries, grid(panels, 2, [], { row: 84, column: 62 }), 14, 'full'), datasets);
}
