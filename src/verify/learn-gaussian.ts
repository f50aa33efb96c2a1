/** The Gaussian for the pick-by-pick implementation: samples drawn one by one, moments summed, Cholesky by the textbook. */
import type { Learner, TrainingSet } from './pick-by-pick.js';
import type { FairBits } from './random.js';

/** A fitted Gaussian. */
export interface Fit {
  mean: number[];
  covariance: number[][];
}

export class VectorLearner implements Learner<number[]> {
  private spare?: number;

  constructor(
    private readonly options: { dimension: number; estimator: 'mle' | 'unbiased'; temperature: number },
    private readonly bits: FairBits,
  ) {}

  truth(): number[] {
    return Array.from({ length: this.options.dimension }, () => this.normal());
  }

  model(set: TrainingSet<number[]>): () => number[] {
    const { mean, covariance } = this.fit(set);
    const lower = cholesky(covariance);
    const scale = Math.sqrt(this.options.temperature);
    return () => {
      const z = mean.map(() => this.normal());
      return mean.map((centre, i) => {
        let x = centre;
        for (let j = 0; j <= i; j++) x += scale * lower[i][j] * z[j];
        return x;
      });
    };
  }

  fit({ items, weights }: TrainingSet<number[]>): Fit {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
    const divisor = this.options.estimator === 'mle' ? total : total - squares / total;
    const mean = items[0].map((_, i) => items.reduce((sum, item, r) => sum + weights[r] * item[i], 0) / total);
    const covariance = mean.map((a, i) =>
      mean.map((b, j) => (j > i ? 0 : items.reduce((sum, item, r) => sum + weights[r] * (item[i] - a) * (item[j] - b), 0) / divisor)),
    );
    return { mean, covariance };
  }

  /** Box and Muller's pairs. */
  private normal(): number {
    if (this.spare !== undefined) {
      const value = this.spare;
      this.spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(this.bits.uniform()));
    const angle = 2 * Math.PI * this.bits.uniform();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

/** L with L L' = S, of the lower half of S; a direction without variance has a column of zeros. */
function cholesky(s: readonly number[][]): number[][] {
  const lower = s.map((row) => row.map(() => 0));
  for (let i = 0; i < s.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = s[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      if (i === j) lower[i][i] = sum > 1e-12 * s[i][i] ? Math.sqrt(sum) : 0;
      else lower[i][j] = lower[j][j] === 0 ? 0 : sum / lower[j][j];
    }
  }
  return lower;
}

const trace = ({ covariance }: Fit) => covariance.reduce((sum, row, i) => sum + row[i], 0);
const shift = ({ mean }: Fit) => mean.reduce((sum, x) => sum + x * x, 0);
const logDeterminant = ({ covariance }: Fit) => cholesky(covariance).reduce((sum, row, i) => sum + 2 * Math.log(row[i]), 0);

/** The metrics by their definitions. */
export const gaussianDefinitions: Record<string, (fit: Fit, before?: Fit) => number> = {
  variance: (fit) => trace(fit) / fit.mean.length,
  'mean-shift': (fit) => shift(fit) / fit.mean.length,
  'log-determinant': logDeterminant,
  'log-increment': (fit, before) => logDeterminant(fit) - (before ? logDeterminant(before) : 0),
  'kl-truth': (fit) => (trace(fit) + shift(fit) - fit.mean.length - logDeterminant(fit)) / 2,
};
