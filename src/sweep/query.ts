/** SQL over the tables of a folder, by DuckDB, which is an optional package. */
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inputError } from '../errors.js';
import { exists } from '../results/staged.js';
import { readManifest } from './manifest.js';
import { partitionColumns } from './partition.js';
import { readSweep } from './points.js';
import { SUMMARY } from './tables.js';

/** The npm package. */
export const DUCKDB = '@duckdb/node-api';

/** What is used of it. */
interface DuckDB {
  DuckDBInstance: { create(path: string): Promise<{ connect(): Promise<Connection>; closeSync(): void }> };
}
interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ deduplicatedColumnNames(): string[]; getRowsJS(): unknown[][] }>;
  closeSync(): void;
}

export interface QueryResult {
  columns: string[];
  /** Numbers (whole ones beyond 2^53 as texts), texts, booleans, null, lists and objects of these. */
  rows: unknown[][];
}

/**
 * Runs one SQL statement. Views stand for what is in the folder: `points` (one row a point) and `summary` (one row for a generation
 * and metric of each point, with the varied fields) of a sweep, and every other Parquet table by its name, such as `replicates` and
 * `collapse` of a run.
 * @throws Error when DuckDB is not installed; InputError when it refuses the statement
 */
export async function query(sql: string, dir: string): Promise<QueryResult> {
  const { DuckDBInstance } = await loadDuckDB();
  const views = await viewsOf(dir);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    for (const { name, source } of views) {
      await connection.run(`CREATE VIEW ${identifier(name)} AS SELECT * FROM ${source}`).catch((error: Error) => {
        throw inputError('DIR', dir, `a folder whose tables can be read; ${name}: ${error.message.trim()}`);
      });
    }
    const reader = await connection.runAndReadAll(sql).catch((error: Error) => {
      const tables = views.map(({ name }) => name).join(', ') || 'none';
      throw inputError('SQL', sql, `a statement that DuckDB takes, over the tables of ${dir} (${tables}): ${error.message.trim()}`);
    });
    return { columns: reader.deduplicatedColumnNames(), rows: reader.getRowsJS().map((row) => row.map(plain)) };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function loadDuckDB(): Promise<DuckDB> {
  // The name is not in the import itself, so that the package is built without it.
  const name: string = DUCKDB;
  try {
    return (await import(name)) as DuckDB;
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0];
    throw new Error(`query needs an optional package; install it with: npm install ${DUCKDB} (${reason})`, { cause: error });
  }
}

async function viewsOf(dir: string): Promise<{ name: string; source: string }[]> {
  const files = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    throw inputError('DIR', dir, `the folder of a finished sweep or run (${error.code})`);
  });
  const views = files
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => ({ name: name.slice(0, -'.parquet'.length), source: `read_parquet(${literal(join(resolve(dir), name))})` }));
  const manifest = await readManifest(dir, 'DIR');
  if (!manifest || !(await exists(join(dir, SUMMARY)))) return views;
  const { varied, points } = readSweep(manifest.sweep);
  const types = { int: 'BIGINT', double: 'DOUBLE', string: 'VARCHAR' };
  const hive = partitionColumns(varied, points).map(({ name, type }) => `${literal(name)}: ${types[type]}`);
  const options = hive.length > 0 ? `, hive_partitioning = true, hive_types = {${hive.join(', ')}}` : '';
  const columns = ['point', ...varied].map(identifier).join(', ');
  const dataSet = literal(join(resolve(dir), SUMMARY, '**', '*.parquet'));
  return [...views, { name: SUMMARY, source: `(SELECT ${columns}, * EXCLUDE (${columns}) FROM read_parquet(${dataSet}${options}))` }];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function identifier(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** As JSON has it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry)]));
  return value;
}
