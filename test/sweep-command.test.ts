/** Sweeps as processes: whole, interrupted, damaged, in shards. Every way must give the same bytes. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseSpec, simulate } from '../dist/index.js';
import { cli } from './cli-process.js';
import { expectRefusal, spec } from './cli-specs.js';

vi.setConfig({ testTimeout: 120_000 });

// One point of one block and one of three, the last of which is small.
const sweep = { base: spec, vary: { replicates: [30, 2100], 'schedule.sampleSize': [10, 40] } };
const main = new URL('../dist/cli/main.js', import.meta.url).pathname;

let root: string;
let file: string;
/** The result of a sweep that nothing disturbed. */
let whole: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-sweep-'));
  file = join(root, 'sweep.json');
  await writeFile(file, JSON.stringify(sweep));
  const ended = await cli(['sweep', file, '--out', join(root, 'whole'), '--json']);
  expect(ended.status, ended.stderr).toBe(0);
  whole = ended.stdout;
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('one machine', () => {
  test.concurrent('points are what run gives, byte for byte, and the digest is that of their digests', async () => {
    const { points, digest } = JSON.parse(whole);
    const hash = createHash('sha256');
    for (const { vary, ...rest } of points) {
      const point = { ...spec, replicates: vary.replicates, schedule: { ...spec.schedule, sampleSize: vary['schedule.sampleSize'] } };
      const { provenance, ...expected } = await simulate(parseSpec(point), { threads: 2 });
      expect(rest).toEqual(JSON.parse(JSON.stringify(expected)));
      hash.update(Buffer.from(rest.digest, 'hex'));
    }
    expect(points.length).toBe(4);
    expect(digest).toBe(hash.digest('hex'));
  });

  test.concurrent.each(['wasm', 'javascript'])('the same bytes on %s, with other threads', async (backend) => {
    const ended = await cli(['sweep', file, '--out', join(root, backend), '--json', '--backend', backend, '--threads', '3']);
    expect(ended.stdout).toBe(whole);
  });

  test.concurrent('several contexts: a finished block holds what summaries need', async () => {
    const initial = { kind: 'dirichlet', vocabulary: 5, concentration: 1, contexts: 3 };
    const point = { ...spec, model: { kind: 'categorical', initial }, generations: 'until-collapse', replicates: 1100 };
    const out = join(root, 'contexts');
    const { stdout } = await cli(['sweep', '-', '--out', out, '--json'], { input: JSON.stringify({ base: point }) });
    const { provenance, ...expected } = await simulate(point as never);
    expect(JSON.parse(stdout).points).toEqual([{ vary: {}, ...JSON.parse(JSON.stringify(expected)) }]);
  });

  test.concurrent('every model family, points of several blocks among them, as run gives them', async () => {
    const corpus = join(root, 'corpus.txt');
    await writeFile(corpus, 'the cat sat on the mat\nthe dog ran after the cat\na bird sang in the tree while the dog slept\n'.repeat(3));
    const ngram = { model: { kind: 'ngram', order: 2, tokens: 'word', corpus }, schedule: { kind: 'replace' }, generations: 3 };
    const noises = { noiseReal: 0.25, noiseSynthetic: 0.25 };
    const mixture = { kind: 'mixture', samples: 40, syntheticFraction: 0.5, quality: 0.5, ...noises };
    const specs = [
      { ...ngram, replicates: 1030 },
      { ...ngram, replicates: 5 },
      { model: { kind: 'gaussian', dimension: 2 }, schedule: spec.schedule, generations: 4, replicates: 1030 },
      { model: { kind: 'ridge', dimension: 5, spectrum: { kind: 'isotropic' }, ridge: 0.01 }, schedule: mixture, replicates: 1030 },
    ];
    const out = join(root, 'families');
    const { stdout, stderr } = await cli(['sweep', '-', '--out', out, '--json'], { input: JSON.stringify({ specs }) });
    expect(stderr).not.toMatch(/error/);
    const { points } = JSON.parse(stdout);
    for (const [i, point] of specs.entries()) {
      const { provenance, ...expected } = await simulate(point as never);
      expect(points[i]).toEqual({ vary: {}, ...JSON.parse(JSON.stringify(expected)) });
    }
  });

  test.concurrent('tables: one row a point, and a data set partitioned by what varies', async () => {
    const out = join(root, 'whole');
    const read = async (path: string) => {
      const bytes = await readFile(join(out, path));
      return parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
    };
    const { points } = JSON.parse(whole);
    const rows = await read('points.parquet');
    expect(rows.map((row) => [row.replicates, row['schedule.sampleSize'], row.digest])).toEqual(
      points.map((point: { vary: Record<string, number>; digest: string }) => [
        point.vary.replicates,
        point.vary['schedule.sampleSize'],
        point.digest,
      ]),
    );
    const summary = await read('summary/replicates=2100/schedule.sampleSize=40/point-000003.parquet');
    expect(summary.filter(({ metric }) => metric === 'simpson').map(({ mean }) => mean)).toEqual(points[3].metrics.simpson.mean);
  });

  test.concurrent('a dry run checks, estimates and makes nothing', async () => {
    const out = join(root, 'dry');
    const ended = await cli(['sweep', file, '--dry-run', '--out', out, '--json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      points: 4,
      blocks: 8,
      vary: JSON.parse(whole).points.map(({ vary }: { vary: object }) => vary),
    });
    expect(await readdir(root)).not.toContain('dry');
    expect((await cli(['sweep', file, '--dry-run'])).stdout).toMatch(/^4 points, 8 blocks: about .* of memory and .* of disk on native/);
  });

  test.concurrent('a spec that cannot run is found before anything runs, and before a folder is made', async () => {
    const bad = { ...sweep, vary: { ...sweep.vary, generations: [5, 100_000_000] } };
    const ended = await cli(['sweep', '-', '--out', join(root, 'bad')], { input: JSON.stringify(bad) });
    expectRefusal(ended, /^error: point 1 \(.*generations = 100000000\): generations: got 100000000; allowed/m);
    expect(await readdir(root)).not.toContain('bad');
  });
});

describe('checkpoints', () => {
  test.concurrent('damaged files are said and computed again; the rest is kept', async () => {
    const out = join(root, 'damaged');
    expect((await cli(['sweep', file, '--out', out, '--shard', '0/2'])).status).toBe(0);
    const blocks = (await readdir(join(out, 'blocks'))).sort();
    const [point] = await readdir(join(out, 'points'));
    expect(blocks.length).toBeGreaterThan(2);
    const altered = await readFile(join(out, 'blocks', blocks[0]));
    altered[1000] ^= 1;
    await writeFile(join(out, 'blocks', blocks[0]), altered);
    await truncate(join(out, 'blocks', blocks[1]), 10_000);
    await truncate(join(out, 'points', point), 0);
    const ended = await cli(['sweep', file, '--out', out, '--resume', '--json']);
    for (const name of [blocks[0], blocks[1], point])
      expect(ended.stderr).toMatch(new RegExp(`${name}: its checksum is wrong; it is computed again`));
    expect(ended.stderr).toMatch(/1 of 8 blocks were finished before/);
    expect(ended.stdout).toBe(whole);
  });

  test.concurrent('Ctrl-C once: running blocks are saved, status 130; a second process is refused meanwhile; --resume ends it', async () => {
    const out = join(root, 'interrupted');
    // Some tenths of a second of work a block where nothing else runs.
    const model = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 300, exponent: 1 } };
    const schedule = { kind: 'partially-synthetic', real: 1000, synthetic: 1000 };
    const slow = JSON.stringify({
      base: { ...spec, model, schedule, generations: [150], replicates: 1000 },
      vary: { seed: { from: 0, count: 6 } },
    });
    const args = ['sweep', '-', '--out', out, '--threads', '2', '--json'];
    let second: ReturnType<typeof cli> | undefined;
    const first = await cli(args, {
      input: slow,
      started: async (child) => {
        while (!(await readdir(out).catch((): string[] => [])).includes('points')) await new Promise((resolve) => setTimeout(resolve, 20));
        second = cli([...args, '--resume'], { input: slow });
        await second;
        child.kill('SIGINT');
      },
    });
    expectRefusal(await second!, /--out: got .*; allowed: a folder that no other process works in \(process \d+ on/);
    expect(first.status, first.stderr).toBe(130);
    expect(first.stderr).toMatch(/interrupt again to stop now\n(.*\n)*sweep: [1-5] of 6 blocks are finished and kept in/);
    const undisturbed = cli([...args.slice(0, 3), `${out}-not`, ...args.slice(4)], { input: slow });
    const resumed = await cli([...args, '--resume'], { input: slow });
    expect(resumed.stderr).toMatch(/[1-5] of 6 blocks were finished before/);
    expect(resumed.stdout).toBe((await undisturbed).stdout);
  });

  test.concurrent('another sweep or version is refused, with the difference', async () => {
    const out = join(root, 'other');
    await cli(['sweep', file, '--out', out]);
    expectRefusal(await cli(['sweep', file, '--out', out]), /--out: got .*; allowed: a folder without a sweep-manifest\.json, or --resume/);
    const changed = JSON.stringify({ ...sweep, base: { ...spec, generations: 13 } });
    expectRefusal(
      await cli(['sweep', '-', '--out', out, '--resume'], { input: changed }),
      /--resume: .*holds another sweep: base\.generations was 12 and is 13; allowed/,
    );
    const manifest = JSON.parse(await readFile(join(out, 'sweep-manifest.json'), 'utf8'));
    await writeFile(join(out, 'sweep-manifest.json'), JSON.stringify({ ...manifest, version: '0.0.1', identity: 'x' }));
    expectRefusal(await cli(['sweep', file, '--out', out, '--resume']), /holds another sweep: version was "0\.0\.1" and is "/);
  });

  test.runIf(process.platform === 'linux').concurrent('a file that cannot be written: one line, status 1, the rest is kept', async () => {
    const out = join(root, 'full');
    // 8 kB a file: points of 30 replicates fit, blocks do not.
    const shell = `trap '' XFSZ; ulimit -f 16; exec "$0" "$@"`;
    const ended = await promisify(execFile)('bash', ['-c', shell, process.execPath, main, 'sweep', file, '--out', out]).catch(
      (error) => error,
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /error: .*\.block cannot be written: the file is too large; what is finished is kept: go on with --resume\n$/,
    );
    expect((await readdir(join(out, 'points'))).sort()).toEqual(['000000.json', '000001.json']);
    expect((await cli(['sweep', file, '--out', out, '--resume', '--json'])).stdout).toBe(whole);
  });

  test('kill -9 at random moments: nothing finished is lost, the same bytes (long form: scripts/crash.mjs 100)', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [new URL('../scripts/crash.mjs', import.meta.url).pathname, '3', '7'], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^crash test: 3 kills in .* 0 problems/);
    expect(status).toBe(0);
  });
});

describe('shards', () => {
  test.concurrent('merge gives the whole; what is missing is said, and the merged folder can go on', async () => {
    const [a, b, merged, third] = ['a', 'b', 'merged', 'third'].map((name) => join(root, name));
    await Promise.all([
      cli(['sweep', file, '--out', a, '--shard', '0/3']),
      cli(['sweep', file, '--out', b, '--shard', '3'], { env: { JOB_COMPLETION_INDEX: '1' } }),
    ]);
    const incomplete = await cli(['merge', a, b, '--out', merged]);
    expect(incomplete.stderr).toMatch(/error: blocks are missing of \d of 4 points \(point .*; finish their shards and merge again/);
    expect(incomplete.status).toBe(1);
    const slurm = { SLURM_ARRAY_TASK_ID: '2', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_MIN: '0' };
    await cli(['sweep', file, '--out', third], { env: slurm });
    expect((await cli(['merge', a, b, third, '--out', merged, '--json'])).stdout).toBe(whole);
    expect((await cli(['merge', a, b, '--out', `${merged}-2`])).status).toBe(1);
    expect((await cli(['sweep', file, '--out', `${merged}-2`, '--resume', '--json'])).stdout).toBe(whole);
    expectRefusal(await cli(['merge', a, root, '--out', merged]), /DIR: got .*; allowed: the folder of a sweep/);
  });
});
