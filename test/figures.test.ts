import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../dist/errors.js';
import { experiments, findExperiments } from '../dist/experiments/registry.js';
import { reproduce } from '../dist/experiments/reproduce.js';
import { compare, estimate, worst } from '../dist/figures/claim.js';
import { points } from '../dist/figures/panels.js';
import { renderChart, toPng, toSvg } from '../dist/figures/render.js';
import { type Report, reportHtml } from '../dist/figures/report.js';
import { runChart } from '../dist/figures/run-chart.js';
import { mix } from '../dist/figures/simplex.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'figures-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('claims', () => {
  it('estimates a mean and its standard error', () => {
    const { mean, standardError } = estimate([1, 2, 3, 4]);
    expect(mean).toBe(2.5);
    expect(standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 14);
    expect(estimate([7]).standardError).toBeNaN();
  });

  it.each([
    [3.99, '=', true],
    [-3.99, '=', true],
    [4.01, '=', false],
    [-4.01, '=', false],
    [-3.99, '>=', true],
    [-4.01, '>=', false],
    [50, '>=', true],
    [3.99, '<=', true],
    [4.01, '<=', false],
    [-50, '<=', true],
  ] as const)('z = %d with %s: %s', (z, relation, holds) => {
    const claim = compare('c', 's', { mean: 10 + z / 2, standardError: 0.5 }, relation, 10);
    expect(claim.z).toBeCloseTo(z, 10);
    expect(claim.holds).toBe(holds);
  });

  it('adds the standard errors of two measurements in quadrature', () => {
    expect(compare('c', 's', { mean: 1, standardError: 3 }, '<=', { mean: 2, standardError: 4 })).toMatchObject({
      standardError: 5,
      z: -0.2,
      holds: true,
    });
  });

  it('compares exactly where nothing varied, and never passes what was not measured', () => {
    expect(compare('c', 's', { mean: 1, standardError: 0 }, '=', 1 - 1e-12)).toMatchObject({ z: 0, holds: true });
    expect(compare('c', 's', { mean: 0.05 + 1e-17, standardError: 1e-19 }, '=', 0.05)).toMatchObject({ z: 0, holds: true });
    expect(compare('c', 's', { mean: 1e-8, standardError: 1e-9 }, '=', 0)).toMatchObject({ z: 10, holds: false });
    expect(compare('c', 's', { mean: 1, standardError: 0 }, '=', 0.9)).toMatchObject({ z: 'Infinity', holds: false });
    expect(compare('c', 's', { mean: 1, standardError: 0 }, '>=', 0.9)).toMatchObject({ z: 'Infinity', holds: true });
    for (const relation of ['=', '>=', '<='] as const)
      expect(compare('c', 's', Number.NaN, relation, 1)).toMatchObject({ z: null, holds: false });
  });

  it('shows the comparison nearest to failing', () => {
    const at = (z: number, relation: '=' | '>=' = '=') => compare(String(z), 's', { mean: z, standardError: 1 }, relation, 0);
    expect(worst([at(1), at(-3), at(2)])).toMatchObject({ claim: '-3', worstOf: 3, holds: true });
    expect(worst([at(1), at(-5), at(2)])).toMatchObject({ claim: '-5', holds: false });
    expect(worst([at(9, '>='), at(2, '>=')])).toMatchObject({ claim: '2', holds: true });
    expect(worst([at(1), compare('nothing', 's', Number.NaN, '=', 1)])).toMatchObject({ claim: 'nothing', holds: false });
    expect(worst([at(1)])).not.toHaveProperty('worstOf');
    expect(() => worst([])).toThrow(RangeError);
  });
});

describe('names of figures', () => {
  it('takes ids, short names and groups, each figure once', () => {
    expect(findExperiments(['seddik-3', 'fig2', '3']).map(({ id }) => id)).toEqual(['seddik-2', 'seddik-3']);
    expect(findExperiments(['seddik']).map(({ id }) => id)).toEqual(['seddik-1', 'seddik-2', 'seddik-3', 'seddik-4', 'seddik-6']);
  });

  it('refuses an unknown name and names the nearest', () => {
    expect(() => findExperiments(['sedik-2'])).toThrow(/figure: got "sedik-2".*did you mean seddik-2/);
    expect(() => findExperiments(['constructor'])).toThrow(InputError);
  });

  it('has no name twice', () => {
    const names = experiments.flatMap(({ id, aliases }) => [id, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});

const summary = (mean: (number | null)[]) => ({
  mean,
  standardError: mean,
  quantiles: { '0.05': mean.map((v) => v && v - 0.1), '0.5': mean, '0.95': mean.map((v) => v && v + 0.1) },
});
const result = (metrics: Record<string, ReturnType<typeof summary>>) =>
  ({ generation: [1, 2, 3], metrics }) as unknown as Parameters<typeof runChart>[0][0]['result'];

describe('charts', () => {
  const spec = runChart([
    { label: 'first', result: result({ simpson: summary([0.1, 0.2, 0.3]), support: summary([9, 8, 7]) }) },
    { label: 'first', result: result({ simpson: summary([0.1, null, 0.2]) }) },
  ]);

  it('draw the same SVG every time, with every label', async () => {
    const [first, second] = [await toSvg(spec), await toSvg(spec)];
    expect(second).toBe(first);
    for (const text of ['Simpson index', 'support size', 'first (2)', 'generation m']) expect(first).toContain(text);
    expect(first).not.toMatch(/NaN|undefined/);
  });

  it('become PNGs with text in them', async () => {
    const png = await toPng(await toSvg(spec));
    expect([...png.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
    const text = (letter: string) =>
      toPng(
        `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text y="30" font-size="30" font-family="sans-serif">${letter}</text></svg>`,
      );
    expect(await text('M')).not.toEqual(await text(''));
  });

  it('are written as three files', async () => {
    const paths = await renderChart(spec, join(folder, 'chart'));
    expect((await readdir(folder)).filter((name) => name.startsWith('chart')).sort()).toEqual(['chart.png', 'chart.svg', 'chart.vl.json']);
    expect(JSON.parse(await readFile(paths.spec, 'utf8'))).toEqual(JSON.parse(JSON.stringify(spec)));
  });

  it('thin long lines but keep their ends, and the ends of flat stretches', () => {
    const generation = Array.from({ length: 501 }, (_, i) => i);
    const thinned = points(
      generation,
      generation.map((m) => Math.sin(m)),
    );
    expect(thinned.length).toBeLessThanOrEqual(127);
    expect([thinned[0].m, thinned.at(-1)?.m]).toEqual([0, 500]);
    expect(points([1, 2, 3, 4, 5], [0.5, 1, 1, 1, 1])).toEqual([
      { m: 1, v: 0.5 },
      { m: 2, v: 1 },
      { m: 5, v: 1 },
    ]);
  });

  it('mix the colours of a simplex', () => {
    expect(mix([1, 0, 0])).toBe('#d55e00');
    expect(mix([0, 0, 1])).toBe('#0072b2');
    expect(mix([0.5, 0, 0.5])).toMatch(/^#[0-9a-f]{6}$/);
  });
});

describe('the report', () => {
  const claim = compare('S_m is <small> & "exact"', 'Theorem 1', { mean: 0.5, standardError: 0.1 }, '=', 0.45);
  const files = {
    svg: 'a/chart.svg',
    png: 'a/chart.png',
    page: 'a/chart.html',
    spec: 'a/chart.vl.json',
    data: 'a/data.csv',
    results: 'a/results.json',
  };
  const figure = {
    id: 'a',
    title: 'Title',
    source: 'Paper',
    caption: 'Caption',
    parameters: [['n', '10']] as const,
    claims: [claim],
    simulations: [{ label: 'one', digest: 'abc', backend: 'wasm', threads: 2, durationSeconds: 0.1 }],
    files,
    durationSeconds: 1,
  };
  const report: Report = {
    version: '1',
    out: folder,
    startedAt: 'now',
    durationSeconds: 1,
    machine: { cpu: 'x' },
    figures: [figure],
    complete: true,
    claims: { total: 1, hold: 1 },
    passed: true,
  };

  it('shows claims, figures and digests, escaped, and loads nothing from elsewhere', () => {
    const html = reportHtml(report);
    for (const text of [
      'S<sub>m</sub> is &lt;small&gt; &amp; "exact"',
      'src="a/chart.svg"',
      'abc',
      'Caption',
      '>0.45<',
      '>0.5<',
      '>0.50<',
      '>holds<',
    ])
      expect(html).toContain(text);
    expect(html).not.toMatch(/https?:|<script|@import|url\(/);
  });

  it('says that it is partial where figures are missing', () => {
    expect(reportHtml(report)).not.toContain('partial');
    expect(reportHtml({ ...report, complete: false })).toContain('This report is partial');
  });
});

describe('reproduce', () => {
  it('simulates, tests the claims and writes everything', async () => {
    const out = join(folder, 'report');
    const fractions: number[] = [];
    const report = await reproduce({ figures: ['fig4'], out, onProgress: ({ fraction }) => fractions.push(fraction) });
    expect(report.passed).toBe(true);
    expect(report.figures[0].claims.length).toBe(16);
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
    for (const path of ['index.html', 'report.json', ...Object.values(report.figures[0].files)])
      expect((await stat(join(out, path))).size).toBeGreaterThan(100);
    const html = await readFile(join(out, 'index.html'), 'utf8');
    expect(html.match(/>holds</g)?.length).toBe(16);
    for (const { digest } of report.figures[0].simulations) expect(html).toContain(digest);
    const [header, first] = (await readFile(join(out, 'seddik-4', 'data.csv'), 'utf8')).split('\n');
    expect(header).toBe('column,replicate,generation,simpson,l1-first,l2-first');
    expect(first.split(',').slice(-2)).toEqual(['0', '0']);
    await expect(reproduce({ figures: ['fig4'], out })).rejects.toThrow(InputError);
  });

  it('stops when told to, before anything is written', async () => {
    const out = join(folder, 'stopped');
    await expect(reproduce({ figures: ['2'], out, signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(await readdir(out)).toEqual([]);
  });
});
