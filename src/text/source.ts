/** The files of a corpus, read as text piece by piece; only where the platform has files. */
import { files, hex, sha256 } from '#platform';
import { InputError } from '../errors.js';
import { refusal } from './refusal.js';
import { Utf8Decoder } from './utf8.js';

/** Names that a folder's files are chosen by. */
const TEXT_NAME = /\.(txt|jsonl|gz)$/i;
const ALLOWED = 'a UTF-8 text file, plain or gzip-compressed, or a folder of them';

/** One file of a corpus. */
export interface SourceFile {
  path: string;
  /** Its name in the folder, or the path. */
  name: string;
  /** SHA-256 (hex) and size of the file as it lies on disk, known once it has been read. */
  sha256?: string;
  bytes: number;
}

/**
 * The files that a path names: itself, or those of a folder (not of folders in it) whose names end in .txt, .jsonl or .gz and
 * do not begin with a dot, sorted by name (UTF-16 code units).
 * @throws InputError when there is nothing to read.
 */
export async function sourceFiles(path: string): Promise<SourceFile[]> {
  if (!files) throw refusal(path, 'cannot be read here', 'a file, under Node');
  try {
    const found = await files.stat(path);
    if (found.isFile()) return [{ path, name: path, bytes: 0 }];
    if (!found.isDirectory()) throw refusal(path, 'is neither a file nor a folder', ALLOWED);
    const names = (await files.list(path)).filter((name) => TEXT_NAME.test(name) && !name.startsWith('.')).sort();
    const chosen: SourceFile[] = [];
    for (const name of names) {
      const inside = `${path.replace(/[\\/]+$/, '')}/${name}`;
      if ((await files.stat(inside)).isFile()) chosen.push({ path: inside, name, bytes: 0 });
    }
    if (chosen.length === 0) throw refusal(path, 'has no file whose name ends in .txt, .jsonl or .gz', ALLOWED);
    return chosen;
  } catch (error) {
    throw readable(error, path);
  }
}

/**
 * The text of a file in pieces that cut no character. The file is gzip-compressed if its first two bytes say so.
 * `sha256` and `bytes` of the file are filled in at the end.
 * @throws InputError when it cannot be read, is binary, not UTF-8 (at which byte), or not a whole gzip file; the signal's reason.
 */
export async function* readText(file: SourceFile, signal?: AbortSignal): AsyncGenerator<string> {
  if (!files) throw refusal(file.path, 'cannot be read here', 'a file, under Node');
  const decoder = new Utf8Decoder(({ problem, byte }) =>
    refusal(file.path, `${problem} (${problem === 'is binary' ? 'a zero byte' : 'the first invalid byte is'} at byte ${byte})`, ALLOWED),
  );
  const hash = sha256();
  let unpacking = false;
  try {
    const onDisk = hashed(files.stream(file.path), file, hash.update);
    const first = await onDisk.next();
    if (first.done) return;
    unpacking = first.value[0] === 0x1f && first.value[1] === 0x8b;
    const whole = startingWith(first.value, onDisk);
    for await (const chunk of unpacking ? files.gunzipStream(whole) : whole) {
      signal?.throwIfAborted();
      const text = decoder.push(chunk);
      if (text !== '') yield text;
    }
    decoder.end();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const broken = unpacking && (code?.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE');
    throw broken ? refusal(file.path, `is not a whole gzip file (${(error as Error).message})`, ALLOWED) : readable(error, file.path);
  } finally {
    file.sha256 = hex(hash.digest());
  }
}

async function* hashed(
  chunks: AsyncIterable<Uint8Array>,
  file: SourceFile,
  update: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    update(chunk);
    file.bytes += chunk.length;
    yield chunk;
  }
}

async function* startingWith(first: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    // Closes the file where the reader stops at the first chunk.
    await rest.return(undefined);
  }
}

/** An error of the file system as bad input; any other error as it is. */
function readable(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof InputError || typeof code !== 'string' || !/^E[A-Z]+$/.test(code)) return error;
  return refusal(path, code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`, ALLOWED);
}

/**
 * What identifies a corpus: of one file its own SHA-256, of a folder that of the lines `SHA256  NAME` of its files in order,
 * which is what `sha256sum *.txt | sha256sum` prints.
 */
export function fingerprint(read: readonly SourceFile[], path: string): { sha256: string; bytes: number } {
  const bytes = read.reduce((total, file) => total + file.bytes, 0);
  if (read.length === 1 && read[0].path === path) return { sha256: read[0].sha256 as string, bytes };
  const hash = sha256();
  hash.update(new TextEncoder().encode(read.map((file) => `${file.sha256}  ${file.name}\n`).join('')));
  return { sha256: hex(hash.digest()), bytes };
}
