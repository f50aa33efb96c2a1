/** Figure 6: mixing older models into the training set slows the loss of diversity. */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid } from '../figures/legend.js';
import { type Datasets, histogramPanel } from '../figures/panels.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { collapseProbability, expectedCollapseTime } from '../theory/coalescent.js';
import { scheduleSimpson, scheduleSquaredDrift } from '../theory/second-moments.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import {
  type Column,
  columnResults,
  followsCurve,
  paper,
  probabilities,
  trajectoryRow,
  trajectoryTable,
  valuesAt,
  vocabulary,
  zipf,
} from './seddik.js';

const sampleSize = 10;
const generations = 500;
const truth = { support: 52, simpson: 0.1 };
const seed = 600;
const size = { width: 196, height: 130 };
const metrics = ['simpson', 'l1-first', 'l2-first'];

const schedules = [
  { title: 'window K = 1', schedule: { kind: 'most-recent', sampleSize, window: 1 } },
  { title: 'window K = 2', schedule: { kind: 'most-recent', sampleSize, window: 2 } },
  { title: 'window K = 5', schedule: { kind: 'most-recent', sampleSize, window: 5 } },
  { title: 'randomly sampled', schedule: { kind: 'randomly-sampled', sampleSize } },
] as const;

type Schedule = (typeof schedules)[number]['schedule'];

export const seddik6: Experiment = {
  id: 'seddik-6',
  aliases: ['fig6', '6'],
  group: 'seddik',
  title: 'Training on older models as well slows the collapse',
  source: `${paper}, Figure 6`,
  simulations: schedules.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const columns: (Column & { schedule: Schedule })[] = [];
  for (const { title, schedule } of schedules) {
    const run = await context.simulate(title, {
      model: { kind: 'categorical', initial: zipf(truth.support, truth.simpson) },
      schedule,
      generations,
      metrics,
      replicates: context.replicates,
      seed,
    });
    columns.push({ title, schedule, run, simpson: scheduleSimpson(schedule, run.generation, truth.simpson) });
  }
  return {
    caption:
      `${sampleSize} samples a generation: from the last K models, or each from an earlier source chosen at random. Top: Simpson index; middle: distance to generation 1; ` +
      'bottom: runs by the first generation that had a single token left (T). With K > 1 a run can leave that state again, because older models still hold other tokens. ' +
      `Generation 1 has floor(${sampleSize}/K) samples. Thin: 100 single runs.`,
    parameters: [
      ['schedules', columns.map(({ title }) => title).join('; ')],
      ['vocabulary s, support, S₀', `${vocabulary}, ${truth.support}, ${truth.simpson}`],
      ['sample size n', String(sampleSize)],
      ['generations', String(generations)],
      ['runs', String(context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [...columns.flatMap(momentClaims), ...orderClaims(columns), ...(await exactClaims(columns[0]))],
    results: columnResults(columns),
    data: trajectoryTable(columns, metrics),
    chart: draw(columns),
  };
}

/**
 * Where theory is tested: the rows at which the expectation first passes these values, once the window holds no more of the few-sample
 * first generations. They are chosen from the expectation alone, and end before nearly all runs sit at exactly 1, where 100 runs say nothing about the mean.
 */
function testRows(expected: readonly number[], window: number): number[] {
  const rows = [0.25, 0.5, 0.75]
    .map((level) => expected.findIndex((value, row) => row >= 2 * window && value >= level))
    .filter((row) => row >= 0);
  return rows.length > 0 ? [...new Set(rows)] : [49, 199, 499];
}

function momentClaims({ title, schedule, run, simpson }: Column & { schedule: Schedule }): Claim[] {
  const rows = testRows(simpson, 'window' in schedule ? schedule.window : 0);
  const drift = scheduleSquaredDrift(schedule, run.generation, truth.simpson);
  return [
    followsCurve(`mean Simpson index follows S_m (${title})`, 'second moments', run, 'simpson', rows, simpson),
    followsCurve(`mean squared drift follows its expectation (${title})`, 'second moments', run, 'l2-first', rows, drift),
  ];
}

/** Each way of mixing against the one to its left, at generation 50. */
function orderClaims(columns: readonly Column[]): Claim[] {
  const at = ({ run }: Column) => estimate(valuesAt(run, 'simpson', run.generation.indexOf(50)));
  return columns
    .slice(1)
    .map((column, i) =>
      compare(
        `mean Simpson index is lower with ${column.title} than with ${columns[i].title} (m = 50)`,
        'Figure 6',
        at(column),
        '<=',
        at(columns[i]),
      ),
    );
}

/** With K = 1 the schedule is fully synthetic, so the exact laws hold. */
async function exactClaims({ run, title }: Column): Promise<Claim[]> {
  const p = await probabilities(truth);
  const times = run.collapseTimes.filter((time) => time > 0);
  const tested = [8, 16, 32, generations];
  const rho = collapseProbability(tested, sampleSize, p);
  return [
    compare(`mean T is the exact E[T] (${title})`, 'lineages traced backwards', estimate(times), '=', expectedCollapseTime(sampleSize, p)),
    worst(
      tested.map((m, i) => {
        const share = run.collapseTimes.filter((time) => time > 0 && time <= m).length / run.collapseTimes.length;
        const standardError = Math.sqrt((rho[i] * (1 - rho[i])) / run.collapseTimes.length);
        return compare(
          `share of runs collapsed is the exact ρ_m (${title}; m = ${m})`,
          'lineages traced backwards',
          { mean: share, standardError },
          '=',
          rho[i],
        );
      }),
    ),
  ];
}

function draw(columns: readonly Column[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const histograms = columns.map(({ run }, i) =>
    histogramPanel(datasets, `time-${i + 1}`, run.collapseTimes, generations, { ...size, height: 90 }, i === 0),
  );
  const panels = [
    ...trajectoryRow(datasets, columns, { metric: 'simpson', title: 'Simpson index σ', domain: [0, 1.03], size, theory: true, top: true }),
    ...trajectoryRow(datasets, columns, { metric: 'l1-first', title: 'drift ‖p⁽ᵐ⁾ − p⁽¹⁾‖₁', domain: [0, 2.06], size, bottom: true }),
    ...histograms,
  ];
  return chart(grid(panels, columns.length, ['replicate', 'mean', 'theory'], { row: 46, column: 22 }), datasets);
}
