/** Token numbers back to text. */
import type { TokenUnit } from '../spec/ngram.js';
import { joinBytePairs } from './byte-pairs.js';

/** Marks that stand close to what is before them, and to what is after them. */
const CLOSE_BEFORE = new Set('.,;:!?)]}%…');
const CLOSE_AFTER = new Set('([{');

/**
 * A document as text. Characters and byte pairs give the text itself; words are set with spaces as in print, and the same
 * tokeniser makes the same words of it again.
 * @param vocabulary names of the tokens
 */
export function detokenise(ids: Iterable<number>, vocabulary: readonly string[], unit: TokenUnit): string {
  const names = Array.from(ids, (id) => vocabulary[id]);
  if (unit === 'bpe') return joinBytePairs(names);
  if (unit === 'char') return names.join('');
  const pieces: string[] = [];
  let close = true;
  for (const name of names) {
    if (!close && !CLOSE_BEFORE.has(name)) pieces.push(' ');
    pieces.push(name);
    close = CLOSE_AFTER.has(name);
  }
  return pieces.join('');
}
