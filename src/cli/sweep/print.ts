import Table from 'cli-table3';
import type { Summaries } from '../../engine/summary.js';
import { show } from '../../errors.js';
import type { CheckedSweep } from '../../sweep/check.js';
import { readResult, recordOf } from '../../sweep/finish.js';
import { Store } from '../../sweep/store.js';
import { formatNumber } from '../format.js';
import { print, printPieces } from '../print.js';

/** Points shown. */
const ROWS = 20;

/** The result as it stands in the folder: thousands of points do not fit into one string. */
export async function printJsonResult(dir: string): Promise<void> {
  await printPieces(readResult(dir));
}

/** A result for people: each point's metrics at its last generation. */
export async function printTableOf({ points, varied, manifest }: CheckedSweep, dir: string, digest: string): Promise<void> {
  const store = new Store(dir, manifest.identity);
  const shown = points.slice(0, ROWS);
  const records = await Promise.all(shown.map(async ({ index }) => JSON.parse((await recordOf(store, index)).json) as Summaries));
  const metrics = [...new Set(records.flatMap((record) => Object.keys(record.metrics)))];
  const keys = varied.length > 0 ? varied : ['point'];
  const head = [...keys, 'generation', ...metrics, 'collapse time'];
  const table = new Table({ head, colAligns: head.map(() => 'right' as const), style: { head: [], border: [], compact: true } });
  shown.forEach(({ index, vary }, i) => {
    const { generation, metrics: summaries, collapseTime } = records[i];
    const last = generation.length - 1;
    table.push([
      ...(varied.length > 0 ? varied.map((key) => (typeof vary[key] === 'string' ? vary[key] : show(vary[key]))) : [index]),
      generation[last],
      ...metrics.map((name) => formatNumber(summaries[name]?.mean[last])),
      formatNumber(collapseTime.mean),
    ]);
  });
  const more = points.length > ROWS ? [`... and ${points.length - ROWS} more points: ${dir}`] : [];
  await print([table.toString(), ...more, `digest: ${digest}`].join('\n'));
}
