/** The benchmark believes nobody: a contender whose means are not those of theory, that ends or that differs, is not timed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

interface Row {
  name: string;
  seconds?: number[];
  best?: number;
  ratio?: { min: number; median: number; max: number };
  z?: number;
  refused?: string;
}

const bench = (file: string) => new URL(`../bench/${file}`, import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'model-collapse-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const job = { support: 5, exponent: 1, replicates: 50, generations: 3, sizes: [20, 40] };

/** A program that answers every seed with this line. */
const answering = (name: string, line: string, identical = false) => ({
  name,
  identical,
  command: process.execPath,
  arguments: ['-e', `require('node:readline').createInterface({ input: process.stdin }).on('line', () => console.log('${line}'))`, '--'],
});

test('a contender is refused that is wrong, not a number, silent, or other bits than the first backend', async () => {
  const { compare, expectations } = await import(bench('rounds.mjs').href);
  const [a, b] = expectations(job) as number[];
  const line = (...means: number[]) => `0.2 ${means.map((mean) => `${mean} 0.01`).join(' ')}`;
  const rows: Row[] = await compare(
    [
      answering('right', line(a, b), true),
      answering('nearly right', line(a + 0.04, b - 0.04)),
      answering('wrong', line(a, b + 0.05)),
      answering('not a number', line(a, Number.NaN)),
      answering('other bits', line(a + 1e-12, b), true),
      { name: 'not there', command: 'no-such-program', arguments: [] },
      { name: 'ends', command: process.execPath, arguments: ['-e', 'console.error("no module"); process.exit(1)', '--'] },
    ],
    job,
    2,
    () => {},
  );
  const refused = Object.fromEntries(rows.map(({ name, refused }) => [name, refused]));
  expect(refused.right).toBeUndefined();
  expect(refused['nearly right']).toBeUndefined();
  expect(refused.wrong).toMatch(/^wrong: a mean is 5 standard errors/);
  expect(refused['not a number']).toMatch(/^wrong/);
  expect(refused['other bits']).toMatch(/^other bits/);
  expect(refused['not there']).toMatch(/ENOENT/);
  expect(refused.ends).toMatch(/no module/);
  expect(rows[1]).toMatchObject({ seconds: [0.2, 0.2], best: 0.2, ratio: { min: 1, median: 1, max: 1 } });
});

test('the headline job runs on every backend, right and with the same bits', () => {
  execFileSync(
    process.execPath,
    [fileURLToPath(bench('main.mjs')), 'headline', '--quick', '--rounds', '1', '--replicates', '10', '--out', folder],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { rows, machine } = JSON.parse(readFileSync(join(folder, 'headline.json'), 'utf8')) as { rows: Row[]; machine: { node: string } };
  expect(machine.node).toBe(process.version);
  expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['native, scalar', 'WASM', 'JavaScript']));
  for (const { refused, best } of rows) expect([refused, best]).toEqual([undefined, expect.any(Number)]);
  expect(readFileSync(join(folder, 'headline.svg'), 'utf8')).toContain('<svg');
}, 180_000);
