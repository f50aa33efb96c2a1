// Recursive n-gram training, order 3: tokens per second of fitting, of writing, and of whole generations (Replace), on every
// backend and with plain JavaScript Maps. `node bench/ngram.mjs [TEXT ...]`; without a text, a corpus of a million tokens
// over 50,000 Zipf words. `--tokens N` for another length, `--backends native,wasm`.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { ngramArenaBytes } from '../dist/backend/ngram-arena.js';
import { defaultMaxDocument, metricId } from '../dist/backend/ngram-job.js';
import { JavaScriptNgram, NativeNgram, wasmNgram } from '../dist/backend/ngram-kernel.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { tokens: { type: 'string', default: '1000000' }, backends: { type: 'string', default: 'native,wasm,javascript,maps' } },
});
const ORDER = 3;

function randomSource(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Half of the words from a Zipf law, half from four that go with the two words before: a trigram source. */
function zipfCorpus(tokens, vocabulary = 50_000) {
  const random = randomSource(1);
  const corpus = new Uint32Array(tokens);
  const scale = Math.log(vocabulary);
  let a = 0;
  let b = 0;
  for (let i = 0; i < tokens; i++) {
    if (i === tokens - 1 || random() < 1 / 200) {
      corpus[i] = vocabulary;
      a = b = 0;
      continue;
    }
    const hash = Math.imul(a * 31 + b * 7 + Math.floor(random() * 4), 0x9e3779b1) >>> 0;
    const u = random() < 0.5 ? random() : hash / 4294967296;
    corpus[i] = Math.floor(Math.exp(u * scale));
    a = b;
    b = corpus[i];
  }
  return { name: `${tokens} tokens, ${vocabulary} Zipf words`, vocabulary, corpus };
}

/** Words and signs of a text, documents split by blank lines. */
function textCorpus(path) {
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

/** One generation of Replace with Maps: context -> the tokens that follow it, one entry a position. */
function mapsGeneration({ corpus, vocabulary }, seed) {
  const random = randomSource(seed);
  const followers = new Map();
  let [a, b] = [-1, -1];
  for (const token of corpus) {
    const context = `${a} ${b}`;
    const list = followers.get(context);
    if (list) list.push(token);
    else followers.set(context, [token]);
    [a, b] = token === vocabulary ? [-1, -1] : [b, token];
  }
  const next = [];
  [a, b] = [-1, -1];
  while (next.length < corpus.length || next[next.length - 1] !== vocabulary) {
    const list = followers.get(`${a} ${b}`);
    const token = list[Math.floor(random() * list.length)];
    next.push(token);
    [a, b] = token === vocabulary ? [-1, -1] : [b, token];
  }
  return { corpus: Uint32Array.from(next), vocabulary };
}

function job({ corpus, vocabulary }, generations, lastGeneration) {
  return {
    seed: 1,
    vocabulary,
    order: ORDER,
    smoothing: 'none',
    smoothingParameter: 0,
    rule: 0,
    ruleParameter: 1,
    corpus,
    heldOut: new Uint32Array(0),
    generations,
    sizes: Uint32Array.of(corpus.length),
    lastGeneration,
    report: Int32Array.of(lastGeneration),
    metrics: Int32Array.of(metricId('tokens'), 0),
    watch: [],
    truth: [],
    maxDocument: defaultMaxDocument(corpus, vocabulary),
    samples: { documents: 0, length: 1, replicates: 0 },
  };
}

/** Milliseconds of a run, the best of three, after one that is not counted. */
async function time(kernel, given) {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4; i++) {
    kernel.load({ job: given, outCapacity: 16 });
    kernel.open({ replicate: 0, chains: 1 });
    const start = performance.now();
    while ((await kernel.advance(1 << 30)) !== 0);
    if (i > 0) best = Math.min(best, performance.now() - start);
    const [tokens] = kernel.drain();
    if (!(tokens >= given.corpus.length)) throw new Error(`a training set of ${tokens} tokens`);
  }
  return best;
}

const real = { source: 0, size: 0, mode: 'redrawn' };
const makers = {
  native: () => new NativeNgram(createRequire(import.meta.url)('node-gyp-build')(new URL('..', import.meta.url).pathname)),
  wasm: wasmNgram,
  javascript: () => new JavaScriptNgram(),
};

for (const text of positionals.length > 0 ? positionals.map(textCorpus) : [zipfCorpus(Number(values.tokens))]) {
  const n = text.corpus.length;
  const generations = Math.max(3, Math.min(20, Math.round(1e7 / n)));
  console.log(
    `${text.name}; order ${ORDER}; M tokens/s; arena ${Math.round(ngramArenaBytes({ job: job(text, [[real], [{ ...real, source: 1 }]], generations), outCapacity: 16 }) / 1e6)} MB`,
  );
  const rate = (ms, many) => ((n * many) / ms / 1000).toFixed(2).padStart(9);
  for (const name of values.backends.split(',')) {
    if (name === 'maps') {
      let current = text;
      const start = performance.now();
      for (let m = 0; m < 3; m++) current = mapsGeneration(current, m);
      console.log(`  ${name.padEnd(11)} fit         - write         - replace ${rate(performance.now() - start, 3)}`);
      continue;
    }
    const kernel = await makers[name]();
    const fit = await time(kernel, job(text, [[real]], 4));
    const write = await time(kernel, job(text, [[real], [real, { source: 1, size: 0, mode: 'into-pool' }]], 4));
    const replace = await time(kernel, job(text, [[real], [{ ...real, source: 1 }]], generations));
    console.log(
      `  ${name.padEnd(11)} fit ${rate(fit, 4)} write ${write > 1.05 * fit ? rate(write - fit, 3) : '        -'} replace ${rate(replace, generations)}`,
    );
  }
}
