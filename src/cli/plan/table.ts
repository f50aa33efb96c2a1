import Table from 'cli-table3';
import type { CheckRow } from '../../plan/check.js';
import type { Budget, Plan } from '../../plan/plan.js';
import { formatError, formatNumber } from '../format.js';

const NAMES = {
  l2: 'root mean square drift sqrt(E||p^(m) - p^(1)||_2^2)',
  l1: 'mean L1 drift E||p^(m) - p^(1)||_1',
  collapse: 'probability of total collapse',
};

/** A plan for people. */
export function planText(plan: Plan): string {
  const { criterion, truth, schedule, tolerance } = plan;
  const several = truth.contexts > 1;
  const real = plan.real === null ? '' : plan.real === 'corpus' ? ', the corpus as real samples' : `, ${plan.real} real samples`;
  const horizon = plan.generations === 'Infinity' ? 'in every generation' : `up to generation ${plan.generations}`;
  const asked = several && criterion === 'collapse' ? 'mean share of contexts that have collapsed' : NAMES[criterion];
  return [
    `${schedule}${real}; ${several ? `${truth.contexts} contexts, ` : ''}${formatNumber(truth.types)} types, S_0 = ${formatNumber(truth.simpson)}`,
    `asked: ${asked} at most ${formatNumber(tolerance)} ${horizon}`,
    `answer: ${answer(plan)}`,
    budgetTable(plan),
    ...notes(plan),
    ...(plan.check ? [checkTable(plan.check, plan.tolerance)] : []),
  ].join('\n');
}

/** "up to 100 synthetic samples (...)". */
function answer({ budget, schedule, criterion }: Plan): string {
  const { largest, againFrom, syntheticFraction } = budget;
  const unit = schedule === 'fully-synthetic' ? 'samples a generation' : 'synthetic samples';
  if (largest === 'Infinity') return criterion === 'collapse' ? `any amount: it does not depend on the ${unit}` : `any amount of ${unit}`;
  const from = againFrom === null ? '' : `${formatNumber(againFrom)} ${unit} or more`;
  if (largest === 0) return from === '' ? 'none: no amount is within the tolerance' : from;
  const most = `up to ${formatNumber(largest)} ${unit}, ${formatNumber(100 * syntheticFraction)} % of the last training set`;
  const far = budget.beyond ? ' (the law is not computed further)' : '';
  return `${most}${far}${from === '' ? '' : `; and again ${from}`}`;
}

function budgetTable(plan: Plan): string {
  const table = new Table({
    head: ['by', 'at most n', 'or from n', 'value at n', 'one outside', 'largest value', 'at n ='],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const row = (name: string, { largest, againFrom, value, outside, worst }: Budget) => {
    const most = largest === 'Infinity' ? 'any' : formatNumber(largest);
    table.push([name, most, ...[againFrom, value, outside, worst?.value, worst?.synthetic].map((number) => formatNumber(number))]);
  };
  row(METHOD[plan.criterion][plan.budget.method], plan.budget);
  if (plan.guaranteed) {
    row('L1, safe: sum of sqrt of the law by type', plan.guaranteed.byType);
    row('L1, safe: sqrt(s) x L2', plan.guaranteed.byRootS);
  }
  if (plan.equation11 !== null)
    table.push(['L1, safe: equation 11 of Seddik et al.', formatNumber(plan.equation11), '-', '-', '-', '-', '-']);
  return table.toString();
}

const METHOD = {
  l2: { exact: 'L2, exact law', simulation: '', bound: '' },
  l1: { exact: '', simulation: 'L1, by simulation', bound: 'L1, safe' },
  collapse: { exact: 'collapse, exact', simulation: '', bound: 'collapse, safe bound' },
};

function notes({ budget, calibration, equation11, criterion }: Plan): string[] {
  const lines: string[] = [];
  const last = calibration?.at(-1);
  if (last) {
    lines.push(
      `simulated: ${calibration?.map(({ synthetic, drift, standardError }) => `${formatNumber(drift)} ± ${formatError(standardError)} at n = ${synthetic}`).join(', ')} (${last.replicates} runs each)`,
    );
  }
  if (budget.interval) {
    const [low, high] = budget.interval.map(Number).sort((a, b) => a - b);
    lines.push(
      `with the drift two standard errors larger or smaller the answer is ${formatNumber(low)} to ${high === Infinity ? 'any amount' : formatNumber(high)}`,
    );
  }
  if (equation11 !== null && (budget.largest === 'Infinity' || equation11 < budget.largest)) {
    const norm = criterion === 'l1' ? '' : 'it bounds the L1 drift, not the criterion asked for; ';
    lines.push(`equation 11 is smaller because ${norm}it grows like log N, the law like N^2, and it never exceeds 0.85 (s - 2)`);
  }
  return lines;
}

function checkTable(rows: readonly CheckRow[], tolerance: number): string {
  const table = new Table({
    head: [
      'check: n',
      'generation',
      'plan',
      'predicted',
      'measured',
      '± s.e.',
      'z to predicted',
      `z to ${formatNumber(tolerance)}`,
      'runs',
      '',
    ],
    colAligns: ['right', 'right', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) {
    const numbers = [formatNumber(row.predicted), formatNumber(row.measured), formatError(row.standardError)];
    const scores = [formatError(row.zPredicted), formatError(row.zTolerance)];
    table.push([
      row.synthetic,
      row.generation,
      row.allowed ? 'allowed' : 'too much',
      ...numbers,
      ...scores,
      row.replicates,
      row.agrees ? 'agrees' : 'DOES NOT AGREE',
    ]);
  }
  return table.toString();
}
