/** Sweeps over a queue with a real server and real workers (support/redis.ts says what that needs). */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from './cli-process.js';
import { expectRefusal, spec } from './cli-specs.js';
import { canQueue, freePort, hasPackages, startServer, until } from './support/redis.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;

let root: string;
let port: number;
let redis: ChildProcess;
const workers: ChildProcess[] = [];

/** With an append-only file: what was acknowledged outlives a restart. */
async function startRedis(): Promise<void> {
  const args = ['--port', String(port), '--appendonly', 'yes', '--dir', root];
  redis = await startServer(args, () => ask('PING').then((answer) => answer.startsWith('+PONG')));
}

/** One command, as text. */
function ask(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function startWorker(backend: string): ChildProcess {
  const args = ['worker', '--queue', `redis://127.0.0.1:${port}`, '--threads', '1', '--backend', backend];
  const worker = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
  workers.push(worker);
  return worker;
}

beforeAll(async () => {
  if (!canQueue) return;
  root = await mkdtemp(join(tmpdir(), 'model-collapse-queue-'));
  port = await freePort();
  await startRedis();
});
afterAll(async () => {
  for (const child of [...workers, redis]) child?.kill('SIGKILL');
  if (root) await rm(root, { recursive: true, force: true });
});

describe.runIf(canQueue)('a queue', () => {
  test('three workers of three backends; one is killed, the server restarted, connections cut, every block wanted twice: the same bytes', async () => {
    // Some tenths of a second a block; points of one block and of two.
    const model = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 300, exponent: 1 } };
    const schedule = { kind: 'partially-synthetic', real: 200, synthetic: 200 };
    const base = { ...spec, model, schedule, generations: [50] };
    const file = join(root, 'sweep.json');
    await writeFile(file, JSON.stringify({ base, vary: { replicates: [300, 1200], seed: { from: 0, count: 8 } } }));
    const local = cli(['sweep', file, '--out', join(root, 'local'), '--json']);
    const [victim] = ['native', 'wasm', 'javascript'].map(startWorker);
    const url = `redis://127.0.0.1:${port}`;
    const over = (name: string) => cli(['sweep', file, '--out', join(root, name), '--queue', url, '--json']);
    const finished = async (count: number) => (await readdir(join(root, 'queue', 'points'))).length >= count;
    const first = over('queue');
    const second = over('queue-2');
    await until(() => finished(2));
    victim.kill('SIGKILL');
    await until(() => finished(4));
    redis.kill('SIGTERM');
    await new Promise((resolve) => redis.on('close', resolve));
    await startRedis();
    await until(() => finished(6));
    await ask('CLIENT KILL TYPE normal');
    const whole = (await local).stdout;
    expect(whole).toMatch(/"digest":"[0-9a-f]{64}"\}\n$/);
    for (const ended of [await first, await second]) {
      expect(ended.status, ended.stderr).toBe(0);
      expect(ended.stdout).toBe(whole);
    }
    expect((await first).stderr).toMatch(/is lost; trying again\n(.*\n)*.*connected to redis:\/\/127\.0\.0\.1:\d+ again/);
  });

  test('a spec that fails is reported once, and the rest goes on; it can be resumed', async () => {
    const worker = startWorker('native');
    const corpus = join(root, 'text.txt');
    await writeFile(corpus, 'abracadabra '.repeat(20));
    const initial = { kind: 'text', path: corpus, tokens: 'char', context: 1 };
    const bad = { ...spec, model: { kind: 'categorical', initial }, replicates: 2100, metrics: ['simpson'] };
    const sweep = JSON.stringify({ specs: [spec, bad, { ...spec, seed: 1 }] });
    const args = ['sweep', '-', '--out', join(root, 'fails'), '--queue', `redis://127.0.0.1:${port}`];
    // The workers find another text than the sweep was made for.
    await ask('CLIENT PAUSE 3000 WRITE');
    const running = cli(args, { input: sweep });
    await until(async () => (await readdir(join(root, 'fails'))).includes('sweep-manifest.json'));
    await writeFile(corpus, 'another text '.repeat(20));
    const ended = await running;
    expect(ended.status).toBe(1);
    expect(ended.stderr.match(/point 1 failed: .*text\.txt: got "sha256 .*"; allowed: the text of the sweep/g)?.length).toBe(1);
    expect(ended.stderr).toMatch(/error: 1 of 3 points failed, the others are kept/);
    expect((await readdir(join(root, 'fails', 'points'))).sort()).toEqual(['000000.json', '000002.json']);
    worker.kill('SIGTERM');
  });
});

describe.runIf(hasPackages)('a server that is not there', () => {
  test('is refused without its password', async () => {
    const ended = await cli(['worker', '--queue', 'redis://user:secret@127.0.0.1:1']);
    expectRefusal(ended, /^error: --queue: got "redis:\/\/127\.0\.0\.1:1"; allowed: a server that answers \(.*ECONNREFUSED/);
    expect(ended.stderr).not.toMatch(/secret/);
    expectRefusal(await cli(['worker', '--queue', 'http://localhost']), /--queue: got "http:\/\/localhost\/"; allowed: redis:\/\//);
    expectRefusal(await cli(['worker']), /--queue: got nothing; allowed: the URL of a Redis or Valkey server/);
  });
});

test.runIf(!hasPackages)('without the packages: what to install', async () => {
  const ended = await cli(['worker', '--queue', 'redis://localhost']);
  expect(ended).toMatchObject({ status: 1, stdout: '' });
  expect(ended.stderr).toMatch(/^error: a queue needs optional packages; install them with: npm install bullmq ioredis/);
});
