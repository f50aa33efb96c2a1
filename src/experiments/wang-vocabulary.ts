/** Which words are forgotten, and who wrote what the next model reads: Suresh et al. and Wang et al., figure 1, with n-gram models. */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid, type LegendEntry, under } from '../figures/legend.js';
import type { Datasets } from '../figures/panels.js';
import { type Curve, seriesPanel } from '../figures/series.js';
import { chart, seriesColours, type VegaLiteSpec } from '../figures/style.js';
import { bernoulliSurvival, expectedWords, poissonSurvival } from '../theory/forgetting.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { meanCurve } from './laws.js';
import { means, valuesAt } from './seddik.js';
import { compositionClaim, compositionMetrics, compositionPanel } from './wang-composition.js';
import { checkText, generations, paper, replace, subsample, type TextLine, type TextSetting, textSetting, textTable } from './wang-text.js';

const suresh = 'Suresh et al. 2024, arXiv 2412.17646';
const documents = 500;
const seed = 940;
const rate = 1;
/** Counts in the corpus whose words are followed, where it has such words. */
const counts = [1, 2, 4, 8, 16, 32];
const tested = [1, 4, 9, 19, 39];
/** In all runs, so many words are expected to be on either side; with fewer, a standard error says little. */
const enough = 6;

const kinds = [
  { name: 'unigram, replace', order: 1, schedule: replace },
  { name: 'trigram, replace', order: 3, schedule: replace },
  { name: 'trigram, accumulate-subsample', order: 3, schedule: subsample(rate) },
] as const;

export const wangVocabulary: Experiment = {
  id: 'wang-vocabulary',
  aliases: [],
  group: 'wang',
  title: 'Rare words are forgotten first, in about as many generations as the corpus has them times',
  source: `${suresh}; composition of the training sets: ${paper}, Figure 1`,
  simulations: kinds.length,
  readCorpus: checkText,
  hasCorpus: true,
  run,
};

/** Words that the corpus has `count` times. */
interface Group {
  count: number;
  words: number;
  metric: string;
  /** Share left by generation: corpora of n tokens, and the Poisson limit. */
  bernoulli: number[];
  poisson: number[];
}

async function run(context: ExperimentContext): Promise<Outcome> {
  const setting = await textSetting(context, documents);
  const groups = groupsOf(setting);
  const lines: TextLine[] = [];
  for (const { name, order, schedule } of kinds) {
    const model = { kind: 'ngram' as const, order, ...setting.source };
    const metrics = ['vocabulary', ...groups.map(({ metric }) => metric), ...(schedule === replace ? [] : compositionMetrics)];
    lines.push({ name, run: await context.simulate(name, { model, schedule, generations, metrics, replicates: setting.runs, seed }) });
  }
  const vocabulary = expectedWords(setting.corpus.counts, bernoulliSurvival(setting.tokens, all), generations);
  const [unigram, trigram, subsampled] = lines;
  const last = generations - 1;
  const left = (line: TextLine) => means(line.run, 'vocabulary')[last].toPrecision(4);
  return {
    caption:
      'Words by how often the corpus has them (1, 2, 4, ... times). Under replace a unigram model draws each count anew from the last one, as Suresh et al. assume: the share of words left is that of a Bernoulli chain ' +
      '(dashed), all but the same as a Poisson chain, in which half of the words that stood k times are gone after about 2.9 k generations. In a trigram a word comes with its contexts, whose counts drift as well, ' +
      `so that the law (dashed again) need not hold. Of ${setting.corpus.vocabulary.length - 1} words ${left(unigram)} are left at m = ${generations} (exact expectation ${vocabulary[last].toPrecision(4)}), ${left(trigram)} with the trigram, ` +
      `${left(subsampled)} in a subsample of everything so far. Last panel: who wrote the training set under accumulate-subsample.`,
    parameters: [
      ['models', 'order 1 and 3, maximum likelihood'],
      ['schedules', `replace; accumulate-subsample with rate ${rate}`],
      ['words followed', groups.map(({ count, words }) => `${words} that stand ${count} times`).join(', ')],
      ...setting.parameters,
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation; one division of the corpus`],
    ],
    claims: [
      ...survivalClaims(unigram, groups, setting.runs),
      vocabularyClaim(unigram, vocabulary),
      ...poissonClaims(groups),
      ...orderClaims(trigram, subsampled, groups),
      compositionClaim(subsampled.run, setting, rate),
    ],
    results: lines.map(({ name, run }) => ({
      label: name,
      result: run.result,
      ...(name === unigram.name && {
        expected: { vocabulary, ...Object.fromEntries(groups.map(({ metric, bernoulli }) => [metric, bernoulli])) },
      }),
    })),
    data: textTable(lines),
    chart: draw(lines, groups, vocabulary, setting),
  };
}

const all = Array.from({ length: generations }, (_, i) => i + 1);

function groupsOf({ corpus, tokens }: TextSetting): Group[] {
  const words = new Map<number, number>();
  const survival = bernoulliSurvival(tokens, all);
  for (const count of corpus.counts) words.set(count, (words.get(count) ?? 0) + 1);
  return counts
    .filter((count) => words.has(count))
    .map((count) => ({
      ...{ count, words: words.get(count) as number, metric: `survival:${count}` },
      bernoulli: survival(count),
      poisson: poissonSurvival(count, all),
    }));
}

/** Words are forgotten almost independently of each other, which gives the standard error. */
function survivalClaims({ run }: TextLine, groups: readonly Group[], runs: number): Claim[] {
  return groups.flatMap(({ count, words, metric, bernoulli }) => {
    const trials = words * runs;
    const claims = tested
      .filter((row) => trials * Math.min(bernoulli[row], 1 - bernoulli[row]) >= enough)
      .map((row) => {
        const { mean } = estimate(valuesAt(run, metric, row));
        const standardError = Math.sqrt((bernoulli[row] * (1 - bernoulli[row])) / trials);
        const claim = `share left of words that the corpus has ${count} times (unigram, replace; m = ${run.generation[row]})`;
        return compare(claim, `Bernoulli chain; ${suresh}`, { mean, standardError }, '=', bernoulli[row]);
      });
    return claims.length > 0 ? [worst(claims)] : [];
  });
}

function vocabularyClaim({ run }: TextLine, expected: readonly number[]): Claim {
  return worst(
    tested.map((row) =>
      compare(
        `mean number of words left (unigram, replace; m = ${run.generation[row]})`,
        'Bernoulli chain',
        estimate(valuesAt(run, 'vocabulary', row)),
        '=',
        expected[row],
      ),
    ),
  );
}

/** No simulation: how far the two chains are apart. */
function poissonClaims(groups: readonly Group[]): Claim[] {
  const claims = groups.flatMap(({ count, bernoulli, poisson }) =>
    tested.map((row) =>
      compare(
        `a Poisson chain loses no fewer words than a Bernoulli chain (count ${count}; m = ${row + 1})`,
        suresh,
        poisson[row],
        '<=',
        bernoulli[row] + 1e-12,
      ),
    ),
  );
  return claims.length > 0 ? [worst(claims)] : [];
}

function orderClaims(replaced: TextLine, subsampled: TextLine, groups: readonly Group[]): Claim[] {
  const last = generations - 1;
  const at = ({ run }: TextLine, metric: string) => estimate(valuesAt(run, metric, last));
  const ranked = groups.slice(1).map(({ metric, count }, i) => {
    const rarer = groups[i];
    const claim = `of words that stand ${count} times more are left than of those that stand ${rarer.count} times (trigram, replace; m = ${generations})`;
    return compare(claim, suresh, at(replaced, metric), '>=', at(replaced, rarer.metric));
  });
  return [
    ...(ranked.length > 0 ? [worst(ranked)] : []),
    compare(
      `more words are left under accumulate-subsample than under replace (trigram; m = ${generations})`,
      paper,
      at(subsampled, 'vocabulary'),
      '>=',
      at(replaced, 'vocabulary'),
    ),
  ];
}

const size = { width: 270, height: 210 };
const x = { title: 'generation m', domain: [1, generations] as [number, number], values: [1, 10, 20, 30, 40] };

function draw(lines: readonly TextLine[], groups: readonly Group[], vocabulary: readonly number[], setting: TextSetting): VegaLiteSpec {
  const datasets: Datasets = {};
  const [unigram, trigram, subsampled] = lines;
  const nameOf = ({ count }: Group) => (count === 1 ? 'once' : `${count} times`);
  const law: Curve[] = groups.map((group) => ({ name: nameOf(group), x: all, y: group.bernoulli }));
  const byCount = ({ name, run }: TextLine) =>
    seriesPanel(datasets, `survival-${name}`, {
      ...{ size, x, names: groups.map(nameOf), columns: 3, title: name },
      y: { title: 'share of the words left', domain: [0, 1], format: '.0%' },
      measured: groups.map((group) => meanCurve(nameOf(group), run, group.metric)),
      expected: law,
    });
  const colours = seriesColours.slice(0, lines.length);
  const panels = [
    byCount(unigram),
    byCount(trigram),
    seriesPanel(datasets, 'vocabulary', {
      ...{ size, x, names: lines.map(({ name }) => name), colours, columns: 1 },
      y: { title: 'different words in the training set' },
      measured: lines.map(({ name, run }) => meanCurve(name, run, 'vocabulary')),
      expected: [{ name: unigram.name, x: all, y: vocabulary }],
    }),
    compositionPanel(datasets, subsampled.run, setting, rate, size),
  ];
  const entries: LegendEntry[] = ['measured', ['expected', 'Bernoulli chain of a unigram']];
  const body = { ...grid(panels, 2, [], { row: 128, column: 62 }), resolve: { scale: { color: 'independent' } } };
  return chart(under(entries, body, 24, 'full'), datasets);
}
