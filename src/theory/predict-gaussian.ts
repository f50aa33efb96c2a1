/** The laws of the Gaussian, put together by metric name. */
import { checkGenerations } from './check.js';
import { type GaussianTraining, gaussianCollapseTime, gaussianMoments, logDeterminantIncrement } from './gaussian.js';
import { type CollapseTime, listed, type Prediction, type Question } from './predict.js';
import { replaceSize } from './training-law.js';
import { trainingProgram } from './training-program.js';
import { walkWork } from './training-walk.js';

/** A Gaussian with truth N(0, I_d); it has collapsed when tr Sigma/d is below `collapseVariance`. */
export interface PredictedGaussian extends GaussianTraining {
  dimension: number;
  collapseVariance: number;
}

/** Steps of recursions that a prediction may take: about ten seconds. */
const mostWork = 2e9;

/**
 * What theory says about a Gaussian: `variance` and `mean-shift` under every schedule; `log-determinant`, `log-increment` and `kl-truth` under
 * fully synthetic training, there also the mean collapse time in one dimension, as an approximation with its greatest error.
 * @throws InputError for generations out of range, and for `until-collapse` without `maxGenerations`
 */
export function predictGaussian(gaussian: PredictedGaussian, question: Question): Prediction {
  const generation = listed(question);
  checkGenerations(generation, 1);
  const { dimension, estimator, temperature = 1, collapseVariance } = gaussian;
  const prediction: Prediction = { generation, expected: {}, bounds: {} };
  const n = replaceSize(gaussian.schedule);
  const last = generation[generation.length - 1];
  const work = n === undefined ? walkWork(trainingProgram(gaussian, last), last) : 0;
  const moments = work > mostWork ? undefined : gaussianMoments(gaussian, generation);
  const determinant = n === undefined ? undefined : logDeterminants(n, gaussian, generation);
  const all: Record<string, number[] | undefined> = {
    variance: moments?.variance,
    'mean-shift': moments?.meanShift,
    'log-determinant': determinant?.levels,
    'log-increment': determinant?.increments,
    // KL(N(mu, Sigma) || N(0, I)) = (tr Sigma + ||mu||^2 - d - ln det Sigma)/2.
    'kl-truth': moments && determinant?.levels.map((log, i) => (dimension * (moments.variance[i] + moments.meanShift[i] - 1) - log) / 2),
  };
  for (const name of question.metrics) {
    const values = all[name];
    if (values) prediction.expected[name] = values;
  }
  if (n !== undefined && n > 1 && dimension === 1) {
    const time = gaussianCollapseTime(n, estimator, collapseVariance, temperature);
    if (time) prediction.collapseTime = approximate(time);
  }
  return prediction;
}

/** Mean ln det Sigma_m, and of its steps where they are finite. */
function logDeterminants(n: number, { dimension, estimator, temperature = 1 }: PredictedGaussian, generation: readonly number[]) {
  if (n <= dimension) return { levels: generation.map(() => -Infinity) };
  const { mean } = logDeterminantIncrement(n, dimension, estimator);
  const heat = dimension * Math.log(temperature);
  return {
    levels: generation.map((m) => m * mean + (m - 1) * heat),
    increments: generation.map((m) => mean + (m === 1 ? 0 : heat)),
  };
}

function approximate({ mean, lower, upper }: { mean: number; lower: number; upper: number }): CollapseTime {
  return { mean, approximation: 'wald', relativeError: Math.max(mean - lower, upper - mean) / mean };
}
