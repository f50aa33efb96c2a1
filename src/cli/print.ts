/** stdout is for what was asked for, stderr for notes and progress. */
import { batched, jsonPieces } from '../results/json.js';

/** One line on stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Text on stdout; resolves when it has been handed to the system, however large it is and however slow the reader.
 * @throws Error when it cannot be written, unless the reader has gone
 */
export function print(text: string): Promise<void> {
  return write(text.endsWith('\n') ? text : `${text}\n`);
}

function write(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error && !readerHasGone(error) ? reject(unwritable(error)) : resolve()));
  });
}

/** One JSON document on stdout; piece by piece, as the result of a long run does not fit into one string. */
export async function printJson(value: unknown): Promise<void> {
  if (process.stdout.isTTY) return print(JSON.stringify(value, null, 2));
  for (const piece of batched(jsonPieces(value))) {
    if (!process.stdout.writable) return; // the reader has gone
    await write(piece);
  }
  await print('');
}

/** Text on stdout, piece by piece. */
export async function printPieces(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    if (!process.stdout.writable) return; // the reader has gone
    await write(piece);
  }
}

/** Waits until everything written to stdout and stderr has left the process. */
export async function closeOutput(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

const CLOSED = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

function readerHasGone(error: NodeJS.ErrnoException): boolean {
  return CLOSED.has(error.code ?? '');
}

function unwritable({ code, message }: NodeJS.ErrnoException): Error {
  return new Error(`stdout cannot be written: ${code === 'ENOSPC' ? 'no space left' : (code ?? message)}`);
}

let failure: Error | undefined;

/** Why stdout could not be written, where it could not. */
export function outputFailure(): Error | undefined {
  return failure;
}

/** A reader that goes away (`| head`) has what it wanted: what is left to print is dropped, and files are still finished. */
export function handleClosedPipe(): void {
  process.stdout.on('error', (error) => {
    if (!readerHasGone(error)) failure ??= unwritable(error);
  });
  process.stderr.on('error', (error) => {
    if (!readerHasGone(error)) process.exit(1);
  });
}
