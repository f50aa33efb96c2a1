/** Figure 4: partially synthetic training from initial distributions of different diversity. */
import { grid } from '../figures/legend.js';
import type { Datasets } from '../figures/panels.js';
import { chart } from '../figures/style.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import {
  columnResults,
  distributionRow,
  distributions,
  paper,
  titleOf,
  trajectoryRow,
  trajectoryTable,
  upperEnd,
  vocabulary,
  zipf,
} from './seddik.js';
import { partialClaims, partialColumn, partialMetrics, real } from './seddik-partial.js';

const synthetic = 10;
const generations = 50;
const seed = 400;
const size = { width: 196, height: 130 };

export const seddik4: Experiment = {
  id: 'seddik-4',
  aliases: ['fig4', '4'],
  group: 'seddik',
  title: 'The Simpson index stays near that of the initial distribution',
  source: `${paper}, Figure 4`,
  simulations: distributions.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const columns = [];
  for (const distribution of distributions) {
    const initial = zipf(distribution.support, distribution.simpson);
    columns.push(await partialColumn(context, { title: titleOf(distribution), initial, synthetic, generations, seed }));
  }
  const datasets: Datasets = {};
  const top = await distributionRow(datasets, { ...size, height: 90 });
  const panels = [
    ...top,
    ...trajectoryRow(datasets, columns, {
      metric: 'simpson',
      title: 'Simpson index σ',
      domain: [0, upperEnd(columns, 'simpson', 0.2)],
      size,
      theory: true,
    }),
    ...trajectoryRow(datasets, columns, {
      metric: 'l1-first',
      title: 'drift ‖p⁽ᵐ⁾ − p⁽¹⁾‖₁',
      domain: [0, upperEnd(columns, 'l1-first', 0.05)],
      size,
      bottom: true,
    }),
  ];
  return {
    caption:
      `Top: the initial distributions. Below: every generation trains on the same ${real} real samples and ${synthetic} new samples from the generation before. ` +
      'Middle: Simpson index; bottom: distance to generation 1. Thin: 100 single runs.',
    parameters: [
      ['schedule', 'partially synthetic'],
      ['vocabulary s', String(vocabulary)],
      ['initial', distributions.map(titleOf).join('; ')],
      ['real samples N', String(real)],
      ['synthetic samples n', String(synthetic)],
      ['generations', String(generations)],
      ['runs', String(context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: columns.flatMap(partialClaims),
    results: columnResults(columns),
    data: trajectoryTable(columns, partialMetrics),
    chart: chart(grid(panels, columns.length, ['replicate', 'mean', 'theory'], { row: 48, column: 22 }), datasets),
  };
}
