/** Figure 2: mean total collapse time against sample size, for several initial distributions; the paper's bound and the exact law. */
import { type Claim, compare, type Estimate, estimate, worst, zScore } from '../figures/claim.js';
import { grid, looks, type Role, strokeOf } from '../figures/legend.js';
import { type Datasets, labelExtent, position } from '../figures/panels.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { expectedCollapseTime } from '../theory/coalescent.js';
import { collapseTimeBounds } from '../theory/fully-synthetic.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import type { Run } from './run.js';
import { distributionRow, distributions, paper, probabilities, titleOf, vocabulary, zipf } from './seddik.js';

const sampleSizes = [10, 50, 100, 150, 200, 250, 300, 350, 400];
const seed = 200;

/** One initial distribution with its measured and predicted collapse times, aligned with `sampleSizes`. */
interface Column {
  title: string;
  runs: Run[];
  measured: Estimate[];
  exact: number[];
  lower: number[];
  upper: number[];
}

export const seddik2: Experiment = {
  id: 'seddik-2',
  aliases: ['fig2', '2'],
  group: 'seddik',
  title: 'Collapse time grows with the sample size',
  source: `${paper}, Figure 2`,
  simulations: distributions.length * sampleSizes.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const columns: Column[] = [];
  for (const distribution of distributions) columns.push(await column(context, distribution));
  return {
    caption:
      'Top: the initial distributions. Bottom: mean total collapse time over the runs (dots; bars are two standard errors), ' +
      `its exact expectation from lineages traced backwards (dashed), and the lower bound of Proposition 1 (dotted). ` +
      'The upper bound of Proposition 1 grows with the square of n and lies far above the frame.',
    parameters: [
      ['schedule', 'fully synthetic, until collapse'],
      ['vocabulary s', String(vocabulary)],
      ['initial', columns.map(({ title }) => title).join('; ')],
      ['sample size n', sampleSizes.join(', ')],
      ['runs', String(context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: columns.flatMap(claims),
    results: columns.flatMap(({ runs }) => runs.map(({ label, result }) => ({ label, result }))),
    data: {
      columns: ['distribution', 'sample-size', 'mean', 'standard-error', 'exact', 'z', 'lower-bound', 'upper-bound'],
      rows: columns.flatMap(rows),
    },
    chart: await draw(columns),
  };
}

async function column(context: ExperimentContext, { support, simpson }: (typeof distributions)[number]): Promise<Column> {
  const initial = zipf(support, simpson);
  const title = titleOf({ support, simpson });
  const p = await probabilities({ support, simpson });
  const runs: Run[] = [];
  for (const sampleSize of sampleSizes) {
    const schedule = { kind: 'fully-synthetic' as const, sampleSize };
    runs.push(
      await context.simulate(`${title}, n = ${sampleSize}`, {
        model: { kind: 'categorical', initial },
        schedule,
        generations: 'until-collapse',
        metrics: ['max'],
        replicates: context.replicates,
        seed,
      }),
    );
  }
  const bounds = sampleSizes.map((n) => collapseTimeBounds(n, simpson, support));
  return {
    title,
    runs,
    measured: runs.map(({ collapseTimes }) => estimate(collapseTimes)),
    exact: sampleSizes.map((n) => expectedCollapseTime(n, p)),
    lower: bounds.map(({ lower }) => lower),
    upper: bounds.map(({ upper }) => upper),
  };
}

function claims({ title, measured, exact, lower, upper }: Column): Claim[] {
  const each = (make: (n: number, i: number) => Claim) => worst(sampleSizes.map(make));
  return [
    each((n, i) => compare(`mean T is the exact E[T] (${title}; n = ${n})`, 'lineages traced backwards', measured[i], '=', exact[i])),
    each((n, i) => compare(`mean T is above the lower bound (${title}; n = ${n})`, 'Proposition 1', measured[i], '>=', lower[i])),
    each((n, i) => compare(`mean T is below the upper bound (${title}; n = ${n})`, 'Proposition 1', measured[i], '<=', upper[i])),
    compare(
      `T grows linearly: generations per unit of n (${title})`,
      'Figure 2',
      slope(measured),
      '=',
      slope(exact.map((mean) => ({ mean, standardError: 0 }))).mean,
    ),
  ];
}

/** Least-squares slope against the sample size, with the standard error that the points' own errors give it. */
function slope(values: readonly Estimate[]): Estimate {
  const centre = sampleSizes.reduce((a, b) => a + b) / sampleSizes.length;
  const spread = sampleSizes.reduce((sum, n) => sum + (n - centre) ** 2, 0);
  const weights = sampleSizes.map((n) => (n - centre) / spread);
  return {
    mean: weights.reduce((sum, w, i) => sum + w * values[i].mean, 0),
    standardError: Math.sqrt(weights.reduce((sum, w, i) => sum + (w * values[i].standardError) ** 2, 0)),
  };
}

function rows({ title, measured, exact, lower, upper }: Column): (string | number)[][] {
  return sampleSizes.map((n, i) => [
    ...[title, n, measured[i].mean, measured[i].standardError],
    ...[exact[i], zScore(measured[i], exact[i]), lower[i], upper[i]],
  ]);
}

const size = { width: 196, height: 150 };

async function draw(columns: readonly Column[]): Promise<VegaLiteSpec> {
  const datasets: Datasets = {};
  const top = await distributionRow(datasets, { ...size, height: 90 });
  const highest = Math.max(...columns.flatMap(({ measured }) => measured.map(({ mean, standardError }) => mean + 2 * standardError)));
  const bottom = columns.map((column, i) => timePanel(datasets, column, i, Math.ceil(highest / 100) * 100));
  return chart(grid([...top, ...bottom], columns.length, ['points', 'theory', 'bound'], { row: 54, column: 22 }), datasets);
}

function timePanel(datasets: Datasets, { measured, exact, lower }: Column, i: number, highest: number): VegaLiteSpec {
  const name = `time-${i + 1}`;
  datasets[name] = sampleSizes.map((n, k) => {
    const { mean, standardError } = measured[k];
    const bar = { low: mean - 2 * standardError, high: mean + 2 * standardError };
    return { n, mean, ...bar, exact: exact[k], lower: lower[k], law: exact[k], z: zScore(measured[k], exact[k]) };
  });
  const x = position('n', { title: 'sample size n', domain: [0, 420], values: [0, 100, 200, 300, 400] });
  const y = (field: string) =>
    position(field, { title: i === 0 ? 'mean collapse time T' : null, domain: [0, highest], labels: i === 0, extent: labelExtent });
  const line = (field: string, role: Role) => ({ mark: { type: 'line', ...strokeOf(role) }, encoding: { x, y: y(field) } });
  return {
    ...size,
    data: { name },
    layer: [
      line('exact', 'theory'),
      line('lower', 'bound'),
      {
        mark: { type: 'rule', color: looks.points.colour, strokeWidth: looks.points.width },
        encoding: { x, y: y('low'), y2: { field: 'high' } },
      },
      { mark: { type: 'point', filled: true, size: 34, opacity: 1, color: looks.points.colour }, encoding: { x, y: y('mean') } },
    ],
  };
}
