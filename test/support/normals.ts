/** Gaussian training for tests of theory: sample by sample, dimension by dimension; slow and independent of the kernels. */

export interface Normal {
  mean: number[];
  /** Lower Cholesky factor of the covariance. */
  root: number[][];
  covariance: number[][];
}

export type Samples = { x: number[]; weight: number }[];

export function standard(dimension: number): Normal {
  const identity = Array.from({ length: dimension }, (_, i) => Array.from({ length: dimension }, (_, j) => (i === j ? 1 : 0)));
  return { mean: identity.map(() => 0), root: identity, covariance: identity };
}

/** A standard normal number (Box-Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function drawSamples({ mean, root }: Normal, size: number, random: () => number, weight = 1, temperature = 1): Samples {
  const scale = Math.sqrt(temperature);
  return Array.from({ length: size }, () => {
    const z = mean.map(() => normal(random));
    return { x: mean.map((mu, i) => mu + scale * root[i].reduce((sum, r, j) => sum + (j <= i ? r * z[j] : 0), 0)), weight };
  });
}

/** Weighted mean and covariance; unbiased: divided by W - sum w^2/W. */
export function estimate(samples: Samples, unbiased: boolean): Normal {
  const total = samples.reduce((sum, { weight }) => sum + weight, 0);
  const squares = samples.reduce((sum, { weight }) => sum + weight * weight, 0);
  const d = samples[0].x.length;
  const mean = Array.from({ length: d }, (_, i) => samples.reduce((sum, { x, weight }) => sum + weight * x[i], 0) / total);
  const covariance = mean.map((_, i) =>
    mean.map((_, j) => samples.reduce((sum, { x, weight }) => sum + weight * (x[i] - mean[i]) * (x[j] - mean[j]), 0)),
  );
  for (const row of covariance) for (let j = 0; j < d; j++) row[j] /= unbiased ? total - squares / total : total;
  const root = covariance.map(() => new Array<number>(d).fill(0));
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i][j];
      for (let k = 0; k < j; k++) sum -= root[i][k] * root[j][k];
      root[i][j] = i === j ? Math.sqrt(Math.max(0, sum)) : root[j][j] > 0 ? sum / root[j][j] : 0;
    }
  }
  return { mean, root, covariance };
}
