/** The verification: its arithmetic, its command, and that it fails when a kernel is wrong. */

import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scheduleSimpson } from '../dist/theory/schedule-moments.js';
import * as training from '../dist/theory/training.js';
import { limitSituations } from '../dist/verify/cases-regression.js';
import { logChiSquareCells } from '../dist/verify/log-chi-square.js';
import { FairBits, seedOf } from '../dist/verify/random.js';
import { checks, chooseChecks } from '../dist/verify/registry.js';
import type { RegressionSituation } from '../dist/verify/regression.js';
import {
  binomialMass,
  binomialTest,
  chiSquareCritical,
  chiSquareTail,
  fisherTail,
  kolmogorovTail,
  studentCritical,
  studentTail,
} from '../dist/verify/tails.js';
import { curveTest, lawTest, meanTest, rowsTest, sameLawTest, uncorrelatedTest } from '../dist/verify/tests.js';
import { collapseLaw, countLaw } from '../dist/verify/two-types.js';
import { cli, type Ended } from './cli-process.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-collapse-verify-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('tail probabilities, against values of SciPy 1.17', () => {
  test.each([
    ['chi-square 18.307, 10', chiSquareTail(18.307038053275146, 10), 0.05],
    ['chi-square 200, 100', chiSquareTail(200, 100), 1.1784500720979781e-8],
    ['chi-square 0.5, 3', chiSquareTail(0.5, 3), 0.9188914116546758],
    ['normal 1.96', chiSquareTail(1.959963984540054 ** 2, 1), 0.05],
    ['normal 6', chiSquareTail(36, 1), 1.973175290075389e-9],
    ['binomial 30 of 100', binomialMass(30, 100, 0.2), 0.00518964323994869],
    ['Kolmogorov-Smirnov 1.2', kolmogorovTail(1.2 / (100.12 + 0.0011), 10_000), 0.11224966667072497],
    ["Student's t 5, 49", studentTail(-5, 49), 7.736116446289065e-6],
    ["Student's t 2, 100000", studentTail(2, 100_000), 0.04550296345750651],
    ["Fisher's F 9.5, 4, 96", fisherTail(9.5, 4, 96), 1.631912065923941e-6],
    ['critical t', studentCritical(1e-6, 49), 5.588751926576647],
    ['critical chi-square', chiSquareCritical(1e-6, 19), 63.677052285677995],
  ])('%s', (_, value, known) => {
    expect(value / known).toBeCloseTo(1, 9);
  });

  test('of nothing and of everything', () => {
    expect(chiSquareTail(0, 1)).toBe(1);
    expect(chiSquareTail(Number.POSITIVE_INFINITY, 1)).toBe(0);
    expect(binomialTest(2, 10, 0.5, 0.5)).toBeCloseTo((2 * 33.5) / 1024, 12);
    expect(binomialTest(8, 10, 0.5, 0.5)).toBeCloseTo((2 * 33.5) / 1024, 12);
    expect(binomialTest(0, 100_000, 0.5, 0.5)).toBe(0);
  });

  test('a randomised p-value is uniform', () => {
    let below = 0;
    for (let k = 0; k <= 7; k++) {
      for (let i = 0; i < 1000; i++) if (binomialTest(k, 7, 0.3, (i + 0.5) / 1000) < 0.2) below += binomialMass(k, 7, 0.3) / 1000;
    }
    expect(below).toBeCloseTo(0.2, 2);
  });
});

describe('tests see an error and leave the truth alone', () => {
  const bits = new FairBits(1);
  const values = Float64Array.from({ length: 10_000 }, () => bits.uniform());

  test('means, curves, laws, rows, correlations', () => {
    const dice = new Float64Array(6);
    for (let i = 0; i < 60_000; i++) dice[bits.below(6)]++;
    const loaded = dice.map((count, i) => (i === 0 ? 1.1 * count : count));
    const right = [
      meanTest(values, 0.5),
      curveTest(values, [0.5, 0.5]),
      lawTest(dice, new Array(6).fill(1 / 6)),
      rowsTest([dice, dice], new Array(6).fill(1 / 6)),
      uncorrelatedTest(values.subarray(0, 5000), values.subarray(5000)),
      sameLawTest(values.subarray(0, 5000), values.subarray(5000)),
    ];
    for (const { pValue } of right) expect(pValue).toBeGreaterThan(1e-6);
    const wrong = [
      meanTest(values, 0.53),
      curveTest(values, [0.5, 0.54]),
      lawTest(loaded, new Array(6).fill(1 / 6)),
      lawTest([5, 100], [0, 1]),
      rowsTest([dice, loaded, dice], new Array(6).fill(1 / 6)),
      uncorrelatedTest(values, values),
      meanTest(new Float64Array(100).fill(0.5), 0.4),
      meanTest(values, Number.NaN),
      sameLawTest(
        values,
        values.map((x) => x * x),
      ),
      sameLawTest(
        values,
        values.map(() => Number.NaN),
      ),
    ];
    for (const { pValue } of wrong) expect(pValue! >= 1e-6).toBe(false);
  });

  test('the smallest effect is about what is seen', () => {
    const { smallestEffect } = meanTest(values, 0.5);
    expect(meanTest(values, 0.5 * (1 + 1.6 * smallestEffect)).pValue).toBeLessThan(1e-6);
    expect(meanTest(values, 0.5 * (1 + 0.2 * smallestEffect)).pValue).toBeGreaterThan(1e-6);
  });
});

test('the exact chains of two types have the second moments of theory, for every schedule', () => {
  const schedules = [
    { kind: 'fully-synthetic', sampleSize: 9 },
    { kind: 'partially-synthetic', real: 5, synthetic: 4 },
    { kind: 'most-recent', sampleSize: 9, window: 2 },
    { kind: 'randomly-sampled', sampleSize: 7 },
    { kind: 'accumulate', real: 6, synthetic: 3 },
    { kind: 'accumulate-subsample', corpusSize: 8, rate: 0.5, replacement: false },
    { kind: 'accumulate-subsample', corpusSize: 8, rate: 0.5, replacement: true },
    { kind: 'fresh', real: 4, synthetic: 6 },
  ] as const;
  for (const schedule of schedules) {
    const law = schedule.kind === 'accumulate-subsample' ? { ...schedule, batch: 4 } : schedule;
    for (const m of [1, 2, 6]) {
      const { size, probability } = countLaw(schedule, 0.3, m);
      const expectation = (f: (share: number) => number) => probability.reduce((sum, mass, x) => sum + mass * f(x / size), 0);
      expect(expectation(() => 1)).toBeCloseTo(1, 10);
      expect(expectation((q) => q)).toBeCloseTo(0.3, 10);
      expect(expectation((q) => q * q + (1 - q) ** 2)).toBeCloseTo(scheduleSimpson(law, [m], 0.58)[0], 10);
    }
    const cumulative = collapseLaw(schedule, 0.3, 6);
    expect(cumulative.every((value, i) => value <= 1 && value >= (cumulative[i - 1] ?? 0))).toBe(true);
  }
});

test('the exact chains with weights and errors have the means of theory', () => {
  const truth = { simpson0: 0.58, support: 2 };
  const schedules = [
    { kind: 'partially-synthetic', real: 5, synthetic: 4 },
    { kind: 'accumulate', real: 6, synthetic: 3 },
    { kind: 'fresh', real: 4, synthetic: 6 },
  ] as const;
  for (const schedule of schedules) {
    const generations = [1, 2, 6];
    const weighting = { kind: 'real-weight', weight: 3 } as const;
    const moments = training.trainingMoments({ schedule, weighting }, truth, generations)!;
    const error = { size: [0.4, 0.1] };
    const lost = training.trainingMoments({ schedule, error }, { simpson0: 1, support: 1, vocabulary: 2 }, generations)!;
    generations.forEach((m, k) => {
      const weighted = countLaw(schedule, 0.3, m, { realWeight: 3 });
      const simpson = weighted.probability.reduce((sum, mass, x) => {
        const q = x / weighted.size;
        return sum + mass * (q * q + (1 - q) ** 2);
      }, 0);
      expect(simpson).toBeCloseTo(moments.simpson[k], 10);
      const a = (t: number) => (t === 1 ? 0.4 : 0.1);
      const { size, probability } = countLaw(schedule, 0, m, { sampled: (q, t) => (q + a(t)) / (1 + a(t)) });
      const outside = probability.reduce((sum, mass, x) => sum + mass * (x / size), 0);
      expect((outside + a(m)) / (1 + a(m))).toBeCloseTo(lost.outside[k], 10);
    });
  }
  expect(() => countLaw({ kind: 'randomly-sampled', sampleSize: 5 }, 0.3, 2, { realWeight: 2 })).toThrow(/no exact chain/);
});

test('sums of logs of chi-squares: cells of one variable, and of a product of two', () => {
  const check = (degrees: number[], upper: (cut: number) => number) => {
    const { cuts, probability } = logChiSquareCells(degrees, 0, 20);
    expect(cuts).toHaveLength(19);
    let below = 0;
    cuts.forEach((cut, i) => {
      below += probability[i];
      expect(below).toBeCloseTo(1 - upper(cut), 7);
    });
  };
  for (const f of [1, 2, 7, 1e6]) check([f], (cut) => chiSquareTail(Math.exp(cut), f));
  // 2 sqrt(X Y), X and Y chi-square with f and f - 1 degrees of freedom, is chi-square with 2 (f - 1).
  check([9, 8], (cut) => chiSquareTail(2 * Math.exp(cut / 2), 16));
});

describe('the registry', () => {
  test('has 1,000 checks or more, each with a name and a seed of its own', () => {
    expect(checks.length).toBeGreaterThanOrEqual(1000);
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
    expect(new Set(checks.map(({ seed }) => seed)).size).toBe(checks.length);
    expect(checks.every(({ name }) => /^[a-z-]+(\/[\w:.-]+){3}$/.test(name))).toBe(true);
    expect(Number.isSafeInteger(seedOf('any'))).toBe(true);
  });

  test('has 40 regression laws or more: both models, every order of n, m and d, both ways of drawing', () => {
    expect(limitSituations.length).toBeGreaterThanOrEqual(40);
    const order = ({ model, schedule }: RegressionSituation) => {
      const sizes = [['d', model.dimension] as const, ['n', schedule.samples] as const, ['m', model.width ?? 0] as const];
      return sizes
        .filter(([, size]) => size > 0)
        .sort((a, b) => a[1] - b[1])
        .map(([letter]) => letter)
        .join('<');
    };
    const orders = new Set(limitSituations.map(order));
    for (const one of ['n<d', 'd<n', 'n<m<d', 'm<n<d', 'n<d<m', 'm<d<n', 'd<n<m', 'd<m<n']) expect(orders).toContain(one);
    expect(limitSituations.filter(({ schedule }) => schedule.draw === 'data').length).toBeGreaterThanOrEqual(2);
  });

  test('chooses by name, beginning and pattern', () => {
    const [{ name }] = checks;
    expect(chooseChecks([name], true).map((check) => check.name)).toContain(name);
    expect(chooseChecks(['categorical/fresh/'], false).length).toBeGreaterThan(5);
    expect(chooseChecks(['*/entropy/*', '*/max/*'], false).every((check) => /entropy|max/.test(check.name))).toBe(true);
    expect(() => chooseChecks(['categorical/fresh/simpsn/N1-n9'], false)).toThrow(/did you mean "categorical\/fresh\/simpson\/N1-n9"/);
    expect(() => chooseChecks([''], false)).toThrow(/NAME/);
  });
});

interface Report {
  passed: boolean;
  checks: { name: string; statistic: number; pValue: number | null; passed: boolean; falseAlarmRate: number; smallestEffect: number }[];
  totals: { checks: number; failed: number };
  uniformity: { pValue: number };
}

describe('the command', () => {
  test('--quick passes, with uniform p-values, and writes its page', async () => {
    const out = join(folder, 'page');
    const { status, stdout, stderr } = await cli(['verify', '--quick', '--json', '--out', out]);
    expect({ status, failed: stderr.match(/FAILED.*/g) }).toEqual({ status: 0, failed: null });
    const report: Report = JSON.parse(stdout);
    expect(report.passed).toBe(true);
    expect(report.checks.length).toBeGreaterThanOrEqual(60);
    expect(report.totals).toMatchObject({ checks: report.checks.length, failed: 0 });
    expect(report.uniformity.pValue).toBeGreaterThan(1e-6);
    for (const { pValue, falseAlarmRate, smallestEffect } of report.checks) {
      expect(falseAlarmRate).toBe(pValue === null ? 0 : 1e-6);
      expect(smallestEffect).toBeGreaterThanOrEqual(0);
      expect(smallestEffect).toBeLessThan(1.5);
    }
    const schedules = new Set(report.checks.map(({ name }) => name.split('/')[1]));
    const kinds = ['fully-synthetic', 'partially-synthetic', 'randomly-sampled', 'accumulate', 'accumulate-subsample', 'fresh', 'custom'];
    for (const kind of kinds) {
      expect(schedules).toContain(kind);
      expect(report.checks.some(({ name }) => name.startsWith(`gaussian/${kind}/`))).toBe(true);
    }
    expect(JSON.parse(await readFile(join(out, 'verify.json'), 'utf8'))).toEqual(report);
    const page = await readFile(join(out, 'index.html'), 'utf8');
    expect(page).toContain('p-values.svg');
    expect(page).not.toMatch(/https?:/);
    expect((await readFile(join(out, 'p-values.svg'), 'utf8')).length).toBeGreaterThan(1000);
    const again = await cli(['verify', '--quick', '--out', out]);
    expect(again.status).toBe(2);
    expect(again.stderr).toMatch(/exists already/);
  }, 120_000);

  test('bad arguments', async () => {
    const unknown = await cli(['verify', 'categorical/fresh/simpsn/N1-n9']);
    expect(unknown).toMatchObject({ status: 2, stdout: '' });
    expect(unknown.stderr).toMatch(/NAME: got .*did you mean/);
    expect((await cli(['verify', '--backend', 'gpu'])).status).toBe(2);
    const list = await cli(['verify', '--list']);
    expect(list.stdout.trim().split('\n')).toHaveLength(checks.length);
  });
});

/** A wrong line in place of a right one of the JavaScript kernel, and checks of which at least one must fail. */
const perturbations: [string, [right: string, wrong: string], string[]][] = [
  [
    'one bit of one threshold of one row',
    [
      'fillRow(low, 8, weights, rows + (mean << 10), rows + REST + (mean << 9));',
      'fillRow(low, 8, weights, rows + (mean << 10), rows + REST + (mean << 9));\n    if (mean == 5) storeI32(rows + (5 << 10) + (13 << 2), loadI32(rows + (5 << 10) + (13 << 2)) ^ 0x80000000);',
    ],
    ['categorical/fully-synthetic/transition:9/n60-ten-tokens'],
  ],
  [
    'one entry of one acceptance table',
    ['* ALL_ONES)) >>> 16);\n}', '* ALL_ONES)) >>> 16);\n    if (c == 20) storeU16(table + ((22 - low) << 1), 0);\n}'],
    ['categorical/fully-synthetic/count/n50-single-pivot'],
  ],
  [
    'one stream for all replicates',
    ['threefry(replicateLow, replicateHigh,', 'threefry(0, 0,'],
    ['categorical/fully-synthetic/simpson/n10-zipf52', 'categorical/fully-synthetic/correlation-replicates-1/n20'],
  ],
  [
    'one stream for two replicates',
    ['threefry(replicateLow, replicateHigh,', 'threefry(replicateLow >>> 1, replicateHigh,'],
    ['categorical/fully-synthetic/correlation-replicates-1/n20', 'gaussian/fully-synthetic/correlation-replicates/n8-d1-mle'],
  ],
  [
    'one stream for all contexts',
    ['seedLow, seedHigh, context, domain);', 'seedLow, seedHigh, 0, domain);'],
    ['categorical/fully-synthetic/correlation-contexts'],
  ],
  [
    'picks of the truth that are 1 % off',
    ['let below = (v >>> 1) - ', 'let below = ((v >>> 0 < 4250000000 ? v + 42949673 : v) >>> 1) - '],
    ['categorical/fully-synthetic/truth-samples/n50-alias'],
  ],
  [
    'a weight that is ignored',
    ['return loadF64(word(76) + (word(8) << 3));', 'return 1;'],
    ['categorical/fresh/simpson/weight3-N10-n20', 'categorical/accumulate/count/weight2-N6-n3'],
  ],
  [
    'a kept batch that is drawn again',
    ['if (loadI32(batch) != m) {\n        drawModel(entry, m, n);', 'if (true) {\n        drawModel(entry, m, n);'],
    ['categorical/custom/l2-truth/last2-kept-fresh8', 'categorical/custom-table/l2-first/table-kept'],
  ],
  [
    'errors one generation early',
    ['(m < count ? m - 1 | 0 : count - 1 | 0)', '(m < count ? m : count - 1 | 0)'],
    ['categorical/fully-synthetic/outside-truth/vocabulary-list-n30', 'categorical/accumulate/count-outside/error-N15-n5'],
  ],
  [
    'n in the place of n - 1 degrees of freedom',
    ['function bartlett(a, d, nu) {', 'function bartlett(a, d, nu) {\n  nu = nu + 1;'],
    [
      'gaussian/fully-synthetic/log-increment-law/n30-d1-mle',
      'gaussian/fully-synthetic/log-determinant-curve/long-chain-n12-d5-mle',
      'gaussian/fully-synthetic/variance-law/n30-d5-mle',
      'gaussian/accumulate/variance/N15-n5-d2-mle',
    ],
  ],
  ['a weight that the Gaussian ignores', ['return loadF64(word(76));', 'return 1;'], ['gaussian/fresh/mean-shift/weight3-N10-n20-d2-mle']],
  [
    'one stream for all generations',
    ['function addModel(m, n, weight) {', 'function addModel(m, n, weight) {\n    seedStream(1, 2, 3, word(8), 5, 6);'],
    ['gaussian/fully-synthetic/log-increment-law/n5-d1-mle', 'gaussian/fully-synthetic/correlation-generations/n8-d1-mle'],
  ],
  [
    'labels by another model than the spec says',
    ['drawScaled(vectorAt(2), offset());', 'drawScaled(vectorAt(1), offset());'],
    ['ridge/mixture/test-error/synthetic-d20-n60', 'random-projections/mixture/test-error/d100-m200-n400-given-spectrum'],
  ],
  [
    'd too many degrees of freedom of the residuals',
    ['square(real + synthetic - size)', 'square(real + synthetic)'],
    ['ridge/mixture/test-error/d100-n200-least-squares', 'ridge/mixture/test-error/iterative-d50-n250-round5'],
  ],
  ['a jump one generation too far', ['m - before - 1 | 0', 'm - before | 0'], ['categorical/fully-synthetic/count/jump-n3']],
  [
    'numbers of occupied boxes that are kept at once',
    [
      'function isKept(singles, singleMean, empty, emptyMean) {',
      'function isKept(singles, singleMean, empty, emptyMean) {\n  return true;',
    ],
    ['categorical/fully-synthetic/count-pair/jump-n8'],
  ],
  [
    'a lineage that never joins two others',
    ['let v = bounded(taken);', 'let v = taken;'],
    ['categorical/fully-synthetic/count-pair/jump-n4'],
  ],
  [
    'parents that are picked twice',
    ['storeF64(parents + token, loadF64(parents + token) - 1);', ''],
    ['categorical/fully-synthetic/count/jump-n6'],
  ],
];

describe('a wrong kernel is caught', () => {
  const names = [...new Set(perturbations.flatMap(([, , list]) => list))];

  /** A copy of the built package, with its kernel changed. */
  async function build(name: string, change: (kernel: string) => string): Promise<string> {
    const dir = join(folder, name.replaceAll(/\W+/g, '-'));
    await mkdir(dir);
    await cp(join(root, 'dist'), join(dir, 'dist'), { recursive: true });
    await cp(join(root, 'package.json'), join(dir, 'package.json'));
    await symlink(join(root, 'node_modules'), join(dir, 'node_modules'), 'dir');
    const file = join(dir, 'dist/generated/kernel.js');
    await writeFile(file, change(await readFile(file, 'utf8')));
    return join(dir, 'dist/cli/main.js');
  }

  function verify(main: string, list: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [main, 'verify', ...list, '--backend', 'javascript', '--json'], { stdio: 'pipe' });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
      child.on('error', reject).on('close', (status) => resolve({ status, stdout, stderr }));
    });
  }

  test('the right one passes', async () => {
    const { status, stdout } = await verify(await build('right', (kernel) => kernel), names);
    expect(status).toBe(0);
    expect(JSON.parse(stdout).passed).toBe(true);
  });

  test.each(perturbations)('%s', async (name, [right, wrong], list) => {
    const main = await build(name, (kernel) => {
      expect(kernel.split(right)).toHaveLength(2);
      return kernel.replace(right, () => wrong);
    });
    const { status, stdout, stderr } = await verify(main, list);
    const report: Report = JSON.parse(stdout);
    expect({ status, passed: report.passed }).toEqual({ status: 1, passed: false });
    expect(report.checks.filter(({ passed }) => !passed).map(({ name: failing }) => failing)).toEqual(
      report.checks.filter(({ name: one }) => list.some((beginning) => one.startsWith(beginning))).map(({ name: one }) => one),
    );
    expect(stderr).toMatch(/FAILED (categorical|gaussian|ridge)/);
  });
});
