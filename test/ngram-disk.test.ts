// A disk that is full while a language model writes: the shell's limit on the size of a file stands in for it.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = new URL('../dist/cli/main.js', import.meta.url).pathname;
const writer = new URL('../dist/results/samples.js', import.meta.url).pathname;
const simulator = new URL('../dist/engine/simulate.js', import.meta.url).pathname;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ngram-disk-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Runs node with files limited to so many blocks of 1,024 bytes. */
async function limited(blocks: number, args: readonly string[]): Promise<{ status: number; stderr: string }> {
  const run = promisify(execFile)('bash', ['-c', `ulimit -f ${blocks}; exec "$@"`, 'bash', process.execPath, ...args], { cwd: dir });
  return run.then(
    ({ stderr }) => ({ status: 0, stderr }),
    ({ code, stderr }) => ({ status: code, stderr }),
  );
}

describe.skipIf(process.platform === 'win32')('no room on the disk', () => {
  test('for a text: the file is named, those of earlier generations stay, and no half one', async () => {
    const program = `
      const { SampleWriter } = await import(${JSON.stringify(writer)});
      const samples = new SampleWriter('texts', 1200);
      const text = (generation, length) => ({ replicate: 0, generation, text: 'a'.repeat(length), cut: generation === 2 });
      await samples.write([text(1, 10), text(1, 20), text(2, 30)]);
      await samples.write([text(3, 5000)]).catch((error) => console.error(error.message, samples.kept()));`;
    const { stderr } = await limited(1, ['--input-type=module', '-e', program]);
    expect(stderr).toMatch(
      /^texts\/samples\/generation-0003\.txt could not be written: EFBIG.* texts of generations 1 to 2 in texts\/samples/,
    );
    expect(await readdir(join(dir, 'texts/samples'))).toEqual(['generation-0001.txt', 'generation-0002.txt']);
    expect(await readFile(join(dir, 'texts/samples/generation-0001.txt'), 'utf8')).toBe(`${'a'.repeat(10)}\n\n${'a'.repeat(20)}\n`);
    expect(await readFile(join(dir, 'texts/samples/generation-0002.txt'), 'utf8')).toBe(`${'a'.repeat(30)} [...]\n`);
  });

  test('for the tables: exit status 1, the texts stay, and the folder is not overwritten', async () => {
    const args = [main, 'run', 'suresh-ngram', '--set', 'generations=3', '--replicates', '1', '--out', 'run'];
    const { status, stderr } = await limited(2, args);
    expect(status).toBe(1);
    expect(stderr).toMatch(/kept: texts of generations 1 to 3 in run\/samples\nerror: the result could not be written to run: .*EFBIG/);
    expect(await readdir(join(dir, 'run'))).toEqual(['checkpoint', 'samples']);
    expect(await readdir(join(dir, 'run/samples'))).toHaveLength(3);
    expect((await limited(1000, args)).stderr).toMatch(
      /allowed: a folder without an unfinished run, --resume to go on with it, or --overwrite/,
    );
  });
});

test.each(['native', 'wasm', 'javascript'] as const)('%s: texts come while the run goes on, and its failure is theirs', async (backend) => {
  const { simulate } = await import(simulator);
  const spec = {
    model: { kind: 'ngram', order: 2, corpus: { kind: 'stories', documents: 200 } },
    schedule: { kind: 'replace' },
    generations: 60,
    metrics: ['tokens'],
    replicates: 3,
  };
  const written: number[] = [];
  const onSamples = (samples: { generation: number }[]) => void written.push(...samples.map(({ generation }) => generation));
  const { samples } = await simulate(spec, { backend, threads: 2, onSamples });
  expect(written).toEqual(Array.from({ length: 120 }, (_, i) => 1 + (i >> 1)));
  expect(samples.map(({ generation }: { generation: number }) => generation)).toEqual(written);
  const refuse = () => Promise.reject(new Error('no more paper'));
  await expect(simulate(spec, { backend, threads: 2, onSamples: refuse })).rejects.toThrow('no more paper');
  // Workers that failed are not used again.
  expect((await simulate(spec, { backend, threads: 2 })).samples).toEqual(samples);
});
