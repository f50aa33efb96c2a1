/** Figures 4 and 5 of Dohmatob et al.: test error against the width of random projections, by share and by quality of the synthetic part. */
import { type Claim, compare, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { allAgree, type Fits, lawOf, markedCurve, paper, ratios, resultsOf, type Setting, simulateFits, tableOf } from './dohmatob.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';

const shares = [0, 0.1, 0.5, 1];
const qualities = [0.1, 0.5, 1];
const base = { dimension: 300, samples: 500, noise: 0.1, ridge: 1e-3 };
const { dimension, samples } = base;
/** From d/10 to 3n. */
const widths = [30, 60, 100, 150, 200, 250, 300, 400, 600, 1000, 1500];
const seed = 4400;
/** What the law leaves out at d = 300, relative, on the average over a curve. */
const allowance = 2 / dimension;

const settings: Setting[] = shares.flatMap((share) =>
  // Without synthetic data their quality does not matter.
  (share === 0 ? [0] : qualities).flatMap((quality) => widths.map((width) => ({ ...base, share, quality, width }))),
);

export const dohmatob4: Experiment = {
  id: 'dohmatob-4',
  aliases: ['dohmatob-5'],
  group: 'dohmatob',
  title: 'Test error against width, by share and by quality of the synthetic data',
  source: `${paper}, Figures 4 and 5`,
  simulations: settings.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const runs = Math.max(2, Math.round(context.replicates / 20));
  const fits: Fits[] = [];
  for (const setting of settings) fits.push(await simulateFits(context, setting, runs, seed));
  const curves = shares.flatMap((share) => (share === 0 ? [0] : qualities).map((quality) => curveOf(fits, share, quality)));
  return {
    caption:
      `Test error of random projections against their number m, from d/10 to 3n: runs (points, two standard errors) and Theorem 2 (dashed); the thin lines are at m = d and m = n. ` +
      'Above: one panel for each quality c² of the synthetic labels (0 is perfect), coloured by their share p₂. Below: the same by share. ' +
      'With more than d projections nothing is lost, so width changes nothing any more; with fewer, what the synthetic labels cost grows with width.',
    parameters: [
      ['dimension d, samples n', `${dimension}, ${samples}`],
      ['shares p₂', shares.join(', ')],
      ['qualities c²', qualities.join(', ')],
      ['label noise (variance), ridge λ', `${base.noise}, ${base.ridge}`],
      ['widths m', widths.join(', ')],
      ['runs', String(runs)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      allAgree(`test error is within 2/d of Theorem 2, averaged over the widths`, `${paper}, Theorem 2`, curves, allowance),
      orderClaim('test error grows with the share of synthetic data', fits, ordered('share')),
      orderClaim('test error grows with c²', fits, ordered('quality')),
      costClaim(fits),
    ],
    results: resultsOf(fits),
    data: tableOf(fits),
    chart: draw(fits),
  };
}

function curveOf(fits: readonly Fits[], share: number, quality: number): Fits[] {
  return fits.filter(({ setting }) => setting.share === share && (share === 0 || setting.quality === quality));
}

function at(fits: readonly Fits[], share: number, quality: number, width: number): Fits {
  return curveOf(fits, share, quality).find(({ setting }) => setting.width === width) as Fits;
}

type Place = [share: number, quality: number];

/** Neighbouring settings that differ in one thing, the lesser first; of shares at the worst quality. */
function ordered(by: 'share' | 'quality'): [Place, Place][] {
  if (by === 'share') return shares.slice(1).map((share, i) => [[shares[i], 1] as Place, [share, 1] as Place]);
  return shares
    .slice(1)
    .flatMap((share) =>
      qualities.slice(1).map((quality, i): [Place, Place] => [[share, qualities[i]] as Place, [share, quality] as Place]),
    );
}

/** In units of the lesser error and averaged over the widths: single errors of five runs have tails too heavy for z. */
function orderClaim(claim: string, fits: readonly Fits[], pairs: readonly [Place, Place][]): Claim {
  return worst(
    pairs.map(([less, more]) => {
      const steps = widths.map((width) => {
        const [a, b] = [at(fits, ...less, width), at(fits, ...more, width)];
        const standardError = Math.hypot(a.error.standardError, b.error.standardError);
        return { mean: (b.error.mean - a.error.mean) / a.expected, standardError: standardError / a.expected };
      });
      const mean = steps.reduce((sum, step) => sum + step.mean, 0) / steps.length;
      const step = { mean, standardError: Math.hypot(...steps.map(({ standardError }) => standardError)) / steps.length };
      return compare(`${claim}, relative, averaged over the widths (to p₂ = ${more[0]}, c² = ${more[1]})`, paper, step, '>=', 0);
    }),
  );
}

/** Below m = d the cost of synthetic labels, E - E at p_2 = 0, grows with the width: larger models amplify collapse. */
function costClaim(fits: readonly Fits[]): Claim {
  const cost = (width: number) => {
    const [mixed, real] = [at(fits, 1, 1, width).error, at(fits, 0, 0, width).error];
    return { mean: mixed.mean - real.mean, standardError: Math.hypot(mixed.standardError, real.standardError) };
  };
  return compare(
    `synthetic data cost more at m = 250 than at m = 30: below d larger models amplify collapse (p₂ = 1, c² = 1)`,
    paper,
    cost(250),
    '>=',
    cost(30),
  );
}

const size = { width: 250, height: 210 };
const x: Axis = { title: 'width m', type: 'log', domain: [28, 1600], values: [30, 100, 300, 1000] };
const y: Axis = { title: 'test error', domain: [0, 2], values: [0, 0.5, 1, 1.5, 2], extent: 30 };

function draw(fits: readonly Fits[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const dense = ratios(30, 1500, 80);
  const panel = (title: string, names: string[], places: Place[], first: boolean) =>
    seriesPanel(datasets, title.replace(/\W/g, ''), {
      ...{ size, x, title, names, verticals: [dimension, samples] },
      y: { ...y, title: first ? y.title : null, labels: first },
      expected: places.map(([share, quality], i) => ({
        name: names[i],
        x: dense,
        y: dense.map((width) => lawOf({ ...base, share, quality, width: Math.round(width) }).total),
      })),
      marked: places.map(([share, quality], i) => markedCurve(names[i], curveOf(fits, share, quality), ({ width = 0 }) => width)),
    });
  const byShare = shares.map((share) => `p₂ = ${share}`);
  const byQuality = qualities.map((quality) => `c² = ${quality}`);
  const row = (panels: VegaLiteSpec[]) => under([], grid(panels, 3, [], { row: 30, column: 18 }));
  const above = qualities.map((quality, i) =>
    panel(
      `quality c² = ${quality}`,
      byShare,
      shares.map((share): Place => [share, quality]),
      i === 0,
    ),
  );
  const below = shares.slice(1).map((share, i) =>
    panel(
      `share p₂ = ${share}`,
      byQuality,
      qualities.map((quality): Place => [share, quality]),
      i === 0,
    ),
  );
  const rows = { vconcat: [row(above), row(below)], spacing: 26, resolve: { scale: { color: 'independent' } } };
  return chart(
    under(
      [
        ['marked', 'mean of the runs ± 2 standard errors'],
        ['expected', 'Theorem 2'],
      ],
      rows,
      14,
      'full',
    ),
    datasets,
  );
}
