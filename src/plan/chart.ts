/** The planner's chart: log-log lines of the budget, one panel against the tolerance and one against N. */
import { position } from '../figures/panels.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import type { BudgetLine, BudgetPoint } from './curves.js';
import type { Plan } from './plan.js';

const looks: Record<BudgetLine, { name: string; colour: string }> = {
  l2: { name: 'L2 drift, exact law', colour: palette.blue },
  l1: { name: 'L1 drift, by simulation', colour: palette.green },
  'l1-by-type': { name: 'L1 drift, safe bound', colour: palette.orange },
  'equation-11': { name: 'L1 drift, equation 11', colour: palette.grey },
  collapse: { name: 'probability of collapse', colour: palette.vermillion },
};

const size = { width: 330, height: 260 };

interface Drawn {
  x: number;
  n: number;
  line: string;
  branch: string;
}

/** A chart of the points, or undefined where no line has two (any amount, or none, is allowed everywhere). */
export function planChart(plan: Plan, points: readonly BudgetPoint[]): VegaLiteSpec | undefined {
  const panels = (['tolerance', 'real'] as const).flatMap((against) => {
    const drawn = points.filter((point) => point.against === against).flatMap((point) => drawnAt(point, against));
    return drawn.length > 1 ? [{ against, drawn }] : [];
  });
  if (panels.length === 0) return undefined;
  const lines = [...new Set(panels.flatMap(({ drawn }) => drawn.map(({ line }) => line)))];
  const shown = Object.values(looks).filter(({ name }) => lines.includes(name));
  const datasets = Object.fromEntries(panels.map(({ against, drawn }) => [against, drawn]));
  const body = { hconcat: panels.map(({ against }) => panel(plan, against, shown)), spacing: 40 };
  const horizon = plan.generations === 'Infinity' ? 'any generation' : `generation ${plan.generations}`;
  const title = {
    text: `Synthetic data allowed, ${plan.schedule}, up to ${horizon}`,
    subtitle: 'solid: every amount up to the line; dashed: every amount from the line on',
  };
  return chart({ title, ...body }, datasets);
}

function drawnAt({ line, largest, againFrom, ...point }: BudgetPoint, against: 'tolerance' | 'real'): Drawn[] {
  const x = point[against];
  if (x === null) return [];
  const { name } = looks[line];
  const drawn: Drawn[] = [];
  if (largest > 0 && largest < Infinity) drawn.push({ x, n: largest, line: name, branch: 'up to' });
  if (againFrom !== null) drawn.push({ x, n: againFrom, line: name, branch: 'from' });
  return drawn;
}

function panel(plan: Plan, against: 'tolerance' | 'real', shown: readonly { name: string; colour: string }[]): VegaLiteSpec {
  const x = position('x', { title: against === 'real' ? 'real samples N' : 'tolerance', type: 'log', format: '~g' });
  const y = position('n', { title: against === 'tolerance' ? 'synthetic samples n' : null, type: 'log', format: '~s' });
  const color = {
    field: 'line',
    type: 'nominal',
    scale: { domain: shown.map(({ name }) => name), range: shown.map(({ colour }) => colour) },
    legend: { title: null, orient: 'bottom', direction: 'horizontal', symbolType: 'stroke', symbolOpacity: 1 },
  };
  const strokeDash = {
    field: 'branch',
    type: 'nominal',
    scale: {
      domain: ['up to', 'from'],
      range: [
        [1, 0],
        [5, 3],
      ],
    },
    legend: null,
  };
  const here = plan[against];
  const asked =
    typeof here === 'number'
      ? [{ data: { values: [{ x: here }] }, mark: { type: 'rule', color: palette.ink, strokeWidth: 0.8, opacity: 0.5 }, encoding: { x } }]
      : [];
  return {
    ...size,
    title: against === 'real' ? `tolerance ${plan.tolerance}` : plan.real === null ? '' : `N = ${plan.real}`,
    layer: [{ data: { name: against }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, color, strokeDash } }, ...asked],
  };
}
