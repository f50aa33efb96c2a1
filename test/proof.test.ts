/** The short forms of the proofs of robustness (docs/ROBUSTNESS.md); that of the crash test is in sweep-command.test.ts. */
import { spawn } from 'node:child_process';
import { expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 300_000 });

const main = new URL('../scripts/proof/main.mjs', import.meta.url).pathname;

function prove(name: string): Promise<{ status: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, name], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    child.on('close', (status) => resolve({ status, said }));
  });
}

// A tool that is missing is said, and fails the proof where CI is set (scripts/proof/main.mjs).
test.each(['sanitizers', 'aarch64', 'hostile', 'fuzz', 'memory', 'nodes', 'workers', 'browser', 'streams', 'queue', 'tables'])(
  '%s',
  async (name) => {
    const { status, said } = await prove(name);
    expect(status, said).toBe(0);
    expect(said).toMatch(new RegExp(`^${name}: (held|not run: .*)`, 'm'));
  },
);
