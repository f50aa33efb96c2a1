/** Language models on the command line: what `run` prints and writes, what it refuses, and the figures. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { reproduce } from '../dist/experiments/reproduce.js';
import { cli } from './cli-process.js';

vi.setConfig({ testTimeout: 90_000 });

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'model-collapse-ngram-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const spec = {
  model: { kind: 'ngram', corpus: { kind: 'stories', documents: 40 } },
  schedule: { kind: 'replace' },
  generations: 3,
  replicates: 2,
};
const input = JSON.stringify(spec);
const run = (...args: string[]) => cli(['run', '-', ...args], { input });

describe('run', () => {
  test.concurrent('--json, --watch', async () => {
    const { status, stdout } = await run(
      '--json',
      '--watch',
      'there was',
      '--watch',
      'was',
      '--set',
      'metrics=["perplexity","vocabulary"]',
    );
    expect(status).toBe(0);
    const { provenance, metrics, samples, collapseTime } = JSON.parse(stdout);
    expect(Object.keys(metrics)).toEqual(['perplexity', 'vocabulary', 'watch:there was', 'watch:was']);
    expect(metrics.perplexity.mean[2]).toBe('Infinity');
    expect(provenance.spec.watch).toEqual(['there was', 'was']);
    expect(provenance.corpus).toMatchObject({ path: 'stories', documents: 40, training: { documents: 36 }, validation: { documents: 4 } });
    expect(provenance.corpus.perplexityFloor).toBeCloseTo(3.0379, 4);
    expect(collapseTime.collapsed).toBe(0);
    expect(samples).toHaveLength(6);
    for (const { text } of samples) expect(text).toMatch(/^[A-Z][a-z].*\.$/);
  });

  test.concurrent('the table says what is infinite, and shows a sample', async () => {
    const { status, stdout } = await run();
    expect(status).toBe(0);
    expect(stdout).toMatch(/│ perplexity +│ +∞ │/);
    expect(stdout).toMatch(/perplexity is infinite: the model of generation 3 gives probability 0 to \d+/);
    expect(stdout).toMatch(/least perplexity that a model of these stories can have: 3\.0379/);
    expect(stdout).toMatch(/written in generation 3:\n {2}[A-Z]/);
    expect(stdout).not.toMatch(/collapse time/);
  });

  test.concurrent('--out: samples to read; the earlier ones go, and the same digest comes again', async () => {
    const out = join(root, 'out');
    expect((await run('--out', out)).status).toBe(0);
    const names = (last: number) => Array.from({ length: last }, (_, i) => `generation-00${i + 1}.txt`);
    expect(await readdir(join(out, 'samples'))).toEqual(names(3));
    const text = await readFile(join(out, 'samples', 'generation-003.txt'), 'utf8');
    expect(text).toMatch(/^[A-Z][^\n]+\n\n[A-Z][^\n]+\n$/);
    expect((await run('--out', out)).stderr).toMatch(/exists already/);
    expect((await run('--out', out, '--overwrite', '--set', 'generations=2')).status).toBe(0);
    expect(await readdir(join(out, 'samples'))).toEqual(names(2));
    const again = await cli(['run', join(out, 'provenance.json')]);
    expect(again.stderr).toMatch(/the digest is that of the earlier result/);
  });

  test.concurrent('--estimate', async () => {
    const { status, stdout } = await run('--estimate', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ generations: 6, chains: 2 });
  });

  test.concurrent.each<[string[], RegExp]>([
    [['--set', 'model.corpus=nowhere.txt'], /^error: model\.corpus: "nowhere\.txt" does not exist/],
    [['--watch', 'there zebra'], /^error: watch\[0\]: got "there zebra"; allowed: words of the real corpus; "zebra" is not among them\n$/],
    [
      ['--watch', 'once upon a time'],
      /^error: watch\[0\]: got "once upon a time"; allowed: 1 to 3 tokens \(word\) with order 3; it has 4\n$/,
    ],
    [['--set', 'model.order=0'], /^error: model\.order: got 0/],
    [['--set', 'generations="until-collapse"'], /^error: generations: got "until-collapse"/],
    [
      ['--set', 'schedule={"kind":"fresh","real":1000000,"synthetic":10}'],
      /^error: schedule\.real: got 1000000; allowed: at most \d+, the tokens of the corpus/,
    ],
    [
      ['--set', 'schedule={"kind":"custom","sources":[{"from":"real","size":50,"weight":2}]}'],
      /^error: schedule\.sources\[0\]\.weight: got 2; allowed: 1 with/,
    ],
    [['--set', 'metrics=["composition:3"]'], /^error: metrics\[0\]: got "composition:3"; allowed: composition:0 \(real\) to composition:2/],
    [['--set', 'metrics=["rep-2","rep-3"]'], /^error: metrics\[1\]: got "rep-3"; allowed: one length/],
    [['--set', 'metrics=["survival:0"]'], /survival:COUNT/],
  ])('%s', async (args, message) => {
    const { status, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  test.concurrent('a corpus shorter than the order', async () => {
    const path = join(root, 'tiny.txt');
    await writeFile(path, 'a b\n\nc d\n');
    const { stderr } = await run('--set', `model.corpus=${path}`, '--set', 'model.order=6', '--set', 'model.validation=0.5');
    expect(stderr).toMatch(/^error: model\.order: got 6; allowed: at most 3, the tokens to train on/);
  });
});

test.concurrent('theory and plan refuse with one line', async () => {
  const [theory, plan] = await Promise.all([cli(['theory', '-'], { input }), cli(['plan', '-', '--tolerance', '0.1'], { input })]);
  expect(theory).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error: model\.kind: got "ngram"; allowed: [^\n]+\n$/) });
  expect(plan).toMatchObject({ status: 2, stderr: expect.stringMatching(/^error: model\.kind: got "ngram"; allowed: "categorical"\n$/) });
});

test.concurrent.each(['wang-replace', 'wang-accumulate-subsample', 'suresh-ngram'])('preset %s', async (name) => {
  const { status, stdout } = await cli([
    'run',
    name,
    '--json',
    '--replicates',
    '1',
    '--set',
    'generations=2',
    '--set',
    'model.corpus={"kind":"stories","documents":500}',
  ]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout).generation).toEqual([1, 2]);
});

describe('figures', () => {
  test('on a text of the user, whose own words are watched', async () => {
    const path = join(root, 'verse.txt');
    const words = ['rain', 'wind', 'sun', 'the', 'a', 'falls', 'blows', 'over', 'hill', 'sea'];
    let state = 11;
    const word = () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return words[Math.floor((words.length * state) / 2147483648)];
    };
    await writeFile(path, Array.from({ length: 300 }, () => Array.from({ length: 12 }, word).join(' ')).join('\n\n'));
    const out = join(root, 'figures');
    const report = await reproduce({ figures: ['wang-tokens', 'wang-vocabulary', 'wang-perplexity'], corpus: path, out });
    expect(report.complete).toBe(true);
    expect(report.figures.map(({ id }) => id)).toEqual(['wang-perplexity', 'wang-tokens', 'wang-vocabulary']);
    for (const { parameters, claims } of report.figures) {
      expect(Object.fromEntries(parameters).corpus).toMatch(/^verse\.txt, SHA-256 [0-9a-f]{64}$/);
      expect(claims.length).toBeGreaterThan(0);
    }
  });

  test('a text that cannot be used is refused before any work', async () => {
    const { status, stderr } = await cli(['reproduce', 'wang-tokens', '--corpus', join(root, 'missing.txt'), '--out', join(root, 'none')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/missing\.txt" does not exist/);
  });
});
