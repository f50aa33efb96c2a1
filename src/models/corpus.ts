/** Reads a text file for `initial.kind: "text"`; only where the platform has files. */
import type { InputError } from '../errors.js';
import { fileError, readBytes } from './bytes.js';

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
  const { content, sha256, bytes } = await readBytes(FIELD, path, MAX_BYTES, true);
  if (content.length === 0) throw refusal(path, 'is empty', 'a text with at least one token');
  const zero = content.indexOf(0);
  if (zero >= 0) throw refusal(path, `is binary (a zero byte at byte ${zero})`, 'a UTF-8 text');
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(content), path, sha256, bytes };
  } catch {
    throw refusal(path, `is not UTF-8 (the first invalid byte is near byte ${invalidByte(content)})`, 'a UTF-8 text');
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
  return fileError(FIELD, path, problem, allowed);
}
