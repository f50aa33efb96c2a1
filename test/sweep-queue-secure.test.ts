/** A queue behind TLS, user and password: a certificate of our own making, and a user of Redis that may do what a queue needs. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from './cli-process.js';
import { expectRefusal, spec } from './cli-specs.js';
import { canQueue, freePort, startServer } from './support/redis.js';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const user = 'sweeper';
// Characters that stand for themselves in an URL only when they are escaped.
const password = 'p@ss/w:rd%1';

let root: string;
let redis: ChildProcess;
let worker: ChildProcess | undefined;
let certificate: string;
let host: string;
const url = (secret = password) => `rediss://${user}:${encodeURIComponent(secret)}@${host}`;

/** Whether somebody speaks TLS there. */
async function answers(port: number): Promise<boolean> {
  const ca = await readFile(certificate);
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', ca }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', reject);
  });
}

describe.runIf(canQueue)('rediss://, user and password', () => {
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'model-collapse-secure-'));
    certificate = join(root, 'certificate.pem');
    const key = join(root, 'key.pem');
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const made = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', ...names];
    execFileSync('openssl', ['req', '-x509', ...made], { stdio: 'ignore' });
    const port = await freePort();
    host = `localhost:${port}`;
    const tls = ['--port', '0', '--tls-port', String(port), '--tls-cert-file', certificate, '--tls-key-file', key];
    const access = ['--user', 'default', 'off', '--user', user, 'on', `>${password}`, '~*', '&*', '+@all', '-@dangerous', '+info'];
    redis = await startServer([...tls, '--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no', ...access], () => answers(port));
  });
  afterAll(async () => {
    worker?.kill('SIGKILL');
    redis?.kill('SIGKILL');
    if (root) await rm(root, { recursive: true, force: true });
  });

  test('a sweep goes through it: the bytes of a local one', async () => {
    const env = { NODE_EXTRA_CA_CERTS: certificate };
    const input = JSON.stringify({ base: spec, vary: { replicates: [30, 1100], seed: [0, 1] } });
    worker = spawn(process.execPath, [main, 'worker', '--threads', '1'], {
      env: { ...process.env, ...env, MODEL_COLLAPSE_QUEUE: url() },
      stdio: 'ignore',
    });
    const [local, queued] = await Promise.all([
      cli(['sweep', '-', '--out', join(root, 'local'), '--json'], { input }),
      cli(['sweep', '-', '--out', join(root, 'queued'), '--json', '--queue', url()], { input, env }),
    ]);
    expect(queued.status, queued.stderr).toBe(0);
    expect(queued.stdout).toBe(local.stdout);
    expect(queued.stderr).not.toContain(user);
  });

  test('a wrong password, and a certificate that nobody vouches for, are refused without the password', async () => {
    const wrong = await cli(['worker', '--queue', url('secret')], { env: { NODE_EXTRA_CA_CERTS: certificate } });
    expectRefusal(
      wrong,
      /--queue: got "rediss:\/\/localhost:\d+"; allowed: a server that answers \(.*(WRONGPASS|invalid username-password)/,
    );
    const unknown = await cli(['worker', '--queue', url()]);
    expectRefusal(unknown, /--queue: got "rediss:\/\/localhost:\d+"; allowed: a server that answers \(.*self-signed certificate/);
    for (const { stderr } of [wrong, unknown]) expect(stderr).not.toMatch(/secret|p@ss|p%40ss/);
  });
});
