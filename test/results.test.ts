import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChainBatch, Result } from '../dist/engine/result.js';
import { prepareOutput } from '../dist/results/output.js';
import { ReplicateWriter } from '../dist/results/replicates.js';
import { StagedFolder } from '../dist/results/staged.js';
import { RESULT_FILES, writeResult } from '../dist/results/write-result.js';

let root: string;
let made = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-results-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function folder(): Promise<string> {
  const dir = join(root, String(made++));
  await mkdir(dir);
  return dir;
}

type Row = Record<string, unknown>;

/** Chains with values that name their place, and the rows that a file of them should hold. */
function chains(first: number, rows: number[], contexts: number): { batch: ChainBatch; long: Row[]; collapse: Row[] } {
  const long: Row[] = [];
  const collapse: Row[] = [];
  const values: number[] = [];
  const times = rows.map((_, i) => ((first + i) % 3 === 0 ? 0 : first + i + 1));
  rows.forEach((count, i) => {
    const key = { replicate: Math.floor((first + i) / contexts), context: (first + i) % contexts };
    for (let row = 0; row < count; row++) {
      const simpson = 1 / (first + i + 3 + row);
      values.push(simpson, first + i + row);
      long.push({ ...key, generation: row + 1, simpson, 'l1-first': first + i + row });
    }
    collapse.push({ ...key, collapse_time: times[i] === 0 ? null : times[i] });
  });
  return {
    batch: {
      firstChain: first,
      contexts,
      metrics: ['simpson', 'l1-first'],
      generationOf: (row) => row + 1,
      rows: Uint32Array.from(rows),
      values: Float64Array.from(values),
      collapseTimes: Uint32Array.from(times),
    },
    long,
    collapse,
  };
}

async function readParquet(path: string): Promise<Row[]> {
  return parquetReadObjects({ file: await asyncBufferFromFile(path) });
}

/** A small reader of RFC 4180, written from its grammar. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n)/gy;
  let row: string[] = [];
  for (let match = field.exec(text); match; match = field.exec(text)) {
    row.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '\n') {
      rows.push(row);
      row = [];
    }
    if (field.lastIndex === text.length) break;
  }
  return rows;
}

async function readCsv(path: string): Promise<Row[]> {
  const [head, ...rows] = parseCsv(await readFile(path, 'utf8'));
  return rows.map((row) =>
    Object.fromEntries(row.map((value, i) => [head[i], head[i] === 'label' ? value : value === '' ? null : Number(value)])),
  );
}

const readers = { parquet: readParquet, csv: readCsv };

for (const format of ['parquet', 'csv'] as const) {
  const read = (dir: string, name: string) => readers[format](join(dir, `${name}.${format}`));

  describe(`replicates as ${format}`, () => {
    test('several batches of chains with different lengths come back as they were', async () => {
      const dir = await folder();
      const staged = new StagedFolder(dir);
      const writer = new ReplicateWriter(staged, { format });
      const parts = [chains(0, [3, 1, 4], 3), chains(3, [1, 5], 3), chains(5, [9], 3)];
      for (const { batch } of parts) await writer.write(batch);
      await writer.finish();
      expect((await readdir(dir)).sort()).toEqual([`collapse.${format}.partial`, `replicates.${format}.partial`]);
      await staged.commit();
      expect((await readdir(dir)).sort()).toEqual([`collapse.${format}`, `replicates.${format}`]);
      expect(await read(dir, 'replicates')).toEqual(parts.flatMap((part) => part.long));
      expect(await read(dir, 'collapse')).toEqual(parts.flatMap((part) => part.collapse));
    });

    test('more rows than a block holds', async () => {
      const dir = await folder();
      const staged = new StagedFolder(dir);
      const writer = new ReplicateWriter(staged, { format });
      const parts = [0, 500, 1000].map((first) => chains(first, new Array(500).fill(100), 1));
      for (const { batch } of parts) await writer.write(batch);
      await writer.finish();
      await staged.commit();
      const rows = await read(dir, 'replicates');
      expect(rows.length).toBe(150_000);
      const expected = parts.flatMap((part) => part.long);
      for (const i of [0, 1, 99, 100, 131_071, 131_072, 131_073, 149_999]) expect(rows[i]).toEqual(expected[i]);
      if (format === 'parquet') {
        const metadata = await parquetMetadataAsync(await asyncBufferFromFile(join(dir, 'replicates.parquet')));
        expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([131_072, 18_928]);
      }
    });

    test('labels of contexts, whatever characters they hold', async () => {
      const dir = await folder();
      const staged = new StagedFolder(dir);
      const labels = ['a,"b"', '\n', 'é 日本'];
      const writer = new ReplicateWriter(staged, { format });
      const part = chains(0, [1, 1, 1, 2], 3);
      await writer.write({ ...part.batch, contextLabels: labels });
      await writer.finish();
      await staged.commit();
      const label = (row: Row) => ({ ...row, label: labels[row.context as number] });
      expect(await read(dir, 'replicates')).toEqual(part.long.map(label));
      expect(await read(dir, 'collapse')).toEqual(part.collapse.map(label));
    });

    test('infinite values stay infinite', async () => {
      const dir = await folder();
      const staged = new StagedFolder(dir);
      const writer = new ReplicateWriter(staged, { format });
      const { batch } = chains(0, [2], 1);
      batch.values.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 0);
      await writer.write(batch);
      await writer.finish();
      await staged.commit();
      const rows = await read(dir, 'replicates');
      expect(rows[0]).toMatchObject({ simpson: Number.POSITIVE_INFINITY, 'l1-first': Number.NEGATIVE_INFINITY });
    });

    test('an interrupted run leaves nothing, and what was there stays', async () => {
      const dir = await folder();
      await writeFile(join(dir, `replicates.${format}`), 'earlier');
      const staged = new StagedFolder(dir);
      const writer = new ReplicateWriter(staged, { format });
      await writer.write(chains(0, [5, 5], 1).batch);
      const late = writer.write(chains(2, new Array(2000).fill(100), 1).batch);
      await writer.abort();
      await staged.discard();
      await late;
      await writer.write(chains(2002, [5], 1).batch);
      expect(await readdir(dir)).toEqual([`replicates.${format}`]);
      expect(await readFile(join(dir, `replicates.${format}`), 'utf8')).toBe('earlier');
    });
  });
}

const result: Result = {
  provenance: {
    version: '0',
    backend: 'wasm',
    threads: 1,
    seed: 1,
    spec: {},
    machine: {},
    startedAt: '',
    durationSeconds: 1,
    setupSeconds: 0,
  } as never,
  generation: [1, 10],
  metrics: {
    simpson: { mean: [0.25, 1], standardError: [null, 'Infinity'], quantiles: { '0.95': [0.5, 1], '0.05': [0.125, null] } },
  },
  collapseTime: { mean: null, standardError: null, quantiles: {}, collapsed: 1, replicates: 2 },
  contexts: { total: 3, collapsed: [0, 1.5], standardError: [0, 0.5] },
  digest: 'abc',
};

describe('a result', () => {
  test('three files, readable', async () => {
    const dir = await folder();
    await writeResult(dir, result);
    expect((await readdir(dir)).sort()).toEqual([...RESULT_FILES].sort());
    expect(JSON.parse(await readFile(join(dir, 'result.json'), 'utf8'))).toEqual(result);
    expect(JSON.parse(await readFile(join(dir, 'provenance.json'), 'utf8'))).toEqual({ ...result.provenance, digest: 'abc' });
    expect(await readFile(join(dir, 'summary.csv'), 'utf8')).toBe(
      [
        'generation,metric,mean,standard_error,q0.05,q0.95',
        '1,simpson,0.25,,0.125,0.5',
        '10,simpson,1,Infinity,,1',
        '1,contexts-collapsed,0,0,,',
        '10,contexts-collapsed,1.5,0.5,,',
        '',
      ].join('\n'),
    );
  });
});

describe('staged files', () => {
  test('none appears where a folder has the name of one, and no temporary file stays', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'b'));
    const staged = new StagedFolder(dir);
    for (const name of ['a', 'b', 'c']) await writeFile(staged.stage(name), 'new');
    await expect(staged.commit()).rejects.toThrow(/b cannot be written: it is a folder/);
    await staged.discard();
    expect(await readdir(dir)).toEqual(['b']);
  });

  test('a file that cannot be renamed takes the rest with it', async () => {
    const dir = await folder();
    const staged = new StagedFolder(dir);
    await writeFile(staged.stage('a'), 'new');
    staged.stage('never-written');
    await writeFile(staged.stage('c'), 'new');
    await expect(staged.commit()).rejects.toThrow(/never-written/);
    await staged.discard();
    expect(await readdir(dir)).toEqual(['a']);
  });
});

describe('the output folder', () => {
  test('is created, with its parents, and left empty', async () => {
    const dir = join(await folder(), 'a', 'b');
    await prepareOutput(dir, { files: ['x'] });
    expect(await readdir(dir)).toEqual([]);
  });

  test('an earlier file is refused by name, unless overwriting is asked for', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'result.json'), '{}');
    await expect(prepareOutput(dir, { files: ['summary.csv', 'result.json'] })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/result\.json exists.*--overwrite/),
    });
    await prepareOutput(dir, { files: ['summary.csv', 'result.json'], overwrite: true });
    expect(await readFile(join(dir, 'result.json'), 'utf8')).toBe('{}');
    await prepareOutput(dir, { files: ['summary.csv'] });
  });

  test('a file, a path under a file, an empty name: refused', async () => {
    const dir = await folder();
    await writeFile(join(dir, 'file'), '');
    for (const path of [join(dir, 'file'), join(dir, 'file', 'sub', 'folder'), '', '  ']) {
      await expect(prepareOutput(path, { files: [] })).rejects.toMatchObject({ exitCode: 2, field: '--out' });
    }
  });

  // Node's recursive mkdir never returns there.
  test.runIf(process.platform === 'linux')('a folder under /proc is refused', async () => {
    await expect(prepareOutput('/proc/model-collapse/out', { files: [] })).rejects.toMatchObject({ exitCode: 2, field: '--out' });
  });

  test('a folder in the place of a file is refused even when overwriting', async () => {
    const dir = await folder();
    await mkdir(join(dir, 'result.json'));
    await expect(prepareOutput(dir, { files: ['result.json'], overwrite: true })).rejects.toMatchObject({ exitCode: 2 });
  });
});
