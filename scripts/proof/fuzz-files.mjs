// Files of every kind that is read, cut, overwritten and spliced at random: results, checkpoints, images, texts, tables.
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../tools.mjs';
import { generator } from './random.mjs';
import { holds, inFolder, run } from './tools.mjs';

const load = (file) => import(join(root, 'dist', file));
const { InputError } = await load('errors.js');
const { BlockRunner, prepareBlocks } = await load('engine/blocks.js');
const { readLabelledImages } = await load('models/idx.js');
const { loadSpec } = await load('spec/load.js');
const { parseSpec } = await load('spec/spec.js');
const { BlockWriter, MemorySink, blockHeader } = await load('sweep/block-file.js');
const { readManifest } = await load('sweep/manifest.js');
const { readSweep } = await load('sweep/points.js');
const { query } = await load('sweep/query.js');
const { Store } = await load('sweep/store.js');
const { loadCorpus } = await load('text/corpus.js');

const { below, chance, pick } = generator(1);

/** One to three damages; never the bytes that were given. */
function damaged(bytes) {
  let made = Buffer.from(bytes);
  for (let k = 1 + below(3); k > 0; k--) {
    const at = below(made.length + 1);
    const length = Math.min(made.length - at, chance(0.5) ? 1 + below(4) : below(200));
    const way = below(5);
    if (way === 0) made = made.subarray(0, at);
    else if (way === 1) made = Buffer.concat([made.subarray(0, at), made.subarray(at + length)]);
    else if (way === 2) made = Buffer.concat([made.subarray(0, at + length), made.subarray(at)]);
    else {
      const filling = way === 3 ? pick([0, 255, 10, 34, 123]) : undefined;
      for (let i = at; i < at + length; i++) made[i] = filling ?? below(256);
    }
    made = Buffer.from(made);
  }
  return made.equals(bytes) ? damaged(bytes) : made;
}

/** Damages a file so many times. @param read what reads it @returns the line of figures @throws what is no InputError */
async function check(name, file, runs, read) {
  const bytes = readFileSync(file);
  const counts = { taken: 0, refused: 0 };
  for (let i = 0; i < runs; i++) {
    const made = damaged(bytes);
    writeFileSync(file, made);
    try {
      await read();
      counts.taken++;
    } catch (error) {
      if (!(error instanceof InputError)) throw new Error(`${name}, damage ${i}`, { cause: error });
      counts.refused++;
    }
  }
  writeFileSync(file, bytes);
  return `${name}: ${runs} damages, ${counts.refused} refused by an InputError, ${counts.taken} harmless`;
}

/** Checkpoints: every damage is found, said, and taken away. */
async function checkpoints(name, store, file, runs) {
  const bytes = readFileSync(file);
  for (let i = 0; i < runs; i++) {
    writeFileSync(file, damaged(bytes));
    const found = await store.scan(() => 2);
    holds(found.damaged.length === 1 && found.points.size + found.blocks.size === 0, `${name}, damage ${i}: was not found`);
  }
  return `${name}: ${runs} damages, all found`;
}

const spec = {
  model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5 } },
  schedule: { kind: 'fully-synthetic', sampleSize: 8 },
  generations: 4,
};

/** A finished sweep and an unfinished one with a block and a point. */
async function makeSweeps(folder) {
  const sweep = join(folder, 'sweep.json');
  writeFileSync(sweep, JSON.stringify({ base: { ...spec, replicates: 20 }, vary: { seed: [0, 1] } }));
  const done = join(folder, 'done');
  await run(process.execPath, [join(root, 'dist/cli/main.js'), 'sweep', sweep, '--out', done]);
  const store = new Store(join(folder, 'store'), '0'.repeat(64));
  await store.open();
  const blocks = await prepareBlocks(parseSpec({ ...spec, replicates: 1030 }), 1);
  const runner = await BlockRunner.open('javascript', 1, 1, true);
  const sink = new MemorySink();
  const writer = new BlockWriter(sink, blockHeader(store.identity, 1, 1, blocks));
  await writer.finish(await runner.run(blocks, 1, (replicate) => writer.add(replicate)));
  runner.close();
  return { done, store, block: sink.bytes };
}

function makeInputs(folder) {
  const [images, labels, text, lines, packed] = ['images.gz', 'labels', 'text.txt', 'lines.jsonl', 'lines.jsonl.gz'].map((name) =>
    join(folder, name),
  );
  writeFileSync(images, gzipSync(Buffer.concat([Buffer.from([0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 4, 0, 0, 0, 4]), Buffer.alloc(144, 7)])));
  writeFileSync(labels, Buffer.from([0, 0, 8, 1, 0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
  writeFileSync(text, 'One day a cat saw a dog. The dog ran.\n\nOne day a café was "open".\n<|endoftext|>\n'.repeat(8));
  const documents = Array.from({ length: 30 }, (_, i) => JSON.stringify({ text: `One day a cat saw dog ${i}. It ran é.`, id: i }));
  writeFileSync(lines, `${documents.join('\n')}\n`);
  writeFileSync(packed, gzipSync(readFileSync(lines)));
  return { images, labels, text, lines, packed };
}

/** @param runs damages of each kind */
export function fuzzFiles(runs) {
  return inFolder(async (folder) => {
    const { done, store, block } = await makeSweeps(folder);
    const { images, labels, text, lines, packed } = makeInputs(folder);
    const corpus = (path) => () =>
      loadCorpus({ tokens: 'word', corpus: path, documents: 'auto', field: 'text', lowercase: true, minCount: 1, validation: 0.2 }, 1);
    writeFileSync(store.blockPath(1, 1), block);
    const said = [await checkpoints('blocks', store, store.blockPath(1, 1), runs)];
    await store.savePoint(0, { digest: 'd', json: '{"mean":[1,2]}' }, 0);
    said.push(await checkpoints('points', store, store.pointPath(0), runs));
    const manifest = async () => readSweep((await readManifest(done, 'DIR')).sweep);
    said.push(await check('manifests', join(done, 'sweep-manifest.json'), runs, manifest));
    const result = join(folder, 'result.json');
    writeFileSync(result, JSON.stringify({ provenance: { version: '0', backend: 'wasm', spec }, digest: 'd' }));
    said.push(await check('results', result, runs, async () => parseSpec((await loadSpec(result)).spec)));
    said.push(await check('images, gzip', images, runs, () => readLabelledImages(images, labels)));
    said.push(await check('labels', labels, runs, () => readLabelledImages(images, labels)));
    said.push(await check('texts', text, runs, corpus(text)));
    said.push(await check('texts in JSON lines', lines, runs, corpus(lines)));
    said.push(await check('texts in JSON lines, gzip', packed, runs, corpus(packed)));
    await mkdir(join(folder, 'tables'));
    await run('cp', [join(done, 'points.parquet'), join(folder, 'tables')]);
    const count = () => query('SELECT * FROM points', join(folder, 'tables'));
    // DuckDB opens a database each time: fewer.
    said.push(await check('Parquet tables', join(folder, 'tables/points.parquet'), Math.ceil(runs / 10), count));
    await rm(folder, { recursive: true, force: true });
    return said;
  });
}
