import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from './cli-process.js';
import { endless, expectRefusal, small, spec } from './cli-specs.js';

// Every test starts processes, many at once.
vi.setConfig({ testTimeout: 60_000 });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-cli-files-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('several SPECs', () => {
  const missing = { kind: 'text', path: '/no/such/text', tokens: 'char', context: 1 };
  const cases: [string, object, RegExp][] = [
    ['a missing text', { ...spec, model: { kind: 'categorical', initial: missing } }, /\/no\/such\/text/],
    ['too many rows', { ...spec, generations: 100_000_000 }, /generations: got 100000000; allowed: at most/],
  ];
  test.concurrent.each(cases)(
    '%s in the last one is found before the first one runs, and before a folder is made',
    async (name, bad, message) => {
      const file = join(root, `${name}.json`);
      const out = join(root, `${name} out`);
      await writeFile(file, JSON.stringify(bad));
      expectRefusal(await cli(['run', '-', file, '--out', out, '--json'], { input: small }), message);
      expectRefusal(await cli(['run', '-', file, '--json'], { input: small }), message);
      expectRefusal(await cli(['run', '-', file, '--estimate', '--json'], { input: small }), message);
      expectRefusal(await cli(['run', file, '--out', out, '--json']), message);
      expect(await readdir(root)).not.toContain(`${name} out`);
    },
  );

  test.concurrent('--json prints what was finished when a later one fails', async () => {
    const out = join(root, 'fails');
    // The second table cannot be opened: a folder has its temporary name.
    await mkdir(join(out, 'quick-start', 'replicates.parquet.partial'), { recursive: true });
    const ended = await cli(['run', '-', 'quick-start', '--replicates', '2', '--out', out, '--json'], { input: small });
    expect(ended.status).toBe(1);
    expect(JSON.parse(ended.stdout).map((result: { provenance: { seed: number } }) => result.provenance.seed)).toEqual([7]);
    expect(ended.stderr).toMatch(/quick-start: not finished.*kept: .*stdin\nerror: /);
  });

  test.concurrent('their folders stand clear of the chart', async () => {
    const files = ['chart.svg.json', 'Chart.PNG.json'].map((name) => join(root, name));
    for (const file of files) await writeFile(file, small);
    const out = join(root, 'clear');
    const { status, stderr } = await cli(['run', ...files, '--replicates', '2', '--out', out]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((await readdir(out)).sort()).toEqual(['Chart.PNG-2', 'chart.png', 'chart.svg', 'chart.svg-2', 'chart.vl.json']);
  });
});

describe('what can be read or written only so far', () => {
  test
    .runIf(process.platform !== 'win32')
    .concurrent('a SPEC from a pipe, a FIFO or stdin is read once, and compared with its earlier result', async () => {
      const { stdout } = await cli(['run', '-', '--json'], { input: small });
      const earlier = join(root, 'earlier.json');
      await writeFile(earlier, stdout);
      const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
      const fifo = join(root, 'fifo');
      const shell = (line: string) => promisify(execFile)('sh', ['-c', line, 'sh', process.execPath, main, earlier, fifo]);
      const ended = await Promise.all([
        shell('cat "$3" | "$1" "$2" run /dev/stdin'),
        shell('mkfifo "$4"; cat "$3" > "$4" & "$1" "$2" run "$4"'),
        cli(['run', '-'], { input: stdout }),
      ]);
      for (const { stderr } of ended) expect(stderr).toMatch(/: the digest is that of the earlier result\n$/);
    });

  test
    .runIf(process.platform === 'linux')
    .concurrent.each([['presets'], ['schema', '--json'], ['run', '-'], ['run', '-', '--json'], ['--help']])(
    '%s to a full disk: one line, status 1',
    async (...args) => {
      const full = await open('/dev/full', 'w');
      const { status, stderr } = await cli(args, { input: small, stdout: full.fd });
      await full.close();
      expect({ status, stderr }).toEqual({ status: 1, stderr: 'error: stdout cannot be written: no space left\n' });
    },
  );
});

describe('interruption', () => {
  test.concurrent('reproduce: a report of the finished figures, which says that it is partial', async () => {
    const out = join(root, 'partial');
    const ended = await cli(['reproduce', 'seddik-4', 'seddik-2', '--full', '--out', out], {
      started: async (child) => {
        while (!(await readdir(out).catch((): string[] => [])).includes('index.html')) await pause(10);
        child.kill('SIGINT');
      },
    });
    expect(ended.status).toBe(130);
    expect(JSON.parse(await readFile(join(out, 'report.json'), 'utf8'))).toMatchObject({ complete: false, figures: [{}] });
    expect(await readFile(join(out, 'index.html'), 'utf8')).toMatch(/This report is partial/);
  });

  test.concurrent.each(['SIGINT', 'SIGTERM'] as const)('%s: status 130, finished results stay, nothing half-written', async (signal) => {
    const out = join(root, signal);
    await mkdir(out);
    const file = join(root, `${signal}-long.json`);
    await writeFile(file, endless);
    const ended = await cli(['run', '-', file, '--replicates', '30', '--out', out, '--json'], {
      input: small,
      started: async (child) => {
        // The second spec runs once the first one's result is there.
        while (!(await readdir(join(out, 'stdin')).catch((): string[] => [])).includes('result.json')) await pause(20);
        await pause(300);
        child.kill(signal);
      },
    });
    expect(ended.status).toBe(130);
    expect(ended.stderr).toMatch(/interrupted/);
    expect(ended.stderr).toMatch(/kept: .*stdin/);
    expect(JSON.parse(ended.stdout)).toHaveLength(1);
    expect((await readdir(join(out, 'stdin'))).sort()).toEqual([
      'collapse.parquet',
      'provenance.json',
      'replicates.parquet',
      'result.json',
      'summary.csv',
    ]);
    expect(await readdir(join(out, `${signal}-long`))).toEqual(['checkpoint']);
  });
});

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
