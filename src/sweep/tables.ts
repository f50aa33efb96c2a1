/**
 * A sweep as Parquet: `points.parquet` has one row a point; `summary/` is a data set with one file a point, partitioned by the varied
 * fields as Hive does (`summary/seed=0/schedule.sampleSize=10/...`), which DuckDB, pandas and Polars read as one table.
 */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Num } from '../engine/result.js';
import type { Summaries } from '../engine/summary.js';
import { makeFolder } from '../results/folder.js';
import type { Column, ColumnData } from '../results/table.js';
import type { CheckedSweep } from './check.js';
import { recordOf } from './finish.js';
import { columnValue, type PartitionColumn, partitionColumns, partitionPath } from './partition.js';
import type { Store } from './store.js';

export const POINTS_TABLE = 'points.parquet';
export const SUMMARY = 'summary';
const QUANTILES = ['0.05', '0.5', '0.95'] as const;

type Record = Summaries & { digest: string };

const double = (name: string): Column => ({ name, type: 'double', nullable: true });
const text = (name: string): Column => ({ name, type: 'string' });
const int = (name: string): Column => ({ name, type: 'int' });

const summaryColumns: readonly Column[] = [
  int('point'),
  int('generation'),
  text('metric'),
  double('mean'),
  double('standard_error'),
  ...QUANTILES.map((p) => double(`q${p}`)),
];

/** Writes the tables of a finished sweep, replacing earlier ones. */
export async function writeTables(sweep: CheckedSweep, store: Store): Promise<void> {
  const columns = partitionColumns(sweep.varied, sweep.points);
  const records: PointRow[] = [];
  await rm(join(store.dir, SUMMARY), { recursive: true, force: true });
  for (const { index, vary } of sweep.points) {
    const record = JSON.parse((await recordOf(store, index)).json) as Record;
    const folder = join(store.dir, SUMMARY, partitionPath(columns, vary));
    await makeFolder(folder);
    await writeTable(join(folder, `point-${String(index).padStart(6, '0')}.parquet`), summaryColumns, summaryRows(index, record));
    const { digest, collapseTime } = record;
    records.push({ index, vary, digest, collapseTime });
  }
  await writeTable(join(store.dir, POINTS_TABLE), ...pointsTable(columns, records));
}

interface PointRow {
  index: number;
  vary: { [field: string]: unknown };
  digest: string;
  collapseTime: Summaries['collapseTime'];
}

function summaryRows(index: number, { generation, metrics, contexts }: Record): ColumnData[] {
  const entries = Object.entries(metrics);
  if (contexts) {
    const { collapsed: mean, standardError } = contexts;
    entries.push(['contexts-collapsed', { mean, standardError, quantiles: {} }]);
  }
  const names = entries.flatMap(([name]) => generation.map(() => name));
  const numbers = (pick: (summary: (typeof entries)[number][1]) => readonly Num[] | undefined) =>
    entries.flatMap(([, summary]) => generation.map((_, i) => numeric(pick(summary)?.[i])));
  return [
    new Int32Array(names.length).fill(index),
    Int32Array.from(entries.flatMap(() => generation)),
    names,
    numbers(({ mean }) => mean),
    numbers(({ standardError }) => standardError),
    ...QUANTILES.map((p) => numbers(({ quantiles }) => quantiles[p])),
  ];
}

function pointsTable(columns: readonly PartitionColumn[], rows: readonly PointRow[]): [Column[], ColumnData[]] {
  const times = rows.map(({ collapseTime }) => collapseTime);
  const numbers = (pick: (time: Summaries['collapseTime']) => Num | undefined) => times.map((time) => numeric(pick(time)));
  const varied = columns.map((column): ColumnData => {
    const values = rows.map(({ vary }) => columnValue(column, vary));
    if (column.type === 'string') return values.map(String);
    return column.type === 'int' ? Int32Array.from(values as number[]) : Float64Array.from(values as number[]);
  });
  return [
    [
      int('point'),
      ...columns.map(({ name, type }): Column => ({ name, type })),
      text('digest'),
      int('replicates'),
      int('collapsed'),
      double('collapse_mean'),
      double('collapse_standard_error'),
      ...QUANTILES.map((p) => double(`collapse_q${p}`)),
    ],
    [
      Int32Array.from(rows, ({ index }) => index),
      ...varied,
      rows.map(({ digest }) => digest),
      Int32Array.from(times, ({ replicates }) => replicates),
      Int32Array.from(times, ({ collapsed }) => collapsed),
      numbers(({ mean }) => mean),
      numbers(({ standardError }) => standardError),
      ...QUANTILES.map((p) => numbers(({ quantiles }) => quantiles[p])),
    ],
  ];
}

/** Undefined numbers are null, infinite ones numbers. */
function numeric(value: Num | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

async function writeTable(path: string, columns: readonly Column[], data: readonly ColumnData[]): Promise<void> {
  const { openParquet } = await import('../results/parquet.js');
  const table = await openParquet(`${path}.partial`, columns);
  await table.write(data);
  await table.finish();
  await rename(`${path}.partial`, path);
}
