/** The chart of a text's contexts: simplexes of one run, and how many contexts have collapsed. */
import { estimate } from '../figures/claim.js';
import { grid, looks, strokeOf } from '../figures/legend.js';
import { type Datasets, labelExtent, position } from '../figures/panels.js';
import { type CornerNames, simplexPanel } from '../figures/simplex.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { counts, lastTimes, snapshots, type TextColumn } from './text-contexts.js';

const corners: CornerNames = ['most frequent', 'second', 'others'];
/** Contexts that a triangle holds at most: the most frequent ones. */
const mostDots = 3000;
const triangle = { width: 172, height: 149 };
const size = { width: 473, height: 190 };
/** The height at which collapse times of all contexts stand: there, the curve is far away. */
const level = { y: { datum: 0.1 } };

/** @param columns one for each context length, at least one */
export function drawText(columns: readonly TextColumn[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const end = columns.flatMap((column) => [...lastTimes(column), column.law.mean]).reduce((a, b) => Math.max(a, b), 10);
  const decades = Math.ceil(Math.log10(end));
  const rows = columns.map((column) => simplexes(datasets, column));
  const panels = columns.map((column, i) => collapsePanel(datasets, column, decades, i === 0));
  const below = grid(panels, panels.length, ['points', 'replicate', 'theory'], { row: 0, column: 72 });
  return chart({ vconcat: [...rows, below], spacing: 34 }, datasets);
}

const count = (value: number) => value.toLocaleString('en');

/** A row of triangles: the truth and the run at `snapshots`. */
function simplexes(datasets: Datasets, { length, name, contexts }: TextColumn): VegaLiteSpec {
  // Rare contexts come last, so that their small dots lie on top.
  const drawn = [...contexts].sort((a, b) => b.n - a.n).slice(0, mostDots);
  const scale = drawn.length > 300 ? 0.45 : 1;
  const panels = [0, ...snapshots].map((m, i) => {
    const points = drawn.map(({ n, shares, single }) => ({
      p: shares[i],
      colour: shares[0],
      size: scale * (8 + 16 * Math.log10(n)),
      marked: single[i],
    }));
    const single = contexts.filter((context) => context.single[i]);
    const subtitle = `${count(single.length)} of ${count(contexts.length)} ${i === 0 ? 'with a single token' : 'collapsed'}`;
    const at = (token: number) => count(single.filter(({ shares }) => shares[i][token] === 1).length);
    const names: CornerNames = i === 0 ? corners : [at(0), at(1), at(2)];
    return simplexPanel(datasets, `simplex-${length}-${m}`, points, triangle, { title: `m = ${count(m)}`, subtitle }, names);
  });
  const shown = drawn.length < contexts.length ? `, the ${count(mostDots)} most frequent drawn` : '';
  const title = { text: `Contexts of ${name}${shown}`, anchor: 'start', fontSize: 14, offset: 14 };
  return { ...grid(panels, panels.length, [], { row: 0, column: 22 }), title };
}

/** Contexts that have collapsed against generation, and when all have. */
function collapsePanel(datasets: Datasets, column: TextColumn, decades: number, first: boolean): VegaLiteSpec {
  const { length, name, law, contexts } = column;
  const covered = law.contexts < contexts.length ? `, those with at most ${count(law.largest)} tokens` : '';
  const last = lastTimes(column);
  const x = position('m', {
    ...{ title: 'generation m', type: 'log', domain: [1, 10 ** decades], format: ',' },
    values: Array.from({ length: decades + 1 }, (_, i) => 10 ** i),
  });
  const y = position('share', {
    ...{ title: first ? 'share of contexts collapsed' : null, domain: [0, 1], labels: first, ticks: 5, format: '.0%', extent: labelExtent },
  });
  const named = (part: string, values: object[]) => {
    datasets[`${part}-${length}`] = values;
    return { name: `${part}-${length}` };
  };
  const exact = { type: 'rule', ...strokeOf('theory'), strokeWidth: 1.3 };
  const tick = { type: 'tick', thickness: 1, size: 14, color: looks.replicate.colour, orient: 'vertical' };
  return {
    ...size,
    title: `Contexts of ${name}${covered}`,
    layer: [
      ...(covered ? [] : [{ data: named('expected', [{ m: law.mean }]), mark: exact, encoding: { x } }]),
      { data: named('exact', curve(column, 10 ** decades)), mark: { type: 'line', ...strokeOf('theory') }, encoding: { x, y } },
      { data: named('mean', means(column, 10 ** decades)), layer: dots(x, y) },
      { data: named('runs', last.map(onlyTime)), mark: tick, encoding: { x, ...level } },
      { data: named('last', [lastMean(column)]), layer: lastMarks(x) },
    ],
  };
}

function curve({ law }: TextColumn, end: number): object[] {
  return law.generation.flatMap((m, i) =>
    m <= end && (i % 8 === 0 || m < 32) ? [{ m, share: Number((law.collapsed[i] / law.contexts).toPrecision(6)) }] : [],
  );
}

function means(column: TextColumn, end: number): object[] {
  const share = (value: number) => Number((value / column.law.contexts).toPrecision(6));
  return counts(column)
    .filter(({ generation }) => generation <= end)
    .map(({ generation, measured: { mean, standardError } }) => ({
      m: generation,
      share: share(mean),
      low: share(mean - 2 * standardError),
      high: share(mean + 2 * standardError),
    }));
}

function onlyTime(m: number): object {
  return { m };
}

/** The mean time until all contexts have collapsed; a bar on a logarithmic axis ends above 0. */
function lastMean(column: TextColumn): object {
  const { mean, standardError } = estimate(lastTimes(column));
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(standardError)) - 1);
  const round = (value: number) => count(Math.round(value / unit) * unit);
  const text = [`all ${count(column.contexts.length)} collapsed after`, `${round(mean)} ± ${round(standardError)} generations`];
  return { m: mean, low: Math.max(1, mean - 2 * standardError), high: mean + 2 * standardError, text };
}

const bar = { type: 'rule', color: looks.points.colour, strokeWidth: looks.points.width };
const dot = { type: 'point', filled: true, size: 34, opacity: 1, color: looks.points.colour };

function dots(x: VegaLiteSpec, y: VegaLiteSpec): VegaLiteSpec[] {
  return [
    { mark: bar, encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } } },
    { mark: dot, encoding: { x, y } },
  ];
}

function lastMarks(x: VegaLiteSpec): VegaLiteSpec[] {
  const note = { type: 'text', align: 'right', baseline: 'middle', dx: -62, dy: -6, lineHeight: 14, fontSize: 11, color: palette.ink };
  return [
    { mark: bar, encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, ...level } },
    { mark: dot, encoding: { x, ...level } },
    { mark: note, encoding: { x, ...level, text: { field: 'text' } } },
  ];
}
