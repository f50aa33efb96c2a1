import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Column, ColumnData, TableWriter } from './table.js';

const ROWS_PER_CHUNK = 4096;

/** One CSV line (RFC 4180 quoting, "\n" line end). Null, undefined and NaN are empty; infinities are spelled out. */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvField).join(',')}\n`;
}

function csvField(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isNaN(value) ? '' : String(value);
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A CSV table with a header line, written as a stream: a block waits until the disk has taken the one before. */
export async function openCsv(path: string, columns: readonly Column[]): Promise<TableWriter> {
  const stream = createWriteStream(path, { encoding: 'utf8' });
  await once(stream, 'open');
  const done = finished(stream);
  // The error is reported by the write that meets it or by finish; nothing is lost by not handling it here.
  done.catch(() => undefined);
  await put(stream, csvLine(columns.map((column) => column.name)));
  return {
    async write(block) {
      const rows = block[0]?.length ?? 0;
      for (let start = 0; start < rows; start += ROWS_PER_CHUNK) {
        await put(stream, lines(block, start, Math.min(rows, start + ROWS_PER_CHUNK)));
      }
    },
    async finish() {
      stream.end();
      await done;
    },
    async abort() {
      stream.destroy();
      await done.catch(() => undefined);
    },
  };
}

function lines(block: readonly ColumnData[], start: number, end: number): string {
  let text = '';
  for (let row = start; row < end; row++) text += csvLine(block.map((column) => column[row]));
  return text;
}

async function put(stream: WriteStream, text: string): Promise<void> {
  if (stream.errored) throw stream.errored;
  if (!stream.write(text)) await once(stream, 'drain');
}
