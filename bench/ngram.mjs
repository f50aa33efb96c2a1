// Maximum-likelihood n-gram models: tokens per second of fitting, of writing (many documents in flight) and of whole generations (Replace), on one
// thread of every backend, with plain JavaScript Maps, and with NLTK where /usr/bin/python3 has it; whole runs through the library on two threads.
//   node bench/ngram.mjs [--rounds 5] [--with native,wasm,javascript,maps,nltk] [TEXT ...]
//   node bench/ngram.mjs --sizes [--most 100000000]     time and memory from 10^5 tokens on
// Without a text: a trigram of 10^6 tokens over 50,000 Zipf words, and a bigram of 115,000 tokens, the size of the published code of Suresh et al.
// (arXiv 2412.17646), which builds on NLTK's MLE. Rounds are interleaved; single threads are timed by processor time, two threads by the clock.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulate } from 'model-collapse';
import { defaultMaxDocument, metricId } from '../dist/backend/ngram-job.js';
import { JavaScriptNgram, NativeNgram, ngramSamples, wasmNgram } from '../dist/backend/ngram-kernel.js';
import { textCorpus, writeText, zipfCorpus } from './ngram-corpus.mjs';
import { losses, mapsFit, mapsWrite, openNltk } from './ngram-peers.mjs';
import { sizes } from './ngram-sizes.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    with: { type: 'string', default: 'native,wasm,javascript,maps,nltk' },
    sizes: { type: 'boolean' },
    most: { type: 'string', default: '100000000' },
  },
});
const FITS = 4;
const NLTK_TOKENS = 3000;
const real = { source: 0, size: 0, mode: 'redrawn' };
const fitted = [[real]];
const written = [[real], [real, { source: 1, size: 0, mode: 'into-pool' }]];
const replaced = [[real], [{ ...real, source: 1 }]];

function job({ corpus, vocabulary }, order, generations, lastGeneration, more = {}) {
  return {
    seed: 1,
    vocabulary,
    order,
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
    ...more,
  };
}

/** Runs a job: processor seconds, values and texts. */
async function run(kernel, given) {
  kernel.load({ job: given, outCapacity: 64 });
  kernel.open({ replicate: 0, chains: 1 });
  const start = process.cpuUsage();
  const values = [];
  const samples = [];
  for (let status = -1; status !== 0; ) {
    status = await kernel.advance(1 << 30);
    values.push(...kernel.drain());
    samples.push(...ngramSamples(kernel.drainText()));
  }
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, values, samples };
}

/** Processor seconds of some work in this thread. */
function timed(work) {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, result };
}

const makers = {
  native: () => new NativeNgram(createRequire(import.meta.url)('node-gyp-build')(new URL('..', import.meta.url).pathname)),
  wasm: wasmNgram,
  javascript: () => new JavaScriptNgram(),
};

/** A kernel of ours: what it finds, and its rates in tokens a second. */
async function ours(name, text, order) {
  const kernel = await makers[name]();
  const n = text.corpus.length;
  const generations = Math.max(3, Math.min(20, Math.round(1e7 / n)));
  const many = Math.max(FITS, Math.round(4e6 / n));
  const measured = ['tokens', 'vocabulary', 'ngram-types', 'entropy-rate'].flatMap((metric) => [metricId(metric), 0]);
  return {
    async found() {
      const more = { report: null, metrics: Int32Array.from(measured), samples: { documents: 1000, length: 1 << 14, replicates: 1 } };
      const { values, samples } = await run(kernel, job(text, order, replaced, 2, more));
      const first = samples.filter(({ generation }) => generation === 1);
      return { values, first: Uint32Array.from(first.flatMap(({ tokens }) => [...tokens, text.vocabulary])) };
    },
    async rates() {
      const { seconds: fit } = await run(kernel, job(text, order, fitted, many));
      const { seconds: both } = await run(kernel, job(text, order, written, many));
      const { seconds: whole } = await run(kernel, job(text, order, replaced, generations));
      return { fit: (n * many) / fit, write: (n * (many - 1)) / Math.max(1e-9, both - fit), replace: (n * generations) / whole };
    },
  };
}

function maps(text, order) {
  const n = text.corpus.length;
  let seed = 0;
  return {
    async rates() {
      const { seconds: fit, result } = timed(() => mapsFit(text, order));
      const { seconds: write } = timed(() => mapsWrite(result, order, text, n, seed++));
      return { fit: n / fit, write: n / write, replace: n / (fit + write) };
    },
  };
}

async function nltk(text, order, folder) {
  const path = join(folder, 'corpus.txt');
  writeText(path, text);
  const peer = await openNltk(path, order);
  if (!peer) return undefined;
  const n = text.corpus.length;
  return {
    ...peer,
    async rates() {
      const fit = await peer.fit();
      const write = await peer.write(NLTK_TOKENS);
      return {
        fit: n / fit.seconds,
        write: write.tokens / write.seconds,
        replace: n / (fit.seconds + (n * write.seconds) / write.tokens),
      };
    },
  };
}

/** Whether the mean of a written text's losses is the entropy rate of the model. */
function checkLoss(name, loss, entropy) {
  const mean = loss.reduce((sum, value) => sum + value, 0) / loss.length;
  const variance = loss.reduce((sum, value) => sum + (value - mean) ** 2, 0) / loss.length;
  const z = (mean - entropy) / Math.sqrt(variance / loss.length);
  // Losses of one document go together: the error is larger than that of independent ones.
  if (!(Math.abs(z) < 8)) throw new Error(`${name}: its text has ${mean} nats a token, the model ${entropy}`);
  return `${name} ${mean.toFixed(4)}`;
}

/** That all find the same: counts to the last bit, texts by their mean loss. */
async function check(ways, text, order) {
  const followers = mapsFit(text, order);
  const types = [...followers.values()].reduce((sum, list) => sum + new Set(list).size, 0);
  const said = [];
  let first;
  for (const [name, way] of ways) {
    if (name === 'maps') {
      said.push(checkLoss(name, losses(followers, order, mapsWrite(followers, order, text, 2e5, 99)), first.entropy));
    } else if (name === 'nltk') {
      const fit = await way.fit();
      if (way.tokens !== text.corpus.length || fit.types !== types)
        throw new Error(`nltk counts ${way.tokens} tokens, ${fit.types} n-grams`);
      said.push(checkLoss(name, (await way.write(NLTK_TOKENS)).loss, first.entropy));
    } else {
      const found = await way.found();
      first ??= { values: found.values, entropy: found.values[3] };
      if (found.values.join() !== first.values.join()) throw new Error(`${name} finds ${found.values}, another ${first.values}`);
      if (found.values[2] !== types) throw new Error(`${name} counts ${found.values[2]} n-grams, Maps ${types}`);
      said.push(checkLoss(name, losses(followers, order, { corpus: found.first, vocabulary: text.vocabulary }), first.entropy));
    }
  }
  console.log(
    `  checked: ${types} n-grams counted by all; nats a token of the model ${first.entropy.toFixed(4)}, of texts: ${said.join(', ')}`,
  );
}

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[list.length >> 1];
function spread(list, show) {
  const all = sorted(list);
  return `${show(median(list))} (${show(all[0])}..${show(all[all.length - 1])})`;
}
const figure = (value) => (value >= 1000 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString());

async function compare(text, order, folder) {
  console.log(`\n${text.name}; order ${order}`);
  const ways = new Map();
  for (const name of values.with.split(',')) {
    const way = name === 'maps' ? maps(text, order) : name === 'nltk' ? await nltk(text, order, folder) : await ours(name, text, order);
    if (way) ways.set(name, way);
    else console.log(`  ${name}: not installed`);
  }
  await check(ways, text, order);
  const rates = new Map([...ways.keys()].map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [name, way] of ways) rates.get(name).push(await way.rates());
  }
  const fastest = [...rates.values()][0];
  for (const [name, got] of rates) {
    for (const step of ['fit', 'write', 'replace']) {
      const ratios = got.map((rate, round) => fastest[round][step] / rate[step]);
      console.log(
        `  ${name.padEnd(11)}${step.padEnd(8)} M tokens/s ${spread(
          got.map((rate) => rate[step] / 1e6),
          figure,
        ).padEnd(32)} ${name === [...rates.keys()][0] ? '' : `${[...rates.keys()][0]} is ${spread(ratios, figure)} times as fast`}`,
      );
    }
  }
  for (const way of ways.values()) way.close?.();
}

/** Whole runs through the library, on one thread and on two. */
async function threads(text, folder) {
  const path = join(folder, 'threads.txt');
  writeText(path, text);
  const spec = {
    model: { kind: 'ngram', order: 3, corpus: path, documents: 'line', validation: 0.01 },
    schedule: { kind: 'replace' },
    generations: [6],
    metrics: ['vocabulary', 'tokens'],
    replicates: 8,
  };
  const took = { 1: [], 2: [] };
  const digests = new Set();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const count of [1, 2]) {
      const { provenance, digest } = await simulate(spec, { backend: 'native', threads: count });
      took[count].push(provenance.durationSeconds);
      digests.add(digest);
    }
  }
  if (digests.size !== 1) throw new Error('digests differ');
  const rate = (seconds) => (48 * text.corpus.length * 0.99) / seconds / 1e6;
  const gains = took[1].map((seconds, round) => seconds / took[2][round]);
  console.log(`\nsimulate, native, 8 replicates x 6 generations of Replace, by the clock`);
  for (const count of [1, 2]) console.log(`  ${count} thread${count > 1 ? 's' : ' '}  M tokens/s ${spread(took[count].map(rate), figure)}`);
  console.log(`  two threads are ${spread(gains, figure)} times as fast as one`);
}

if (values.sizes) {
  sizes(Number(values.most));
} else {
  const folder = mkdtempSync(join(tmpdir(), 'ngram-bench-'));
  try {
    const zipf = zipfCorpus(1_000_000);
    const cases =
      positionals.length > 0
        ? positionals.flatMap((path) => [3, 2].map((order) => [textCorpus(path), order]))
        : [
            [zipf, 3],
            [zipfCorpus(115_000), 2],
          ];
    for (const [text, order] of cases) await compare(text, order, folder);
    await threads(zipf, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
