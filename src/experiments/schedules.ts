/** Every data schedule on one truth, with the exact law of each: a comparison that no single paper has. */
import { type Claim, compare, estimate } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { collapseProbability } from '../theory/coalescent.js';
import { scheduleSimpson } from '../theory/schedule-moments.js';
import type { WeightingLaw } from '../theory/training.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { exactMeans, meanCurve } from './laws.js';
import type { Run, RunSpec } from './run.js';
import { followsCurve, probabilities, trajectoryTable, valuesAt, vocabulary, zipf } from './seddik.js';

const n = 100;
const truth = { support: 52, simpson: 0.1 };
const generations = 300;
const seed = 700;
const metrics = ['simpson', 'support', 'l2-first'];
const tested = [1, 9, 49, 299];
/** As good as infinity: what is left of the products' logarithms is of the order of one over this. */
const farAway = 1_000_000;

interface Setting {
  title: string;
  schedule: RunSpec['schedule'];
  weighting?: WeightingLaw;
}

/** Real and synthetic parts of n samples each; a corpus of n. */
const settings = {
  mixed: [
    { title: 'fully synthetic', schedule: { kind: 'fully-synthetic', sampleSize: n } },
    { title: 'most recent 5', schedule: { kind: 'most-recent', sampleSize: n, window: 5 } },
    { title: 'randomly sampled', schedule: { kind: 'randomly-sampled', sampleSize: n } },
    { title: 'accumulate-subsample', schedule: { kind: 'accumulate-subsample', corpusSize: n, rate: 1 } },
  ],
  anchored: [
    { title: 'partially synthetic', schedule: { kind: 'partially-synthetic', real: n, synthetic: n } },
    {
      title: 'custom: real + last 3',
      schedule: {
        kind: 'custom',
        sources: [
          { from: 'real', size: n, draw: 'fixed' },
          { from: 'last', window: 3, size: n },
        ],
      },
    },
    { title: 'accumulate', schedule: { kind: 'accumulate', real: n, synthetic: n } },
    { title: 'fresh', schedule: { kind: 'fresh', real: n, synthetic: n } },
    { title: 'fresh, golden-ratio weights', schedule: { kind: 'fresh', real: n, synthetic: n }, weighting: { kind: 'golden-ratio' } },
  ],
} satisfies Record<string, readonly Setting[]>;

interface Line {
  title: string;
  run: Run;
  simpson: number[];
  drift: number[];
}

export const schedulesFigure: Experiment = {
  id: 'schedules',
  aliases: [],
  group: 'schedules',
  title: 'What becomes of one distribution under every data schedule',
  source:
    'comparison of this project; schedules of Seddik et al. 2024, Wang et al. 2025 (arXiv 2412.14872), He et al. 2025 (arXiv 2502.18049)',
  simulations: settings.mixed.length + settings.anchored.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const mixed = await linesOf(context, settings.mixed);
  const anchored = await linesOf(context, settings.anchored);
  const lines = [...mixed, ...anchored];
  return {
    caption:
      `Mean Simpson index, number of live tokens and squared distance to generation 1 (solid; dashed: exact expectation), with ${n} samples of each source. Top: ` +
      'mixtures of models, and of models and the real data, of a constant size. Training on the last models alone loses everything; a constant subsample of everything so far does ' +
      'not collapse from sampling noise alone: its Simpson index stays below 1. Bottom: real data in every generation. The same real data stop the loss; new real data bring ' +
      'lost tokens back, and, with golden-ratio weights, keep the distance to the truth smallest. The custom schedule trains on the same real samples and on each of the last 3 models.',
    parameters: [
      ['schedules', lines.map(({ title }) => title).join('; ')],
      ['vocabulary s, support, S₀', `${vocabulary}, ${truth.support}, ${truth.simpson}`],
      ['samples', `${n} a source; ${n} real, where there is a real part; corpus size ${n}, rate 1`],
      ['generations', String(generations)],
      ['runs', String(4 * context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [...lines.flatMap(lawClaims), ...(await collapseClaims(lines)), ...orderClaims(lines)],
    results: lines.map(({ run, simpson, drift }) => ({ label: run.label, result: run.result, expected: { simpson, 'l2-first': drift } })),
    data: trajectoryTable(lines, metrics),
    chart: draw(mixed, anchored),
  };
}

async function linesOf(context: ExperimentContext, list: readonly Setting[]): Promise<Line[]> {
  const lines: Line[] = [];
  for (const { title, schedule, weighting } of list) {
    const run = await context.simulate(title, {
      model: { kind: 'categorical', initial: zipf(truth.support, truth.simpson) },
      schedule,
      ...(weighting && { weighting }),
      generations,
      metrics,
      seed,
      replicates: 4 * context.replicates,
    });
    const { simpson, l2First: drift } = exactMeans({ schedule, weighting }, { vocabulary, ...truth }, run.generation);
    lines.push({ title, run, simpson, drift });
  }
  return lines;
}

function lawClaims({ title, run, simpson, drift }: Line): Claim[] {
  // Where nearly all runs have collapsed, few runs carry what is left of the mean's error.
  const rows = tested.filter((row) => simpson[row] < 0.95);
  return [
    followsCurve(`mean Simpson index follows its expectation (${title})`, 'second moments', run, 'simpson', rows, simpson),
    followsCurve(
      `mean squared drift follows its expectation (${title})`,
      'second moments',
      run,
      'l2-first',
      rows.filter((row) => row > 0),
      drift,
    ),
  ];
}

function lineOf(lines: readonly Line[], title: string): Line {
  return lines.find((candidate) => candidate.title === title) as Line;
}

const last = generations - 1;

/** Replace collapses, by the exact law; what keeps everything, or a part of everything, stays away from that for good. */
async function collapseClaims(lines: readonly Line[]): Promise<Claim[]> {
  const { run } = lineOf(lines, 'fully synthetic');
  const [expected] = collapseProbability([generations], n, await probabilities(truth));
  const collapsed = run.collapseTimes.map((time) => (time > 0 && time <= generations ? 1 : 0));
  const law = {
    accumulate: { kind: 'accumulate', real: n, synthetic: n },
    'accumulate-subsample': { kind: 'accumulate-subsample', corpusSize: n, batch: n },
  } as const;
  const kept = (['accumulate', 'accumulate-subsample'] as const).flatMap((title) => {
    const line = lineOf(lines, title);
    const [limit] = scheduleSimpson(law[title], [farAway], truth.simpson);
    const rest = estimate(valuesAt(line.run, 'simpson', last).map((value) => 1 - value));
    return [
      compare(`mean 1 − σ stays above its limit, that of m = 10⁶ (${title}; m = ${generations})`, 'second moments', rest, '>=', 1 - limit),
      compare(
        `no run has collapsed (${title}; m = ${generations})`,
        'second moments',
        line.run.collapseTimes.filter((time) => time > 0).length,
        '=',
        0,
      ),
    ];
  });
  return [
    compare(
      `share of runs that have collapsed is ρ_m (fully synthetic; m = ${generations})`,
      'lineages',
      estimate(collapsed),
      '=',
      expected,
    ),
    ...kept,
  ];
}

/** More of the real data, or more of the past, loses less. */
function orderClaims(lines: readonly Line[]): Claim[] {
  const at = (title: string) => estimate(valuesAt(lineOf(lines, title).run, 'simpson', last));
  const pairs = [
    ['most recent 5', 'fully synthetic'],
    ['accumulate-subsample', 'most recent 5'],
    ['accumulate', 'accumulate-subsample'],
    ['fresh', 'accumulate'],
    ['fresh, golden-ratio weights', 'fresh'],
  ];
  return pairs.map(([less, more]) =>
    compare(
      `mean Simpson index is lower under ${less} than under ${more} (m = ${generations})`,
      'this comparison',
      at(less),
      '<=',
      at(more),
    ),
  );
}

const size = { width: 260, height: 180 };
const x: Axis = { title: 'generation m', type: 'log', domain: [1, generations], values: [1, 10, 100] };

function draw(mixed: readonly Line[], anchored: readonly Line[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const rows = [
    row(datasets, 'mixed', mixed, {
      simpson: { domain: [0.1, 1], values: [0.1, 0.2, 0.5, 1] },
      drift: { domain: [0.001, 1], values: [0.001, 0.01, 0.1, 1] },
    }),
    row(datasets, 'anchored', anchored, {
      simpson: { domain: [0.1, 0.13], values: [0.1, 0.11, 0.12, 0.13] },
      drift: { domain: [0.001, 0.1], values: [0.001, 0.01, 0.1] },
    }),
  ];
  const body = { vconcat: rows, spacing: 24, resolve: { scale: { color: 'independent' } } };
  return chart(under(['measured', 'expected'], body, 14, 'full'), datasets);
}

/** Three quantities of some schedules, on scales of their own. */
function row(
  datasets: Datasets,
  name: string,
  lines: readonly Line[],
  axes: { simpson: Partial<Axis>; drift: Partial<Axis> },
): VegaLiteSpec {
  const shared = { size, x, names: lines.map(({ title }) => title), columns: 5 };
  const measured = (metric: string) => lines.map(({ title, run }) => meanCurve(title, run, metric));
  const expected = (values: (line: Line) => number[]) =>
    lines.map((line) => ({ name: line.title, x: line.run.generation, y: values(line) }));
  const panels = [
    seriesPanel(datasets, `${name}-simpson`, {
      ...shared,
      y: { title: 'Simpson index σ', type: 'log', ...axes.simpson },
      measured: measured('simpson'),
      expected: expected(({ simpson }) => simpson),
    }),
    seriesPanel(datasets, `${name}-support`, { ...shared, y: { title: 'live tokens', domain: [0, 40] }, measured: measured('support') }),
    seriesPanel(datasets, `${name}-drift`, {
      ...shared,
      y: { title: 'squared drift ‖p⁽ᵐ⁾ − p⁽¹⁾‖₂²', type: 'log', ...axes.drift },
      measured: measured('l2-first'),
      expected: expected(({ drift }) => drift),
    }),
  ];
  return grid(panels, 3, [], { row: 50, column: 62 });
}
