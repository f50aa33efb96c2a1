/** The `theory` command: known answers to the last digits, and what it refuses. */
import { describe, expect, test, vi } from 'vitest';
import { cli } from './cli-process.js';
import { type CollapseCase, near, vectors } from './support/theory-vectors.js';

// Every test starts processes, many at once.
vi.setConfig({ testTimeout: 60_000 });

function initial({ kind, support, exponent, p }: CollapseCase['distribution']): object {
  if (kind === 'explicit') return { kind, p };
  return kind === 'uniform' ? { kind, vocabulary: support } : { kind: 'zipf', vocabulary: support, exponent };
}

async function predict(spec: object, ...flags: string[]) {
  const { status, stdout, stderr } = await cli(['theory', '-', '--json', ...flags], { input: JSON.stringify(spec) });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

const categorical = (initial: object) => ({ kind: 'categorical', initial });
const zipf = { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 };

describe('known answers', () => {
  test.concurrent.each(vectors.collapse)('$distribution.kind, n = $sampleSize', async (known) => {
    const tables = [known.probabilityCollapsedBy, known.expectedSupportSize, known.expectedSimpson];
    const generations = [...new Set(tables.flatMap((table) => Object.keys(table).map(Number)))].sort((a, b) => a - b);
    const schedule = { kind: 'fully-synthetic', sampleSize: known.sampleSize };
    const answer = await predict({ model: categorical(initial(known.distribution)), schedule, generations });
    expect(answer.generation).toEqual(generations);
    near(answer.collapseTime.mean, known.expectedCollapseTime);
    near(answer.bounds.collapseTime.lower, known.paperLowerBound);
    near(answer.bounds.collapseTime.upper, known.paperUpperBound);
    const columns = [answer.collapseTime.cdf, answer.expected.support, answer.expected.simpson];
    tables.forEach((table, k) => {
      for (const [m, value] of Object.entries(table)) near(columns[k][generations.indexOf(Number(m))], value);
    });
  });

  test.concurrent.each(vectors.partiallySynthetic)('partially synthetic, N = $real, n = $synthetic', async (known) => {
    const generations = Object.keys(known.expectedSimpson).map(Number);
    const schedule = { kind: 'partially-synthetic', real: known.real, synthetic: known.synthetic };
    const model = categorical({ kind: 'zipf', vocabulary: 52, simpson: known.simpson0 });
    const answer = await predict({ model, schedule, generations });
    generations.forEach((m, i) => {
      near(answer.expected.simpson[i], known.expectedSimpson[m]);
    });
    expect(answer).not.toHaveProperty('collapseTime');
    expect(answer.bounds['l1-first'].upper).toHaveLength(generations.length);
  });

  test.concurrent('n = 1e5 with 52 types in under 10 seconds', async () => {
    const started = performance.now();
    const answer = await predict({ model: categorical(zipf), schedule: { kind: 'fully-synthetic', sampleSize: 100_000 } });
    expect(performance.now() - started).toBeLessThan(20_000); // under 10 by itself; here beside many other processes
    near(answer.collapseTime.mean, 189227.95297399163);
  });
});

describe('documents', () => {
  test.concurrent('the same metric names as run, and only those asked for', async () => {
    const spec = { model: categorical(zipf), schedule: { kind: 'fresh', real: 10, synthetic: 20 }, generations: 3 };
    const all = await predict(spec);
    expect(Object.keys(all)).toEqual(['spec', 'generation', 'expected', 'bounds']);
    expect(Object.keys(all.expected)).toEqual(['simpson', 'l2-first', 'l2-truth']);
    const some = await predict({ ...spec, metrics: ['probability:0', 'max', 'simpson'] });
    expect(Object.keys(some.expected)).toEqual(['probability:0', 'simpson']);
    const run = await cli(['run', '-', '--json'], { input: JSON.stringify({ ...spec, metrics: ['probability:0'], replicates: 4000 }) });
    const { mean, standardError } = JSON.parse(run.stdout).metrics['probability:0'];
    expect(Math.abs(mean[2] - some.expected['probability:0'][2])).toBeLessThan(4.5 * standardError[2]);
  });

  test.concurrent('contexts are drawn as in run: --seed and --set count', async () => {
    const spec = {
      model: categorical({ kind: 'dirichlet', vocabulary: 4, concentration: 1, contexts: 6 }),
      schedule: { kind: 'fully-synthetic', sampleSize: 8 },
      generations: [1, 10],
    };
    const [one, two, other] = await Promise.all([
      predict(spec),
      predict(spec),
      predict(spec, '--seed', '9', '--set', 'schedule.sampleSize=9'),
    ]);
    expect(one).toEqual(two);
    expect(other.spec).toMatchObject({ seed: 9, schedule: { sampleSize: 9 } });
    expect(other.expected.simpson).not.toEqual(one.expected.simpson);
    expect(one.contexts).toMatchObject({ total: 6 });
    expect(one.collapseTime.cdf).toHaveLength(2);
  });

  test.concurrent('simulation agrees, contexts of different sizes included', async () => {
    const spec = {
      model: categorical({ kind: 'text', path: new URL('../README.md', import.meta.url).pathname, tokens: 'char', context: 0 }),
      schedule: { kind: 'accumulate-subsample', corpusSize: 'corpus', rate: 0.5 },
      generations: [1, 2, 3],
      replicates: 400,
    };
    const [answer, run] = await Promise.all([predict(spec), cli(['run', '-', '--json'], { input: JSON.stringify(spec) })]);
    const { metrics } = JSON.parse(run.stdout);
    for (const name of ['simpson', 'l2-first', 'l2-truth']) {
      answer.expected[name].forEach((value: number, i: number) => {
        expect(Math.abs(metrics[name].mean[i] - value)).toBeLessThanOrEqual(4.5 * metrics[name].standardError[i] + 1e-12);
      });
    }
  });

  test.concurrent('n = 1e12 is predicted, though it cannot be simulated; infinite bounds are text', async () => {
    const spec = { model: categorical(zipf), schedule: { kind: 'fully-synthetic', sampleSize: 1e12 }, generations: [1, 1000] };
    const answer = await predict(spec);
    expect(answer.collapseTime).toMatchObject({ approximation: 'diffusion' });
    expect(answer.expected['l2-truth'][1] / 0.9e-9).toBeCloseTo(1, 6);
    const run = await cli(['run', '-'], { input: JSON.stringify(spec) });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(/^error: schedule\.sampleSize: got 1000000000000; allowed: a whole number from 1 to 2147483648/);
    const wide = categorical({ kind: 'uniform', vocabulary: 5000 });
    const bound = await predict({ model: wide, schedule: { kind: 'partially-synthetic', real: 10, synthetic: 1e6 }, generations: [1, 2] });
    expect(bound.bounds['l1-first'].upper).toEqual([0, 'Infinity']);
  });

  test.concurrent('the laws are of plain sampling: other rules are left out, unless they change nothing', async () => {
    const spec = {
      model: categorical(zipf),
      schedule: { kind: 'fully-synthetic', sampleSize: 20 },
      generations: [1, 5],
      metrics: ['simpson'],
    };
    const plain = await predict(spec);
    const same = await predict({ ...spec, sampling: { kind: 'top-k', k: 600 } });
    expect({ ...same, spec: plain.spec }).toEqual(plain);
    const sharp = await predict({ ...spec, sampling: { kind: 'temperature', temperature: 0.9 } });
    expect(sharp).toMatchObject({ generation: [1, 5], expected: {}, bounds: {} });
    expect(sharp).not.toHaveProperty('collapseTime');
  });

  test.concurrent('without --json a table, with what is left out in a note', async () => {
    const { status, stdout, stderr } = await cli(['theory', 'quick-start']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/quick-start: categorical, fully-synthetic, in closed form/);
    expect(stdout).toMatch(/collapse time: mean 187\.01, 5 % 67, 50 % 161, 95 % 395/);
    expect(stdout).toMatch(/bounds of the paper: 91\.847 to 8911/);
    expect(stderr).toBe('no closed form, or none that takes seconds: l1-first\n');
  });
});

describe('bad input', () => {
  test.concurrent.each<[string[], RegExp]>([
    [['theory'], /^error: SPEC: got nothing; allowed: one: .*preset/],
    [['theory', 'quick-start', 'seddik-fig1'], /^error: SPEC: got \["quick-start","seddik-fig1"\]/],
    [['theory', 'quick-strat'], /did you mean "quick-start"/],
    [['theory', 'quick-start', '--set', 'schedule.sampelSize=3'], /did you mean "sampleSize"/],
    [
      ['theory', 'quick-start', '--set', 'schedule.sampleSize=1e13'],
      /^error: schedule\.sampleSize: got 10000000000000; allowed: .* to 1000000000000/,
    ],
    [['theory', 'quick-start', '--seed', '-1'], /--seed/],
    [['theory', 'quick-start', '--set', 'generations=100000000'], /^error: generations: got 100000000; allowed: at most 10000000/],
    [['theory', 'until-collapse', '--set', 'schedule.sampleSize=1000000'], /^error: generations: got "until-collapse"/],
    [['theory', 'until-collapse', '--set', 'schedule={"kind":"fresh","real":5,"synthetic":5}'], /^error: maxGenerations: got nothing/],
  ])('%j', async (args, message) => {
    const { status, stdout, stderr } = await cli([...args, '--json']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
