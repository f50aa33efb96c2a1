/** Figure 9 of Dohmatob et al.: weighted mixing. The best weight of synthetic data tends to 0. */
import { type Claim, compare, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { populationOf } from '../theory/linear/predict.js';
import { bestWeight, firstOrderWeight } from '../theory/linear/weighted.js';
import {
  agrees,
  type Fits,
  lawOf,
  markedCurve,
  modelOf,
  paper,
  resultsOf,
  type Setting,
  scheduleOf,
  simulateFits,
  tableOf,
} from './dohmatob.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';

const base = { dimension: 100, noise: 1, ridge: 0, share: 0.5 };
const { dimension } = base;
const sizes = [400, 2000, 10_000, 100_000];
const qualities = [0.1, 1];
const weights = [0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.8];
const seed = 4900;
/** What the law leaves out at d = 100 and n >= 4 d, relative, on the average over a curve. */
const allowance = 1 / dimension;
const source = 'law of weighted mixing (docs/MATH.md#weighted)';

interface Curve {
  samples: number;
  quality: number;
  fits: Fits[];
  best: ReturnType<typeof bestOf>;
}

export const dohmatob9: Experiment = {
  id: 'dohmatob-9',
  aliases: [],
  group: 'dohmatob',
  title: 'Weighted mixing: the best weight of the synthetic half tends to 0',
  source: `${paper}, Figure 9`,
  simulations: sizes.length * qualities.length * weights.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const runs = Math.max(2, Math.round(context.replicates / 2));
  const curves: Curve[] = [];
  for (const quality of qualities) {
    for (const samples of sizes) {
      const fits: Fits[] = [];
      for (const weight of weights) fits.push(await simulateFits(context, { ...base, samples, quality, weight }, runs, seed));
      curves.push({ samples, quality, fits, best: bestOf({ ...base, samples, quality }) });
    }
  }
  const all = curves.flatMap(({ fits }) => fits);
  const percent = (weight: number) => weight.toPrecision(2);
  return {
    caption:
      `Test error of least squares where synthetic samples, half of all n, have the total weight a: means of the runs (points), the law (dashed), and its least point (diamonds). ` +
      'With few samples synthetic ones help a little, because they halve the noise. With many the best weight falls like d/n: what weighting brings is what leaving the synthetic data out would bring. Equal weights are a = 0.5.',
    parameters: [
      ['dimension d, share p₂', `${dimension}, ${base.share}`],
      ['samples n', sizes.join(', ')],
      ['qualities c²', qualities.join(', ')],
      ['label noise (variance), ridge λ', `${base.noise}, ${base.ridge}`],
      [
        'best weights a',
        curves.map(({ samples, quality, best }) => `${percent(best.weight)} (n = ${samples}, c² = ${quality})`).join(', '),
      ],
      ['runs', String(runs)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      worst(
        curves.map(({ samples, quality, fits }) =>
          agrees(
            `test error is within 1/d of its law, averaged over the weights (n = ${samples}, c² = ${quality})`,
            source,
            fits,
            allowance,
          ),
        ),
      ),
      ...qualities.flatMap((quality) => optimumClaims(curves.filter((curve) => curve.quality === quality))),
    ],
    results: resultsOf(all),
    data: withWeights(all),
    chart: draw(curves),
  };
}

function lawArguments(setting: Setting) {
  const schedule = scheduleOf(setting);
  return [populationOf(modelOf(setting), schedule), schedule] as const;
}

function bestOf(setting: Setting) {
  return bestWeight(...lawArguments(setting), setting.ridge);
}

/** Of the weights simulated, the one nearest to the best in ratio. */
function nearBest({ fits, best }: Curve): Fits {
  const distance = ({ setting: { weight = 0 } }: Fits) => Math.abs(Math.log(weight / best.weight));
  return fits.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}

function optimumClaims(curves: readonly Curve[]): Claim[] {
  const [{ quality }] = curves;
  const beats = curves.map((curve) => {
    const { setting, error } = nearBest(curve);
    const claim = `a weight near the best is no worse than equal weights (c² = ${quality}, n = ${curve.samples}, a = ${setting.weight})`;
    return compare(claim, paper, error, '<=', curve.fits[weights.indexOf(base.share)].error);
  });
  const last = curves[curves.length - 1];
  const first = firstOrderWeight(...lawArguments({ ...base, quality, samples: last.samples }));
  const realAlone = (base.noise * dimension) / (last.samples / 2 - dimension - 1);
  const { setting, error } = nearBest(last);
  return [
    worst(beats),
    compare(
      `the best weight is within 5 % of its first order in d/n, relative (c² = ${quality}, n = ${last.samples})`,
      source,
      Math.abs(last.best.weight / first - 1),
      '<=',
      0.05,
    ),
    compare(
      `with n = ${last.samples} the best mixture gains little: at least 0.95 of the error of the real half alone (c² = ${quality}, a = ${setting.weight})`,
      paper,
      error,
      '>=',
      0.95 * realAlone,
    ),
  ];
}

function withWeights(fits: readonly Fits[]): Outcome['data'] {
  const { columns, rows } = tableOf(fits);
  return { columns: ['syntheticWeight', ...columns], rows: [...rows].map((row, i) => [fits[i].setting.weight ?? null, ...row]) };
}

const size = { width: 380, height: 300 };

function draw(curves: readonly Curve[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const nameOf = (samples: number) => `n = ${samples.toLocaleString('en')}`;
  const names = sizes.map(nameOf);
  const dense = Array.from({ length: 121 }, (_, i) => 10 ** (-3.3 + (i * 3.3) / 120) * 0.999);
  const panels = qualities.map((quality, i) => {
    const some = curves.filter((curve) => curve.quality === quality);
    const x: Axis = {
      title: 'total weight a of the synthetic half',
      type: 'log',
      domain: [0.0005, 1],
      values: [0.001, 0.01, 0.1, 1],
      format: '~g',
    };
    const y: Axis = {
      ...{ title: i === 0 ? 'test error' : null, type: 'log', domain: [0.0015, 2], values: [0.002, 0.01, 0.1, 1], format: '~g' },
      labels: i === 0,
    };
    return seriesPanel(datasets, `quality-${i}`, {
      ...{ size, x, y, names, title: `quality c² = ${quality}` },
      expected: some.map(({ samples }) => ({
        name: nameOf(samples),
        x: dense,
        y: dense.map((weight) => lawOf({ ...base, samples, quality, weight }).total),
      })),
      marked: some.map(({ samples, fits }) => markedCurve(nameOf(samples), fits, ({ weight = 0 }) => weight)),
      optimum: some.map(({ samples, best }) => ({ name: nameOf(samples), x: [best.weight], y: [best.error.total] })),
    });
  });
  const entries = ['marked', ['expected', 'law'], ['optimum', 'best weight']] as const;
  return chart(under(entries, grid(panels, 2, [], { row: 40, column: 22 }), 14, 'full'), datasets);
}
