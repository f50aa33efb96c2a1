import { fileWriter, ParquetWriter } from 'hyparquet-writer';
import type { Column, TableWriter } from './table.js';

const TYPES = { int: 'INT32', double: 'DOUBLE', string: 'BYTE_ARRAY' } as const;

/**
 * A Parquet table: every block of rows becomes one row group that is on disk before the next is taken, so memory holds
 * one block and the footer (about 1 kB a row group). Snappy compression; readable by hyparquet, DuckDB, Arrow.
 */
export async function openParquet(path: string, columns: readonly Column[]): Promise<TableWriter> {
  const writer = fileWriter(path);
  const parquet = new ParquetWriter({
    writer,
    createdBy: 'model-collapse',
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type, nullable }) => ({
        name,
        type: TYPES[type],
        repetition_type: nullable ? ('OPTIONAL' as const) : ('REQUIRED' as const),
        ...(type === 'string' ? { converted_type: 'UTF8' as const } : {}),
      })),
    ],
  });
  return {
    async write(block) {
      const rows = block[0]?.length ?? 0;
      if (rows === 0) return;
      await parquet.write({
        rowGroupSize: rows,
        // One page a column: a row group is small already, and page indexes would pile up in memory until the end.
        pageSize: Number.MAX_SAFE_INTEGER,
        columnData: columns.map(({ name }, j) => ({ name, data: block[j] as unknown[] | Float64Array, offsetIndex: false })),
      });
    },
    async finish() {
      await parquet.finish();
    },
    async abort() {
      // The writer opens the file for each append only: nothing to release.
    },
  };
}
