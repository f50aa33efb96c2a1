/** The planner: exact at the edge, right in the limits, and confirmed by simulation. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { driftCurve } from '../dist/plan/laws.js';
import { plan } from '../dist/plan/plan.js';
import { allowed, profile } from '../dist/plan/search.js';
import { coalescent, distribution, partiallySynthetic, secondMoments } from '../dist/theory/index.js';
import { cli, type Ended } from './cli-process.js';

vi.setConfig({ testTimeout: 60_000 });

const p = [0.4, 0.3, 0.2, 0.1];
const simpson0 = distribution.simpson(p);
const model = { kind: 'categorical', initial: { kind: 'explicit', p } } as const;
const sums = (real: number) => ({
  groups: [{ real, spread: 1 - simpson0, root: p.reduce((sum, x) => sum + Math.sqrt(x * (1 - x)), 0) }],
  ...{ contexts: 1, tokens: p.length, types: p.length, simpson: simpson0, totalReal: real },
});
const law = (real: number, synthetic: number, m: number) =>
  Math.sqrt(partiallySynthetic.expectedSquaredDrift([m], real, synthetic, simpson0)[0]);

describe('L2, exact', () => {
  test('partially synthetic: n passes, n + 1 fails; n_2 passes, n_2 - 1 fails', async () => {
    for (const [real, generations, share] of [
      [50, 10, 0.5],
      [1000, 50, 0.3],
      [1000, 3, 0.9],
      [100_000, 200, 0.1],
    ]) {
      const [{ value: worst }] = [profile(driftCurve('l2', sums(real), 'partially-synthetic', generations)).worst];
      const tolerance = share * worst;
      const { budget } = await plan({ model, real, generations, tolerance });
      const largest = Number(budget.largest);
      const again = Number(budget.againFrom);
      expect(law(real, largest, generations)).toBeLessThanOrEqual(tolerance);
      expect(law(real, largest + 1, generations)).toBeGreaterThan(tolerance);
      expect(law(real, again, generations)).toBeLessThanOrEqual(tolerance);
      expect(law(real, again - 1, generations)).toBeGreaterThan(tolerance);
      expect(budget.syntheticFraction).toBeCloseTo(largest / (real + largest), 12);
      expect(budget.method).toBe('exact');
    }
  });

  test('every amount, against the law at every n', () => {
    for (const schedule of ['partially-synthetic', 'accumulate', 'fresh'] as const) {
      for (const [real, m] of [
        [1, 5],
        [7, 2],
        [20, 8],
        [60, 40],
      ]) {
        const drifts = Array.from({ length: 3000 }, (_, i) =>
          Math.sqrt(secondMoments.scheduleSquaredDrift({ kind: schedule, real, synthetic: i + 1 }, [m], simpson0)[0]),
        );
        const shape = profile(driftCurve('l2', sums(real), schedule, m));
        for (const share of [0.2, 0.5, 0.8, 0.95]) {
          const tolerance = share * Math.max(...drifts) * (1 + 1e-7);
          const { largest, againFrom } = allowed(shape, tolerance);
          const first = drifts.findIndex((drift) => drift > tolerance);
          if (first < 0) continue;
          expect({ schedule, real, m, share, largest }).toEqual({ schedule, real, m, share, largest: first });
          const last = drifts.findLastIndex((drift) => drift > tolerance);
          if (last < drifts.length - 1) expect(againFrom).toBe(last + 2);
          else expect(againFrom).toBeGreaterThan(drifts.length);
        }
      }
    }
  });

  test('drift rises with the generation, so that the horizon stands for all before it', () => {
    for (const schedule of ['partially-synthetic', 'accumulate', 'fresh'] as const) {
      for (const [real, synthetic] of [
        [1, 1],
        [1, 50],
        [30, 2],
        [30, 30],
        [30, 4000],
        [2000, 100],
      ]) {
        const m = Array.from({ length: 60 }, (_, i) => i + 1);
        const drift = secondMoments.scheduleSquaredDrift({ kind: schedule, real, synthetic }, m, simpson0);
        for (let i = 1; i < m.length; i++) expect(drift[i]).toBeGreaterThanOrEqual(drift[i - 1] * (1 - 1e-9));
      }
    }
  });

  test('without a horizon: solved by hand, and any amount from the limit on', async () => {
    const real = 200;
    const unit = (1 - 1 / real) * (1 - simpson0);
    const limit = Math.sqrt(unit / (2 * real + 1));
    const tolerance = 0.6 * limit;
    const exact = (tolerance ** 2 * real ** 2) / (unit - (2 * real + 1) * tolerance ** 2);
    const request = { model, real, generations: Infinity };
    expect((await plan({ ...request, tolerance })).budget).toMatchObject({ largest: Math.floor(exact), againFrom: null });
    expect((await plan({ ...request, tolerance: limit * (1 + 1e-9) })).budget.largest).toBe('Infinity');
    expect((await plan({ ...request, tolerance: limit * (1 - 1e-6) })).budget.largest).toBeLessThan(1e12);
    expect((await plan({ ...request, tolerance: limit * 1e-6 })).budget.largest).toBe(0);
    // A long horizon is the limit.
    expect((await plan({ ...request, generations: 100_000, tolerance })).budget.largest).toBe(Math.floor(exact));
  });

  test('one real sample never drifts, and one type neither', async () => {
    expect((await plan({ model, real: 1, tolerance: 1e-9 })).budget.largest).toBe('Infinity');
    const one = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 1 } } as const;
    expect((await plan({ model: one, real: 10, tolerance: 1e-9 })).budget.largest).toBe('Infinity');
  });

  test('property: more tolerance, more real samples or fewer generations never allow less', () => {
    const budget = (real: number, m: number, tolerance: number) =>
      allowed(profile(driftCurve('l2', sums(real), 'partially-synthetic', m)), tolerance).largest;
    const cases = fc.tuple(
      fc.integer({ min: 2, max: 5000 }),
      fc.integer({ min: 2, max: 300 }),
      fc.double({ min: 1e-4, max: 0.2, noNaN: true }),
    );
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 500 }), ([real, m, tolerance], more) => {
        const at = budget(real, m, tolerance);
        expect(budget(real, m, tolerance * (1 + more / 100))).toBeGreaterThanOrEqual(at);
        expect(budget(real + more, m, tolerance)).toBeGreaterThanOrEqual(at);
        expect(budget(real, m + more, tolerance)).toBeLessThanOrEqual(at);
      }),
      { numRuns: 60, seed: 5 },
    );
  });
});

describe('L1', () => {
  test('by simulation: its safe bounds are below it, and an independent simulation agrees', async () => {
    const { budget, guaranteed, calibration, check } = await plan(
      { model, real: 100, generations: 10, tolerance: 0.06, criterion: 'l1', seed: 3 },
      { check: true },
    );
    const largest = Number(budget.largest);
    expect(budget.method).toBe('simulation');
    expect(calibration?.length).toBeGreaterThan(2);
    expect(Number(guaranteed?.byRootS.largest)).toBeLessThanOrEqual(Number(guaranteed?.byType.largest));
    expect(Number(guaranteed?.byType.largest)).toBeLessThan(largest);
    const [low, high] = (budget.interval ?? []).map(Number);
    expect(low).toBeLessThanOrEqual(largest);
    expect(high).toBeGreaterThanOrEqual(largest);
    expect(high - low).toBeLessThan(0.3 * largest);
    expect(check?.map(({ allowed, agrees }) => [allowed, agrees])).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  test('any amount where the bound says so, without a simulation', async () => {
    const { budget, calibration } = await plan({ model, real: 10_000, tolerance: 0.1, criterion: 'l1' });
    expect(budget).toMatchObject({ largest: 'Infinity', method: 'bound' });
    expect(calibration).toBeUndefined();
  });
});

describe('collapse', () => {
  const coin = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 2 } } as const;

  test('partially synthetic: the chance that the real sample is of one type, whatever the amount', async () => {
    const at = (tolerance: number) => plan({ model: coin, real: 6, tolerance, criterion: 'collapse' });
    expect((await at(2 ** -5)).budget).toMatchObject({ largest: 'Infinity', value: 2 ** -5, method: 'exact' });
    expect((await at(2 ** -5 * 0.999)).budget).toMatchObject({ largest: 0, againFrom: null });
    const { check } = await plan({ model: coin, real: 6, tolerance: 0.05, criterion: 'collapse', generations: 30 }, { check: true });
    expect(check).toMatchObject([{ allowed: true, agrees: true, predicted: 2 ** -5 }]);
  });

  test('fresh: a bound that is above what is simulated', async () => {
    const request = { model: coin, real: 6, tolerance: 0.5, criterion: 'collapse', schedule: 'fresh', generations: 4 } as const;
    const { budget, check } = await plan(request, { check: true });
    expect(budget).toMatchObject({ largest: 'Infinity', method: 'bound' });
    expect(budget.value).toBeCloseTo(1 - (1 - 2 ** -5) ** 4, 12);
    expect(check).toMatchObject([{ agrees: true }]);
  });

  test('fully synthetic: the least sample size by the exact law', async () => {
    const tolerance = 0.01;
    const { budget, check } = await plan(
      { model, tolerance, criterion: 'collapse', schedule: 'fully-synthetic', generations: 20 },
      { check: true },
    );
    const least = Number(budget.againFrom);
    expect(coalescent.collapseProbability([20], least, p)[0]).toBeLessThanOrEqual(tolerance);
    expect(coalescent.collapseProbability([20], least - 1, p)[0]).toBeGreaterThan(tolerance);
    expect(check?.every(({ agrees }) => agrees)).toBe(true);
  });
});

describe('--check simulates the answer', () => {
  test.each(['partially-synthetic', 'accumulate', 'fresh', 'fully-synthetic'] as const)('%s', async (schedule) => {
    const real = schedule === 'fully-synthetic' ? {} : { real: 200 };
    const tolerance = { 'partially-synthetic': 0.02, accumulate: 0.02, fresh: 0.06, 'fully-synthetic': 0.1 }[schedule];
    const { check } = await plan({ model, ...real, schedule, tolerance, generations: 12, replicates: 4000, seed: 11 }, { check: true });
    expect(check?.map(({ allowed, agrees }) => [allowed, agrees])).toEqual([
      [true, true],
      [false, true],
    ]);
    const [inside, outside] = check ?? [];
    expect(Math.abs(inside.measured - inside.predicted)).toBeLessThan(4.5 * inside.standardError);
    expect(outside.zTolerance).toBeGreaterThan(4);
  });

  test('without a horizon it runs to a generation that stands for the limit', async () => {
    const { check } = await plan({ model, real: 50, generations: Infinity, tolerance: 0.05, replicates: 4000 }, { check: true });
    expect(check?.every(({ agrees, generation }) => agrees && generation > 5)).toBe(true);
  });

  test('a p that is drawn stays the same for every simulation', async () => {
    const drawn = { kind: 'categorical', initial: { kind: 'dirichlet', vocabulary: 8, concentration: 0.5 } } as const;
    const { check } = await plan({ model: drawn, real: 100, tolerance: 0.03, replicates: 4000, seed: 9 }, { check: true });
    expect(check?.every(({ agrees }) => agrees)).toBe(true);
  });
});

describe('command line', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'model-collapse-plan-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  function expectRefusal(ended: Ended, message: RegExp): void {
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
  }

  test.concurrent('--json: one document, equal to the library; options say the same as a spec', async () => {
    const zipf = ['--initial', 'zipf', '--vocabulary', '600', '--support', '52', '--simpson', '0.1'];
    const [preset, options] = await Promise.all([
      cli(['plan', 'seddik-fig3', '--tolerance', '0.04', '--json']),
      cli(['plan', ...zipf, '--real', '100', '--generations', '50', '--seed', '3', '--tolerance', '0.04', '--json']),
    ]);
    expect(preset).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(preset.stdout)).toMatchObject({
      real: 100,
      generations: 50,
      budget: { largest: 28, method: 'exact' },
      equation11: 0,
    });
    expect(options.stdout).toBe(preset.stdout);
  });

  test.concurrent('a table, and a folder with the plan, budgets and a chart; nothing is overwritten unasked', async () => {
    const out = join(root, 'out');
    const args = ['plan', 'seddik-fig3', '--tolerance', '0.04', '--real', '1e4', '--check', '--replicates', '500', '--out', out];
    const first = await cli(args);
    expect(first.status).toBe(0);
    expect(first.stdout).toMatch(/answer: any amount/);
    expect(first.stdout).toMatch(/equation 11[\s\S]*agrees/);
    expect((await readdir(out)).sort()).toEqual(['budgets.csv', 'chart.png', 'chart.svg', 'chart.vl.json', 'plan.json']);
    const [head, ...rows] = (await readFile(join(out, 'budgets.csv'), 'utf8')).trimEnd().split('\n');
    expect(head).toBe('against,tolerance,real,line,largest,again_from');
    expect(new Set(rows.map((row) => row.split(',')[3]))).toEqual(new Set(['l2', 'l1-by-type', 'equation-11']));
    expect(JSON.parse(await readFile(join(out, 'plan.json'), 'utf8'))).toMatchObject({ budget: { largest: 'Infinity' } });
    expectRefusal(await cli(args), /--out.*exists.*--overwrite/);
    expect((await cli([...args, '--overwrite'])).status).toBe(0);
  });

  test.concurrent('a corpus: every context has its own real sample', async () => {
    const text = join(root, 'text.txt');
    await writeFile(text, 'the cat sat on the mat, "the rat", and\nthe bat\n'.repeat(20));
    const { status, stdout } = await cli(['plan', '--corpus', text, '--context', '1', '--tolerance', '0.02', '--check', '--json']);
    expect(status).toBe(0);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ real: 'corpus', truth: { contexts: 16 } });
    expect(result.check.every(({ agrees }: { agrees: boolean }) => agrees)).toBe(true);
  });

  test.concurrent.each<[string, RegExp]>([
    ['', /SPEC.*nothing.*--initial/],
    ['quick-start', /--tolerance.*nothing/],
    ['quick-start --tolerance 0', /--tolerance.*"0".*above 0/],
    ['quick-start --tolerance .1 --real 0', /--real.*"0".*1 to 2147483648/],
    ['quick-start --tolerance .1 --real corpus', /--real.*"corpus".*text/],
    ['quick-start --tolerance .1 --generations 1', /--generations.*"1".*from 2/],
    ['quick-start --tolerance .1 --generations inf --criterion l1', /--generations.*Infinity.*l1/],
    ['quick-start --tolerance .1 --criterion colapse', /--criterion.*did you mean collapse/],
    ['quick-start --tolerance .1 --schedule acumulate', /--schedule.*did you mean accumulate/],
    ['quick-start --tolerance .1 --schedule fully-synthetic --real 5', /--real.*nothing with fully-synthetic/],
    ['quick-start --tolerance .1 --vocabulary 5', /--vocabulary.*--initial/],
    ['quik-start --tolerance .1', /did you mean "quick-start"/],
    ['--initial zipff --tolerance .1 --real 10', /zipff.*did you mean "zipf"/],
    ['--initial uniform --vocabulary x --tolerance .1 --real 10', /vocabulary.*"x".*whole number/],
    ['--initial uniform --vocabulary 3 --tolerance .1', /--real.*nothing/],
    ['--corpus /no/such/text --tolerance .1', /\/no\/such\/text/],
    ['quick-start --tolerance .1 --out /dev/null/x', /--out/],
  ])('refuses: plan %s', async (args, message) => {
    expectRefusal(await cli(['plan', ...args.split(' ').filter(Boolean)]), message);
  });
});
