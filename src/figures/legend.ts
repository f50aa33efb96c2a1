/** The marks' meanings: one look for each, and the legend over a grid of panels. Vega-Lite's own legends know one dash and one shape only. */
import { palette, type VegaLiteSpec } from './style.js';

/** What a line or a dot stands for. */
export type Role = 'replicate' | 'mean' | 'points' | 'theory' | 'bound' | 'measured' | 'marked' | 'expected' | 'limit' | 'optimum';
/** A role in a legend, with another name where its own is not what the figure shows. */
export type LegendEntry = Role | readonly [Role, string];

interface Look {
  name: string;
  colour: string;
  dash: number[];
  width: number;
}

export const looks: Record<Role, Look> = {
  replicate: { name: 'single runs', colour: '#9fb9cc', dash: [1, 0], width: 0.5 },
  mean: { name: 'mean of the runs', colour: palette.blue, dash: [1, 0], width: 2 },
  points: { name: 'mean of the runs ± 2 standard errors', colour: palette.blue, dash: [1, 0], width: 1.2 },
  theory: { name: 'exact expectation', colour: palette.vermillion, dash: [5, 3], width: 2 },
  bound: { name: 'lower bound of the paper', colour: palette.grey, dash: [1.5, 2.5], width: 1.8 },
  // Of panels whose colours tell series apart; in the legend they are grey.
  measured: { name: 'mean of the runs', colour: palette.grey, dash: [1, 0], width: 1.1 },
  marked: { name: 'mean of the runs ± 2 standard errors', colour: palette.grey, dash: [1, 0], width: 1.2 },
  expected: { name: 'exact expectation', colour: palette.grey, dash: [5, 3], width: 1.7 },
  limit: { name: 'bound', colour: palette.grey, dash: [1.5, 2.5], width: 1.8 },
  optimum: { name: 'optimum', colour: palette.grey, dash: [1, 0], width: 1.2 },
};

/** Stroke properties of a line of this role. */
export function strokeOf(role: Role): VegaLiteSpec {
  const { colour, dash, width } = looks[role];
  return { color: colour, strokeWidth: width, strokeDash: dash, ...(role === 'replicate' && { opacity: 0.55 }) };
}

/** Puts panels on a grid, row by row, under a legend of `roles`. */
export function grid(
  panels: readonly VegaLiteSpec[],
  columns: number,
  roles: readonly LegendEntry[],
  spacing: { row: number; column: number },
): VegaLiteSpec {
  return under(roles, { concat: panels, columns, spacing, bounds: 'flush', align: 'each' });
}

/** Puts a legend of `roles` above what is drawn. */
export function under(roles: readonly LegendEntry[], body: VegaLiteSpec, spacing = 40, bounds: 'flush' | 'full' = 'flush'): VegaLiteSpec {
  return roles.length > 0 ? { vconcat: [legend(roles), body], spacing, bounds } : body;
}

const fontSize = 12;
const symbolWidth = 26;
const height = 14;

function legend(entries: readonly LegendEntry[]): VegaLiteSpec {
  let left = 0;
  const layer = entries.flatMap((entry): VegaLiteSpec[] => {
    const [role, text]: readonly [Role, string] = typeof entry === 'string' ? [entry, looks[entry].name] : entry;
    const symbol = left;
    const start = symbol + symbolWidth + 6;
    left = start + Math.ceil(0.5 * fontSize * text.length) + 26;
    return [
      ...symbolMarks(role, symbol),
      { type: 'text', text, x: start, y: height / 2, align: 'left', baseline: 'middle', fontSize, color: palette.ink },
    ];
  });
  return {
    width: left,
    height,
    data: { values: [{}] },
    layer: layer.map(({ x, x2, y, y2, ...mark }) => ({ mark, encoding: pixels({ x, x2, y, y2 }) })),
  };
}

/** Positions in pixels, as encodings: Vega-Lite leaves out a rule that has them as properties. */
function pixels(positions: Record<string, unknown>): VegaLiteSpec {
  return Object.fromEntries(Object.entries(positions).flatMap(([channel, value]) => (value === undefined ? [] : [[channel, { value }]])));
}

function symbolMarks(role: Role, left: number): VegaLiteSpec[] {
  const y = height / 2;
  const { colour, width } = looks[role];
  if (role === 'optimum')
    return [{ type: 'point', shape: 'diamond', filled: false, strokeWidth: 1.6, size: 70, color: colour, x: left + symbolWidth / 2, y }];
  if (role !== 'points' && role !== 'marked')
    return [{ type: 'rule', x: left, x2: left + symbolWidth, y, y2: y, ...strokeOf(role), strokeWidth: Math.max(1, width), opacity: 1 }];
  const x = left + symbolWidth / 2;
  return [
    { type: 'rule', x, x2: x, y: 0, y2: height, color: colour, strokeWidth: width },
    { type: 'point', filled: true, size: 34, opacity: 1, color: colour, x, y },
  ];
}
