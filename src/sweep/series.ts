/** A metric of a sweep against one of its varied fields: the numbers of a chart. */

import type { Num } from '../engine/result.js';
import type { Summaries } from '../engine/summary.js';
import { inputError, nearest } from '../errors.js';
import { recordOf } from './finish.js';
import { MANIFEST, readManifest } from './manifest.js';
import { columnValue, partitionColumns } from './partition.js';
import { readSweep } from './points.js';
import { Store } from './store.js';

/** The metric that stands for the collapse time. */
export const COLLAPSE_TIME = 'collapse-time';
/** Lines that a chart can tell apart. */
export const MOST_LINES = 8;

export interface SeriesRequest {
  /** A metric, or `collapse-time`. */
  metric: string;
  /** Varied field on the x axis; the first one, if not said. */
  against?: string;
  /** Varied field that tells lines apart. Points that differ in other fields only (such as the seed) are averaged. */
  by?: string;
  /** The last one, if not said. */
  generation?: number;
}

export interface SeriesPoint {
  x: number | string;
  line: string;
  mean: number;
  /** Standard error of the mean; null where it is not defined. */
  error: number | null;
}

export interface Series {
  metric: string;
  against: string;
  by?: string;
  /** Undefined for collapse times. */
  generation?: number;
  points: SeriesPoint[];
  /** Points of the sweep without a value: censored ones, and infinite ones. */
  left: number;
}

/** @throws InputError for a folder without a finished sweep, and for unknown fields, metrics and generations */
export async function readSeries(dir: string, request: SeriesRequest): Promise<Series> {
  const manifest = await readManifest(dir, 'DIR');
  if (!manifest) throw inputError('DIR', dir, `the folder of a finished sweep (with a ${MANIFEST})`);
  const { varied, points } = readSweep(manifest.sweep);
  if (varied.length === 0) throw inputError('DIR', dir, 'a sweep in which a field varies');
  const against = request.against === undefined ? varied[0] : known('--against', request.against, varied);
  const by = request.by === undefined ? undefined : known('--by', request.by, varied);
  const columns = partitionColumns(varied, points);
  const columnOf = (name: string) => columns[varied.indexOf(name)];
  const store = new Store(dir, manifest.identity);
  const groups = new Map<string, { x: number | string; line: string; values: Value[] }>();
  let left = 0;
  let generation: number | undefined;
  for (const { index, vary } of points) {
    const record = JSON.parse((await recordOf(store, index)).json) as Summaries;
    const value = valueIn(record, request);
    generation = value.generation;
    if (value.mean === undefined) {
      left++;
      continue;
    }
    const x = columnValue(columnOf(against), vary);
    const line = by === undefined ? '' : String(columnValue(columnOf(by), vary));
    const key = JSON.stringify([x, line]);
    const group = groups.get(key) ?? { x, line, values: [] };
    groups.set(key, group);
    group.values.push({ mean: value.mean, error: value.error });
  }
  const series = [...groups.values()].map(({ x, line, values }) => ({ x, line, ...averaged(values) }));
  const lines = new Set(series.map(({ line }) => line)).size;
  if (lines > MOST_LINES) throw inputError('--by', by, `a field of at most ${MOST_LINES} values; it has ${lines}`);
  return { metric: request.metric, against, ...(by !== undefined && { by }), generation, points: series, left };
}

interface Value {
  mean: number;
  error: number | null;
}

function known(option: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const near = nearest(name, names);
  throw inputError(option, name, `a varied field: ${names.join(', ')}${near ? ` (did you mean ${near}?)` : ''}`);
}

function valueIn(record: Summaries, { metric, generation }: SeriesRequest): { mean?: number; error: number | null; generation?: number } {
  const finite = (value: Num | undefined) => (typeof value === 'number' ? value : undefined);
  if (metric === COLLAPSE_TIME) {
    return { mean: finite(record.collapseTime.mean), error: finite(record.collapseTime.standardError) ?? null };
  }
  const summary = record.metrics[metric];
  if (!summary) throw inputError('--metric', metric, `one of ${[...Object.keys(record.metrics), COLLAPSE_TIME].join(', ')}`);
  const row = generation === undefined ? record.generation.length - 1 : record.generation.indexOf(generation);
  if (row < 0) throw inputError('--generation', generation, 'a generation that every point reports');
  return { mean: finite(summary.mean[row]), error: finite(summary.standardError[row]) ?? null, generation: record.generation[row] };
}

/** Points of equal weight, independent of each other. */
function averaged(values: readonly Value[]): Value {
  const n = values.length;
  const sum = values.reduce((total, { mean }) => total + mean, 0);
  const known = values.every(({ error }) => error !== null);
  return { mean: sum / n, error: known ? Math.sqrt(values.reduce((total, { error }) => total + (error ?? 0) ** 2, 0)) / n : null };
}
