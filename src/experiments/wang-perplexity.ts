/** Perplexity on real text over the generations: Replace against Accumulate-Subsample (Wang et al., figures 1 and 2, with counts). */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid, type LegendEntry, under } from '../figures/legend.js';
import type { Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { alignVocabulary, grammarFacts, storyLoss, truthModel } from '../text/grammar-exact.js';
import { storyGrammar } from '../text/stories.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { meanCurve, runCurves } from './laws.js';
import { means, valuesAt } from './seddik.js';
import {
  checkText,
  colourOf,
  generations,
  paper,
  poolShare,
  replace,
  subsample,
  type TextLine,
  type TextSetting,
  textSetting,
  textTable,
} from './wang-text.js';

const documents = 1000;
const seed = 900;
const order = 3;
const smoothing = 'witten-bell';
const metrics = ['perplexity', 'cross-entropy', 'vocabulary', 'entropy-rate', 'real-share'];
const runsDrawn = 20;
const tested = [1, 4, 9, 19, 39];

const schedules = [
  { name: 'replace', rate: undefined },
  { name: 'rate 1', rate: 1 },
  { name: 'rate 0.5', rate: 0.5 },
  { name: 'rate 0.1', rate: 0.1 },
] as const;

interface Line extends TextLine {
  name: (typeof schedules)[number]['name'];
  rate: number | undefined;
}

export const wangPerplexity: Experiment = {
  id: 'wang-perplexity',
  aliases: [],
  group: 'wang',
  title: 'A trigram model that learns from its own text forgets real text',
  source: `${paper}, Figures 1 and 2, with an n-gram model in the place of GPT-Neo`,
  simulations: schedules.length,
  readCorpus: checkText,
  hasCorpus: true,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const setting = await textSetting(context, documents);
  const lines: Line[] = [];
  for (const { name, rate } of schedules) {
    const model = { kind: 'ngram' as const, order, smoothing, ...setting.source } as const;
    const schedule = rate === undefined ? replace : subsample(rate);
    lines.push({
      name,
      rate,
      run: await context.simulate(name, { model, schedule, generations, metrics, replicates: setting.runs, seed }),
    });
  }
  const truth = setting.stories ? heldOutTruth(setting) : undefined;
  const start = perplexity(lines[0], 0);
  const ends = lines.map((line) => `${line.name} ${perplexity(line, generations - 1)}`).join(', ');
  return {
    caption:
      `A trigram model (${smoothing} smoothing) is trained on what the one before it wrote (replace), or on a subsample, as large as the corpus, of the corpus and everything written so far ` +
      `(accumulate-subsample; each model adds rate × corpus). Perplexity on held-out real documents: ${start} in generation 1, in generation ${generations} ${ends}. ` +
      'Smoothing is the error that every model makes: it writes words after contexts in which they never stood, and the next model learns them.' +
      (truth ? ` Dotted: ${truth.floor.toPrecision(5)}, the least perplexity that any model of these stories can have.` : ''),
    parameters: [
      ['model', `order ${order}, ${smoothing}`],
      ['schedules', 'replace; accumulate-subsample with rates 1, 0.5, 0.1'],
      ...setting.parameters,
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation; one division of the corpus`],
    ],
    claims: [...(truth ? floorClaims(lines, truth) : []), ...startClaims(lines), ...shareClaims(lines, setting), ...orderClaims(lines)],
    results: lines.map(({ name, rate, run }) => ({
      label: name,
      result: run.result,
      expected: { 'real-share': run.generation.map((m) => realShare(setting, rate, m)) },
    })),
    data: textTable(lines),
    chart: draw(lines, setting, truth?.floor),
  };
}

function perplexity({ run }: Line, row: number): string {
  return means(run, 'perplexity')[row].toPrecision(4);
}

function realShare(setting: TextSetting, rate: number | undefined, m: number): number {
  return rate === undefined ? (m === 1 ? 1 : 0) : poolShare(setting, rate, m, 0);
}

/** What the grammar itself scores on the held-out stories. */
interface HeldOutTruth {
  /** Nats a token, expected and exact; and its exponential. */
  crossEntropy: number;
  floor: number;
  /** Of the held-out stories: mean over tokens, and the standard error of its difference to the expectation. */
  measured: { mean: number; standardError: number };
}

function heldOutTruth({ corpus }: TextSetting): HeldOutTruth {
  const grammar = storyGrammar();
  const { crossEntropy, perplexity: floor } = grammarFacts(grammar);
  const model = truthModel(grammar);
  const { tokens, offsets } = corpus.validation;
  const numbers = alignVocabulary(grammar, corpus.vocabulary);
  const known: { loss: number; length: number }[] = [];
  for (let d = 0; d + 1 < offsets.length; d++) {
    const story = Array.from(tokens.subarray(offsets[d], offsets[d + 1]), (id) => numbers[id]);
    // A word that no training story has is unknown here, so that its story can't be scored.
    if (!story.includes(-1)) known.push({ loss: storyLoss(model, story, grammar.boundary), length: story.length + 1 });
  }
  const length = known.reduce((sum, story) => sum + story.length, 0) / known.length;
  const { mean, standardError } = estimate(known.map((story) => (story.loss - crossEntropy * story.length) / length));
  return { crossEntropy, floor, measured: { mean: crossEntropy + mean, standardError } };
}

function floorClaims(lines: readonly Line[], { crossEntropy, measured }: HeldOutTruth): Claim[] {
  const least = lines.map((line) => Math.min(...means(line.run, 'cross-entropy')));
  return [
    compare("the grammar's own loss on the held-out stories is its entropy, nats a token", 'exact', measured, '=', crossEntropy),
    compare("no model's cross-entropy on the held-out stories is below the grammar's own", 'Gibbs', Math.min(...least), '>=', {
      mean: measured.mean,
      standardError: 0,
    }),
  ];
}

/** Model 1 is trained on the corpus itself, whatever the schedule. */
function startClaims(lines: readonly Line[]): Claim[] {
  const [first, ...others] = lines.map((line) => estimate(valuesAt(line.run, 'perplexity', 0)));
  return [
    worst(
      others.map((other) => compare('every schedule starts from the same model, trained on the whole corpus', paper, other, '=', first)),
    ),
  ];
}

function shareClaims(lines: readonly Line[], setting: TextSetting): Claim[] {
  return lines.flatMap(({ rate, run }) => {
    if (rate === undefined) return [];
    const claims = tested.map((row) => {
      const m = run.generation[row];
      const claim = `mean share of real text in the training set is that of the corpus in the pool, about 1/(1 + k (m − 1)) (k = ${rate}; m = ${m})`;
      return compare(claim, paper, estimate(valuesAt(run, 'real-share', row)), '=', realShare(setting, rate, m));
    });
    return [worst(claims)];
  });
}

function orderClaims(lines: readonly Line[]): Claim[] {
  const last = generations - 1;
  const at = (line: Line, row: number) => estimate(valuesAt(line.run, 'perplexity', row));
  const rising = lines.map((line) =>
    compare(`perplexity on real text rises (${line.name}; m = ${generations} against 1)`, paper, at(line, last), '>=', at(line, 0)),
  );
  const ranked = lines
    .slice(1)
    .map((line, i) =>
      compare(
        `perplexity is lower with ${line.name} than with ${lines[i].name} (m = ${generations})`,
        paper,
        at(line, last),
        '<=',
        at(lines[i], last),
      ),
    );
  return [...rising, ...ranked];
}

const grammar = 'the grammar itself';
const size = { width: 270, height: 210 };
const x = { title: 'generation m', domain: [1, generations] as [number, number], values: [1, 10, 20, 30, 40] };

function draw(lines: readonly Line[], setting: TextSetting, floor: number | undefined): VegaLiteSpec {
  const datasets: Datasets = {};
  const names = lines.map(({ name }) => name);
  const shared = { size, x, names, colours: names.map((name): string => colourOf[name]), columns: 5 };
  const known = floor === undefined ? [] : [{ name: grammar, x: [1, generations], y: [floor, floor] }];
  const generation = lines[0].run.generation;
  const curves = (metric: string) => ({
    runs: lines.flatMap(({ name, run }) => runCurves(name, run, metric, runsDrawn)),
    measured: lines.map(({ name, run }) => meanCurve(name, run, metric)),
  });
  const panels = [
    seriesPanel(datasets, 'perplexity', {
      ...shared,
      names: [...names, ...known.map(({ name }) => name)],
      colours: [...shared.colours, palette.ink],
      y: { title: 'perplexity on held-out real text', type: 'log' },
      ...curves('perplexity'),
      limit: known,
    }),
    seriesPanel(datasets, 'vocabulary', { ...shared, y: { title: 'different words in the training set' }, ...curves('vocabulary') }),
    seriesPanel(datasets, 'share', {
      ...shared,
      y: { title: 'real text in the training set', domain: [0, 1], format: '.0%' },
      measured: lines.map(({ name, run }) => meanCurve(name, run, 'real-share')),
      expected: lines.map(({ name, rate }) => ({ name, x: generation, y: generation.map((m) => realShare(setting, rate, m)) })),
    }),
  ];
  const entries: LegendEntry[] = [['replicate', 'single runs'], 'measured', 'expected'];
  if (floor !== undefined) entries.push(['limit', 'least that is possible']);
  return chart(under(entries, grid(panels, 3, [], { row: 84, column: 62 }), 14, 'full'), datasets);
}
