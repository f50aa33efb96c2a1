/** Figure 2 of Dohmatob et al.: bias, variance and the cost of synthetic labels against width, with their peak at m = n. */
import { type Claim, compare, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { agrees, type Fits, lawOf, markedCurve, paper, ratios, resultsOf, type Setting, simulateFits, tableOf } from './dohmatob.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';

const base = { dimension: 300, samples: 250, share: 0.5, quality: 0.5, noise: 0.1, ridge: 1e-4 };
const { dimension, samples } = base;
const widths = [25, 50, 100, 150, 200, 250, 300, 400, 600, 1000, 2000];
const seed = 4200;
/** What the laws leave out at d = 300, relative, on the average over a curve. */
const allowance = 4 / dimension;

/** The error is linear in the truth, the noise and the labels' error, which are independent: with one of them alone each part is simulated by itself. */
const parts = [
  { name: 'B (bias)', part: 'bias', alone: { noise: 0, quality: 0 } },
  { name: 'V (noise)', part: 'variance', alone: { signal: 0, quality: 0 } },
  { name: 'ζ (synthetic labels)', part: 'zeta', alone: { signal: 0, noise: 0 } },
  { name: 'test error', part: 'total', alone: {} },
] as const;

export const dohmatob2: Experiment = {
  id: 'dohmatob-2',
  aliases: [],
  group: 'dohmatob',
  title: 'Bias, variance and the cost of synthetic labels against width: all peak at m = n',
  source: `${paper}, Figure 2`,
  simulations: parts.length * widths.length,
  run,
};

type Curves = readonly (readonly Fits[])[];

async function run(context: ExperimentContext): Promise<Outcome> {
  const runs = Math.max(2, Math.round(context.replicates / 10));
  const curves: Fits[][] = [];
  for (const { alone } of parts) {
    const fits: Fits[] = [];
    for (const width of widths) fits.push(await simulateFits(context, { ...base, ...alone, width } as Setting, runs, seed));
    curves.push(fits);
  }
  const all = curves.flat();
  return {
    caption:
      `The test error of random projections is E = B + V + ζ. Each part is simulated by itself (points), with the truth, the label noise or the error of the synthetic labels alone, and drawn next to Theorem 2 (dashed). ` +
      `Noise and synthetic labels are learnt in the same way, and both do most harm at the interpolation threshold m = n (thin line), where the model has just enough weights to follow them.`,
    parameters: [
      ['dimension d, samples n', `${dimension}, ${samples}`],
      ['share p₂, quality c²', `${base.share}, ${base.quality}`],
      ['label noise (variance), ridge λ', `${base.noise}, ${base.ridge}`],
      ['widths m', widths.join(', ')],
      ['runs', String(runs)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      ...parts.map(({ name }, i) =>
        agrees(`${name} is within 4/d of Theorem 2, averaged over the widths`, `${paper}, Theorem 2`, curves[i], allowance),
      ),
      worst(widths.map((_, k) => sumClaim(curves, k))),
      worst([1, 2, 3].flatMap((i) => [widths[2], 1000].map((width) => peakClaim(curves[i], parts[i].name, width)))),
    ],
    results: resultsOf(all),
    data: withParts(curves),
    chart: draw(curves),
  };
}

function sumClaim(curves: Curves, k: number): Claim {
  const three = curves.slice(0, 3).map((fits) => fits[k].error);
  const sum = three.reduce((total, { mean }) => total + mean, 0);
  const standardError = Math.hypot(...three.map((error) => error.standardError));
  return compare(
    `the three parts, each simulated alone, sum to the test error (m = ${widths[k]})`,
    paper,
    { mean: sum, standardError },
    '=',
    curves[3][k].error,
  );
}

function peakClaim(fits: readonly Fits[], name: string, width: number): Claim {
  const at = (m: number) => fits[widths.indexOf(m)].error;
  return compare(`${name} is larger at m = n than elsewhere (m = ${width})`, paper, at(samples), '>=', at(width));
}

function withParts(curves: Curves): Outcome['data'] {
  const rows = curves.flatMap((fits, i) => [...tableOf(fits).rows].map((row) => [parts[i].name, ...row]));
  return { columns: ['part', ...tableOf([]).columns], rows };
}

function draw(curves: Curves): VegaLiteSpec {
  const datasets: Datasets = {};
  const names = parts.map(({ name }) => name);
  const dense = [...ratios(25, 2000, 120), samples].map(Math.round).sort((a, b) => a - b);
  const laws = dense.map((width) => lawOf({ ...base, width }));
  const x: Axis = { title: 'width m', type: 'log', domain: [22, 2300], values: [25, 50, 100, 250, 500, 1000, 2000] };
  const y: Axis = { title: 'part of the test error', type: 'log', domain: [0.005, 30], values: [0.01, 0.1, 1, 10], format: '~g' };
  const panel = seriesPanel(datasets, 'parts', {
    ...{ size: { width: 560, height: 320 }, x, y, names, verticals: [samples] },
    expected: parts.map(({ name, part }) => ({ name, x: dense, y: laws.map((law) => law[part]) })),
    marked: curves.map((fits, i) => markedCurve(names[i], fits, ({ width = 0 }) => width)),
  });
  const entries = [
    ['marked', 'mean of the runs ± 2 standard errors'],
    ['expected', 'Theorem 2'],
  ] as const;
  return chart(under(entries, grid([panel], 1, [], { row: 0, column: 0 }), 14, 'full'), datasets);
}
