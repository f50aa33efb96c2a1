/** Distributions over three tokens as dots in a triangle. */
import type { Datasets, PanelSize } from './panels.js';
import { palette, type VegaLiteSpec } from './style.js';

export interface SimplexPoint {
  /** Three probabilities. */
  p: readonly number[];
  /** Three weights that mix the dot's colour. */
  colour: readonly number[];
  /** Area of the dot in square pixels; default 26. */
  size?: number;
  /** Drawn with a dark outline. */
  marked?: boolean;
}

const height = Math.sqrt(3) / 2;
/** Corner colours, told apart with every common colour blindness. */
const corners = [palette.vermillion, palette.green, palette.blue].map((hex) =>
  [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)),
);

/** Token 0 is the lower left corner, token 1 the lower right, token 2 the top. */
function place(p: readonly number[]): { x: number; y: number } {
  return { x: p[1] + p[2] / 2, y: p[2] * height };
}

/** A colour between those of the corners, as #rrggbb. */
export function mix(weights: readonly number[]): string {
  const channel = (i: number) => Math.round(corners.reduce((sum, corner, token) => sum + weights[token] * corner[i], 0));
  return `#${[0, 1, 2].map((i) => Math.min(255, channel(i)).toString(16).padStart(2, '0')).join('')}`;
}

/** Names of the corners: lower left, lower right, top. */
export type CornerNames = readonly [string, string, string];

const cornerLabels = (names: CornerNames) => [
  { ...place([1, 0, 0]), text: names[0], colour: palette.vermillion, align: 'left', dx: -5, dy: 12 },
  { ...place([0, 1, 0]), text: names[1], colour: palette.green, align: 'right', dx: 5, dy: 12 },
  { ...place([0, 0, 1]), text: names[2], colour: palette.blue, align: 'left', dx: 11, dy: 4 },
];

/** Pixels around the triangle for the dots at its corners: all that is drawn stays inside, or titles would not stand at one height. */
const margin = 7;

/** A triangle with one dot per distribution, titled above; `names` are written at the corners. Adds its data to `datasets` under `name`. */
export function simplexPanel(
  datasets: Datasets,
  name: string,
  points: readonly SimplexPoint[],
  size: PanelSize,
  heading: { title: string; subtitle: string },
  names?: CornerNames,
): VegaLiteSpec {
  datasets[name] = points.map(({ p, colour, size: area = 26, marked }) => {
    const { x, y } = place(p);
    return {
      x: Number(x.toFixed(4)),
      y: Number(y.toFixed(4)),
      colour: mix(colour),
      area,
      shares: p.map((share) => Number(share.toPrecision(3))).join(', '),
      edge: marked ? palette.ink : '#ffffff',
      edgeWidth: marked ? 0.7 : 0.4,
    };
  });
  datasets.simplex ??= outline();
  const encoding = {
    x: { field: 'x', type: 'quantitative', axis: null, scale: { domain: [0, 1], nice: false, padding: margin } },
    y: { field: 'y', type: 'quantitative', axis: null, scale: { domain: [0, height], nice: false, padding: margin } },
  };
  return {
    width: size.width + 2 * margin,
    height: size.height + 2 * margin,
    title: { text: heading.title, subtitle: heading.subtitle },
    layer: [
      {
        data: { name: 'simplex' },
        mark: { type: 'line' },
        encoding: {
          ...encoding,
          detail: { field: 'line' },
          order: { field: 'step' },
          color: { field: 'stroke', type: 'nominal', scale: null },
          strokeWidth: { field: 'width', type: 'quantitative', scale: null },
        },
      },
      {
        data: { name },
        mark: { type: 'circle', opacity: 0.9, clip: true },
        encoding: {
          ...encoding,
          fill: { field: 'colour', type: 'nominal', scale: null },
          stroke: { field: 'edge', type: 'nominal', scale: null },
          strokeWidth: { field: 'edgeWidth', type: 'quantitative', scale: null },
          size: { field: 'area', type: 'quantitative', scale: null },
        },
      },
      ...(names ? [cornerText(names, encoding)] : []),
    ],
  };
}

function cornerText(names: CornerNames, encoding: VegaLiteSpec): VegaLiteSpec {
  return {
    data: { values: cornerLabels(names) },
    mark: { type: 'text', fontSize: 10.5, align: { expr: 'datum.align' }, dx: { expr: 'datum.dx' }, dy: { expr: 'datum.dy' } },
    encoding: { ...encoding, text: { field: 'text' }, color: { field: 'colour', type: 'nominal', scale: null } },
  };
}

/** The triangle and, faintly, the lines on which one probability is a quarter, a half, three quarters. */
function outline(): object[] {
  const lines: { points: number[][]; stroke: string; width: number }[] = [];
  for (const share of [0.25, 0.5, 0.75]) {
    for (let token = 0; token < 3; token++) {
      const point = (other: number) => [0, 1, 2].map((t) => (t === token ? share : t === other ? 1 - share : 0));
      lines.push({ points: [point((token + 1) % 3), point((token + 2) % 3)], stroke: palette.pale, width: 0.6 });
    }
  }
  lines.push({
    points: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ],
    stroke: '#8b929a',
    width: 0.9,
  });
  return lines.flatMap(({ points, stroke, width }, line) => points.map((p, step) => ({ ...place(p), line, step, stroke, width })));
}
