import { inputError } from '../../errors.js';
import { planRegression, type RegressionPlan } from '../../plan/regression.js';
import type { RegressionSpec } from '../../spec/spec.js';
import type { TestError } from '../../theory/linear/test-error.js';
import { finite } from '../finite.js';
import { formatNumber } from '../format.js';
import type { PlanCommandOptions } from '../plan.js';
import { print, printJson } from '../print.js';

/** Options that ask for what a regression's plan does not have. */
const OTHERS = ['real', 'generations', 'schedule', 'check', 'replicates', 'out'] as const;

/** `plan SPEC` of a regression model. */
export async function printRegressionPlan(spec: RegressionSpec, options: PlanCommandOptions): Promise<void> {
  for (const name of OTHERS) {
    if (options[name] !== undefined) throw inputError(`--${name}`, options[name], 'nothing with a regression model');
  }
  const plan = planRegression(spec, options.tolerance);
  return options.json ? printJson(finite({ spec, ...plan })) : print(planText(spec, plan));
}

function planText({ model, schedule }: RegressionSpec, { tolerance, testError, plateau, width, weight }: RegressionPlan): string {
  const number = (value: number) => (Number.isFinite(value) ? formatNumber(value) : 'infinite');
  const parts = ({ bias, variance, zeta, total }: TestError) =>
    `${number(total)} (bias ${number(bias)}, variance ${number(variance)}, synthetic labels ${number(zeta)})`;
  const near = `${number(100 * tolerance)} %`;
  const lines = [
    `${model.kind}, d = ${model.dimension}, n = ${number(schedule.samples)}, ${number(100 * schedule.syntheticFraction)} % synthetic`,
    `test error: ${parts(testError)}`,
    `with more and more of the same data: ${parts(plateau.limit)}`,
    plateau.samples === Infinity
      ? `more data always helps: no number of samples is within ${near} of that`
      : `more data stops helping at n = ${number(plateau.samples)}: from there on the error is within ${near} of that`,
  ];
  if (width)
    lines.push(`best width: ${number(width.width)}, with test error ${parts(width.error)}; without end ${number(width.wideLimit.total)}`);
  if (weight) {
    lines.push(`best weight of the synthetic part: ${number(weight.weight)}, with test error ${parts(weight.error)}`);
    // Real samples that weigh less leave more to the penalty: such a weight stands in for a ridge that is too small.
    if (weight.weight > schedule.syntheticFraction) lines.push('  (above its share: it stands in for a ridge penalty that is too small)');
  }
  return lines.join('\n');
}
