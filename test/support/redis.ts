// A real redis-server (on the PATH or in REDIS_SERVER; Debian: redis-server) for tests of the queue, which also needs bullmq and ioredis.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

const program = process.env.REDIS_SERVER ?? 'redis-server';

export const hasPackages = ['bullmq', 'ioredis'].every((name) => {
  try {
    return Boolean(createRequire(import.meta.url).resolve(name));
  } catch {
    return false;
  }
});

/** Where everything is to be there, as in continuous integration, tests of the queue run, and fail without a server. */
export const canQueue = (hasPackages && spawnSync(program, ['--version']).status === 0) || Boolean(process.env.CI);

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 50));
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Starts a server on loopback that keeps nothing but what the arguments ask for; resolves when it answers. */
export async function startServer(args: readonly string[], answers: () => Promise<boolean>): Promise<ChildProcess> {
  const redis = spawn(program, ['--bind', '127.0.0.1', '--save', '', ...args], { stdio: 'ignore' });
  const failed = new Promise<never>((_, reject) => {
    redis.on('error', (error) => reject(new Error(`redis-server does not start (Debian: redis-server): ${error.message}`)));
    redis.on('exit', (status) => reject(new Error(`redis-server ended with status ${status}`)));
  });
  failed.catch(() => undefined); // it ends one day
  await Promise.race([until(answers), failed]);
  return redis;
}
