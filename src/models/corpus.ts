/** Reads a text file for `initial.kind: "text"`; only where the platform has files. */
import { files, hex, sha256 } from '#platform';
import { InputError, show } from '../errors.js';

/** Largest text, before and after decompression. */
const MAX_BYTES = 2 ** 27;

const FIELD = 'model.initial.path';

/** A text and what identifies the file it came from. */
export interface Corpus {
  text: string;
  /** Path as given. */
  path: string;
  /** SHA-256 (hex) and size of the file as it lies on disk, compressed or not. */
  sha256: string;
  bytes: number;
}

/**
 * Reads plain or gzip-compressed UTF-8 (told apart by the first bytes); a byte order mark is dropped.
 * @throws InputError when the file is missing, not a file, unreadable, too large, empty, binary or not UTF-8.
 */
export async function readCorpus(path: string): Promise<Corpus> {
  const file = await readBytes(path);
  const hash = sha256();
  hash.update(file);
  const content = file[0] === 0x1f && file[1] === 0x8b ? await decompress(file, path) : file;
  if (content.length === 0) throw refusal(path, 'is empty', 'a text with at least one token');
  const zero = content.indexOf(0);
  if (zero >= 0) throw refusal(path, `is binary (a zero byte at byte ${zero})`, 'a UTF-8 text');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(content), path, sha256: hex(hash.digest()), bytes: file.length };
  } catch {
    throw refusal(path, `is not UTF-8 (the first invalid byte is near byte ${invalidByte(content)})`, 'a UTF-8 text');
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  if (!files) throw refusal(path, 'cannot be read here', 'a file, under Node');
  try {
    const found = await files.stat(path);
    if (found.isDirectory()) throw refusal(path, 'is a directory', 'a text file');
    if (!found.isFile()) throw refusal(path, 'is not a regular file', 'a text file');
    if (found.size > MAX_BYTES) throw refusal(path, `has ${found.size} bytes`, `at most ${MAX_BYTES}`);
    return await files.read(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw refusal(
      path,
      code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? (error as Error).message})`,
      'a readable text file',
    );
  }
}

/** `maxOutputLength` stops a small file that would unpack to fill the memory. */
async function decompress(file: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return files ? await files.gunzip(file, MAX_BYTES) : file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw refusal(path, `unpacks to more than ${MAX_BYTES} bytes`, `at most ${MAX_BYTES}`);
    }
    throw refusal(path, `is not a whole gzip file (${(error as Error).message})`, 'a text, plain or gzip-compressed');
  }
}

/** First byte after the longest prefix that may begin a UTF-8 text, by bisection. */
function invalidByte(content: Uint8Array): number {
  let valid = 0;
  let invalid = content.length + 1;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >>> 1;
    try {
      // Streaming lets a character be cut off at the end of a prefix.
      new TextDecoder('utf-8', { fatal: true }).decode(content.subarray(0, middle), { stream: true });
      valid = middle;
    } catch {
      invalid = middle;
    }
  }
  return Math.min(valid, content.length - 1);
}

/** The error of a file: what is wrong with it and what is allowed. */
export function refusal(path: string, problem: string, allowed: string): InputError {
  return new InputError(`${FIELD}: ${show(path)} ${problem}; allowed: ${allowed}`, FIELD);
}
