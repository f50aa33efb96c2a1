/** Figure 3 of Dohmatob et al.: strong collapse. With a small share of synthetic data more data stops helping. */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { allAgree, type Fits, lawOf, markedCurve, paper, ratios, resultsOf, simulateFits, tableOf } from './dohmatob.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';

const base = { dimension: 100, noise: 1, ridge: 0 };
const { dimension } = base;
const shares = [0, 0.001, 0.01, 0.1, 0.5];
const qualities = [0.1, 0.5, 1];
const sizes = [20, 40, 60, 200, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
const largest = sizes.length - 1;
const seed = 4300;
/** What the law leaves out, relative, on the average over a curve: for n > d the exact variance is s^2 d/(n - d - 1). */
const allowance = 1 / dimension;

export const dohmatob3: Experiment = {
  id: 'dohmatob-3',
  aliases: [],
  group: 'dohmatob',
  title: 'Strong collapse: with 1 % of synthetic data the error stops falling',
  source: `${paper}, Figure 3`,
  simulations: (1 + (shares.length - 1) * qualities.length) * sizes.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const runs = context.replicates;
  const fits: Fits[] = [];
  for (const share of shares) {
    for (const quality of share === 0 ? [0] : qualities) {
      for (const samples of sizes) fits.push(await simulateFits(context, { ...base, samples, share, quality }, runs, seed));
    }
  }
  const mixtures = shares.slice(1).flatMap((share) => qualities.map((quality) => curveOf(fits, share, quality)));
  const real = curveOf(fits, 0, 0);
  return {
    caption:
      `Test error of least squares against the number n of samples, for shares p₂ of synthetic data of three qualities c²: means of the runs (solid) and Theorem 1 (dashed, on top of them). ` +
      'Real data alone lets the error fall as d/n for ever. Any fixed share of synthetic data ends that: the error tends to p₂² c², however little p₂ is. Nothing here is drawn sample by sample, so that 10¹⁰ samples cost what 10³ do. The peak is at n = d.',
    parameters: [
      ['dimension d', String(dimension)],
      ['shares p₂', shares.join(', ')],
      ['qualities c²', qualities.join(', ')],
      ['label noise (variance), ridge λ', `${base.noise}, ${base.ridge} (least norm)`],
      ['samples n', sizes.join(', ')],
      ['runs', String(runs)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      allAgree('test error is within 1/d of Theorem 1, averaged over n', `${paper}, Theorem 1`, [real, ...mixtures], allowance),
      ...slopeClaims(real, mixtures),
      worst(mixtures.filter(([{ setting }]) => setting.share >= 0.01).map(plateauClaim)),
    ],
    results: resultsOf(fits),
    data: tableOf(fits),
    chart: draw(fits),
  };
}

function curveOf(fits: readonly Fits[], share: number, quality: number): Fits[] {
  return fits.filter(({ setting }) => setting.share === share && (share === 0 || setting.quality === quality));
}

/** d log E / d log n between two sizes; the standard error by the first order of the logarithm. */
function slope(fits: readonly Fits[], from: number, to: number) {
  const [a, b] = [fits[from], fits[to]];
  const span = Math.log(b.setting.samples / a.setting.samples);
  return {
    mean: Math.log(b.error.mean / a.error.mean) / span,
    standardError: Math.hypot(a.error.standardError / a.error.mean, b.error.standardError / b.error.mean) / span,
  };
}

function slopeClaims(real: readonly Fits[], mixtures: readonly Fits[][]): Claim[] {
  return [
    compare(
      'real data only: log error falls with slope −1 in log n, from n = 10⁸ to 10¹⁰',
      `${paper}, Theorem 1`,
      slope(real, largest - 2, largest),
      '=',
      -1,
    ),
    worst(
      mixtures
        .filter(([{ setting }]) => setting.share >= 0.01)
        .map((fits) => {
          const { share, quality } = fits[0].setting;
          return compare(
            `a mixture: the slope is near 0, above −0.1 from n = 10⁹ to 10¹⁰ (p₂ = ${share}, c² = ${quality})`,
            paper,
            slope(fits, largest - 1, largest),
            '>=',
            -0.1,
          );
        }),
    ),
  ];
}

/** zeta -> p_2^2 c^2, to which n = 10^10 still adds its variance; a replicate's w_2 - w_1 is as long as chance has it. */
function plateauClaim(fits: readonly Fits[]): Claim {
  const { values, setting } = fits[largest];
  const { share, quality, samples, noise } = setting;
  const limit = share * share * quality;
  const variance = (noise * dimension) / (samples - dimension - 1);
  return compare(
    `the error at n = 10¹⁰, less its variance s² d/(n − d − 1), is p₂² c² (p₂ = ${share}, c² = ${quality}; in units of it)`,
    `${paper}, Theorem 1`,
    estimate(values.map((value) => (value - variance) / limit)),
    '=',
    1,
  );
}

const size = { width: 265, height: 300 };

function draw(fits: readonly Fits[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const names = shares.map((share) => `p₂ = ${share}`);
  const dense = [...ratios(20, 95, 40), ...ratios(105, 1e10, 120)].map(Math.round);
  const panels = qualities.map((quality, i) => {
    const x: Axis = { title: 'samples n', type: 'log', domain: [20, 1e10], values: [1e2, 1e4, 1e6, 1e8, 1e10], format: '~s' };
    const y: Axis = {
      ...{ title: i === 0 ? 'test error' : null, type: 'log', domain: [1e-8, 30], values: [1e-8, 1e-6, 1e-4, 1e-2, 1], format: '~e' },
      labels: i === 0,
      extent: 34,
    };
    return seriesPanel(datasets, `quality-${i}`, {
      ...{ size, x, y, names, columns: 5, title: `quality c² = ${quality}` },
      measured: shares.map((share, k) => {
        const curve = curveOf(fits, share, quality);
        return { name: names[k], x: sizes, y: curve.map(({ error }) => error.mean) };
      }),
      marked: shares.map((share, k) => markedCurve(names[k], curveOf(fits, share, quality), ({ samples }) => samples)),
      expected: shares.map((share, k) => ({
        name: names[k],
        x: dense,
        y: dense.map((samples) => lawOf({ ...base, samples, share, quality }).total),
      })),
    });
  });
  const entries = ['measured', ['expected', 'Theorem 1']] as const;
  return chart(under(entries, grid(panels, 3, [], { row: 40, column: 16 }), 14, 'full'), datasets);
}
