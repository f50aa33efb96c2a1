import { basename, dirname, join } from 'node:path';
import { inputError } from '../../errors.js';
import { prepareOutput } from '../../results/output.js';
import { readSeries } from '../../sweep/series.js';
import type { ChartCommandOptions } from '../chart.js';
import { note, print, printJson } from '../print.js';

/** `chart DIR --metric NAME` */
export async function drawSweep(dirs: readonly string[], options: ChartCommandOptions): Promise<void> {
  if (dirs.length !== 1) throw inputError('DIR', dirs.length === 0 ? undefined : dirs, 'the folder of one finished sweep');
  const { metric, json } = options;
  if (metric === undefined) throw inputError('--metric', undefined, 'a metric of the sweep, or collapse-time');
  const series = await readSeries(dirs[0], { ...options, metric });
  if (series.left > 0)
    note(`chart: ${series.left} points have no finite value of ${metric} (replicates that did not collapse), and are left out`);
  if (series.points.length === 0) throw inputError('--metric', metric, 'a metric with a finite value at some point');
  const base = options.out ?? join(dirs[0], metric.replace(/[^\p{L}\p{N}._-]+/gu, '-'));
  await prepareOutput(dirname(base), { files: [] });
  const [{ sweepChart }, { renderChart }] = await Promise.all([import('../../figures/sweep-chart.js'), import('../../figures/render.js')]);
  const { svg, png, spec } = await renderChart(sweepChart(series), join(dirname(base), basename(base)));
  if (json) return printJson({ ...series, files: [svg, png, spec] });
  return print(`${svg}\n${png}`);
}
