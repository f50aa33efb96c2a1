/** The files of a plan; they appear together or not at all. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stageChart } from '../figures/render.js';
import { csvLine } from '../results/csv.js';
import { StagedFolder } from '../results/staged.js';
import { planChart } from './chart.js';
import { type BudgetPoint, budgetPoints } from './curves.js';
import type { Planned } from './plan.js';

/** Files that `writePlan` may write. */
export const planFiles = ['plan.json', 'budgets.csv', 'chart.vl.json', 'chart.svg', 'chart.png'] as const;

/**
 * Writes the plan as JSON, its budgets as a table and as a chart (where there is a line to draw) into an existing folder.
 * @returns the names of the files
 */
export async function writePlan(dir: string, planned: Planned): Promise<string[]> {
  const folder = new StagedFolder(dir);
  const points = budgetPoints(planned);
  try {
    await writeFile(folder.stage('plan.json'), `${JSON.stringify(planned.plan, null, 2)}\n`);
    await writeFile(folder.stage('budgets.csv'), budgetsCsv(points));
    const chart = planChart(planned.plan, points);
    if (chart) await stageChart(chart, folder, 'chart');
    const names = await folder.commit();
    // Those of an earlier plan, where this one has none.
    for (const name of planFiles) if (!names.includes(name)) await rm(join(dir, name), { force: true });
    return names;
  } finally {
    await folder.discard();
  }
}

function budgetsCsv(points: readonly BudgetPoint[]): string {
  const columns = ['against', 'tolerance', 'real', 'line', 'largest', 'again_from'];
  const rows = points.map(({ against, tolerance, real, line, largest, againFrom }) => [against, tolerance, real, line, largest, againFrom]);
  return [columns, ...rows].map(csvLine).join('');
}
