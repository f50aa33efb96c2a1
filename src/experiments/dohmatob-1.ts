/** Figure 1 of Dohmatob et al.: what a share of synthetic data costs models of every width. */
import { type Claim, compare, worst, zScore } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Datasets } from '../figures/panels.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { allAgree, type Fits, lawOf, paper, ratios, resultsOf, type Setting, simulateFits, tableOf } from './dohmatob.js';
import { type ParetoPoint, paretoPanel } from './dohmatob-pareto.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';

const base = { dimension: 600, samples: 500, noise: 0.1, ridge: 1e-3 };
const { dimension, samples } = base;
/** n_2 = 50, 250, 450. */
const shares = [0.1, 0.5, 0.9];
const qualities = [0, 0.1, 0.5, 1];
/** In units of n. */
const widths = [0.1, 0.3, 0.6, 0.9, 1.2, 2, 5].map((ratio) => Math.round(ratio * samples));
const seed = 4100;
/** What the law leaves out at d = 600, relative, on the average over a curve. */
const allowance = 4 / dimension;

const realOnly: Setting[] = widths.map((width) => ({ ...base, share: 0, quality: 0, width }));
const mixtures: Setting[] = shares.flatMap((share) =>
  qualities.flatMap((quality) => widths.map((width) => ({ ...base, share, quality, width }))),
);

export const dohmatob1: Experiment = {
  id: 'dohmatob-1',
  aliases: [],
  group: 'dohmatob',
  title: 'Error on the mixture against error on real data only, for models of every width',
  source: `${paper}, Figure 1`,
  slow: true,
  simulations: realOnly.length + mixtures.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const runs = Math.max(2, Math.round(context.replicates / 25));
  const real: Fits[] = [];
  const mixed: Fits[] = [];
  for (const setting of realOnly) real.push(await simulateFits(context, setting, runs, seed));
  for (const setting of mixtures) mixed.push(await simulateFits(context, setting, runs, seed));
  const curves = [real, ...shares.flatMap((share) => qualities.map((quality) => curveOf(mixed, share, quality)))];
  return {
    caption:
      `Test error of random projections fitted to ${samples} samples, of which n₂ are synthetic, against that of the same model fitted to ${samples} real ones: Theorem 2 (lines) and runs (dots), coloured by width m. ` +
      'On the diagonal synthetic data cost nothing: perfect labels (c² = 0) lie there. Each curve begins with narrow models near (1, 1), goes out to the interpolation threshold m = n, and comes back: ' +
      'the cost grows with width up to the threshold and shrinks beyond it, but never vanishes.',
    parameters: [
      ['dimension d, samples n', `${dimension}, ${samples}`],
      ['synthetic samples n₂', shares.map((share) => share * samples).join(', ')],
      ['qualities c²', qualities.join(', ')],
      ['label noise (variance), ridge λ', `${base.noise}, ${base.ridge}`],
      ['widths m simulated', widths.join(', ')],
      ['runs', String(runs)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      allAgree('test error is within 4/d of Theorem 2, averaged over the widths', `${paper}, Theorem 2`, curves, allowance),
      diagonalClaim(real, mixed),
      ...costClaims(real, mixed),
    ],
    results: resultsOf([...real, ...mixed]),
    data: tableOf([...real, ...mixed]),
    chart: draw(real, mixed),
  };
}

function curveOf(fits: readonly Fits[], share: number, quality: number): Fits[] {
  return fits.filter(({ setting }) => setting.share === share && setting.quality === quality);
}

/** Differences to real data only, width by width. */
function costs(real: readonly Fits[], fits: readonly Fits[]) {
  return fits.map(({ error, setting }, i) => ({
    width: setting.width,
    mean: error.mean - real[i].error.mean,
    standardError: Math.hypot(error.standardError, real[i].error.standardError),
  }));
}

/** Mean over the widths of the cost in units of the error on real data: single errors of a few runs have tails too heavy for z. */
function relativeCost(real: readonly Fits[], fits: readonly Fits[]) {
  const parts = costs(real, fits).map(({ mean, standardError }, i) => [mean, standardError].map((value) => value / real[i].expected));
  const mean = parts.reduce((sum, [each]) => sum + each, 0) / parts.length;
  return { mean, standardError: Math.hypot(...parts.map(([, each]) => each)) / parts.length };
}

function diagonalClaim(real: readonly Fits[], mixed: readonly Fits[]): Claim {
  return worst(
    shares.map((share) => {
      const cost = relativeCost(real, curveOf(mixed, share, 0));
      return compare(`labels of c² = 0 cost nothing, relative, averaged over the widths (p₂ = ${share})`, paper, cost, '=', 0);
    }),
  );
}

function costClaims(real: readonly Fits[], mixed: readonly Fits[]): Claim[] {
  const worse = shares.flatMap((share) =>
    qualities.slice(2).map((quality) => {
      const cost = relativeCost(real, curveOf(mixed, share, quality));
      return compare(
        `the mixture costs something, relative, averaged over the widths (p₂ = ${share}, c² = ${quality})`,
        paper,
        cost,
        '>=',
        0,
      );
    }),
  );
  const at = (share: number, ratio: number) => {
    const all = costs(real, curveOf(mixed, share, 1));
    return all[widths.indexOf(Math.round(ratio * samples))];
  };
  const pairs = (claim: string, more: number, less: number) =>
    worst(
      shares.map((share) =>
        compare(
          `${claim} (p₂ = ${share}, c² = 1; m = ${more * samples} and ${less * samples})`,
          paper,
          at(share, more),
          '>=',
          at(share, less),
        ),
      ),
    );
  return [
    worst(worse),
    pairs('up to the threshold larger models pay more for synthetic data', 0.9, 0.1),
    pairs('beyond the threshold larger models pay less', 0.9, 5),
  ];
}

function draw(real: readonly Fits[], mixed: readonly Fits[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const dense = ratios(0.05 * samples, 10 * samples, 240);
  const panels = shares.map((share, i) => {
    const curves = qualities.map((quality) => ({
      label: `c² = ${quality}`,
      line: dense.map(
        (width): ParetoPoint => ({
          ratio: width / samples,
          x: lawOf({ ...base, share: 0, quality: 0, width: Math.round(width) }).total,
          y: lawOf({ ...base, share, quality, width: Math.round(width) }).total,
        }),
      ),
      dots: curveOf(mixed, share, quality).map(
        ({ error, expected, setting: { width = 0 } }, k): ParetoPoint => ({
          ratio: width / samples,
          x: real[k].error.mean,
          y: error.mean,
          halfWidth: 2 * error.standardError,
          law: expected,
          z: zScore(error, expected),
        }),
      ),
    }));
    return paretoPanel(datasets, `pareto-${i}`, {
      curves,
      title: `n₂ = ${share * samples} of ${samples} samples synthetic`,
      size: { width: 290, height: 290 },
      x: { title: 'test error, real data only', type: 'log', domain: [0.5, 3], values: [0.5, 0.7, 1, 1.5, 2, 3], format: '~g' },
      y: {
        title: i === 0 ? 'test error, mixture' : null,
        type: 'log',
        domain: [0.5, 6],
        values: [0.5, 0.7, 1, 1.5, 2, 3, 5],
        format: '~g',
        labels: i === 0,
      },
    });
  });
  const entries = [['measured', 'Theorem 2'], 'marked', ['limit', 'no cost']] as const;
  return chart(under(entries, grid(panels, 3, [], { row: 40, column: 22 }), 14, 'full'), datasets);
}
