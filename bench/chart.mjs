// Charts of measurements, in the look of the project's figures.

import { position } from '../dist/figures/panels.js';
import { chart, palette, seriesColours } from '../dist/figures/style.js';

/** How many times as long as the first each row took: a point at the median, a line from the least to the largest round. */
export function ratioChart(title, rows) {
  const shown = rows.filter(({ ratio }) => ratio);
  const values = shown.map(({ name, library, ratio }) => ({
    name,
    who: library ? 'this library' : 'others',
    ...ratio,
    label: `${ratio.median.toPrecision(3)}`,
  }));
  // The label of the first has room left of it.
  const domain = [0.7 * Math.min(...shown.map(({ ratio }) => ratio.min)), 1.3 * Math.max(...shown.map(({ ratio }) => ratio.max))];
  const y = { field: 'name', type: 'nominal', sort: null, axis: { title: null, labelLimit: 0, grid: false, ticks: false, domain: false } };
  const x = (field) =>
    position(field, { title: `times as long as ${shown[0].name} (median and range of the rounds)`, type: 'log', ticks: 6, domain });
  const color = {
    field: 'who',
    type: 'nominal',
    scale: { domain: ['this library', 'others'], range: [palette.blue, palette.vermillion] },
    legend: null,
  };
  return chart(
    {
      width: 440,
      height: { step: 24 },
      title,
      data: { name: 'rows' },
      layer: [
        { mark: { type: 'rule', strokeWidth: 2.5 }, encoding: { y, x: x('min'), x2: { field: 'max' }, color } },
        { mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { y, x: x('median'), color } },
        {
          mark: { type: 'text', dy: -9, fontSize: 10.5, color: palette.ink },
          encoding: { y, x: x('median'), text: { field: 'label' } },
        },
      ],
    },
    { rows: values },
  );
}

/** Panels of lines, both axes logarithmic. @param panels [{ title, x, y, lines: { name: [[x, y], ...] } }] */
export function curveChart(panels, columns = 3) {
  const datasets = {};
  const concat = panels.map(({ title, x, y, lines }, i) => {
    const names = Object.keys(lines);
    datasets[`panel-${i}`] = names.flatMap((name) => lines[name].map(([at, value]) => ({ x: at, y: value, name })));
    const encoding = {
      x: position('x', { title: x, type: 'log', ticks: 4, format: '~s' }),
      y: position('y', { title: y, type: 'log', ticks: 4, format: '~s' }),
      color: {
        field: 'name',
        type: 'nominal',
        sort: null,
        scale: { domain: names, range: names.map((_, k) => seriesColours[k % seriesColours.length]) },
        legend: names.length > 1 ? { title: null, orient: 'bottom', columns: 2 } : null,
      },
    };
    return {
      width: 220,
      height: 160,
      title,
      data: { name: `panel-${i}` },
      layer: [
        { mark: { type: 'line', strokeWidth: 1.5 }, encoding },
        { mark: { type: 'point', filled: true, size: 30, opacity: 1 }, encoding },
      ],
    };
  });
  return chart({ concat, columns, resolve: { scale: { color: 'independent' } } }, datasets);
}
