/** Panels that tell series apart by colour: single runs, means, points with error bars, theory lines and bounds of each. */
import { zScore } from './claim.js';
import { looks, type Role } from './legend.js';
import { type Axis, type Datasets, type PanelSize, position } from './panels.js';
import { seriesColours, type VegaLiteSpec } from './style.js';

/** One line, or one row of points. */
export interface Curve {
  /** Of the series, which says the colour. */
  name: string;
  x: readonly number[];
  y: ArrayLike<number>;
  /** Half of the error bar of each point: two standard errors. */
  halfWidth?: readonly number[];
  /** Exact values of the points, which the interactive chart shows with their z scores. */
  exact?: ArrayLike<number>;
}

export interface SeriesPanel {
  size: PanelSize;
  x: Axis;
  y: Axis;
  title?: string;
  /** Every series of the panels that share a legend, in its order. */
  names: readonly string[];
  /** Default: the house's, in order. */
  colours?: readonly string[];
  /** Columns of the legend. */
  columns?: number;
  /** Drawn in this order. */
  runs?: readonly Curve[];
  measured?: readonly Curve[];
  expected?: readonly Curve[];
  limit?: readonly Curve[];
  marked?: readonly Curve[];
  optimum?: readonly Curve[];
  /** Thin vertical lines at these places of the x axis. */
  verticals?: readonly number[];
}

const lineRoles = ['measured', 'expected', 'limit'] as const;

/** A panel of coloured series. Adds its data to `datasets` under names starting with `name`. */
export function seriesPanel(datasets: Datasets, name: string, panel: SeriesPanel): VegaLiteSpec {
  const { size, x, y, title, names, colours = seriesColours, columns = 4 } = panel;
  const legend = { title: null, orient: 'top', direction: 'horizontal', columns, symbolType: 'stroke', symbolOpacity: 1 };
  const range = names.map((_, i) => colours[i % colours.length]);
  const color = { field: 'series', type: 'nominal', sort: null, scale: { domain: names, range }, legend };
  const encoding = { x: position('x', x), y: position('v', y), color };
  const layer: VegaLiteSpec[] = (panel.verticals ?? []).map((at) => ({
    data: { values: [{ x: at }] },
    mark: { type: 'rule', color: '#b8bec6', strokeWidth: 1 },
    encoding: { x: encoding.x },
  }));
  const add = (part: string, curves: readonly Curve[] | undefined, mark: VegaLiteSpec, extra: VegaLiteSpec = {}) => {
    if (curves === undefined) return;
    datasets[`${name}-${part}`] = curves.flatMap((curve, r) => rows(curve, r, x, y));
    layer.push({ data: { name: `${name}-${part}` }, mark: { clip: true, ...mark }, encoding: { ...encoding, ...extra } });
  };
  add('runs', panel.runs, { type: 'line', strokeWidth: 0.6, opacity: 0.4 }, { detail: { field: 'r' } });
  for (const role of lineRoles)
    add(role, panel[role], line(role, role === 'measured' && !panel.expected && !panel.runs), { detail: { field: 'r' } });
  add('bars', panel.marked, { type: 'rule', strokeWidth: 1.2 }, { y: { ...encoding.y, field: 'low' }, y2: { field: 'high' } });
  add('marked', panel.marked, { type: 'point', filled: true, size: 26, opacity: 1 });
  add('optimum', panel.optimum, { type: 'point', shape: 'diamond', filled: false, strokeWidth: 1.8, size: 110, opacity: 1, clip: false });
  return { ...size, ...(title && { title }), layer };
}

function line(role: Role, alone: boolean): VegaLiteSpec {
  const { dash, width } = looks[role];
  return { type: 'line', strokeWidth: alone ? 2 : width, strokeDash: dash, opacity: role === 'measured' ? 0.8 : 1 };
}

/** What a logarithmic axis cannot show is left out. */
function rows({ name, x, y, halfWidth, exact }: Curve, r: number, xAxis: Axis, yAxis: Axis): object[] {
  const shown = (value: number, axis: Axis) => Number.isFinite(value) && (axis.type !== 'log' || value > 0);
  return x.flatMap((at, i) => {
    const v = y[i];
    if (!shown(at, xAxis) || !shown(v, yAxis)) return [];
    const bar = halfWidth && { low: digits(v - halfWidth[i]), high: digits(v + halfWidth[i]) };
    const score = halfWidth &&
      exact && { law: digits(exact[i]), z: digits(zScore({ mean: v, standardError: halfWidth[i] / 2 }, exact[i])) };
    return [{ x: at, v: digits(v), series: name, r, ...bar, ...score }];
  });
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}
