/** Figure 4: partially synthetic training from initial distributions of different diversity. */
import type { Datasets } from '../figures/panels.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { distributionRow, distributions, paper, titleOf, vocabulary, zipf } from './seddik.js';
import { generations, partialColumn, partialFigure, real } from './seddik-partial.js';

const synthetic = 10;
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
    columns.push(await partialColumn(context, { title: titleOf(distribution), initial, synthetic, seed }));
  }
  const datasets: Datasets = {};
  const above = await distributionRow(datasets, { ...size, height: 90 });
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
    ...partialFigure(columns, datasets, { size, above, steps: { simpson: 0.2, drift: 0.05 }, spacing: { row: 48, column: 22 } }),
  };
}
