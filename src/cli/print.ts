/** stdout is for what was asked for, stderr for notes and progress. */

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

/** One JSON document on stdout. */
export function printJson(value: unknown): Promise<void> {
  return print(JSON.stringify(value, null, process.stdout.isTTY ? 2 : undefined));
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
