// What the proofs share: programs, and saying that one is not there.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** A proof that needs what this machine does not have. */
export class NotRun extends Error {}

/** @throws NotRun where the program is not there */
export function needs(program, debianPackage = program) {
  if (spawnSync('which', [program]).status === 0) return program;
  throw new NotRun(`${program} is not installed (Debian: ${debianPackage})`);
}

/** @throws Error unless it holds */
export function holds(condition, message) {
  if (!condition) throw new Error(message);
}

/** Runs a program to its end. @returns its output, as a Buffer @throws Error with what it said, unless it ends with status 0 */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const parts = { stdout: [], stderr: [] };
    for (const name of ['stdout', 'stderr']) child[name].on('data', (bytes) => parts[name].push(bytes));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      if (status === 0) resolve(Buffer.concat(parts.stdout));
      else reject(new Error(`${program} ${args.join(' ')}: ${signal ?? `status ${status}`}\n${Buffer.concat(parts.stderr)}`));
    });
  });
}

/** Gives a temporary folder, and removes it afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'model-collapse-proof-'));
  try {
    return await work(folder);
  } finally {
    await remove(folder);
  }
}

/** A browser's last processes may still write: what comes after a folder has been listed, Node's own retries don't see. */
async function remove(folder) {
  for (let tries = 1; ; tries++) {
    try {
      return rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tries === 20) throw error;
      await setTimeout(250);
    }
  }
}
