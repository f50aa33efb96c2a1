/** Panels that the figures share: thin replicate lines under a mean and a theory line, distributions, histograms. */
import { estimate, zScore } from './claim.js';
import { type Role, strokeOf } from './legend.js';
import { palette, type VegaLiteSpec } from './style.js';

export type Datasets = Record<string, readonly object[]>;

/** A position channel: the field, its title (null: none), its domain. Labels can be left to a neighbouring panel. */
export interface Axis {
  title: string | null;
  domain?: [number, number];
  type?: 'linear' | 'log';
  labels?: boolean;
  ticks?: number;
  values?: number[];
  format?: string;
  /** Space for the labels in pixels, so that the titles of stacked panels line up. */
  extent?: number;
}

/** Encoding of a quantitative position channel. */
export function position(field: string, axis: Axis): VegaLiteSpec {
  return {
    field,
    type: 'quantitative',
    scale: {
      ...(axis.type === 'log' ? { type: 'log' } : { type: 'linear', zero: false }),
      nice: false,
      ...(axis.domain && { domain: axis.domain }),
    },
    axis: {
      title: axis.title,
      ...(axis.extent && { minExtent: axis.extent, maxExtent: axis.extent }),
      // Hidden, not left out: the panels' titles stand at one height only if all axes take the same space.
      ...(axis.labels === false && { labelOpacity: 0 }),
      ...(axis.format && { format: axis.format }),
      ...(axis.values ? { values: axis.values } : { tickCount: axis.ticks ?? 5 }),
    },
  };
}

/** Lines against generation. */
export interface Trajectories {
  generation: readonly number[];
  /** One array per replicate, aligned with `generation`. */
  replicates: readonly ArrayLike<number>[];
  mean: readonly number[];
  theory?: readonly number[];
}

/** Enough for five digits. */
export const labelExtent = 40;

export interface PanelSize {
  width: number;
  height: number;
}

/** Points that a line keeps at most: more could not be told apart in print. */
const pointsPerLine = 125;
const replicatesDrawn = 100;

/** One panel of thin replicate lines (the first 100), their mean and the theory line. Adds its data to `datasets` under names starting with `name`. */
export function trajectoryPanel(
  datasets: Datasets,
  name: string,
  data: Trajectories,
  size: PanelSize,
  x: Axis,
  y: Axis,
  title?: string,
): VegaLiteSpec {
  datasets[`${name}-replicate`] = data.replicates
    .slice(0, replicatesDrawn)
    .flatMap((values, r) => points(data.generation, values).map((point) => ({ r, ...point })));
  datasets[`${name}-mean`] = withScores(points(data.generation, data.mean), data);
  const encoding = { x: position('m', x), y: position('v', y) };
  const lineOf = (role: Role, extra: VegaLiteSpec = {}) => ({
    data: { name: `${name}-${role}` },
    mark: { type: 'line', clip: true, ...strokeOf(role) },
    encoding: { ...encoding, ...extra },
  });
  const layer: VegaLiteSpec[] = [lineOf('replicate', { detail: { field: 'r' } }), lineOf('mean')];
  if (data.theory) {
    datasets[`${name}-theory`] = points(data.generation, data.theory);
    layer.push(lineOf('theory'));
  }
  return { ...size, ...(title && { title }), layer };
}

/** The exact value and the z score of each point of a mean. */
function withScores(mean: readonly { m: number; v: number }[], { generation, replicates, theory }: Trajectories): object[] {
  if (theory === undefined) return [...mean];
  return mean.map((point) => {
    const row = generation.indexOf(point.m);
    const z = zScore(estimate(replicates.map((values) => values[row])), theory[row]);
    return { ...point, law: Number(theory[row].toPrecision(5)), z: Number(z.toPrecision(4)) };
  });
}

/** A line thinned to what can be seen, without the inside of flat stretches, to five digits. */
export function points(generation: readonly number[], values: ArrayLike<number>): { m: number; v: number }[] {
  const step = Math.max(1, Math.ceil(generation.length / pointsPerLine));
  const last = generation.length - 1;
  const kept = generation.map((_, i) => i).filter((i) => i % step === 0 || i === last);
  return kept
    .filter((i, k) => k === 0 || i === last || values[i] !== values[kept[k - 1]] || values[i] !== values[kept[k + 1]])
    .map((i) => ({ m: generation[i], v: Number(values[i].toPrecision(5)) }));
}

/** A distribution p_i against the token's rank, both axes logarithmic. */
export function distributionPanel(
  datasets: Datasets,
  name: string,
  p: ArrayLike<number>,
  size: PanelSize,
  x: Axis,
  y: Axis,
  title: string,
): VegaLiteSpec {
  datasets[name] = Array.from(p, (value, i) => ({ i: i + 1, p: Number(value.toPrecision(5)) })).filter((point) => point.p > 0);
  return {
    ...size,
    title,
    data: { name },
    mark: { type: 'area', line: { color: palette.green, strokeWidth: 1.5 }, color: palette.green, fillOpacity: 0.16, clip: true },
    encoding: {
      x: position('i', { ...x, type: 'log' }),
      y: { ...position('p', { ...y, type: 'log' }), stack: null },
      ...(y.domain && { y2: { datum: y.domain[0] } }),
    },
  };
}

/** Edges of the histogram's bins: two for each doubling. */
const binsPerDoubling = 2;

/** Runs by collapse time, on a logarithmic axis; a note says how many had not collapsed (time 0) by the last generation. */
export function histogramPanel(
  datasets: Datasets,
  name: string,
  times: readonly number[],
  last: number,
  size: PanelSize,
  first: boolean,
): VegaLiteSpec {
  const bins = new Map<number, number>();
  const collapsed = times.filter((time) => time > 0);
  for (const time of collapsed) {
    const bin = Math.floor(Math.log2(time) * binsPerDoubling + 1e-9);
    bins.set(bin, (bins.get(bin) ?? 0) + 1);
  }
  const edge = (bin: number) => 2 ** (bin / binsPerDoubling);
  datasets[name] = [...bins]
    .sort(([a], [b]) => a - b)
    .map(([bin, count]) => ({ from: edge(bin), to: edge(bin + 1), share: count / times.length }));
  const x = position('from', { title: 'collapse time T', domain: [0.9, last * 1.1], type: 'log', values: [1, 10, 100, last] });
  const y = position('share', {
    title: first ? 'share of runs' : null,
    extent: labelExtent,
    domain: [0, 0.5],
    labels: first,
    ticks: 3,
    format: '.0%',
  });
  const note = `${times.length - collapsed.length} of ${times.length} not collapsed by ${last}`;
  return {
    ...size,
    layer: [
      {
        data: { name },
        mark: { type: 'rect', color: palette.blue, fillOpacity: 0.75, stroke: 'white', strokeWidth: 0.6, clip: true },
        encoding: { x, x2: { field: 'to' }, y, y2: { datum: 0 } },
      },
      {
        data: { values: [{}] },
        mark: { type: 'text', text: note, align: 'right', baseline: 'top', fontSize: 11, color: palette.grey, x: size.width - 2, y: 2 },
        encoding: {},
      },
    ],
  };
}
