/** The chart of a sweep: one metric against one varied field, with bars of two standard errors. */

import { position } from './panels.js';
import { metricTitle } from './run-chart.js';
import { chart, seriesColours, type VegaLiteSpec } from './style.js';

/** What is drawn: the numbers that `src/sweep/series.ts` reads. */
export interface SweepSeries {
  metric: string;
  against: string;
  by?: string;
  generation?: number;
  points: readonly { x: number | string; line: string; mean: number; error: number | null }[];
}

const size = { width: 420, height: 260 };
/** Positive values that span more than this stand on a logarithmic axis. */
const logarithmicFrom = 30;

/** @throws RangeError when there is nothing to draw */
export function sweepChart({ metric, against, by, generation, points }: SweepSeries): VegaLiteSpec {
  if (points.length === 0) throw new RangeError('sweepChart: no points');
  const title = metric === 'collapse-time' ? 'collapse time T' : `${metricTitle(metric)} in generation ${generation}`;
  const lines = [...new Set(points.map(({ line }) => line))];
  const numbers = points.every(({ x }) => typeof x === 'number');
  const x = numbers ? position('x', { title: against, type: axisType(points.map((point) => point.x as number)) }) : ordinal(against);
  const yType = axisType(points.map(({ mean }) => mean));
  const y = (field: string) => position(field, { title, type: yType });
  const legend = by === undefined ? null : { title: by, orient: 'right', symbolSize: 60 };
  const color = {
    field: 'line',
    type: 'nominal',
    sort: null,
    scale: { domain: lines, range: lines.map((_, i) => seriesColours[i % seriesColours.length]) },
    legend,
  };
  const rows = points.map(({ x, line, mean, error }) => ({
    x,
    line,
    mean: digits(mean),
    // A logarithmic axis has no place for a bar that reaches 0.
    ...(error !== null && (yType === 'linear' || mean > 2 * error) && { low: digits(mean - 2 * error), high: digits(mean + 2 * error) }),
  }));
  return chart(
    {
      ...size,
      data: { name: 'points' },
      layer: [
        { mark: { type: 'line', strokeWidth: 1.6 }, encoding: { x, y: y('mean'), color } },
        { mark: { type: 'rule', strokeWidth: 1.2 }, encoding: { x, y: y('low'), y2: { field: 'high' }, color } },
        { mark: { type: 'point', filled: true, size: 34, opacity: 1 }, encoding: { x, y: y('mean'), color } },
      ],
    },
    { points: rows },
  );
}

function ordinal(against: string): VegaLiteSpec {
  return { field: 'x', type: 'ordinal', sort: null, axis: { title: against, labelAngle: 0 } };
}

function axisType(values: readonly number[]): 'linear' | 'log' {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return least > 0 && most / least > logarithmicFrom ? 'log' : 'linear';
}

function digits(value: number): number {
  return Number(value.toPrecision(6));
}
