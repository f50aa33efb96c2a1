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
  hypergeometrics(seed: number, draws: number, n: number, good: number, whole: number): Float64Array;
}

export function nativeAddon(): Addon {
  return createRequire(import.meta.url)('node-gyp-build')(root) as Addon;
}

export function nativeProbes(): Probes {
  return nativeAddon().probes as unknown as Probes;
}
