/** stdout is for what was asked for, stderr for notes and progress. */
import { batched, jsonPieces } from '../results/json.js';

/** One line on stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Text on stdout; resolves when it has been handed to the system, however large it is and however slow the reader. */
export function print(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text.endsWith('\n') ? text : `${text}\n`, () => resolve());
  });
}

/** One JSON document on stdout; piece by piece, as the result of a long run does not fit into one string. */
export async function printJson(value: unknown): Promise<void> {
  if (process.stdout.isTTY) return print(JSON.stringify(value, null, 2));
  for (const piece of batched(jsonPieces(value))) {
    if (!process.stdout.writable) return; // the reader has gone
    await new Promise<void>((resolve) => process.stdout.write(piece, () => resolve()));
  }
  await print('');
}

/** Waits until everything written to stdout and stderr has left the process. */
export async function closeOutput(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

const CLOSED = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/** A reader that goes away (`| head`) has what it wanted: what is left to print is dropped, and files are still finished. */
export function handleClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!CLOSED.has(error.code ?? '')) process.exit(1);
    });
  }
}
