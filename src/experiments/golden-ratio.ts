/** How much weight real samples should have: the golden-ratio share for new ones, and none for the same ones (He et al. 2025). */
import { type Claim, compare, estimate, worst, zScore } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { type Curve, seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { bestFreshShare, fixedStationary, freshStationary, goldenShare } from '../theory/golden-ratio.js';
import type { DataTable, Experiment, ExperimentContext, Outcome } from './experiment.js';
import type { Run } from './run.js';
import { valuesAt, vocabulary, zipf } from './seddik.js';

const paper = 'He et al. 2025, arXiv 2502.18049';
const real = 60;
const ratios = [0.25, 1, 4];
const truth = { support: 52, simpson: 0.1 };
const shares = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95];
const seed = 900;
/** What is left of the start by the generation that is measured, relative to the long run. */
const transient = 1e-7;
const kinds = ['fresh', 'partially-synthetic'] as const;
type Kind = (typeof kinds)[number];

interface Point {
  kind: Kind;
  k: number;
  share: number;
  run: Run;
  /** Squared distance to the truth in units of that of N new real samples, (1 - S_0)/N. */
  drift: ReturnType<typeof estimate>;
  expected: number;
}

export const goldenRatioFigure: Experiment = {
  id: 'golden-ratio',
  aliases: [],
  group: 'he',
  title: 'The best weight of new real data is the golden ratio; of the same real data, all of it',
  source: `${paper}; long-run laws of this project`,
  simulations: kinds.length * ratios.length * (shares.length + 1),
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const points: Point[] = [];
  for (const kind of kinds) {
    for (const k of ratios) {
      for (const share of sharesOf(k)) points.push(await simulatePoint(context, kind, k, share));
    }
  }
  return {
    caption:
      `Squared distance to the truth in the long run, in units of that of ${real} new real samples by themselves, against the share r of the ${real} real samples in the weight of a training set with ${real}/k samples of the last model. ` +
      'Left: new real samples in every generation. The least drift is at r = (√(k² + 4k) − k)/2 (diamonds), 0.618 for k = 1, where it is 0.618 of that of the real samples alone: the model remembers earlier ones. ' +
      'Right: the same real samples in every generation. Nothing new comes in, so generated samples only add noise, and the drift falls all the way to r = 1.',
    parameters: [
      ['real samples N', String(real)],
      ['generated samples n', ratios.map((k) => `${real / k} (k = ${k})`).join(', ')],
      ['vocabulary s, support, S₀', `${vocabulary}, ${truth.support}, ${truth.simpson}`],
      ['golden-ratio shares', ratios.map((k) => `${goldenShare(k).toPrecision(4)} (k = ${k})`).join(', ')],
      ['best shares, exact for these sizes', ratios.map((k) => `${bestFreshShare(real, real / k).toPrecision(4)} (k = ${k})`).join(', ')],
      ['generation measured', `where less than ${transient} of the start is left`],
      ['runs', String(20 * context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      ...kinds.flatMap((kind) => ratios.map((k) => lawClaim(of(points, kind, k)))),
      ...ratios.flatMap((k) => optimumClaims(points, k)),
    ],
    results: points.map(({ run, expected }) => ({
      label: run.label,
      result: run.result,
      expected: { 'l2-truth': [(expected * (1 - truth.simpson)) / real] },
    })),
    data: table(points),
    chart: draw(points),
  };
}

/** The shares simulated, the golden one among them. */
function sharesOf(k: number): number[] {
  return [...shares, goldenShare(k)].sort((a, b) => a - b);
}

/** Each generation keeps at most (1 - r)^2 of what was there. */
function longRun(share: number): number {
  return 1 + Math.ceil(Math.log(transient) / (2 * Math.log(1 - share)));
}

async function simulatePoint(context: ExperimentContext, kind: Kind, k: number, share: number): Promise<Point> {
  const synthetic = real / k;
  const label = `${kind}, k = ${k}, r = ${share.toPrecision(3)}`;
  const run = await context.simulate(label, {
    model: { kind: 'categorical', initial: zipf(truth.support, truth.simpson) },
    schedule: { kind, real, synthetic },
    weighting: { kind: 'real-share', share },
    generations: [longRun(share)],
    metrics: ['l2-truth'],
    seed,
    replicates: 20 * context.replicates,
  });
  const unit = (1 - truth.simpson) / real;
  const drift = estimate(valuesAt(run, 'l2-truth', 0).map((value) => value / unit));
  return { kind, k, share, run, drift, expected: lawOf(kind, k, share) };
}

/** The long run, in units of N new real samples. */
function lawOf(kind: Kind, k: number, share: number): number {
  return (kind === 'fresh' ? freshStationary : fixedStationary)(real, real / k, share).drift * real;
}

function of(points: readonly Point[], kind: Kind, k: number): Point[] {
  return points.filter((point) => point.kind === kind && point.k === k);
}

function lawClaim(points: readonly Point[]): Claim {
  const claims = points.map(({ kind, k, share, drift, expected }) =>
    compare(`long-run drift follows its law (${kind}, k = ${k}; r = ${share.toPrecision(3)})`, 'second moments', drift, '=', expected),
  );
  return worst(claims);
}

/** New real data: the golden share beats its neighbours. The same real data: more is always better. */
function optimumClaims(points: readonly Point[], k: number): Claim[] {
  const golden = goldenShare(k);
  const fresh = of(points, 'fresh', k);
  const best = fresh.find(({ share }) => share === golden) as Point;
  const others = fresh
    .filter((point) => point !== best)
    .map(({ share, drift }) =>
      compare(`drift at the golden-ratio share is below that at any other (fresh, k = ${k}; r = ${share})`, paper, best.drift, '<=', drift),
    );
  const fixed = of(points, 'partially-synthetic', k);
  const falling = fixed
    .slice(1)
    .map((point, i) =>
      compare(
        `drift falls as the share rises (the same real data, k = ${k}; r = ${fixed[i].share.toPrecision(3)} to ${point.share.toPrecision(3)})`,
        'second moments',
        point.drift,
        '<=',
        fixed[i].drift,
      ),
    );
  return [
    worst(others),
    compare(`drift at the golden-ratio share is below that of the real samples alone (fresh, k = ${k})`, paper, best.drift, '<=', 1),
    worst(falling),
  ];
}

function table(points: readonly Point[]): DataTable {
  return {
    columns: ['schedule', 'k', 'share', 'generation', 'drift', 'standardError', 'expected', 'z'],
    rows: points.map(({ kind, k, share, run, drift, expected }) => [
      ...[kind, k, share, run.generation[0]],
      ...[drift.mean, drift.standardError, expected, zScore(drift, expected)],
    ]),
  };
}

const size = { width: 380, height: 270 };

function draw(points: readonly Point[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const nameOf = (k: number) => `k = N/n = ${k}`;
  const names = ratios.map(nameOf);
  const grid100 = Array.from({ length: 96 }, (_, i) => 0.05 + i * 0.01);
  const x: Axis = { title: 'share r of the real samples', domain: [0, 1], values: [0, 0.2, 0.4, 0.6, 0.8, 1] };
  const panels = kinds.map((kind) => {
    const marked = ratios.map((k): Curve => {
      const some = of(points, kind, k);
      return {
        name: nameOf(k),
        x: some.map(({ share }) => share),
        y: some.map(({ drift }) => drift.mean),
        halfWidth: some.map(({ drift }) => 2 * drift.standardError),
        exact: some.map(({ expected }) => expected),
      };
    });
    const y: Axis = {
      title: 'E‖p⁽ᵐ⁾ − p‖₂² N/(1 − S₀), m → ∞',
      type: 'log',
      domain: kind === 'fresh' ? [0.3, 4] : [0.8, 8],
      values: kind === 'fresh' ? [0.3, 0.5, 0.7, 1, 2, 4] : [1, 2, 4, 8],
    };
    const expected = ratios.map((k) => ({ name: nameOf(k), x: grid100, y: grid100.map((share) => lawOf(kind, k, share)) }));
    const optimum = ratios.map((k) => ({ name: nameOf(k), x: [goldenShare(k)], y: [lawOf('fresh', k, goldenShare(k))] }));
    const title = kind === 'fresh' ? 'new real samples in every generation' : 'the same real samples in every generation';
    return seriesPanel(datasets, kind, { size, x, y, title, names, expected, marked, ...(kind === 'fresh' && { optimum }) });
  });
  const entries = ['marked', ['expected', 'exact law'], ['optimum', 'golden-ratio share']] as const;
  return chart(under(entries, grid(panels, 2, [], { row: 50, column: 70 }), 14, 'full'), datasets);
}
