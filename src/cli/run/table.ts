import Table from 'cli-table3';
import type { Num, Result } from '../../engine/result.js';
import { isRegression } from '../../spec/spec.js';
import { formatError, formatNumber, formatSeconds } from '../format.js';
import { textLines, textMetrics } from './text-table.js';

/** Rows shown of each metric. */
const ROWS = 6;

/** A result for people: each metric at a few generations, the collapse time, and what computed it. */
export function resultTable(label: string, result: Result): string {
  const { provenance, collapseTime, contexts, generation } = result;
  const { spec, backend, threads, durationSeconds, setupSeconds } = provenance;
  const language = spec.model.kind === 'ngram';
  const lines = [`${label}: ${spec.model.kind}, ${spec.schedule.kind}, ${spec.replicates} replicates, seed ${spec.seed}`];
  if (language) lines.push(textMetrics(result), ...textLines(result));
  else lines.push(metricsTable(result), ...(isRegression(spec) ? [] : [collapseLine(collapseTime, result.jumps)]));
  if (contexts) {
    const last = generation.length - 1;
    const collapsed = `${formatNumber(contexts.collapsed[last])} ± ${formatError(contexts.standardError[last])}`;
    lines.push(`contexts: ${collapsed} of ${contexts.total} collapsed by generation ${generation[last]}`);
  }
  if (result.jumps) lines.push(`jumps, without the generations between, led to: ${result.jumps.join(', ')}`);
  if (result.quantilesFrom) lines.push(`quantiles are those of the first ${result.quantilesFrom.replicates} replicates`);
  const time = `${formatSeconds(durationSeconds)} (set-up ${formatSeconds(setupSeconds)})`;
  lines.push(`backend: ${backend}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${time}`, `digest: ${result.digest}`);
  return lines.join('\n');
}

function metricsTable(result: Result): string {
  const metrics = Object.entries(result.metrics);
  const probabilities = Object.keys(metrics[0]?.[1].quantiles ?? {}).sort((a, b) => Number(a) - Number(b));
  const table = new Table({
    head: ['metric', 'generation', 'mean', '± s.e.', ...probabilities.map(percent)],
    colAligns: ['left', ...Array.from({ length: 3 + probabilities.length }, () => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const [name, summary] of metrics) {
    pick(result.generation.length).forEach((i, row) => {
      const quantiles = probabilities.map((p) => formatNumber(summary.quantiles[p]?.[i]));
      table.push([
        row === 0 ? name : '',
        result.generation[i],
        formatNumber(summary.mean[i]),
        formatError(summary.standardError[i]),
        ...quantiles,
      ]);
    });
  }
  return table.toString();
}

function collapseLine({ mean, standardError, quantiles, collapsed, replicates }: Result['collapseTime'], jumps: Result['jumps']): string {
  const share = `${collapsed} of ${replicates} replicates collapsed`;
  if (jumps) return `collapse time: ${share}; when is not known after jumps (method "forward" sees it)`;
  if (collapsed === 0) return `collapse time: ${share}`;
  const parts = Object.entries(quantiles)
    .filter((entry): entry is [string, Exclude<Num, null>] => entry[1] !== null)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([p, value]) => `${percent(p)} ${formatNumber(value)}`);
  const average = mean === null ? 'mean not defined (some are censored)' : `mean ${formatNumber(mean)} ± ${formatError(standardError)}`;
  return `collapse time: ${[average, ...parts].join(', ')}; ${share}`;
}

export function percent(probability: string): string {
  return `${formatNumber(Number(probability) * 100)} %`;
}

/** The first index, the last, and evenly spaced ones between. */
export function pick(length: number): number[] {
  if (length <= ROWS) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: ROWS }, (_, k) => Math.round((k * (length - 1)) / (ROWS - 1)));
}
