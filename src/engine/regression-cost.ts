/** What a generation of a regression costs. */
import type { RegressionJob } from '../backend/job.js';

/** Look-ups that a normal, and that a product in a long inner loop takes. */
const NORMAL = 1.5;
const PRODUCT = 1 / 12;

type Sizes = Pick<RegressionJob, 'dimension' | 'features' | 'width' | 'way' | 'parts' | 'penalty'>;

/** In look-ups of about 4 ns. */
export function regressionCost({ dimension: d, features: p, width, way, parts, penalty }: Sizes): number {
  const counts = [parts[0], parts[5]];
  const samples = counts[0] + counts[1];
  const isProjected = width > 0;
  // A sample's covariates, their projections, and its share of the matrix; then of a factor, which is triangular.
  const row = NORMAL * d + PRODUCT * ((isProjected ? d * p : 0) + (p * p) / 2);
  const factor = (NORMAL * d * d) / 2 + PRODUCT * (isProjected ? (d * d * p) / 2 + (p * p * d) / 2 : d ** 3 / 6);
  const solution = (PRODUCT * p ** 3) / 6 + p * p;
  if (way === 'rows') return samples * (NORMAL * d + PRODUCT * (isProjected ? d * p : 0)) + PRODUCT * samples ** 2 * (p / 2 + samples / 6);
  if (way === 'parts') return counts.reduce((sum, n, k) => sum + (parts[5 * k + 4] !== 0 ? factor : n * row), solution);
  return isProjected || penalty.some((value) => value !== 0) ? factor + solution : NORMAL * d * d;
}
