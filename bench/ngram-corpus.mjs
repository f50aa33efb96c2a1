// Corpora for the benchmarks of n-gram models.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

export function randomSource(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Half of the words from a Zipf law, half from four that go with the two words before: a trigram source. Documents have 200 tokens in the mean. */
export function zipfCorpus(tokens, vocabulary = 50_000) {
  const corpus = new Uint32Array(tokens);
  const random = randomSource(1);
  const scale = Math.log(vocabulary);
  let a = 0;
  let b = 0;
  for (let i = 0; i < tokens; i++) {
    // No document is empty.
    if (i === tokens - 1 || (random() < 1 / 200 && i > 0 && corpus[i - 1] !== vocabulary)) {
      corpus[i] = vocabulary;
      a = b = 0;
      continue;
    }
    const hash = Math.imul(a * 31 + b * 7 + Math.floor(random() * 4), 0x9e3779b1) >>> 0;
    const u = random() < 0.5 ? random() : hash / 4294967296;
    a = b;
    b = Math.floor(Math.exp(u * scale));
    corpus[i] = b;
  }
  return { name: `${tokens} tokens, ${vocabulary} Zipf words`, vocabulary, corpus };
}

/** A corpus as a text, a document a line. */
export function writeText(path, { corpus, vocabulary }) {
  const words = Array.from({ length: vocabulary }, (_, id) => `w${id.toString(36)} `);
  const file = openSync(path, 'w');
  let text = '';
  for (const id of corpus) {
    text += id === vocabulary ? '\n' : words[id];
    if (text.length < 1 << 20) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
}

/** Words and signs of a text, documents split by blank lines. */
export function textCorpus(path) {
  const ids = new Map();
  const documents = readFileSync(path, 'utf8')
    .split(/\n\s*\n/)
    .map((text) => text.match(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [])
    .filter((words) => words.length > 0);
  for (const words of documents) for (const word of words) if (!ids.has(word)) ids.set(word, ids.size);
  const tokens = documents.flatMap((words) => [...words.map((word) => ids.get(word)), ids.size]);
  return {
    name: `${path.split('/').pop()}, ${tokens.length} tokens, ${ids.size} words`,
    vocabulary: ids.size,
    corpus: Uint32Array.from(tokens),
  };
}
