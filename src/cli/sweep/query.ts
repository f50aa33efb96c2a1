import Table from 'cli-table3';
import { inputError } from '../../errors.js';
import { query } from '../../sweep/query.js';
import { formatNumber } from '../format.js';
import { print, printJson } from '../print.js';
import type { QueryCommandOptions } from '../query.js';

/** `query SQL [DIR]` */
export async function ask(sql: string | undefined, dir: string, { json }: QueryCommandOptions): Promise<void> {
  if (sql === undefined || sql.trim() === '') throw inputError('SQL', sql, 'one statement, such as "SELECT * FROM points"');
  const { columns, rows } = await query(sql, dir);
  if (json) return printJson(rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i]]))));
  const table = new Table({ head: columns, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(row.map((value) => shown(value)));
  return print(`${table.toString()}\n${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`);
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
