/** Reads a binary file, plain or gzip-compressed; only where the platform has files. */
import { files, hex, sha256 } from '#platform';
import { InputError, show } from '../errors.js';

/** What a file holds once unpacked, and what identifies the file as it lies on disk. */
export interface FileBytes {
  content: Uint8Array;
  /** Path as given. */
  path: string;
  /** SHA-256 (hex) and size of the file, compressed or not. */
  sha256: string;
  bytes: number;
}

/**
 * @param field the field that names the file, for messages
 * @param text whether it is to be a text, for messages
 * @param most largest size, before and after decompression
 * @throws InputError when the file is missing, not a file, unreadable, too large, or not a whole gzip file
 */
export async function readBytes(field: string, path: string, most: number, text = false): Promise<FileBytes> {
  const file = await read(field, path, most, text ? 'text file' : 'file');
  const hash = sha256();
  hash.update(file);
  const packed = file[0] === 0x1f && file[1] === 0x8b;
  return {
    content: packed ? await unpack(field, file, path, most, text ? 'text' : 'file') : file,
    path,
    sha256: hex(hash.digest()),
    bytes: file.length,
  };
}

async function read(field: string, path: string, most: number, thing: string): Promise<Uint8Array> {
  if (!files) throw fileError(field, path, 'cannot be read here', 'a file, under Node');
  try {
    const found = await files.stat(path);
    if (!found.isFile()) throw fileError(field, path, found.isDirectory() ? 'is a directory' : 'is not a regular file', `a ${thing}`);
    if (found.size > most) throw fileError(field, path, `has ${found.size} bytes`, `at most ${most}`);
    return await files.read(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? (error as Error).message})`;
    throw fileError(field, path, problem, `a readable ${thing}`);
  }
}

/** The limit stops a small file that would unpack to fill the memory. */
async function unpack(field: string, file: Uint8Array, path: string, most: number, thing: string): Promise<Uint8Array> {
  try {
    return files ? await files.gunzip(file, most) : file;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw fileError(field, path, `unpacks to more than ${most} bytes`, `at most ${most}`);
    }
    throw fileError(field, path, `is not a whole gzip file (${(error as Error).message})`, `a ${thing}, plain or gzip-compressed`);
  }
}

/** The error of a file: what is wrong with it and what is allowed. */
export function fileError(field: string, path: string, problem: string, allowed: string): InputError {
  return new InputError(`${field}: ${show(path)} ${problem}; allowed: ${allowed}`, field);
}
