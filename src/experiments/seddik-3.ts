/** Figure 3: partially synthetic training stays near the first model; more synthetic samples, more drift. */
import type { Datasets } from '../figures/panels.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { paper, vocabulary, zipf } from './seddik.js';
import { generations, partialColumn, partialFigure, real } from './seddik-partial.js';

const syntheticSizes = [10, 50, 100, 200];
const support = 52;
const simpson = 0.1;
const seed = 300;
const size = { width: 196, height: 140 };

export const seddik3: Experiment = {
  id: 'seddik-3',
  aliases: ['fig3', '3'],
  group: 'seddik',
  title: 'Real data in every generation holds the model in place',
  source: `${paper}, Figure 3`,
  simulations: syntheticSizes.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const columns = [];
  for (const synthetic of syntheticSizes) {
    columns.push(await partialColumn(context, { title: `n = ${synthetic}`, initial: zipf(support, simpson), synthetic, seed }));
  }
  const datasets: Datasets = {};
  return {
    caption:
      `Each generation trains on the same ${real} real samples and n new samples from the generation before. Top: Simpson index; bottom: distance to generation 1. ` +
      'Thin: 100 single runs. The bound of Theorem 3 on the drift is in the table: where it exceeds 2, the largest value that the distance can take, it says nothing.',
    parameters: [
      ['schedule', 'partially synthetic'],
      ['vocabulary s, support, S₀', `${vocabulary}, ${support}, ${simpson}`],
      ['real samples N', String(real)],
      ['synthetic samples n', syntheticSizes.join(', ')],
      ['generations', String(generations)],
      ['runs', String(context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    ...partialFigure(columns, datasets, { size, steps: { simpson: 0.05, drift: 0.1 }, spacing: { row: 34, column: 22 } }),
  };
}
