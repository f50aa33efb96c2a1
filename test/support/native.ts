// The native addon, loaded as the library loads it. A test that needs it fails without it: nothing is skipped.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Addon } from '../../dist/backend/native.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Probes {
  log(values: Float64Array): Float64Array;
  log1p(values: Float64Array): Float64Array;
  exp(values: Float64Array): Float64Array;
  threefry(counter: Uint32Array, key: Uint32Array): Uint32Array;
  binomials(seed: number, draws: number, n: number, part: number, whole: number): Float64Array;
  fillNormals(seed: number, into: Float64Array): void;
  normals(seed: number, into: Float64Array): void;
  chiSquareds(seed: number, into: Float64Array, nu: number): void;
  bartlett(seed: number, a: Float64Array, d: number, nu: number): void;
  wishart(seed: number, l: Float64Array, d: number, nu: number, s: Float64Array, factor: Float64Array): void;
  /** C += sign A B, or A B' where `transposed` is 1. */
  addProduct(
    c: Float64Array,
    a: Float64Array,
    b: Float64Array,
    rows: number,
    columns: number,
    count: number,
    transposed: number,
    sign: number,
  ): void;
  timesVector(a: Float64Array, rows: number, columns: number, x: Float64Array, y: Float64Array): void;
  lowerTimesVector(l: Float64Array, d: number, columns: number, x: Float64Array, y: Float64Array): void;
  lowerTransposedTimesVector(l: Float64Array, d: number, x: Float64Array, y: Float64Array): void;
  lowerTimesLower(l: Float64Array, a: Float64Array, d: number, columns: number, c: Float64Array): void;
  lowerTimesTranspose(l: Float64Array, d: number, columns: number, s: Float64Array): void;
  cholesky(s: Float64Array, d: number, most: number): number;
  forwardSubstitute(l: Float64Array, d: number, x: Float64Array): void;
  backSubstitute(l: Float64Array, d: number, x: Float64Array): void;
  logDeterminant(l: Float64Array, d: number): number;
  poissons(seed: number, draws: number, mean: number): Float64Array;
  /** 32 numbers a draw: boxes with 2, 3, ... of k balls. */
  occupancies(seed: number, draws: number, k: number, n: number): Int32Array;
  hypergeometrics(seed: number, draws: number, n: number, good: number, whole: number): Float64Array;
}

export function nativeAddon(): Addon {
  return createRequire(import.meta.url)('node-gyp-build')(root) as Addon;
}

export function nativeProbes(): Probes {
  return nativeAddon().probes as unknown as Probes;
}
