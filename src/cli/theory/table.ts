import Table from 'cli-table3';
import type { Num } from '../../engine/result.js';
import { formatError, formatNumber } from '../format.js';
import { percent, pick } from '../run/table.js';
import type { SpecPrediction } from './predict.js';

/** A prediction for people: each metric at a few generations, the collapse time, and what the papers prove. */
export function predictionTable(label: string, prediction: SpecPrediction['prediction']): string {
  const { spec, generation, collapseTime, contexts, bounds, testError } = prediction;
  const lines = [`${label}: ${spec.model.kind}, ${spec.schedule.kind}, in closed form`, meansTable(prediction)];
  if (testError) {
    const parts = Object.entries(testError).map(([name, value]) => `${name} ${formatNumber(number(value))}`);
    lines.push(`test error of generation 1: ${parts.join(', ')}`);
  }
  if (collapseTime) lines.push(`collapse time: ${collapseLine(collapseTime)}`);
  if (contexts) {
    const last = generation.length - 1;
    lines.push(`contexts: ${formatNumber(contexts.collapsed[last])} of ${contexts.total} collapsed by generation ${generation[last]}`);
  }
  if (bounds.collapseTime) {
    const { lower, upper } = bounds.collapseTime;
    lines.push(`mean collapse time, bounds of the paper: ${formatNumber(lower)} to ${formatNumber(number(upper))}`);
  }
  return lines.join('\n');
}

function meansTable({ generation, expected, collapseTime, bounds }: SpecPrediction['prediction']): string {
  const columns: [string, readonly number[]][] = Object.entries(expected);
  if (collapseTime?.cdf) columns.push(['P(collapsed)', collapseTime.cdf]);
  if (bounds.cdf) columns.push(['at least', bounds.cdf.lower], ['at most', bounds.cdf.upper]);
  if (bounds['l1-first']) columns.push(['l1-first at most', bounds['l1-first'].upper]);
  const table = new Table({
    head: ['generation', ...columns.map(([name]) => name)],
    colAligns: ['right', ...columns.map(() => 'right' as const)],
    style: { head: [], border: [], compact: true },
  });
  for (const i of pick(generation.length)) {
    table.push([generation[i], ...columns.map(([, values]) => formatNumber(number(values[i])))]);
  }
  return table.toString();
}

function collapseLine({
  mean,
  quantiles,
  approximation,
  relativeError,
}: NonNullable<SpecPrediction['prediction']['collapseTime']>): string {
  if (approximation) {
    const kind = approximation === 'wald' ? "Wald's identity" : `${approximation} limit`;
    return `mean ${formatNumber(mean)} (${kind}, within ${formatError(relativeError)} of it)`;
  }
  const parts = Object.entries(quantiles ?? {})
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([q, value]) => `${percent(q)} ${formatNumber(value)}`);
  return [`mean ${formatNumber(mean)}`, ...parts].join(', ');
}

function number(value: number): Num {
  if (Number.isFinite(value)) return value;
  return value < 0 ? '-Infinity' : 'Infinity';
}
