// Runs and sweeps as processes that are killed or interrupted inside a chain: they go on from there, and give the same bytes.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseSpec, type SpecInput, simulate } from '../dist/index.js';
import { cli } from './cli-process.js';
import { expectRefusal } from './cli-specs.js';

vi.setConfig({ testTimeout: 120_000 });

const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 12, exponent: 1 } };
/** A second of work or two, all but a little of it in one chain. */
const long = {
  model: zipf,
  schedule: { kind: 'partially-synthetic', real: 10, synthetic: 10 },
  generations: [10, 1000, 1_000_000],
  replicates: 1,
  seed: 3,
};
const gaussian = { ...long, model: { kind: 'gaussian', dimension: 2 }, generations: [10, 800_000] };
const stories = { kind: 'stories', documents: 1000 };
const ngram = {
  model: { kind: 'ngram', order: 3, tokens: 'word', corpus: stories },
  schedule: { kind: 'replace' },
  generations: 150,
  replicates: 1,
};
const ridge = {
  model: { kind: 'ridge', dimension: 60, spectrum: { kind: 'isotropic' }, ridge: 0.01 },
  schedule: { kind: 'mixture', samples: 120, syntheticFraction: 0.5, noiseReal: 0.25, noiseSynthetic: 0.25, quality: 0.5 },
  generations: 9000,
  replicates: 1,
};

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-checkpoint-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves when a process has saved a checkpoint in `running`, or has ended. */
async function firstCheckpoint(child: ChildProcess, running: string): Promise<void> {
  const states = async () => {
    const names = (await readdir(running).catch((): string[] => [])).filter((name) => name.endsWith('.state'));
    const times = names.map(async (name) => `${name} ${(await stat(join(running, name)).catch(() => ({ mtimeMs: 0 }))).mtimeMs}`);
    return (await Promise.all(times)).join();
  };
  const before = await states();
  while (child.exitCode === null && child.signalCode === null && (await states()) === before) await pause(5);
}

async function digestOf(spec: object): Promise<string> {
  return (await simulate(parseSpec(spec as SpecInput))).digest;
}

const every = ['--checkpoint-every', '0.1', '--json'];

describe('run --resume', () => {
  test.each([
    ['categorical', long, 'native', 'native'],
    ['categorical', long, 'wasm', 'wasm'],
    ['categorical', long, 'javascript', 'native'],
    ['Gaussian', gaussian, 'native', 'wasm'],
    ['Gaussian', gaussian, 'javascript', 'javascript'],
    ['n-gram', ngram, 'native', 'native'],
    ['n-gram', ngram, 'wasm', 'native'],
    ['regression', ridge, 'native', 'native'],
  ])('kill -9 in a chain of the %s family: it goes on from there (%#)', async (_, spec, backend, next) => {
    const out = await mkdtemp(join(root, 'kill-'));
    const input = JSON.stringify(spec);
    const started = (child: ChildProcess) =>
      void firstCheckpoint(child, join(out, 'checkpoint', 'running')).then(() => child.kill('SIGKILL'));
    const killed = await cli(['run', '-', '--out', out, ...every, '--backend', backend], { input, started });
    expect(killed, killed.stderr).toMatchObject({ status: null, stdout: '' });
    const ended = await cli(['run', '-', '--out', out, '--resume', ...every, '--backend', next], { input });
    expect(ended.stderr).toMatch(/goes on with 0 chains that ended and 1 under way \(generation [1-9]\d*\)/);
    expect(JSON.parse(ended.stdout).digest).toBe(await digestOf(spec));
    expect(await readdir(out)).not.toContain('checkpoint');
  });

  test('many chains, other threads: files are those of an undisturbed run, byte for byte', async () => {
    const spec = JSON.stringify({ ...long, generations: [10, 1000, 150_000], replicates: 60 });
    const [whole, out] = [join(root, 'whole'), join(root, 'many')];
    expect((await cli(['run', '-', '--out', whole], { input: spec })).status).toBe(0);
    let starts = 0;
    for (let status: number | null = null; status !== 0; starts++) {
      const started = (child: ChildProcess) =>
        void firstCheckpoint(child, join(out, 'checkpoint', 'running')).then(async () => {
          await pause(150);
          if (starts < 3) child.kill('SIGKILL');
        });
      const ended = await cli(['run', '-', '--out', out, '--resume', ...every, '--threads', String(1 + starts)], { input: spec, started });
      ({ status } = ended);
      expect(ended.stderr).not.toMatch(/error|checksum/);
      if (starts > 0) expect(ended.stderr).toMatch(/goes on with \d+ chains? that ended/);
    }
    for (const name of ['replicates.parquet', 'collapse.parquet', 'summary.csv']) {
      expect(Buffer.compare(await readFile(join(out, name)), await readFile(join(whole, name))), name).toBe(0);
    }
    const again = await cli(['run', '-', '--out', out, '--resume', '--json'], { input: spec });
    expect(again.stderr).toMatch(/was finished before/);
    expect(JSON.parse(again.stdout)).toEqual(JSON.parse(await readFile(join(out, 'result.json'), 'utf8')));
  });

  test('Ctrl-C saves where it stands, status 130; what is in the way is refused; a damaged checkpoint is said', async () => {
    const out = join(root, 'interrupted');
    const input = JSON.stringify({ ...long, replicates: 2 });
    const running = join(out, 'checkpoint', 'running');
    const args = ['run', '-', '--out', out, '--threads', '1', '--checkpoint-every', '30', '--json'];
    const started = async (child: ChildProcess) => {
      while (!(await readdir(running).catch(() => undefined))) await pause(5);
      await pause(300);
      child.kill('SIGINT');
    };
    const first = await cli(args, { input, started });
    expect(first).toMatchObject({ status: 130, stdout: '' });
    expect(first.stderr).toMatch(/stdin: not finished; what was simulated is kept: go on with --resume\n/);
    const [state] = await readdir(running);
    expectRefusal(await cli(args, { input }), /--out: got .*; allowed: a folder without an unfinished run, --resume to go on with it/);
    const other = JSON.stringify({ ...long, replicates: 2, seed: 4 });
    expectRefusal(
      await cli([...args, '--resume'], { input: other }),
      /--resume: .* holds another run: specs\.0\.seed was 3 and is 4; allowed/,
    );
    await truncate(join(running, state), 300);
    const ended = await cli([...args, '--resume'], { input });
    expect(ended.stderr).toMatch(new RegExp(`${state}: its checksum is wrong; it is computed again`));
    expect(JSON.parse(ended.stdout).digest).toBe(await digestOf(JSON.parse(input)));
  });

  test('a second process is refused while the first one runs; --overwrite begins again', async () => {
    const out = join(root, 'locked');
    const input = JSON.stringify({ ...long, generations: [500_000_000] });
    let second: ReturnType<typeof cli> | undefined;
    const started = (child: ChildProcess) =>
      void firstCheckpoint(child, join(out, 'checkpoint', 'running')).then(async () => {
        second = cli(['run', '-', '--out', out, '--resume', '--json'], { input });
        await second;
        child.kill('SIGKILL');
      });
    await cli(['run', '-', '--out', out, ...every], { input, started });
    expectRefusal(await second!, /--out: got .*; allowed: a folder that no other process works in \(process \d+ on/);
    const small = JSON.stringify({ ...long, generations: 5 });
    const ended = await cli(['run', '-', '--out', out, '--overwrite', '--json'], { input: small });
    expect(JSON.parse(ended.stdout).digest, ended.stderr).toBe(await digestOf(JSON.parse(small)));
    expectRefusal(await cli(['run', '-', '--resume'], { input: small }), /--resume: .*together with --out DIR/);
  });
});

describe('sweep --resume', () => {
  // Long enough for both signals to meet the first chain, on a busy machine too.
  const base = { ...long, generations: [10, 1000, 4_000_000], replicates: 2 };
  const sweep = JSON.stringify({ base, vary: { seed: [1, 2] } });

  test.each(['native', 'wasm'])('kill -9 and Ctrl-C inside blocks (%s): they go on from there', async (backend) => {
    const [whole, out] = [join(root, `sweep-whole-${backend}`), join(root, `sweep-${backend}`)];
    const undisturbed = cli(['sweep', '-', '--out', whole, '--json'], { input: sweep });
    const args = ['sweep', '-', '--out', out, '--resume', ...every, '--threads', '2', '--backend', backend];
    const with_ = (signal: NodeJS.Signals) => ({
      input: sweep,
      started: (child: ChildProcess) => void firstCheckpoint(child, join(out, 'running')).then(() => child.kill(signal)),
    });
    expect((await cli(args, with_('SIGKILL'))).status).toBe(null);
    const interrupted = await cli(args, with_('SIGINT'));
    expect(interrupted.stderr).toMatch(/point \d \(seed = \d\): goes on with \d chains? that ended( and 1 under way \(generation [1-9])?/);
    expect(interrupted, interrupted.stderr).toMatchObject({ status: 130, stdout: '' });
    const ended = await cli(args, { input: sweep });
    expect(ended.stderr).toMatch(/1 under way \(generation [1-9]/);
    expect(ended.stdout).toBe((await undisturbed).stdout);
    expect(await readdir(join(out, 'running'))).toEqual([]);
  });
});

test('seconds between checkpoints that are none', async () => {
  const file = join(root, 'spec.json');
  await writeFile(file, JSON.stringify(long));
  expectRefusal(
    await cli(['run', file, '--checkpoint-every', '-1']),
    /--checkpoint-every: got -1; allowed: seconds, from 0 \(none\) to 86400/,
  );
});
