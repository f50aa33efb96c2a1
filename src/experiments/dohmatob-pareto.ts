/** Panels of Figure 1: error on the mixture against error on real data only, coloured by m/n. */
import { looks } from '../figures/legend.js';
import { type Axis, type Datasets, type PanelSize, position } from '../figures/panels.js';
import { palette, type VegaLiteSpec } from '../figures/style.js';

export interface ParetoPoint {
  /** m/n. */
  ratio: number;
  x: number;
  y: number;
  /** Half of the error bar along y. */
  halfWidth?: number;
  /** Exact y, and the z score of the measured one. */
  law?: number;
  z?: number;
}

export interface ParetoPanel {
  /** By width, rising. */
  curves: readonly { label: string; line: readonly ParetoPoint[]; dots: readonly ParetoPoint[] }[];
  title: string;
  size: PanelSize;
  x: Axis;
  y: Axis;
}

/** The two lowest labels would touch. */
const labelShift = { expr: "datum.label === 'c² = 0' ? 7 : -3" };

/** Adds its data to `datasets` under names starting with `name`. */
export function paretoPanel(datasets: Datasets, name: string, panel: ParetoPanel): VegaLiteSpec {
  const { curves, size, title } = panel;
  datasets[`${name}-line`] = curves.flatMap(({ line }) =>
    line.slice(1).map((to, i) => ({ ...rounded(line[i]), x2: digits(to.x), y2: digits(to.y) })),
  );
  datasets[`${name}-dots`] = curves.flatMap(({ dots }) => dots.map(rounded));
  datasets[`${name}-bars`] = curves.flatMap(({ dots }) =>
    dots.map(({ x, y, halfWidth = 0 }) => ({ x: digits(x), x2: digits(x), y: digits(y - halfWidth), y2: digits(y + halfWidth) })),
  );
  datasets[`${name}-labels`] = curves.map(({ label, line }) => ({ ...rounded(line[line.length - 1]), label }));
  const [low, high] = panel.x.domain ?? [0, 1];
  datasets[`${name}-diagonal`] = [{ x: low, y: low, x2: high, y2: high }];
  const x = position('x', panel.x);
  const y = position('y', panel.y);
  const ends = { x, y, x2: { field: 'x2' }, y2: { field: 'y2' } };
  const legend = { title: 'm/n', orient: 'right', gradientLength: size.height - 40, values: [0.1, 0.3, 1, 3, 10], format: '~g' };
  const color = {
    ...{ field: 'ratio', type: 'quantitative' },
    scale: { type: 'log', domain: [0.05, 10], scheme: 'viridis', reverse: true },
    legend,
  };
  const data = (part: string) => ({ data: { name: `${name}-${part}` } });
  const { colour, dash } = looks.limit;
  const layer = [
    { ...data('diagonal'), mark: { type: 'rule', clip: true, color: colour, strokeDash: dash, strokeWidth: 1.4 }, encoding: ends },
    { ...data('line'), mark: { type: 'rule', clip: true, strokeWidth: 2.4, strokeCap: 'round' }, encoding: { ...ends, color } },
    { ...data('bars'), mark: { type: 'rule', clip: true, strokeWidth: 0.8, color: palette.grey }, encoding: ends },
    {
      ...data('dots'),
      mark: { type: 'point', filled: true, size: 42, opacity: 1, stroke: palette.ink, strokeWidth: 0.7, clip: true },
      encoding: { x, y, fill: color },
    },
    // In white first, so that no line runs through a letter.
    ...[{ stroke: 'white', strokeWidth: 4 }, {}].map((halo) => ({
      ...data('labels'),
      mark: { type: 'text', align: 'right', baseline: 'middle', dx: -7, dy: labelShift, fontSize: 11, color: palette.ink, ...halo },
      encoding: { x, y, text: { field: 'label' } },
    })),
  ];
  return { ...size, title, layer };
}

function rounded({ ratio, x, y, law, z }: ParetoPoint): ParetoPoint {
  const known = law !== undefined && z !== undefined && { law: digits(law), z: digits(z) };
  return { ratio: digits(ratio), x: digits(x), y: digits(y), ...known };
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}
