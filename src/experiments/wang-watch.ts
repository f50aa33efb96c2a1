/** Which words of a corpus to watch: Wang et al.'s where they are frequent enough, else those that follow its most frequent word. */
import { inputError } from '../errors.js';
import type { TextCorpus } from '../text/corpus.js';

/** A context of one word and what may follow it. */
export interface WatchedPair {
  context: string;
  word: string;
  /** c(context word) and c(context), followed by whatever, in the real training documents. */
  count: number;
  contextCount: number;
}

const wang = { context: 'there', words: ['was', 'were'] };
/** A context that the corpus has fewer times could be lost in forty generations. */
const LEAST_CONTEXT = 200;
const LEAST_PAIR = 5;

/** Two pairs with one context. @throws InputError for a corpus that is too small */
export function watchedPairs({ vocabulary, training, source }: TextCorpus): WatchedPair[] {
  const candidates = [wang.context, ...vocabulary.filter((word) => /^[\p{L}\p{M}]+$/u.test(word))];
  for (const [i, context] of candidates.entries()) {
    const id = vocabulary.indexOf(context);
    if (id < 0) continue;
    const following = followers(training, id, vocabulary.length);
    const contextCount = following.reduce((sum, count) => sum + count, 0);
    if (contextCount < LEAST_CONTEXT) {
      if (i > 0) break; // the others are rarer still
      continue;
    }
    const ids = i === 0 ? wang.words.map((word) => vocabulary.indexOf(word)) : mostFrequent(following, vocabulary);
    if (ids.length < 2 || ids.some((next) => next < 0 || following[next] < LEAST_PAIR)) continue;
    return ids.map((next) => ({ context, word: vocabulary[next], count: following[next], contextCount }));
  }
  throw inputError('--corpus', source.path, `a text with a word that stands ${LEAST_CONTEXT} times or more, and two that follow it`);
}

/** How often each token follows a word in its document; the last entry is the end. */
function followers({ tokens, offsets }: TextCorpus['training'], id: number, end: number): Int32Array {
  const counts = new Int32Array(end + 1);
  for (let d = 0; d + 1 < offsets.length; d++) {
    for (let i = offsets[d]; i < offsets[d + 1]; i++) {
      if (tokens[i] === id) counts[i + 1 < offsets[d + 1] ? tokens[i + 1] : end]++;
    }
  }
  return counts;
}

/** The two words that follow most often. */
function mostFrequent(following: Int32Array, vocabulary: readonly string[]): number[] {
  const words = [...vocabulary.keys()].filter((id) => /^[\p{L}\p{M}]+$/u.test(vocabulary[id]) && following[id] > 0);
  return words.sort((a, b) => following[b] - following[a] || a - b).slice(0, 2);
}
