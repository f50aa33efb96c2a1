/** How the p-values lie: against uniform ones (QQ plot), their small ones, and a histogram. */
import { type Axis, type Datasets, position } from '../figures/panels.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { FALSE_ALARM_RATE } from './check.js';
import type { PublicOutcome } from './outcome.js';

const size = { width: 270, height: 240 };
const BINS = 20;
/** The Kolmogorov-Smirnov distance that n uniform values exceed in 5 of 100 cases is about this over sqrt(n). */
const KS_95 = 1.358;
/** p-values below this are drawn at it. */
const LEAST = 1e-12;

const axis = (title: string | null, domain: [number, number], more: Partial<Axis> = {}) => ({ title, domain, ticks: 5, ...more });

/** The chart of the p-values of some checks. @throws RangeError without any */
export function pValueChart(outcomes: readonly Pick<PublicOutcome, 'pValue'>[]): VegaLiteSpec {
  const sorted = outcomes.flatMap(({ pValue }) => (typeof pValue === 'number' ? [pValue] : [])).sort((a, b) => a - b);
  if (sorted.length === 0) throw new RangeError('pValueChart: no p-values');
  const datasets: Datasets = {};
  return chart(
    { hconcat: [quantiles(datasets, sorted), smallest(datasets, sorted), histogram(datasets, sorted)], bounds: 'flush', spacing: 74 },
    datasets,
  );
}

const dots = (data: string, x: object, y: object) => ({
  data: { name: data },
  mark: { type: 'circle', color: palette.blue, size: 16, opacity: 0.8, clip: true },
  encoding: { x, y },
});

const line = (data: string, x: object, y: object, dash = false) => ({
  data: { name: data },
  mark: { type: 'line', color: palette.grey, strokeWidth: 1.2, clip: true, ...(dash && { strokeDash: [4, 3] }) },
  encoding: { x, y },
});

function quantiles(datasets: Datasets, sorted: readonly number[]): VegaLiteSpec {
  const n = sorted.length;
  const half = KS_95 / Math.sqrt(n);
  datasets.qq = sorted.map((p, i) => ({ expected: (i + 0.5) / n, p }));
  datasets['qq-band'] = [0, 1].map((x) => ({ x, y: x, low: x - half, high: x + half }));
  const x = (field: string) => position(field, axis('uniform quantile', [0, 1]));
  // Room above 1: a label at the very top would lift this panel's title above the others'.
  const y = (field: string) => position(field, axis('p-value', [0, 1.03], { values: [0, 0.2, 0.4, 0.6, 0.8, 1] }));
  const band = {
    data: { name: 'qq-band' },
    mark: { type: 'area', color: palette.grey, opacity: 0.14, clip: true },
    encoding: { x: x('x'), y: y('low'), y2: { field: 'high' } },
  };
  return { ...size, title: 'QQ plot', layer: [band, line('qq-band', x('x'), y('y')), dots('qq', x('expected'), y('p'))] };
}

/** The same on logarithmic axes, where the smallest p-values can be told apart from the limit. */
function smallest(datasets: Datasets, sorted: readonly number[]): VegaLiteSpec {
  const n = sorted.length;
  const minusLog = (p: number) => -Math.log10(Math.max(p, LEAST));
  const limit = minusLog(FALSE_ALARM_RATE);
  const last = Math.log10(2 * n) * 1.04;
  datasets.tail = sorted.map((p, i) => ({ expected: minusLog((i + 0.5) / n), p: minusLog(p) }));
  datasets['tail-line'] = [0, last].map((x) => ({ x, y: x }));
  datasets['tail-limit'] = [0, last].map((x) => ({ x, y: limit }));
  const x = (field: string) => position(field, axis('−log₁₀ of the uniform quantile', [0, last]));
  const y = (field: string) => position(field, axis('−log₁₀ of the p-value', [0, Math.max(limit + 0.5, minusLog(sorted[0]) + 0.5)]));
  const note = {
    data: { name: 'tail-limit' },
    transform: [{ filter: 'datum.x === 0' }],
    mark: {
      type: 'text',
      text: 'a check fails above',
      align: 'left',
      baseline: 'bottom',
      dx: 4,
      dy: -3,
      fontSize: 11,
      color: palette.grey,
    },
    encoding: { x: x('x'), y: y('y') },
  };
  const layer = [line('tail-line', x('x'), y('y')), line('tail-limit', x('x'), y('y'), true), note, dots('tail', x('expected'), y('p'))];
  return { ...size, title: 'Smallest p-values', layer };
}

function histogram(datasets: Datasets, sorted: readonly number[]): VegaLiteSpec {
  const n = sorted.length;
  const counts = new Array<number>(BINS).fill(0);
  for (const p of sorted) counts[Math.min(BINS - 1, Math.floor(p * BINS))]++;
  const expected = n / BINS;
  const spread = 2 * Math.sqrt(expected * (1 - 1 / BINS));
  datasets.histogram = counts.map((count, i) => ({ from: i / BINS, to: (i + 1) / BINS, count }));
  datasets['histogram-band'] = [0, 1].map((x) => ({ x, y: expected, low: Math.max(0, expected - spread), high: expected + spread }));
  const most = 1.1 * Math.max(...counts, expected + spread);
  const x = (field: string) => position(field, axis('p-value', [0, 1]));
  const y = (field: string) => position(field, axis('checks', [0, most]));
  const bars = {
    data: { name: 'histogram' },
    mark: { type: 'rect', color: palette.blue, fillOpacity: 0.75, stroke: 'white', strokeWidth: 0.6 },
    encoding: { x: x('from'), x2: { field: 'to' }, y: y('count'), y2: { datum: 0 } },
  };
  const band = {
    data: { name: 'histogram-band' },
    mark: { type: 'area', color: palette.grey, opacity: 0.2 },
    encoding: { x: x('x'), y: y('low'), y2: { field: 'high' } },
  };
  return { ...size, title: 'Histogram', layer: [bars, band, line('histogram-band', x('x'), y('y'))] };
}
