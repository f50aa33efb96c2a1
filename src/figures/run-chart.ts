/** The chart of `run --out`: every metric against generation, one facet a metric, one coloured line a spec. */
import type { MetricSummary, Result } from '../engine/result.js';
import { grid } from './legend.js';
import { type Datasets, position } from './panels.js';
import { chart, seriesColours, type VegaLiteSpec } from './style.js';

const names: Record<string, string> = {
  simpson: 'Simpson index',
  max: 'largest probability',
  support: 'support size',
  entropy: 'entropy (nats)',
  'l1-first': 'L1 distance to generation 1',
  'l2-first': 'squared L2 distance to generation 1',
  'l1-truth': 'L1 distance to the truth',
  'l2-truth': 'squared L2 distance to the truth',
  'kl-truth': 'KL divergence to the truth',
  'outside-truth': 'probability outside the support',
  variance: 'mean variance, tr Σ / d',
  'log-determinant': 'ln det Σ',
  'log-increment': 'increment of ln det Σ',
  'mean-shift': 'squared shift of the mean, ‖μ‖² / d',
};

/** What an axis calls a metric. */
export function metricTitle(name: string): string {
  return names[name] ?? name;
}

const size = { width: 260, height: 165 };
const mostColumns = 3;
/** Generations that a line keeps at most. */
const mostPoints = 400;

/**
 * A chart of one or several results: the mean of every metric by generation, with the band between its outer quantiles.
 * @param results each with the name that the legend shows; results with different metrics or generations can be mixed
 * @throws RangeError when there is no result
 */
export function runChart(results: readonly { label: string; result: Result }[]): VegaLiteSpec {
  if (results.length === 0) throw new RangeError('runChart: no results');
  const datasets: Datasets = {};
  const summaries = results.map(({ result }) => summariesOf(result));
  const all = [...new Set(summaries.flatMap((summary) => Object.keys(summary)))];
  const drawable = all.filter((metric) => summaries.some((summary) => summary[metric]?.mean.some((value) => typeof value === 'number')));
  // A metric that is infinite throughout leaves nothing to draw.
  const metrics = drawable.length > 0 ? drawable : all;
  const labels = distinct(results.map(({ label }) => label));
  const panels = metrics.map((metric, i) => {
    const name = `metric-${i + 1}`;
    datasets[name] = results.flatMap(({ result }, k) => rows(result.generation, summaries[k][metric], labels[k]));
    return panel(name, metricTitle(metric), labels);
  });
  const columns = panels.length === 4 ? 2 : Math.min(mostColumns, panels.length);
  return chart(grid(panels, columns, [], { row: 50, column: 62 }), datasets);
}

/** Two results of one name would share a line: the later ones get a number. */
function distinct(labels: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return labels.map((label) => {
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return count === 1 ? label : `${label} (${count})`;
  });
}

/** What is drawn of a result: its metrics and, with several contexts, how many have collapsed (no quantiles). */
function summariesOf({ metrics, contexts }: Result): Record<string, MetricSummary | undefined> {
  if (!contexts || contexts.total < 2) return metrics;
  const { collapsed: mean, standardError } = contexts;
  return { ...metrics, [`contexts collapsed, of ${contexts.total}`]: { mean, standardError, quantiles: {} } };
}

function rows(generation: readonly number[], summary: MetricSummary | undefined, label: string): object[] {
  if (!summary) return [];
  const probabilities = Object.keys(summary.quantiles).sort((a, b) => Number(a) - Number(b));
  const low = summary.quantiles[probabilities[0]];
  const high = summary.quantiles[probabilities.at(-1) ?? ''];
  const step = Math.ceil(generation.length / mostPoints);
  const finite = (value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : null);
  return generation.flatMap((m, i) => {
    if (i % step !== 0 && i !== generation.length - 1) return [];
    return [{ m, label, mean: finite(summary.mean[i]), low: finite(low?.[i]), high: finite(high?.[i]) }];
  });
}

function panel(name: string, title: string, labels: readonly string[]): VegaLiteSpec {
  const x = position('m', { title: 'generation m' });
  const y = (field: string) => position(field, { title });
  const colours = labels.map((_, i) => seriesColours[i % seriesColours.length]);
  const legend =
    labels.length > 1 ? { title: null, orient: 'top', direction: 'horizontal', columns: 4, symbolType: 'stroke', symbolOpacity: 1 } : null;
  const color = { field: 'label', type: 'nominal', sort: null, scale: { domain: labels, range: colours }, legend };
  return {
    ...size,
    data: { name },
    layer: [
      { mark: { type: 'area', opacity: 0.13 }, encoding: { x, y: y('low'), y2: { field: 'high' }, color } },
      { mark: { type: 'line', strokeWidth: 2, point: false }, encoding: { x, y: y('mean'), color } },
    ],
  };
}
