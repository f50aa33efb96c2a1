import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from './cli-process.js';
import { endless, expectRefusal, small, spec } from './cli-specs.js';

// Every test starts processes, many at once.
vi.setConfig({ testTimeout: 60_000 });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-cli-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('bench', () => {
  test('an unknown suite and a wrong number: one message, status 2', async () => {
    expect(await cli(['bench', 'nope'])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^suite: got "nope"/) });
    expect(await cli(['bench', '--rounds', '0'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^--rounds: got "0"; allowed/),
    });
  });
});

describe('help', () => {
  test.concurrent.each([
    '',
    'run',
    'plan',
    'theory',
    'verify',
    'reproduce',
    'bench',
    'sweep',
    'worker',
    'merge',
    'query',
    'chart',
    'info',
    'presets',
    'schema',
  ])('%s --help', async (command) => {
    const { status, stdout, stderr } = await cli([...(command ? [command] : []), '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(`Usage: model-collapse ${command}`.trim());
  });

  test.concurrent('--version is that of package.json', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await cli(['--version'])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('bad arguments', () => {
  test.concurrent.each<[string[], RegExp]>([
    [[], /^error: no command; allowed: run, plan, [a-z, ]+\n$/],
    [['rnu'], /^error: unknown command 'rnu' \(did you mean run\?\); allowed: run, plan, [a-z, ]+\n$/],
    [['help', 'rnu'], /^error: unknown command 'rnu' \(did you mean run\?\); allowed: run, plan, [a-z, ]+\n$/],
    [['--bogus'], /^error: unknown option '--bogus'; allowed: --version, --help\n$/],
    [['run'], /SPEC.*nothing.*preset/],
    [
      ['run', '-', '--thread', '2'],
      /^error: unknown option '--thread' \(did you mean --threads\?\); allowed: --backend, --threads, [a-z, -]+, --help\n$/,
    ],
    [['run', '-', '--threads', '0'], /--threads: got 0; allowed: an integer from 1/],
    [['run', '-', '--threads', 'abc'], /--threads: got "abc"/],
    [['run', '-', '--threads', '1.5'], /--threads: got 1.5/],
    [['run', '-', '--threads', ''], /--threads: got ""/],
    [['run', '-', '--backend', 'cuda'], /--backend: got "cuda"; allowed: one of auto, native, wasm, javascript/],
    [['run', '-', '--backend', 'natve'], /did you mean native/],
    [['run', '-', '--format', 'xml'], /--format: got "xml"; allowed: one of parquet, csv/],
    [['run', '-', '--seed', '-1'], /--seed: got -1/],
    [['run', '-', '--seed', '9007199254740993'], /--seed/],
    [['run', '-', '--replicates', '0'], /--replicates: got 0/],
    [['run', '-', '--replicates', '1000000001'], /--replicates: got 1000000001; allowed: an integer from 1 to 1000000000$/m],
    [['run', '-', '--set', 'seed'], /--set: got "seed"/],
    [['run', '-', '--set', 'schedule.sampleSize=0'], /schedule\.sampleSize: got 0/],
    [['run', '-', '--set', 'schedule.sampelSize=1'], /sampelSize.*sampleSize/],
    [['run', '-', '--set', 'generatons=3'], /generatons.*generations/],
    [['run', '-', '--out', ''], /--out: got ""/],
    [['run', '-', '-'], /stdin/],
    [['run', 'quick-strat'], /quick-strat.*quick-start/],
    [['run', './no-such-file.json'], /no-such-file/],
    [['presets', 'quick-strat'], /quick-start/],
    [['info', 'more'], /too many arguments/],
    [['reproduce', 'seddik-99'], /seddik-99.*seddik/],
  ])('%j', async (args, message) => {
    expectRefusal(await cli(args, { input: small }), message);
  });

  test.concurrent.each<[string, RegExp]>([
    ['', /empty/],
    ['{"model": ', /not JSON/],
    ['[1]', /object/],
    ['{}', /model/],
    [JSON.stringify({ ...spec, schedule: { kind: 'fully-sinthetic', sampleSize: 3 } }), /fully-sinthetic.*fully-synthetic/],
    [JSON.stringify({ ...spec, model: { kind: 'categorical', initial: { kind: 'explicit', p: [0.5, 0.4] } } }), /model\.initial\.p.*sum/],
    [
      JSON.stringify({
        ...spec,
        model: { kind: 'categorical', initial: { kind: 'text', path: '/no/such/text', tokens: 'char', context: 1 } },
      }),
      /\/no\/such\/text/,
    ],
  ])('spec %s', async (input, message) => {
    expectRefusal(await cli(['run', '-', '--json'], { input }), message);
  });

  test.concurrent('an output folder that cannot be written is found before the work starts', async () => {
    const file = join(root, 'a-file');
    await writeFile(file, '');
    const long = { input: endless };
    expectRefusal(await cli(['run', '-', '--out', file], long), /--out.*a-file/);
    expectRefusal(await cli(['run', '-', '--out', join(file, 'below')], long), /--out.*below/);
    expectRefusal(await cli(['reproduce', '--out', join(file, 'below')]), /--out.*below/);
  });
});

describe('info, presets, schema', () => {
  test.concurrent('info names every backend and says why one is missing', async () => {
    const { status, stdout } = await cli(['info', '--json']);
    expect(status).toBe(0);
    const info = JSON.parse(stdout);
    expect(info).toMatchObject({ node: process.version, version: expect.any(String), cores: expect.any(Number) });
    expect(info.backends.map(({ name }: { name: string }) => name).sort()).toEqual(['javascript', 'native', 'wasm']);
    for (const backend of info.backends) expect(backend.available || backend.reason.length > 0).toBe(true);
    expect((await cli(['info'])).stdout).toMatch(/javascript +available/);
  });

  test.concurrent('presets lists them and prints one', async () => {
    const list = JSON.parse((await cli(['presets', '--json'])).stdout);
    const text = (await cli(['presets'])).stdout;
    for (const { name, description } of list) expect(text).toMatch(new RegExp(`^${name} +${quote(description)}$`, 'm'));
    const one = await cli(['presets', list[0].name]);
    expect(one.status).toBe(0);
    expect(JSON.parse(one.stdout)).toEqual(list[0].spec);
  });

  test.concurrent('schema is a JSON Schema that asks for model and schedule', async () => {
    const { status, stdout } = await cli(['schema']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'object', required: expect.arrayContaining(['model', 'schedule']) });
  });
});

describe('run', () => {
  test.concurrent('--json prints one document, the same for stdin, a file, and flags that say the same', async () => {
    const file = join(root, 'small.json');
    await writeFile(file, JSON.stringify({ ...spec, seed: 1, replicates: 1 }));
    const runs = await Promise.all([
      cli(['run', '-', '--json'], { input: small }),
      cli(['run', file, '--seed', '7', '--set', 'replicates=30', '--json', '--backend', 'javascript', '--threads', '1']),
      cli(['run', file, '--set', 'seed=3', '--seed', '7', '--replicates', '3e1', '--json', '--backend', 'wasm']),
    ]);
    const results = runs.map(({ stdout }) => JSON.parse(stdout));
    for (const { status } of runs) expect(status).toBe(0);
    expect(results[0].generation).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(Object.keys(results[0].metrics)).toEqual(['simpson', 'support']);
    expect(results[1].provenance).toMatchObject({ backend: 'javascript', threads: 1, seed: 7 });
    expect(new Set(results.map(({ digest }) => digest)).size).toBe(1);
  });

  test.concurrent('several specs give a list', async () => {
    const { stdout } = await cli(['run', '-', 'quick-start', '--replicates', '2', '--json'], { input: small });
    const list = JSON.parse(stdout);
    expect(list.map((result: { provenance: { seed: number } }) => result.provenance.seed)).toEqual([7, 42]);
  });

  test.concurrent('without --json: a table with the first and the last generation, the collapse time and the digest', async () => {
    const { status, stdout } = await cli(['run', '-'], { input: small });
    expect(status).toBe(0);
    expect(stdout).toMatch(/simpson/);
    expect(stdout).toMatch(/│ +1 │/);
    expect(stdout).toMatch(/│ +12 │/);
    expect(stdout).toMatch(/collapse time:.*of 30 replicates/);
    expect(stdout).toMatch(/digest: [0-9a-f]{64}/);
  });

  test.concurrent.each(['parquet', 'csv'])(
    '--out with %s; its provenance runs again to the same digest; nothing is overwritten unasked',
    async (format) => {
      const out = join(root, format);
      const first = await cli(['run', '-', '--out', out, '--format', format, '--json'], { input: small });
      expect(first.status).toBe(0);
      const result = JSON.parse(first.stdout);
      const files = (await readdir(out)).filter((name) => !name.startsWith('chart.'));
      expect(files.sort()).toEqual([`collapse.${format}`, 'provenance.json', `replicates.${format}`, 'result.json', 'summary.csv']);
      expect(JSON.parse(await readFile(join(out, 'result.json'), 'utf8'))).toEqual(result);
      const means = await meanSimpson(join(out, `replicates.${format}`), format);
      for (const [i, mean] of means.entries()) expect(mean).toBeCloseTo(result.metrics.simpson.mean[i], 12);

      const provenance = join(out, 'provenance.json');
      const again = await cli(['run', provenance, '--json']);
      expect(JSON.parse(again.stdout).digest).toBe(result.digest);
      expect(again.stderr).toMatch(/the digest is that of the earlier result/);

      expectRefusal(await cli(['run', provenance, '--out', out], {}), /exists.*--overwrite/);
      const other = format === 'csv' ? 'parquet' : 'csv';
      expectRefusal(await cli(['run', provenance, '--out', out, '--format', other], {}), /exists.*--overwrite/);
      const replaced = await cli(['run', provenance, '--out', out, '--format', other, '--overwrite', '--seed', '8', '--json']);
      expect(replaced.status).toBe(0);
      expect(JSON.parse(replaced.stdout).digest).not.toBe(result.digest);
      expect(await readdir(out)).not.toContain(`replicates.${format}`);
    },
  );

  test.concurrent('several specs with --out: a folder each', async () => {
    const out = join(root, 'several');
    const { status } = await cli(['run', '-', 'quick-start', 'quick-start', '--replicates', '3', '--out', out], { input: small });
    expect(status).toBe(0);
    expect((await readdir(out)).filter((name) => !name.startsWith('chart.')).sort()).toEqual(['quick-start', 'quick-start-2', 'stdin']);
    expect(await readdir(join(out, 'stdin'))).toContain('replicates.parquet');
  });

  test.concurrent('real text: the tables name the contexts', async () => {
    const text = join(root, 'text.txt');
    await writeFile(text, 'the cat sat on the mat, "the rat", and\nthe bat\n'.repeat(20));
    const model = { kind: 'categorical', initial: { kind: 'text', path: text, tokens: 'char', context: 1 } };
    const input = JSON.stringify({ ...spec, model, schedule: { kind: 'fully-synthetic', sampleSize: 'corpus' } });
    const out = join(root, 'text');
    const { status, stdout } = await cli(['run', '-', '--out', out, '--json'], { input });
    expect(status).toBe(0);
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(join(out, 'collapse.parquet')) });
    expect(rows.length).toBe(30 * JSON.parse(stdout).contexts.total);
    expect(rows.map(({ label }) => label)).toEqual(expect.arrayContaining([',', '"', '\n', 't']));
    await writeFile(text, 'another text\n'.repeat(100));
    const again = await cli(['run', join(out, 'result.json'), '--json']);
    expect(again.stderr).toMatch(/the corpus is not the one of the earlier result/);
  });

  test.concurrent('--estimate says what it would take, at once', async () => {
    const start = performance.now();
    const { status, stdout } = await cli(['run', '-', '--estimate', '--json', '--threads', '2'], { input: endless });
    expect(status).toBe(0);
    expect(performance.now() - start).toBeLessThan(10_000);
    const estimate = JSON.parse(stdout);
    expect(estimate).toMatchObject({ generations: 30 * 1_000_000, values: 120, threads: 2 });
    expect(estimate.seconds).toBeGreaterThan(1);
    expect(estimate.memoryBytes).toBeGreaterThan(1e6);
    const until = await cli(['run', 'until-collapse', '--estimate', '--json']);
    expect(JSON.parse(until.stdout).generations / 20_000 / 187.01).toBeCloseTo(1, 1);
    expect((await cli(['run', 'quick-start', '--estimate'])).stdout).toMatch(/about .* of memory on/);
  });

  test.concurrent('--estimate is of the backend that would run, and refuses what cannot', async () => {
    const estimate = (backend: string) => cli(['run', 'quick-start', '--estimate', '--json'], { env: { MODEL_COLLAPSE_BACKEND: backend } });
    expect(JSON.parse((await estimate('javascript')).stdout).backend).toBe('javascript');
    expectRefusal(await estimate('cuda'), /MODEL_COLLAPSE_BACKEND: got "cuda"/);
  });

  test.concurrent('a large document arrives whole through a pipe', async () => {
    const { status, stdout } = await cli(['run', '-', '--json', '--replicates', '2', '--set', 'generations=50000'], { input: small });
    expect(status).toBe(0);
    expect(stdout.length).toBeGreaterThan(1_000_000);
    expect(JSON.parse(stdout).generation.length).toBe(50_000);
  });

  test.concurrent('a reader that goes away is no error', async () => {
    const { status, stderr } = await cli(['run', '-', '--json', '--replicates', '2', '--set', 'generations=50000', '--backend', 'wasm'], {
      input: small,
      started: (child) => child.stdout?.destroy(),
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

describe('reproduce', () => {
  test.concurrent('an earlier report is never overwritten unasked', async () => {
    const cwd = join(root, 'reproduce');
    await mkdir(cwd);
    const first = await cli(['reproduce', 'seddik-1', '--json'], { cwd });
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ out: 'results', complete: true, figures: [{ id: 'seddik-1' }] });
    expect(await readFile(join(cwd, 'results', 'index.html'), 'utf8')).not.toMatch(/partial/);
    const second = await cli(['reproduce', 'seddik-1'], { cwd });
    expect(second.status).toBe(0);
    expect(second.stderr).toMatch(/results-2/);
    expect(second.stdout).toMatch(/claims hold; 1 figure in/);
    expect(second.stdout).toMatch(/report: results-2.index\.html/);
    expect((await readdir(cwd)).sort()).toEqual(['results', 'results-2']);
    expectRefusal(await cli(['reproduce', 'seddik-1', '--out', 'results'], { cwd }), /--out.*exists.*--overwrite/);
  });
});

function quote(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The mean of simpson by generation, from a table of replicates. */
async function meanSimpson(path: string, format: string): Promise<number[]> {
  const rows =
    format === 'parquet' ? await parquetReadObjects({ file: await asyncBufferFromFile(path) }) : simpleCsv(await readFile(path, 'utf8'));
  const sums: number[] = [];
  for (const { generation, simpson } of rows) sums[Number(generation) - 1] = (sums[Number(generation) - 1] ?? 0) + Number(simpson);
  return sums.map((sum) => sum / spec.replicates);
}

function simpleCsv(text: string): Record<string, string>[] {
  const [head, ...rows] = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [head[i], value])));
}
