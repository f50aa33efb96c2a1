// Regression specs on the command line: run, theory, plan, presets.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { planRegression } from '../dist/plan/regression.js';
import { parseSpec, type RegressionSpec } from '../dist/spec/spec.js';
import { cli } from './cli-process.js';

const small = ['--set', 'model.dimension=20', '--set', 'schedule.samples=100', '--replicates', '20'];

describe('commands', () => {
  test.concurrent('run --json: testError, the metric, nothing that collapses', async () => {
    const { stdout, status } = await cli(['run', 'dohmatob-fig10', ...small, '--json']);
    const { testError, metrics, generation, digest, provenance } = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(generation).toHaveLength(10);
    expect(testError).toEqual({ mean: metrics['test-error'].mean[0], standardError: metrics['test-error'].standardError[0] });
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(provenance.spec.schedule.kind).toBe('mixture');
  });

  test.concurrent('run: a table without a collapse time, and tables in files', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'model-collapse-'));
    try {
      const { stdout } = await cli(['run', 'dohmatob-fig10', ...small, '--out', dir, '--format', 'csv']);
      expect(stdout).toContain('test-error');
      expect(stdout).not.toContain('collapse time');
      expect(readFileSync(join(dir, 'replicates.csv'), 'utf8')).toMatch(/^replicate,context,generation,test-error\n0,0,1,/);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  test.concurrent('run --estimate', async () => {
    const { generations, chains, seconds } = JSON.parse((await cli(['run', 'dohmatob-fig10', '--estimate', '--json'])).stdout);
    expect([generations, chains]).toEqual([2000, 200]);
    expect(seconds).toBeLessThan(5);
  });

  test.concurrent('theory: the parts of the error, by generation; infinite at n = d', async () => {
    const { testError, expected } = JSON.parse((await cli(['theory', 'dohmatob-fig10', '--json'])).stdout);
    expect(testError).toEqual({ bias: 0, variance: 0.25, zeta: expect.closeTo(0.3125, 12), total: expect.closeTo(0.5625, 12) });
    expect(expected['test-error']).toHaveLength(10);
    expect(expected['test-error'][0]).toBe(testError.total);
    const infinite = JSON.parse((await cli(['theory', 'dohmatob-fig10', '--json', '--set', 'schedule.samples=100'])).stdout);
    expect(infinite.testError).toMatchObject({ bias: 0, variance: 'Infinity', total: 'Infinity' });
    expect((await cli(['theory', 'dohmatob-fig10'])).stdout).toMatch(
      /test error of generation 1: bias 0, variance 0\.25, zeta 0\.3125, total 0\.5625/,
    );
  });

  test.concurrent('theory: what has no closed form is absent, with a note', async () => {
    const { stdout, stderr } = await cli(['theory', 'dohmatob-fig10', '--json', '--set', 'schedule.real=fixed']);
    expect(JSON.parse(stdout).expected).toEqual({});
    expect(stderr).toContain('no closed form');
  });

  test.concurrent('plan: the plateau and the best width', async () => {
    const { plateau, width, tolerance } = JSON.parse((await cli(['plan', 'dohmatob-fig4', '--json'])).stdout);
    expect(tolerance).toBe(0.1);
    expect(plateau.error.total / plateau.limit.total).toBeCloseTo(1.1, 3);
    expect(width.error.total).toBeGreaterThan(0);
    expect((await cli(['plan', 'dohmatob-fig3'])).stdout).toMatch(/more data stops helping at n = \d+/);
    const { stderr, status } = await cli(['plan', 'dohmatob-fig3', '--real', '5']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('--real: got 5; allowed: nothing with a regression model')]);
  });
});

describe('planRegression', () => {
  const spec = (model: object, schedule: object) =>
    parseSpec({
      model: { kind: 'ridge', dimension: 100, ...model },
      schedule: { kind: 'mixture', samples: 400, syntheticFraction: 0.5, noiseReal: 1, quality: 0.5, ...schedule },
    }) as RegressionSpec;

  test('real data alone always helps', () => {
    const { plateau, weight } = planRegression(spec({}, { syntheticFraction: 0 }));
    expect(plateau.samples).toBe(Infinity);
    expect(weight?.weight).toBe(0);
  });

  test('bad input', () => {
    expect(() => planRegression(spec({}, {}), 0)).toThrow(/^tolerance: got 0/);
    expect(() => planRegression(spec({}, { syntheticWeight: 0.5 }))).toThrow(/^schedule\.syntheticWeight: got 0\.5/);
  });
});
