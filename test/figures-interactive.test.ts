/** The interactive version of a chart: what it adds, that it compiles and answers without a browser, and that its page needs nothing else. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as vega from 'vega';
import * as vegaLite from 'vega-lite';
import { describe, expect, it } from 'vitest';
import { paretoPanel } from '../dist/experiments/dohmatob-pareto.js';
import { interactiveSpec } from '../dist/figures/interactive.js';
import { interactivePage, pageScripts, stageScripts } from '../dist/figures/interactive-page.js';
import { grid, under } from '../dist/figures/legend.js';
import { type Datasets, distributionPanel, histogramPanel, trajectoryPanel } from '../dist/figures/panels.js';
import { seriesPanel } from '../dist/figures/series.js';
import { simplexPanel } from '../dist/figures/simplex.js';
import { chart, type VegaLiteSpec } from '../dist/figures/style.js';
import { StagedFolder } from '../dist/results/staged.js';

const size = { width: 200, height: 100 };
const axis = { title: 'n' };

/** Two panels under one legend, one with lines of replicates, dots in a triangle, bars, rules. */
function everyPanel(): VegaLiteSpec {
  const datasets: Datasets = {};
  const names = ['one', 'two'];
  const curve = (name: string, up: number) => ({ name, x: [1, 2, 3], y: [1, 2, 3].map((v) => v + up) });
  const series = (id: string) =>
    seriesPanel(datasets, id, {
      ...{ size, names, x: { ...axis, type: 'log', values: [1, 2, 3], domain: [1, 3] }, y: { title: id === 'a' ? 'error' : null } },
      expected: names.map(curve),
      marked: names.map((name, i) => ({ ...curve(name, i), halfWidth: [0.2, 0.2, 0.2], exact: [1.3 + i, 2 + i, 3 + i] })),
      verticals: [2],
    });
  const replicates = [Float64Array.of(1, 2, 4), Float64Array.of(1, 3, 2)];
  const lines = { generation: [0, 1, 2], replicates, mean: [1, 2.5, 3], theory: [1, 2, 3] };
  const panels = [
    series('a'),
    series('b'),
    trajectoryPanel(datasets, 't', lines, size, axis, { title: 'S' }),
    simplexPanel(datasets, 's', [{ p: [0.2, 0.3, 0.5], colour: [0, 1, 0] }], size, { title: 'T', subtitle: 'm' }),
    distributionPanel(datasets, 'd', [0.5, 0.3, 0.2], size, { title: 'rank' }, { title: 'probability', domain: [0.1, 1] }, 'D'),
    histogramPanel(datasets, 'h', [1, 5, 5, 0], 10, size, true),
    paretoPanel(datasets, 'p', {
      ...{ title: 'P', size, x: axis, y: axis },
      curves: [
        {
          label: 'c',
          line: [
            { ratio: 1, x: 1, y: 1 },
            { ratio: 2, x: 2, y: 2 },
          ],
          dots: [{ ratio: 1, x: 1, y: 1, law: 1, z: 0 }],
        },
      ],
    }),
  ];
  return chart(under(['marked', 'expected'], grid(panels, 3, [], { row: 10, column: 10 })), datasets);
}

const refuse = (level: string) => (message: unknown) => {
  throw new Error(`vega-lite ${level}: ${message}`);
};
const strict = { ...vega.logger(vega.Warn), warn: refuse('warning'), error: refuse('error') } as unknown as vega.LoggerInterface;

async function viewOf(spec: VegaLiteSpec): Promise<vega.View> {
  const compiled = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0], { logger: strict }).spec;
  return new vega.View(vega.parse(compiled), { renderer: 'none', logLevel: vega.Error }).runAsync();
}

/** Every mark of a scene graph. */
function items(node: { items?: unknown[] }): Record<string, unknown>[] {
  const children = (node.items ?? []) as { items?: unknown[] }[];
  return [...children, ...children.flatMap(items)] as Record<string, unknown>[];
}
const marks = (view: vega.View) => items((view.scenegraph() as unknown as { root: { items: unknown[] } }).root);

describe('the specification', () => {
  it('compiles without a warning and says values, exact values and z scores', async () => {
    const view = await viewOf(interactiveSpec(everyPanel()));
    const tooltips = marks(view).flatMap(({ tooltip }) => (tooltip ? [tooltip as Record<string, string>] : []));
    // Titles of a neighbour stand for those that a panel leaves out.
    const point = {
      n: '1',
      error: '1',
      series: 'one',
      '− 2 standard errors': '0.8',
      '+ 2 standard errors': '1.2',
      exact: '1.3',
      z: '−3.00',
    };
    expect(tooltips.filter((one) => JSON.stringify(one) === JSON.stringify(point)).length).toBe(2);
    expect(tooltips).toContainEqual({ n: '1', S: '2.5', exact: '2', z: '1.00' });
    const { error: _, ...bar } = point;
    expect(tooltips).toContainEqual(bar);
    expect(tooltips).toContainEqual({ probabilities: '0.2, 0.3, 0.5' });
    // A line by itself: only its series.
    expect(tooltips).toContainEqual({ series: 'two' });
    expect(tooltips).toContainEqual({ rank: '2', probability: '0.3' });
    expect(tooltips.some((one) => 'm/n' in one)).toBe(true);
    expect(JSON.stringify(tooltips)).not.toMatch(/undefined|NaN/);
  });

  it('has one pan and zoom for each panel with drawn axes, and ticks that follow it', async () => {
    const text = JSON.stringify(interactiveSpec(everyPanel()));
    expect(text.match(/"bind":"scales"/g)).toHaveLength(6);
    // Ticks that were chosen for the whole axis give way once it has moved.
    expect(text).toContain('"values":{"expr":"zoom1[\\"x\\"] ? null : [1,2,3]"}');
    expect(text).not.toContain('"values":[1,2,3]');
    const view = await viewOf(interactiveSpec(everyPanel()));
    const zoomed = Object.keys(view.getState().signals ?? {}).filter((name) => /^zoom\d+_/.test(name));
    expect(zoomed.length).toBeGreaterThan(0);
  });

  it('a click on the legend singles out a series in all panels under it', async () => {
    const view = await viewOf(interactiveSpec(everyPanel()));
    // Groups have no opacity of their own.
    const shades = () => {
      const series = marks(view).filter(({ datum }) => (datum as { series?: string } | undefined)?.series === 'two');
      return series.flatMap(({ opacity }) => (typeof opacity === 'number' ? [opacity] : []));
    };
    const before = shades();
    expect(before.filter((opacity) => opacity === 1).length).toBeGreaterThan(10);
    for (const name of Object.keys(view.getState().signals ?? {})) if (/^pick\d+_series_legend$/.test(name)) view.signal(name, 'one');
    await view.runAsync();
    const after = shades();
    expect(after.length).toBe(before.length);
    expect(Math.max(...after)).toBeLessThan(0.1);
  });

  it('is otherwise that of the static chart', () => {
    const spec = everyPanel();
    const before = JSON.stringify(spec);
    const { datasets, config } = interactiveSpec(spec);
    expect(JSON.stringify(spec)).toBe(before);
    expect([datasets, config]).toEqual([spec.datasets, spec.config]);
  });
});

describe('the page', () => {
  const title = 'A <b>"title"</b> </script>';
  const page = interactivePage({ ...everyPanel(), title }, { title, caption: 'x < y' });

  it('carries its specification, whatever the text in it', () => {
    const [, json] = page.match(/<script type="application\/json" id="spec">([\s\S]*?)<\/script>/) as RegExpMatchArray;
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(interactiveSpec({ ...everyPanel(), title }))));
    expect(page.match(/<\/script>/g)).toHaveLength(pageScripts.length + 2);
    expect(page).toContain('A &lt;b&gt;"title"&lt;/b&gt; &lt;/script&gt;');
  });

  it('loads nothing but the two scripts beside the report', async () => {
    expect([...page.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, url]) => url)).toEqual([
      '../index.html',
      '../vega.min.js',
      '../vega-lite.min.js',
    ]);
    const dir = await mkdtemp(join(tmpdir(), 'figures-page-'));
    try {
      const folder = new StagedFolder(dir);
      await stageScripts(folder);
      await folder.commit();
      const require = createRequire(import.meta.url);
      for (const name of pageScripts) {
        const installed = join(dirname(require.resolve(name.replace('.min.js', ''))), name);
        expect((await readFile(join(dir, name))).equals(await readFile(installed))).toBe(true);
      }
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('has a program that parses', () => {
    const programs = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, code]) => code);
    expect(programs).toHaveLength(1);
    expect(() => new Function(programs[0])).not.toThrow();
  });
});
