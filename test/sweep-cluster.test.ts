/** The commands of docs/CLUSTER.md as local processes, and what is asked of the merged tables. */
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from './cli-process.js';
import { expectRefusal, spec } from './cli-specs.js';

vi.setConfig({ testTimeout: 120_000 });

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const guide = await readFile(new URL('../docs/CLUSTER.md', import.meta.url), 'utf8');
const block = (kind: string, pattern: RegExp) =>
  [...guide.matchAll(new RegExp(`\`\`\`${kind}\\n([^]*?)\`\`\``, 'g'))].map((match) => match[1]).find((text) => pattern.test(text)) ?? '';
const hasDuckDB = (() => {
  try {
    return Boolean(createRequire(import.meta.url).resolve('@duckdb/node-api'));
  } catch {
    return false;
  }
})();

let root: string;
let whole: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-cluster-'));
  await mkdir(join(root, 'bin'));
  await writeFile(join(root, 'bin/model-collapse'), `#!/bin/sh\nexec "${process.execPath}" "${main}" "$@"\n`);
  await chmod(join(root, 'bin/model-collapse'), 0o755);
  const sweep = { base: { ...spec, replicates: 1100 }, vary: { 'schedule.sampleSize': [10, 40], seed: [0, 1, 2] } };
  for (const name of ['slurm', 'kubernetes']) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'sweep.json'), JSON.stringify(sweep));
  }
  whole = (await cli(['sweep', '-', '--out', join(root, 'whole'), '--json'], { input: JSON.stringify(sweep) })).stdout;
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Runs a script where `model-collapse` is installed. */
function shell(script: string, cwd: string, env: Record<string, string> = {}) {
  const path = `${join(root, 'bin')}:${process.env.PATH}`;
  return promisify(execFile)('bash', ['-c', script], { cwd: join(root, cwd), env: { ...process.env, PATH: path, ...env } });
}

describe.runIf(process.platform !== 'win32')('the commands of the guide, as local processes', () => {
  test('the Slurm array', async () => {
    const script = block('bash', /SBATCH/);
    const [first, last] = (/--array=(\d+)-(\d+)/.exec(script) ?? []).slice(1).map(Number);
    const tasks = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const count = { SLURM_ARRAY_TASK_COUNT: String(tasks.length), SLURM_ARRAY_TASK_MIN: String(first) };
    await Promise.all(tasks.map((task) => shell(script, 'slurm', { ...count, SLURM_ARRAY_TASK_ID: String(task) })));
    await shell(block('bash', /merge shards/), 'slurm');
    expect(await readFile(join(root, 'slurm/result/result.json'), 'utf8')).toBe(whole);
  });

  test('the Kubernetes Indexed Job', async () => {
    const manifest = block('yaml', /Indexed/);
    const command = /- \|\n\s+(exec .*)\n/.exec(manifest)?.[1] ?? '';
    const completions = Number(/completions: (\d+)/.exec(manifest)?.[1]);
    const data = (text: string) => text.replaceAll('/data/', `${join(root, 'kubernetes')}/`);
    await Promise.all(
      Array.from({ length: completions }, (_, index) => shell(data(command), 'kubernetes', { JOB_COMPLETION_INDEX: String(index) })),
    );
    await shell(data(block('bash', /merge \/data/)), 'kubernetes');
    expect(await readFile(join(root, 'kubernetes/result/result.json'), 'utf8')).toBe(whole);
  });
});

describe('questions', () => {
  test('a chart of a metric against a varied field, with its numbers', async () => {
    const base = join(root, 'support');
    const ended = await cli([
      'chart',
      join(root, 'whole'),
      '--metric',
      'support',
      '--by',
      'schedule.sampleSize',
      '--against',
      'seed',
      '--out',
      base,
      '--json',
    ]);
    const { points, generation, files } = JSON.parse(ended.stdout);
    const { points: all } = JSON.parse(whole);
    expect(generation).toBe(12);
    expect(points.map(({ x, line, mean }: { x: number; line: string; mean: number }) => [x, line, mean])).toEqual(
      all.map(({ vary, metrics }: { vary: Record<string, number>; metrics: { support: { mean: number[] } } }) => [
        vary.seed,
        String(vary['schedule.sampleSize']),
        metrics.support.mean[11],
      ]),
    );
    expect(files.map((path: string) => path.slice(base.length))).toEqual(['.svg', '.png', '.vl.json']);
    expect(await readFile(files[0], 'utf8')).toMatch(/<svg.*support size in generation 12/s);
    const averaged = await cli(['chart', join(root, 'whole'), '--metric', 'simpson', '--generation', '1', '--out', base, '--json']);
    expect(JSON.parse(averaged.stdout)).toMatchObject({ against: 'schedule.sampleSize', generation: 1, points: [{ x: 10 }, { x: 40 }] });
  });

  test('unknown fields and metrics', async () => {
    const whole = join(root, 'whole');
    expectRefusal(
      await cli(['chart', whole, '--metric', 'suport']),
      /--metric: got "suport"; allowed: one of simpson, support, collapse-time/,
    );
    expectRefusal(await cli(['chart', whole, '--metric', 'support', '--against', 'sed']), /did you mean seed\?/);
    expectRefusal(await cli(['chart', root, '--metric', 'support']), /DIR: got .*; allowed: the folder of a finished sweep/);
  });

  test.runIf(hasDuckDB)('SQL over the tables', async () => {
    const sql = `SELECT seed, "schedule.sampleSize" AS n, mean FROM summary WHERE metric = 'simpson' AND generation = 12 ORDER BY point`;
    const ended = await cli(['query', sql, join(root, 'whole'), '--json']);
    const { points } = JSON.parse(whole);
    expect(JSON.parse(ended.stdout)).toEqual(
      points.map(({ vary, metrics }: { vary: Record<string, number>; metrics: { simpson: { mean: number[] } } }) => ({
        seed: vary.seed,
        n: vary['schedule.sampleSize'],
        mean: metrics.simpson.mean[11],
      })),
    );
    const count = await cli([
      'query',
      'SELECT count(*) AS points, sum(replicates) AS replicates FROM points',
      join(root, 'whole'),
      '--json',
    ]);
    expect(JSON.parse(count.stdout)).toEqual([{ points: 6, replicates: 6600 }]);
    expectRefusal(await cli(['query', 'SELEC 1', join(root, 'whole')]), /SQL: got "SELEC 1"; allowed: a statement that DuckDB takes/);
  });

  test.runIf(!hasDuckDB)('without DuckDB: what to install', async () => {
    const ended = await cli(['query', 'SELECT 1', join(root, 'whole')]);
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(/^error: query needs an optional package; install it with: npm install @duckdb\/node-api/);
  });
});
