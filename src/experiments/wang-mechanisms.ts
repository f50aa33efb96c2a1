/** The two ways in which recursive training fails, apart: sampling noise, and errors that every generation makes (Wang et al.). */
import { type Claim, compare, estimate } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { collapseProbability } from '../theory/coalescent.js';
import { accumulateSubsampleExponent, accumulateSubsampleWeight, replaceWeight } from '../theory/error-accumulation.js';
import { scheduleSimpson } from '../theory/schedule-moments.js';
import type { TrainingMoments } from '../theory/training.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { exactMeans, meanCurve, runCurves } from './laws.js';
import type { Run, RunSpec } from './run.js';
import { followsCurve, means, probabilities, trajectoryTable, valuesAt, zipf } from './seddik.js';

const paper = 'Wang et al. 2025, arXiv 2412.14872';
const corpus = 20;
const rate = 1;
const truth = { vocabulary: 600, support: 52, simpson: 0.1 };
const generations = 40;
const errorSize = 0.05;
const seed = 800;
/** The most frequent token of the truth. */
const watched = 'probability:0';
const metrics = ['simpson', 'outside-truth', watched];
const tested = [1, 4, 9, 19, 39];
const runsDrawn = 25;
const farAway = 1_000_000;

const names = ['replace', 'accumulate-subsample'] as const;
type Name = (typeof names)[number];

const schedules: Record<Name, RunSpec['schedule']> = {
  replace: { kind: 'fully-synthetic', sampleSize: corpus },
  'accumulate-subsample': { kind: 'accumulate-subsample', corpusSize: corpus, rate },
};

interface Line {
  name: Name;
  /** As in labels: the schedule, and whether models have errors. */
  title: string;
  run: Run;
  exact: TrainingMoments;
}

export const wangMechanisms: Experiment = {
  id: 'wang-mechanisms',
  aliases: [],
  group: 'wang',
  title: 'Two ways to lose a finite corpus: sampling noise and errors of every generation',
  source: `${paper}: Replace and Accumulate-Subsample; second moments of this project`,
  simulations: 2 * names.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const noise = await linesOf(context, undefined);
  const errors = await linesOf(context, errorSize);
  const [p0] = await probabilities(truth);
  const lines = [...noise, ...errors];
  return {
    caption:
      `Top: sampling noise alone. Every generation trains on ${corpus} samples, of the last model (replace) or of everything so far (accumulate-subsample, rate ${rate}). Replace ends in one token: ` +
      `in the mean the share of a token stays what it is (p₁ = ${p0.toPrecision(3)}), but single runs lose it or keep nothing else; a subsample of everything does not. Bottom: every model also puts a/(1 + a), a = ${errorSize}, of its probability on tokens that the truth lacks. ` +
      'Now both lose the corpus: its weight falls by 1/(1 + a) in every generation under replace, and like m to the power −a/(1 + a) = ' +
      `−${accumulateSubsampleExponent(errorSize).toFixed(3)} under accumulate-subsample, a straight line in the last panel.`,
    parameters: [
      ['corpus and training sets', `${corpus} samples; rate ${rate}`],
      ['vocabulary s, support, S₀', `${truth.vocabulary}, ${truth.support}, ${truth.simpson}`],
      ['error', `a = ${errorSize}, uniform over the ${truth.vocabulary - truth.support} tokens outside the support`],
      ['generations', String(generations)],
      ['runs', String(20 * context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [...(await noiseClaims(noise, p0)), ...errors.flatMap((line) => errorClaims(line, p0)), ...errorsAgainstNoise(noise, errors)],
    results: lines.map(({ run, exact }) => ({
      label: run.label,
      result: run.result,
      expected: { simpson: exact.simpson, 'outside-truth': exact.outside, [watched]: shareOfWatched(exact, p0) },
    })),
    data: trajectoryTable(lines, metrics),
    chart: draw(noise, errors, p0),
  };
}

async function linesOf(context: ExperimentContext, size: number | undefined): Promise<Line[]> {
  const lines: Line[] = [];
  const error = size === undefined ? undefined : { size, tokens: 'outside' as const };
  for (const name of names) {
    const schedule = schedules[name];
    const title = `${name}, ${error ? `errors of ${size}` : 'noise alone'}`;
    const run = await context.simulate(title, {
      model: { kind: 'categorical', initial: zipf(truth.support, truth.simpson), ...(error && { error }) },
      schedule,
      generations,
      metrics,
      seed,
      replicates: 20 * context.replicates,
    });
    lines.push({ name, title, run, exact: exactMeans({ schedule, error }, truth, run.generation) });
  }
  return lines;
}

/** E p_i^(m) of the watched token: the errors put nothing on it. */
function shareOfWatched({ truth: weight }: TrainingMoments, p0: number): number[] {
  return weight.map((share) => share * p0);
}

async function noiseClaims(lines: readonly Line[], p0: number): Promise<Claim[]> {
  const [replace, subsample] = lines;
  const last = generations - 1;
  const collapsed = replace.run.collapseTimes.map((time) => (time > 0 && time <= generations ? 1 : 0));
  const [rho] = collapseProbability([generations], corpus, await probabilities(truth));
  const law = { kind: 'accumulate-subsample', corpusSize: corpus, batch: rate * corpus } as const;
  const [limit] = scheduleSimpson(law, [farAway], truth.simpson);
  const rest = estimate(valuesAt(subsample.run, 'simpson', last).map((value) => 1 - value));
  return [
    ...lines.flatMap(({ name, run, exact }) => [
      followsCurve(
        `mean Simpson index follows its expectation (${name}, noise alone)`,
        'second moments',
        run,
        'simpson',
        tested,
        exact.simpson,
      ),
      followsCurve(
        `mean share of the most frequent token stays p₁ (${name}, noise alone)`,
        'martingale',
        run,
        watched,
        tested,
        shareOfWatched(exact, p0),
      ),
    ]),
    compare(
      `share of runs that have collapsed is ρ_m (replace, noise alone; m = ${generations})`,
      'lineages',
      estimate(collapsed),
      '=',
      rho,
    ),
    compare(
      `noise alone does not collapse accumulate-subsample: mean 1 − σ stays above its limit, that of m = 10⁶ (m = ${generations})`,
      'second moments',
      rest,
      '>=',
      1 - limit,
    ),
  ];
}

function errorClaims({ name, run, exact }: Line, p0: number): Claim[] {
  const corpusWeight = run.generation.map((m) => weightOf(name, m));
  return [
    followsCurve(
      `mean share of the most frequent token follows its closed form (${name}, errors)`,
      paper,
      run,
      watched,
      tested,
      shareOfWatched(exact, p0),
    ),
    followsCurve(
      `mean probability outside the support is 1 minus the weight of the corpus (${name}, errors)`,
      paper,
      run,
      'outside-truth',
      tested,
      corpusWeight.map((weight) => 1 - weight),
    ),
    followsCurve(`mean Simpson index follows its expectation (${name}, errors)`, 'second moments', run, 'simpson', tested, exact.simpson),
  ];
}

/** What the errors do, beside what noise alone does. */
function errorsAgainstNoise(noise: readonly Line[], errors: readonly Line[]): Claim[] {
  const last = generations - 1;
  const at = (line: Line) => estimate(valuesAt(line.run, watched, last));
  return names.map((name, i) =>
    compare(
      `errors lower the mean share of the most frequent token (${name}; m = ${generations})`,
      paper,
      at(errors[i]),
      '<=',
      at(noise[i]),
    ),
  );
}

function weightOf(name: Name, m: number): number {
  return name === 'replace' ? replaceWeight(m, errorSize) : accumulateSubsampleWeight(m, errorSize, rate);
}

const size = { width: 262, height: 180 };
const colours = [palette.vermillion, palette.blue];
const x: Axis = { title: 'generation m', domain: [1, generations], values: [1, 10, 20, 30, 40] };

function draw(noise: readonly Line[], errors: readonly Line[], p0: number): VegaLiteSpec {
  const datasets: Datasets = {};
  const shared = { size, x, names, colours };
  const [replace, subsample] = noise;
  const generation = replace.run.generation;
  const mean = (lines: readonly Line[], metric: string) => lines.map(({ name, run }) => meanCurve(name, run, metric));
  const expected = (lines: readonly Line[], values: (exact: TrainingMoments) => number[]) =>
    lines.map(({ name, exact }) => ({ name, x: generation, y: values(exact) }));
  const tokenRuns = ({ name, run, exact }: Line) =>
    seriesPanel(datasets, `noise-token-${name}`, {
      ...shared,
      title: `noise alone: ${name}`,
      y: { title: 'share of the most frequent token', domain: [0, 1] },
      runs: runCurves(name, run, watched, runsDrawn),
      measured: [meanCurve(name, run, watched)],
      expected: [{ name, x: generation, y: shareOfWatched(exact, p0) }],
    });
  const corpusWeights = errors.map(({ name, run }) => ({ name, x: generation, y: means(run, 'outside-truth').map((share) => 1 - share) }));
  const panels = [
    seriesPanel(datasets, 'noise-simpson', {
      ...shared,
      title: 'noise alone',
      y: { title: 'Simpson index σ', domain: [0, 1] },
      measured: mean(noise, 'simpson'),
      expected: expected(noise, ({ simpson }) => simpson),
    }),
    tokenRuns(replace),
    tokenRuns(subsample),
    seriesPanel(datasets, 'errors-outside', {
      ...shared,
      title: `errors, a = ${errorSize}`,
      y: { title: 'probability outside the support', domain: [0, 1] },
      measured: mean(errors, 'outside-truth'),
      expected: expected(errors, ({ outside }) => outside),
    }),
    seriesPanel(datasets, 'errors-token', {
      ...shared,
      title: `errors, a = ${errorSize}`,
      y: { title: 'share of the most frequent token', domain: [0, 0.3] },
      measured: mean(errors, watched),
      expected: expected(errors, (exact) => shareOfWatched(exact, p0)),
    }),
    seriesPanel(datasets, 'errors-weight', {
      ...shared,
      title: `errors, a = ${errorSize}; both axes logarithmic`,
      x: { title: 'generation m', type: 'log', domain: [1, generations], values: [1, 2, 5, 10, 20, 40] },
      y: { title: 'weight of the real corpus', type: 'log', domain: [0.1, 1], values: [0.1, 0.2, 0.5, 1] },
      measured: corpusWeights,
      expected: names.map((name) => ({ name, x: generation, y: generation.map((m) => weightOf(name, m)) })),
    }),
  ];
  const entries = [['replicate', 'single runs'], 'measured', 'expected'] as const;
  return chart(under(entries, grid(panels, 3, [], { row: 84, column: 62 }), 14, 'full'), datasets);
}
