// The lanes on another processor: the driver of test/native, compiled for 64-bit Arm and run under an emulator, has to agree
// with itself on every instruction set, and with the same driver on this processor.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'model-collapse-lanes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const kernels =
  'ancestors categorical categorical-begin categorical-lanes categorical-replace categorical-state jump lane-records lane-runner lanes-avx2 lanes-avx512 lanes-neon loop pool sources two-runner weighted';
const sources = ['test/native/lanes.cc', ...kernels.split(' ').map((name) => `native/${name}.cc`)];

async function build(compiler: string, ...flags: string[]): Promise<string> {
  const program = join(folder, compiler + flags);
  await run(compiler, ['-std=c++17', '-O1', '-static', '-ffp-contract=off', '-Inative', ...flags, ...sources, '-o', program]);
  return program;
}

const cross = 'aarch64-linux-gnu-g++';
const missing = [cross, 'qemu-aarch64', 'g++'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
const title = 'NEON gives the bits of this processor';

test.runIf(missing.length === 0)(title, { timeout: 300_000 }, async () => {
  const [arm, own] = await Promise.all([build(cross), build('g++')]);
  const [onArm, here] = await Promise.all([run('qemu-aarch64', [arm]), run(own)]);
  expect(here.stdout.split('\n').length).toBeGreaterThan(80);
  expect(onArm.stdout).toBe(here.stdout);
  expect(onArm.stderr).toBe('scalar\nneon\n');
});

test.runIf(process.arch === 'x64' && !missing.includes('g++'))('loads and gathers give the same bits', { timeout: 300_000 }, async () => {
  const programs = await Promise.all([0, 1].map((loads) => build('g++', `-DCOLLAPSE_LOADS=${loads}`)));
  const [gathering, loading] = await Promise.all(programs.map((program) => run(program)));
  expect(gathering.stdout).toBe(loading.stdout);
});

if (missing.length > 0) test.skip(`${title}: not run, for want of ${missing.join(', ')}`, () => undefined);
