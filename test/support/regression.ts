/** Linear regression on real and synthetic data, drawn and solved the plain way: independent of the library. */
import { uniforms } from './samples.js';

export interface Setting {
  dimension: number;
  /** Eigenvalues i^-exponent. */
  exponent: number;
  samples: number;
  syntheticFraction: number;
  noiseReal: number;
  noiseSynthetic: number;
  quality: number;
  ridge: number;
  width?: number;
  syntheticWeight?: number;
  noiseFree?: boolean;
}

/** Standard normals (polar method). */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spare = y * scale;
        return x * scale;
      }
    }
  };
}

/** Test errors of generations 1 ... T of one replicate; Gamma = I/d, Delta = (quality/d) Sigma^-1. */
export function replicate(setting: Setting, generations: number, normal: () => number): number[] {
  const { dimension: d, samples: n, syntheticFraction, noiseReal, noiseSynthetic, quality, ridge, width, noiseFree } = setting;
  const list = (size: number, f: (i: number) => number) => Array.from({ length: size }, (_, i) => f(i));
  const eigenvalue = list(d, (i) => (i + 1) ** -setting.exponent);
  const truth = list(d, () => normal() / Math.sqrt(d));
  let labels = truth.map((w, i) => w + normal() * Math.sqrt(quality / d / eigenvalue[i]));
  const projection = width === undefined ? undefined : list(width, () => 0).map(() => list(d, () => normal() / Math.sqrt(d)));
  const synthetic = Math.round(n * syntheticFraction);
  const weight = setting.syntheticWeight;
  const errors: number[] = [];
  for (let t = 1; t <= generations; t++) {
    const k = width ?? d;
    const gram = list(k, (i) => i).map((i) => list(k, (j) => (i === j ? ridge * n : 0)));
    const right = list(k, () => 0);
    for (let row = 0; row < n; row++) {
      const isReal = row < n - synthetic;
      const x = eigenvalue.map((l) => Math.sqrt(l) * normal());
      const noise = isReal ? noiseReal : t > 1 && noiseFree ? 0 : noiseSynthetic;
      const y = dot(x, isReal ? truth : labels) + Math.sqrt(noise) * normal();
      const omega = weight === undefined ? 1 : isReal ? ((1 - weight) * n) / (n - synthetic) : (weight * n) / synthetic;
      const features = projection ? projection.map((s) => dot(s, x)) : x;
      for (let i = 0; i < k; i++) {
        right[i] += omega * y * features[i];
        for (let j = 0; j <= i; j++) gram[i][j] += omega * features[i] * features[j];
      }
    }
    const fit = solve(gram, right);
    labels = projection ? list(d, (i) => projection.reduce((sum, s, j) => sum + fit[j] * s[i], 0)) : fit;
    errors.push(labels.reduce((sum, w, i) => sum + eigenvalue[i] * (w - truth[i]) ** 2, 0));
  }
  return errors;
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Solves A x = b by Cholesky; A is given by its lower triangle and overwritten. */
function solve(a: number[][], b: readonly number[]): number[] {
  const n = b.length;
  const x = [...b];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i][j];
      for (let k = 0; k < j; k++) sum -= a[i][k] * a[j][k];
      a[i][j] = i === j ? Math.sqrt(sum) : sum / a[j][j];
    }
    for (let k = 0; k < i; k++) x[i] -= a[i][k] * x[k];
    x[i] /= a[i][i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] -= a[k][i] * x[k];
    x[i] /= a[i][i];
  }
  return x;
}
