/** The built-in stories: drawn from the grammar by a stream for each story, so that every machine writes the same. */
import { hex, sha256 } from '#platform';
import { bounded } from '../generated/javascript/stream.js';
import { detokenise } from './detokenise.js';
import { compileGrammar, type Grammar } from './grammar.js';
import { storyRules } from './story-rules.js';
import { DOMAIN_STORIES, startStream } from './streams.js';

let compiled: Grammar | undefined;

/** The grammar of the built-in stories. */
export function storyGrammar(): Grammar {
  return (compiled ??= compileGrammar(storyRules));
}

/**
 * One story as word numbers of the grammar, without its end.
 * @param seed 0 ... 2^53 - 1
 * @param index which story of that seed: 0 ... 2^32 - 1; every story has a stream of its own
 */
export function drawStory(grammar: Grammar, seed: number, index: number): number[] {
  startStream(seed, index, DOMAIN_STORIES);
  const { boundary, contexts, contextOf } = grammar;
  const story: number[] = [];
  let context = contexts[0];
  for (;;) {
    const { next, weights, total, second } = context;
    // bounded() gives a u32 as i32.
    let left = bounded(total) >>> 0;
    let i = 0;
    while (left >= weights[i]) left -= weights[i++];
    if (next[i] === boundary) return story;
    story.push(next[i]);
    context = contexts[contextOf(second, next[i]) as number];
  }
}

/** Stories in each batch of `storyPieces`. */
const BATCH = 256;

/** Stories as text, in batches; in the end the SHA-256 (hex) and size of them all as UTF-8, a blank line between stories. */
export function* storyPieces(documents: number, seed: number): Generator<string[], { sha256: string; bytes: number }> {
  const grammar = storyGrammar();
  const encoder = new TextEncoder();
  const hash = sha256();
  let bytes = 0;
  for (let first = 0; first < documents; first += BATCH) {
    const stories: string[] = [];
    for (let d = first; d < Math.min(first + BATCH, documents); d++) {
      const story = detokenise(drawStory(grammar, seed, d), grammar.words, 'word');
      stories.push(story);
      const encoded = encoder.encode(`${d === 0 ? '' : '\n\n'}${story}`);
      hash.update(encoded);
      bytes += encoded.length;
    }
    yield stories;
  }
  return { sha256: hex(hash.digest()), bytes };
}
