/** The figures of this project's own axes: with few runs, every claim holds at its fixed seed, and everything is drawn. */
import { describe, expect, it } from 'vitest';
import { findExperiments } from '../dist/experiments/registry.js';
import { keepRun } from '../dist/experiments/run.js';
import { toSvg } from '../dist/figures/render.js';
import { seriesPanel } from '../dist/figures/series.js';

const ids = ['schedules', 'wang-mechanisms', 'golden-ratio', 'verifier', 'gaussian'];

describe.each(ids)('%s', (id) => {
  it('simulates what it says, and its claims hold', async () => {
    const [experiment] = findExperiments([id]);
    let simulated = 0;
    const outcome = await experiment.run({
      replicates: 10,
      simulate: (label, spec, onChains) => keepRun(label, { ...spec, seed: (spec.seed ?? 0) + simulated++ }, { onChains }),
    });
    expect(simulated).toBe(experiment.simulations);
    expect(outcome.results.length).toBe(experiment.simulations);
    // About 200 comparisons at |z| < 4: a false alarm in one of a hundred seeds, and the seeds are fixed.
    expect(outcome.claims.filter(({ holds }) => !holds)).toEqual([]);
    expect(outcome.claims.filter(({ z }) => z === null)).toEqual([]);
    const width = outcome.data.columns.length;
    let rows = 0;
    for (const row of outcome.data.rows) {
      if (rows++ < 50) expect(row.length).toBe(width);
    }
    expect(rows).toBeGreaterThan(40);
    const svg = await toSvg(outcome.chart);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    for (const { result, expected = {} } of outcome.results) {
      for (const values of Object.values(expected)) expect(values.length).toBe(result.generation.length);
    }
  });
});

describe('groups', () => {
  it.each([
    ['wang', 'wang-mechanisms'],
    ['he', 'golden-ratio'],
    ['feng', 'verifier'],
    ['gaussian', 'gaussian'],
  ])('%s finds %s', (group, id) => {
    expect(findExperiments([group]).map((experiment) => experiment.id)).toContain(id);
  });
});

describe('panels of series', () => {
  const names = ['a', 'b'];
  const size = { width: 100, height: 80 };

  it('leave out what a logarithmic axis cannot show, and give every part one colour scale', async () => {
    const datasets: Record<string, object[]> = {};
    const panel = seriesPanel(datasets, 'p', {
      size,
      names,
      x: { title: 'm' },
      y: { title: 'v', type: 'log', domain: [0.1, 1] },
      measured: [{ name: 'a', x: [1, 2, 3], y: [0, 0.5, 1] }],
      expected: [{ name: 'b', x: [1, 2], y: [0.2, Number.POSITIVE_INFINITY] }],
      marked: [{ name: 'a', x: [1], y: [0.5], halfWidth: [0.1] }],
    });
    expect(datasets['p-measured']).toEqual([
      { x: 2, v: 0.5, series: 'a', r: 0 },
      { x: 3, v: 1, series: 'a', r: 0 },
    ]);
    expect(datasets['p-expected']).toEqual([{ x: 1, v: 0.2, series: 'b', r: 0 }]);
    expect(datasets['p-bars']).toEqual([{ x: 1, v: 0.5, series: 'a', r: 0, low: 0.4, high: 0.6 }]);
    const layer = panel.layer as { encoding: { color: { scale: object } } }[];
    expect(new Set(layer.map(({ encoding }) => JSON.stringify(encoding.color.scale))).size).toBe(1);
  });
});
