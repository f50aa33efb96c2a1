/** Column-wise tables, written a block of rows at a time. */

export type TableFormat = 'parquet' | 'csv';
export const TABLE_FORMATS: readonly TableFormat[] = ['parquet', 'csv'];

export interface Column {
  name: string;
  /** 'int' is a signed 32-bit integer, 'double' a 64-bit float (NaN means undefined), 'string' is UTF-8. */
  type: 'int' | 'double' | 'string';
  /** Whether null may occur. Default false. */
  nullable?: boolean;
}

export type ColumnData = Int32Array | Float64Array | readonly (number | null)[] | readonly string[];

/** Receives blocks of rows in order; `finish` completes the file. */
export interface TableWriter {
  /** @param columns one entry per column of the table, all of the same length */
  write(columns: readonly ColumnData[]): Promise<void>;
  finish(): Promise<void>;
  /** Releases the file without completing it. */
  abort(): Promise<void>;
}

/** Opens a table of the given format at `path`, replacing what is there. The format's code is loaded when it is needed. */
export async function openTable(path: string, format: TableFormat, columns: readonly Column[]): Promise<TableWriter> {
  if (format === 'csv') return (await import('./csv.js')).openCsv(path, columns);
  return (await import('./parquet.js')).openParquet(path, columns);
}
