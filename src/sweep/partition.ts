/** The varied fields as columns of tables and as folders of a data set. */
import { join } from 'node:path';

export interface PartitionColumn {
  /** The dotted path. */
  name: string;
  type: 'int' | 'double' | 'string';
}

/** Characters of a key or a value in a folder's name: file systems take 255 bytes. */
const LONGEST = 120;
const NOTHING = '__HIVE_DEFAULT_PARTITION__';

/** A column for each varied field: numbers where all values are, else texts. */
export function partitionColumns(varied: readonly string[], points: readonly { vary: Record<string, unknown> }[]): PartitionColumn[] {
  return varied.map((name) => {
    const numbers = points.every(({ vary }) => typeof vary[name] === 'number');
    const ints = numbers && points.every(({ vary }) => Number.isInteger(vary[name]) && Math.abs(vary[name] as number) < 2 ** 31);
    return { name, type: ints ? 'int' : numbers ? 'double' : 'string' };
  });
}

/** A point's value in a column: a number, or the text of it. What is not a word stands as JSON. */
export function columnValue({ name, type }: PartitionColumn, vary: Record<string, unknown>): number | string {
  const value = vary[name];
  if (type !== 'string') return value as number;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The folders of a point: `a.b=10/seed=0`, special characters in the way of URLs. */
export function partitionPath(columns: readonly PartitionColumn[], vary: Record<string, unknown>): string {
  return join('.', ...columns.map((column) => `${encode(column.name)}=${encode(String(columnValue(column, vary))) || NOTHING}`));
}

/** As a part of a path; long texts are cut (the column `point` tells them apart). */
function encode(text: string): string {
  let encoded = '';
  for (const character of text.replace(/\p{Surrogate}/gu, '\ufffd')) {
    const next = encodeURIComponent(character).replace('*', '%2A');
    if (encoded.length + next.length > LONGEST) return `${encoded}...`;
    encoded += next;
  }
  return encoded;
}
