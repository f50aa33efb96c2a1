/** The planner for regression: when more data stops helping, and the best width or weight; docs/MATH.md#linear. */
import { inputError } from '../errors.js';
import type { RegressionSpec } from '../spec/spec.js';
import { type BestWidth, bestWidth, type DataPlateau, dataPlateau } from '../theory/linear/planning.js';
import { populationOf } from '../theory/linear/predict.js';
import { type TestError, testError } from '../theory/linear/test-error.js';
import { bestWeight } from '../theory/linear/weighted.js';

/** Infinite numbers are infinite here; printed as JSON they are "Infinity". */
export interface RegressionPlan {
  /** Share by which the error may be above its limit. */
  tolerance: number;
  /** Of one fit of the spec as it is. */
  testError: TestError;
  /** From how many samples on the error is within the tolerance of what no amount of data removes. */
  plateau: DataPlateau;
  /** Of random projections: the width of least error for the spec's samples and ridge. */
  width?: BestWidth;
  /** Of ridge regression: the total weight of the synthetic part with the least error, and that error. */
  weight?: { weight: number; error: TestError };
}

/**
 * By the laws, without a simulation; of generation 1.
 * @param tolerance above 0; 0.1 unless said
 * @throws InputError for a tolerance out of range, or for a spec that weighs its samples (the plan gives the best weight)
 */
export function planRegression({ model, schedule }: RegressionSpec, tolerance = 0.1): RegressionPlan {
  if (!(tolerance > 0 && tolerance < Infinity)) throw inputError('tolerance', tolerance, 'a finite number above 0');
  if (schedule.syntheticWeight !== undefined) {
    throw inputError(
      'schedule.syntheticWeight',
      schedule.syntheticWeight,
      'nothing: the plan is for equal weights, and says which are best',
    );
  }
  const population = populationOf(model, schedule);
  const isProjected = model.kind === 'random-projections';
  const fit = { ridge: model.ridge, width: isProjected ? model.width : undefined };
  return {
    tolerance,
    testError: testError(population, schedule, fit),
    plateau: dataPlateau(population, schedule, fit, 1 + tolerance),
    ...(isProjected ? { width: bestWidth(population, schedule, model.ridge) } : { weight: bestWeight(population, schedule, model.ridge) }),
  };
}
