/** Recursive training of a Gaussian: typical runs against means, under five schedules and both estimators. */

import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { type Curve, seriesPanel } from '../figures/series.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { dataLaw } from '../laws/data-law.js';
import type { SampleSchedule } from '../spec/schedule.js';
import { type Estimator, type GaussianMoments, gaussianMoments, logDeterminantIncrement } from '../theory/gaussian.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { meanCurve, runCurves } from './laws.js';
import type { Run, RunSpec } from './run.js';
import { followsCurve, trajectoryTable, valuesAt } from './seddik.js';

const n = 20;
const generations = 200;
const seed = 1100;
const metrics = ['variance', 'log-determinant', 'mean-shift', 'log-increment'];
const estimators = ['mle', 'unbiased'] as const;
const runsDrawn = 25;
/** Every generation at first, then every fifth. */
const reported = Array.from({ length: generations }, (_, i) => i + 1).filter((m) => m <= 20 || m % 5 === 0);
const last = reported.length - 1;
const rowsOf = (list: readonly number[]) => list.map((m) => reported.indexOf(m));
/** Later, ever fewer runs carry the mean under replace, and what is left out of the standard error grows. */
const early = rowsOf([1, 2, 5, 10]);
const tested = [...early, ...rowsOf([50, 200])];
/** Sum of 1/j^2: accumulate's mean squared shift against that of generation 1. */
const accumulateBound = Math.PI ** 2 / 6;

const schedules: Record<string, RunSpec['schedule']> = {
  replace: { kind: 'fully-synthetic', sampleSize: n },
  'accumulate-subsample': { kind: 'accumulate-subsample', corpusSize: n, rate: 1 },
  accumulate: { kind: 'accumulate', real: n, synthetic: n },
  'partially synthetic': { kind: 'partially-synthetic', real: n, synthetic: n },
  fresh: { kind: 'fresh', real: n, synthetic: n },
};
const names = Object.keys(schedules);

interface Line {
  name: string;
  estimator: Estimator;
  title: string;
  run: Run;
  exact: GaussianMoments;
}

export const gaussianFigure: Experiment = {
  id: 'gaussian',
  aliases: [],
  group: 'gaussian',
  title: 'A Gaussian trained on itself: the typical run, the mean, and what real data change',
  source: 'laws of this project; the bound π²/6, for linear models: Gerstgrasser et al. 2024, arXiv 2404.01413',
  simulations: estimators.length * names.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const lines: Line[] = [];
  for (const estimator of estimators) for (const name of names) lines.push(await lineOf(context, name, estimator));
  const { mean } = logDeterminantIncrement(n, 1, 'unbiased');
  return {
    caption:
      `A normal distribution in one dimension, fitted to ${n} samples a source by maximum likelihood or with the unbiased variance. Under replace (left, single runs) the log variance falls by ${(-mean).toFixed(3)} ` +
      'a generation even with the unbiased estimator, whose mean variance stays 1 for ever (dashed): ever rarer runs carry that mean, so the mean of any number of runs strays from it in the end. ' +
      'The mean of the log (middle, where replace leaves the picture; dashed: exact, for replace), not the log of the mean, tells what becomes of a typical run. Keeping data, or adding new real data, stops the fall. ' +
      'Right: the squared shift of the mean, over that of generation 1. Under accumulate generation j adds at most 1/j², so it stays below π²/6.',
    parameters: [
      ['schedules', names.join('; ')],
      ['samples', `${n} of each source; ${n} real; corpus size ${n}, rate 1`],
      ['truth', 'N(0, 1)'],
      ['estimators', 'mle: divided by n; unbiased: by n − 1'],
      ['generations', String(generations)],
      ['runs', String(20 * context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [...lines.flatMap(momentClaims), ...lines.filter(({ name }) => name === 'replace').flatMap(logClaims), ...keptClaims(lines)],
    results: lines.map(({ run, exact }) => ({
      label: run.label,
      result: run.result,
      expected: { variance: exact.variance, 'mean-shift': exact.meanShift },
    })),
    data: trajectoryTable(lines, metrics),
    chart: draw(lines),
  };
}

async function lineOf(context: ExperimentContext, name: string, estimator: Estimator): Promise<Line> {
  const schedule = schedules[name];
  const title = `${name}, ${estimator}`;
  const run = await context.simulate(title, {
    model: { kind: 'gaussian', dimension: 1, estimator },
    schedule,
    generations: reported,
    metrics,
    seed,
    replicates: 20 * context.replicates,
  });
  return {
    name,
    estimator,
    title,
    run,
    exact: gaussianMoments({ schedule: dataLaw(schedule as SampleSchedule), estimator }, run.generation),
  };
}

function momentClaims({ name, title, run, exact }: Line): Claim[] {
  const rows = name === 'replace' ? early : tested;
  return [
    followsCurve(`mean variance follows its expectation (${title})`, 'second moments', run, 'variance', rows, exact.variance),
    followsCurve(
      `mean squared shift of the mean follows its expectation (${title})`,
      'second moments',
      run,
      'mean-shift',
      rows,
      exact.meanShift,
    ),
  ];
}

/** Replace: the log variance is a random walk. */
function logClaims({ estimator, title, run }: Line): Claim[] {
  const law = logDeterminantIncrement(n, 1, estimator);
  const each = run.generation.map(() => law.mean);
  const rows = rowsOf([2, 10, 50, 100, 200]);
  const squares = (row: number) => valuesAt(run, 'log-increment', row).map((value) => (value - law.mean) ** 2);
  return [
    followsCurve(`mean increment of ln σ² follows its law (${title})`, 'Wishart law', run, 'log-increment', rows, each),
    worst(
      rows.map((row) =>
        compare(
          `variance of the increment follows its law (${title}; m = ${run.generation[row]})`,
          'Wishart law',
          estimate(squares(row)),
          '=',
          law.variance,
        ),
      ),
    ),
    followsCurve(
      `mean of ln σ² follows its law (${title})`,
      'Wishart law',
      run,
      'log-determinant',
      rows,
      run.generation.map((m) => m * law.mean),
    ),
    compare(
      `a typical run ends far below the mean variance: median of σ² (${title}; m = ${generations})`,
      'Wishart law',
      Number(run.result.metrics.variance.quantiles['0.5'][last]),
      '<=',
      0.01,
    ),
  ];
}

/** What data that is kept changes. */
function keptClaims(lines: readonly Line[]): Claim[] {
  const of = (name: string, estimator: Estimator) => lines.find((line) => line.name === name && line.estimator === estimator) as Line;
  return estimators.flatMap((estimator) => {
    const accumulate = of('accumulate', estimator);
    const replace = estimate(valuesAt(of('replace', estimator).run, 'log-determinant', last));
    return [
      compare(
        `mean squared shift stays below π²/6 of 1/n (accumulate, ${estimator}; m = ${generations})`,
        'second moments',
        estimate(valuesAt(accumulate.run, 'mean-shift', last)),
        '<=',
        accumulateBound / n,
      ),
      worst(
        names
          .filter((name) => name !== 'replace')
          .map((name) =>
            compare(
              `mean of ln σ² stays above that of replace (${name}, ${estimator}; m = ${generations})`,
              'this comparison',
              estimate(valuesAt(of(name, estimator).run, 'log-determinant', last)),
              '>=',
              replace,
            ),
          ),
      ),
    ];
  });
}

const size = { width: 262, height: 200 };
const colours = [palette.vermillion, palette.purple, palette.blue, palette.green, palette.orange];
const logarithmic: Axis = { title: 'generation m', type: 'log', domain: [1, generations], values: [1, 10, 100] };
const x: Axis = { title: 'generation m', domain: [0, generations], values: [0, 50, 100, 150, 200] };

function draw(lines: readonly Line[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const shared = { size, names, colours, columns: 5 };
  const panels = estimators.flatMap((estimator) => {
    const some = lines.filter((line) => line.estimator === estimator);
    const [replace] = some;
    const title = estimator === 'mle' ? 'maximum likelihood' : 'unbiased estimator';
    const { mean } = logDeterminantIncrement(n, 1, estimator);
    const generation = replace.run.generation;
    const line: Curve = { name: 'replace', x: generation, y: generation.map((m) => m * mean) };
    const scaled = (curve: Curve, by: (value: number) => number): Curve => ({ ...curve, y: Array.from(curve.y, by) });
    const overFirst = (curve: Curve) => scaled(curve, (value) => value * n);
    return [
      seriesPanel(datasets, `runs-${estimator}`, {
        ...shared,
        title: `${title}: replace`,
        x,
        y: { title: 'ln σ², and ln of the mean of σ²', domain: [-25, 5], values: [-25, -20, -15, -10, -5, 0, 5] },
        runs: runCurves('replace', replace.run, 'log-determinant', runsDrawn),
        measured: [scaled(meanCurve('replace', replace.run, 'variance'), Math.log)],
        expected: [{ name: 'replace', x: generation, y: replace.exact.variance.map(Math.log) }],
      }),
      seriesPanel(datasets, `logs-${estimator}`, {
        ...shared,
        title: `${title}: mean of ln σ²`,
        x: logarithmic,
        y: { title: 'mean of ln σ²', domain: [-1, 0.2], values: [-1, -0.8, -0.6, -0.4, -0.2, 0, 0.2] },
        measured: some.map(({ name, run }) => meanCurve(name, run, 'log-determinant')),
        expected: [line],
      }),
      seriesPanel(datasets, `shift-${estimator}`, {
        ...shared,
        title: `${title}: shift of the mean`,
        x: logarithmic,
        y: { title: 'E μ² n', type: 'log', domain: [0.4, 200], values: [0.5, 1, 2, 5, 10, 20, 50, 100, 200] },
        measured: some.map(({ name, run }) => overFirst(meanCurve(name, run, 'mean-shift'))),
        expected: some.map(({ name, run, exact }) => overFirst({ name, x: run.generation, y: exact.meanShift })),
        limit: [{ name: 'accumulate', x: [1, generations], y: [accumulateBound, accumulateBound] }],
      }),
    ];
  });
  const entries = [['replicate', 'single runs'], 'measured', 'expected', ['limit', 'π²/6, the bound under accumulate']] as const;
  return chart(under(entries, grid(panels, 3, [], { row: 84, column: 62 }), 14, 'full'), datasets);
}
