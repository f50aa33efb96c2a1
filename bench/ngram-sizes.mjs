// Processor time and memory of a trigram that learns from its own text, from 10^5 to 10^8 tokens: each size is a text in a file, run by `simulate`
// in a process of its own on one native thread.   node bench/ngram.mjs --sizes [--most 100000000]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeText, zipfCorpus } from './ngram-corpus.mjs';

const generations = 3;
const heldOut = 0.01;

/** One size, in this process; prints what it took. */
async function measure(path) {
  const { simulate } = await import('model-collapse');
  // Processor seconds when the first generation and the last one were done.
  const ends = [];
  const onSamples = () => {
    const { user, system } = process.cpuUsage();
    ends.push((user + system) / 1e6);
  };
  const { provenance, metrics } = await simulate(
    {
      model: { kind: 'ngram', order: 3, corpus: path, documents: 'line', validation: heldOut },
      schedule: { kind: 'replace' },
      generations: [1, generations],
      metrics: ['tokens', 'vocabulary', 'distinct-1'],
      replicates: 1,
    },
    { backend: 'native', threads: 1, onSamples },
  );
  const { setupSeconds, corpus } = provenance;
  console.log(
    JSON.stringify({
      setupSeconds,
      generationSeconds: (ends[1] - ends[0]) / (generations - 1),
      tokens: metrics.tokens.mean[0],
      words: corpus.vocabulary,
      bytes: process.resourceUsage().maxRSS * 1024,
    }),
  );
}

export function sizes(most) {
  const folder = mkdtempSync(join(tmpdir(), 'ngram-sizes-'));
  let before;
  console.log('tokens       words   text MB   reading s   a generation s   ns a token   peak memory MB   growth of time, of memory');
  try {
    for (let tokens = 1e5; tokens <= most; tokens *= 10) {
      const path = join(folder, 'corpus.txt');
      writeText(path, zipfCorpus(Math.round((1.001 * tokens) / (1 - heldOut))));
      const got = JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), path], { encoding: 'utf8' }));
      const column = (value, width) => String(value).padStart(width);
      const growth = before
        ? `${(got.generationSeconds / before.generationSeconds).toFixed(1)} x, ${((got.bytes - before.bytes) / 1e6).toFixed(0)} MB more for ${(got.tokens / before.tokens).toFixed(1)} x the tokens`
        : '';
      console.log(
        column(got.tokens, 9) +
          column(got.words, 9) +
          column((statSync(path).size / 1e6).toFixed(1), 10) +
          column(got.setupSeconds.toFixed(2), 12) +
          column(got.generationSeconds.toFixed(3), 17) +
          column(((got.generationSeconds / got.tokens) * 1e9).toFixed(0), 13) +
          column((got.bytes / 1e6).toFixed(0), 17) +
          `   ${growth}`,
      );
      before = got;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await measure(process.argv[2]);
