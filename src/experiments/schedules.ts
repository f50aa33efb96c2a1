/** Every data schedule on one truth, with the exact law of each: a comparison that no single paper has. */
import { type Claim, compare, estimate } from '../figures/claim.js';
import { grid } from '../figures/legend.js';
import { type Axis, type Datasets, position } from '../figures/panels.js';
import { chart, seriesColours, type VegaLiteSpec } from '../figures/style.js';
import { type ScheduleLaw, scheduleSimpson, scheduleSquaredDrift } from '../theory/schedule-moments.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import type { Run } from './run.js';
import { followsCurve, trajectoryTable, valuesAt, vocabulary, zipf } from './seddik.js';

const n = 100;
const truth = { support: 52, simpson: 0.1 };
const generations = 300;
const seed = 700;
const metrics = ['simpson', 'support', 'l2-first'];
const tested = [1, 9, 49, 299];

/** Real and synthetic parts of n samples each; a corpus of n. */
const schedules: readonly { title: string; schedule: Parameters<ExperimentContext['simulate']>[1]['schedule']; law: ScheduleLaw }[] = [
  both('fully synthetic', { kind: 'fully-synthetic', sampleSize: n }),
  both('most recent 5', { kind: 'most-recent', sampleSize: n, window: 5 }),
  both('randomly sampled', { kind: 'randomly-sampled', sampleSize: n }),
  both('partially synthetic', { kind: 'partially-synthetic', real: n, synthetic: n }),
  both('accumulate', { kind: 'accumulate', real: n, synthetic: n }),
  {
    title: 'accumulate-subsample',
    schedule: { kind: 'accumulate-subsample', corpusSize: n, rate: 1 },
    law: { kind: 'accumulate-subsample', corpusSize: n, batch: n },
  },
  both('fresh', { kind: 'fresh', real: n, synthetic: n }),
];

/** A schedule whose law has the same fields. */
function both<S extends Exclude<ScheduleLaw, { kind: 'accumulate-subsample' }>>(title: string, schedule: S) {
  return { title, schedule, law: schedule };
}

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
  source: 'comparison of this project; schedules of Seddik et al. 2024, Wang et al. 2025 (arXiv 2412.14872)',
  simulations: schedules.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const lines: Line[] = [];
  for (const { title, schedule, law } of schedules) {
    const spec = {
      model: { kind: 'categorical' as const, initial: zipf(truth.support, truth.simpson) },
      schedule,
      generations,
      metrics,
      seed,
    };
    const run = await context.simulate(title, { ...spec, replicates: 4 * context.replicates });
    const simpson = scheduleSimpson(law, run.generation, truth.simpson);
    lines.push({ title, run, simpson, drift: scheduleSquaredDrift(law, run.generation, truth.simpson) });
  }
  return {
    caption:
      `Mean Simpson index, number of live tokens and squared distance to generation 1 under seven schedules that draw ${n} samples a generation ` +
      '(solid; dashed: exact expectation). Only training on the last models alone loses everything. Kept real data stop the loss, fresh real data bring ' +
      'lost tokens back. A constant subsample of everything so far does not collapse from sampling noise alone: its Simpson index stays below 1.',
    parameters: [
      ['schedules', lines.map(({ title }) => title).join('; ')],
      ['vocabulary s, support, S₀', `${vocabulary}, ${truth.support}, ${truth.simpson}`],
      ['samples', `${n} a generation; ${n} real, where there is a real part; corpus size ${n}, rate 1`],
      ['generations', String(generations)],
      ['runs', String(4 * context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [...lines.flatMap(lawClaims), ...orderClaims(lines)],
    results: lines.map(({ run, simpson, drift }) => ({ label: run.label, result: run.result, expected: { simpson, 'l2-first': drift } })),
    data: trajectoryTable(lines, metrics),
    chart: draw(lines),
  };
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

/** More of the real data, or more of the past, loses less. */
function orderClaims(lines: readonly Line[]): Claim[] {
  const line = (title: string) => lines.find((candidate) => candidate.title === title) as Line;
  const last = generations - 1;
  const at = (title: string) => estimate(valuesAt(line(title).run, 'simpson', last));
  const pairs = [
    ['most recent 5', 'fully synthetic'],
    ['accumulate-subsample', 'most recent 5'],
    ['accumulate', 'accumulate-subsample'],
    ['fresh', 'accumulate'],
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

const simpsonAxis: Axis = { title: 'Simpson index σ', type: 'log', domain: [0.1, 1], values: [0.1, 0.2, 0.5, 1] };
const driftAxis: Axis = { title: 'squared drift ‖p⁽ᵐ⁾ − p⁽¹⁾‖₂²', type: 'log', domain: [0.001, 1], values: [0.001, 0.01, 0.1, 1] };

function draw(lines: readonly Line[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const titles = lines.map(({ title }) => title);
  const mean = (line: Line, metric: string) => line.run.result.metrics[metric].mean.map(Number);
  const panels = [
    panel(
      datasets,
      'simpson',
      simpsonAxis,
      titles,
      lines,
      (line) => mean(line, 'simpson'),
      ({ simpson }) => simpson,
    ),
    panel(datasets, 'support', { title: 'live tokens', domain: [0, 40] }, titles, lines, (line) => mean(line, 'support')),
    panel(
      datasets,
      'drift',
      driftAxis,
      titles,
      lines,
      (line) => mean(line, 'l2-first'),
      ({ drift }) => drift,
    ),
  ];
  return chart(grid(panels, 3, [], { row: 50, column: 62 }), datasets);
}

/** Lines of one quantity, one colour a schedule; the expectation dashed on top. */
function panel(
  datasets: Datasets,
  name: string,
  axis: Axis,
  titles: readonly string[],
  lines: readonly Line[],
  measured: (line: Line) => number[],
  expected?: (line: Line) => number[],
): VegaLiteSpec {
  const rows = (values: (line: Line) => number[]) =>
    lines.flatMap((line) =>
      values(line)
        .map((v, i) => ({ m: line.run.generation[i], schedule: line.title, v: Number(v.toPrecision(6)) }))
        // The drift of generation 1 is 0, which a logarithm can't show.
        .filter(({ v }) => v > 0),
    );
  datasets[name] = rows(measured);
  if (expected) datasets[`${name}-expected`] = rows(expected);
  const legend = { title: null, orient: 'top', direction: 'horizontal', columns: 4, symbolType: 'stroke', symbolOpacity: 1 };
  const range = titles.map((_, i) => seriesColours[i]);
  const color = { field: 'schedule', type: 'nominal', sort: null, scale: { domain: titles, range }, legend };
  const encoding = {
    x: position('m', { title: 'generation m', type: 'log', domain: [1, generations], values: [1, 10, 100] }),
    y: position('v', axis),
    color,
  };
  const dashed = { mark: { type: 'line', strokeWidth: 1.6, strokeDash: [5, 3] }, data: { name: `${name}-expected` }, encoding };
  return {
    width: 260,
    height: 210,
    layer: [
      { mark: { type: 'line', strokeWidth: expected ? 1 : 2, opacity: 0.75 }, data: { name }, encoding },
      ...(expected ? [dashed] : []),
    ],
  };
}
