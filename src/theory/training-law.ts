/** How models are trained, in the spec's words: data schedule, weights of real samples, errors of each generation, verifier. */
import { inputError } from '../errors.js';
import { checkSize } from './check.js';
import type { ScheduleLaw } from './schedule-moments.js';

/** One source of a custom schedule; sizes are 1 to 1e12, weights (of each sample) positive, 1 unless said. */
export type CustomEntry =
  | { from: 'real'; size: number; draw?: 'fixed' | 'fresh'; weight?: number }
  | { from: 'model'; back?: number; size: number; draw?: 'redrawn' | 'kept'; weight?: number }
  | { from: 'last'; window: number; size: number; draw?: 'redrawn' | 'kept'; weight?: number }
  | { from: 'past'; size: number; draw?: 'redrawn' | 'kept'; weight?: number };

/** A custom schedule as a rule; `first`: real samples of generation 1 where no entry is real. */
export interface CustomRule {
  kind: 'custom';
  sources: readonly CustomEntry[];
  first?: number;
}

/** A custom schedule as a table: row m - 1 holds the samples of source t = 0 (real) ... m - 1. The last row repeats. */
export interface CustomTable {
  kind: 'custom';
  table: readonly (readonly number[])[];
  real?: 'fixed' | 'fresh';
  synthetic?: 'redrawn' | 'kept';
}

/** Every data schedule. */
export type DataLaw = ScheduleLaw | CustomRule | CustomTable;

/** Weight of a real sample against 1 for a generated one, given or through the share of all real samples. */
export type WeightingLaw =
  | { kind: 'plain' }
  | { kind: 'real-weight'; weight: number }
  | { kind: 'real-share'; share: number }
  | { kind: 'golden-ratio' };

/** The model of generation m is (q_m + a_m e)/(1 + a_m), e uniform over these tokens; the last size repeats. */
export interface ErrorLaw {
  size: number | readonly number[];
  tokens?: 'outside' | 'support' | 'vocabulary';
}

/** A generated sample is kept with these probabilities, by whether the truth has its token. */
export interface VerifierLaw {
  keepInside: number;
  keepOutside: number;
}

export interface TrainingLaw {
  schedule: DataLaw;
  weighting?: WeightingLaw;
  error?: ErrorLaw;
  verifier?: VerifierLaw;
}

/** Golden-ratio share of the real samples, (sqrt(k^2 + 4k) - k)/2, k = real/synthetic (He et al. 2025); docs/MATH.md#golden-ratio. */
export function goldenShare(k: number): number {
  if (!(k > 0 && k < Infinity)) throw inputError('k', k, 'a finite number above 0');
  // (sqrt(k^2 + 4k) - k)/2, as a quotient that keeps its digits where k is large.
  return (2 * k) / (Math.sqrt(k) * Math.sqrt(k + 4) + k);
}

/** Weight of a real sample in the generations from 2 on; share r of N real beside n generated: r n/((1 - r) N). */
export function realWeight({ schedule, weighting = { kind: 'plain' } }: Pick<TrainingLaw, 'schedule' | 'weighting'>): number {
  if (weighting.kind === 'plain') return 1;
  if (weighting.kind === 'real-weight') {
    if (!(weighting.weight > 0 && weighting.weight < Infinity)) throw inputError('weighting.weight', weighting.weight, 'a number above 0');
    return weighting.weight;
  }
  if (schedule.kind !== 'partially-synthetic' && schedule.kind !== 'fresh') {
    throw inputError('weighting.kind', weighting.kind, 'plain or real-weight (a share needs partially-synthetic or fresh)');
  }
  const { real, synthetic } = schedule;
  const share = weighting.kind === 'real-share' ? weighting.share : goldenShare(real / synthetic);
  if (!(share > 0 && share < 1)) throw inputError('weighting.share', share, 'above 0 and below 1');
  return (share * synthetic) / ((1 - share) * real);
}

/** a_m for each generation, or undefined where there is no error. */
export function errorSizes(error: ErrorLaw | undefined): ((m: number) => number) | undefined {
  if (error === undefined) return undefined;
  const sizes = typeof error.size === 'number' ? [error.size] : error.size;
  if (sizes.length === 0) throw inputError('error.size', sizes, 'a number or a list of one or more');
  for (const a of sizes) if (!(a >= 0 && a < Infinity)) throw inputError('error.size', a, 'finite numbers, 0 or more');
  if (sizes.every((a) => a === 0)) return undefined;
  return (m) => sizes[Math.min(m, sizes.length) - 1];
}

/** Sample size of fully synthetic training, however it is written; undefined for every other schedule. */
export function replaceSize(schedule: DataLaw): number | undefined {
  if (schedule.kind === 'fully-synthetic') return schedule.sampleSize;
  if (schedule.kind === 'most-recent') return schedule.window === 1 ? schedule.sampleSize : undefined;
  if (schedule.kind !== 'custom' || !('sources' in schedule)) return undefined;
  const [entry, ...others] = schedule.sources;
  const last = entry?.from === 'model' ? (entry.back ?? 1) : entry?.from === 'last' ? entry.window : 0;
  return others.length === 0 && last === 1 && entry.size === schedule.first ? entry.size : undefined;
}

/**
 * Size of the fixed real sample where all else descends from it: its types are then those of every generation, whatever the weights.
 * Undefined where other real samples come in.
 */
export function fixedRealSize(schedule: DataLaw): number | undefined {
  if (schedule.kind === 'partially-synthetic' || schedule.kind === 'accumulate') return schedule.real;
  if (schedule.kind !== 'custom') return undefined;
  if ('table' in schedule) {
    const { table, real = 'fixed' } = schedule;
    return real === 'fixed' && table.every((row) => row[0] > 0) ? table[0][0] : undefined;
  }
  const real = schedule.sources.filter((entry) => entry.from === 'real');
  return real.length === 1 && (real[0].draw ?? 'fixed') === 'fixed' ? real[0].size : undefined;
}

/** Checks the sizes that a custom rule gives. */
export function checkEntries({ sources, first }: CustomRule): void {
  sources.forEach((entry, i) => {
    checkSize(`sources[${i}].size`, entry.size);
    const { weight = 1 } = entry;
    if (!(weight > 0 && weight < Infinity)) throw inputError(`sources[${i}].weight`, weight, 'a finite number above 0');
    if (entry.from === 'model') checkSize(`sources[${i}].back`, entry.back ?? 1);
    if (entry.from === 'last') checkSize(`sources[${i}].window`, entry.window);
  });
  const real = sources.some(({ from }) => from === 'real');
  if (real && first !== undefined) throw inputError('first', first, 'nothing, as generation 1 trains on the real entries');
  if (!real) checkSize('first', first as number);
}

/** Whether there is an error at all: a size above 0, and tokens to spread it over. */
export function hasError(error: ErrorLaw | undefined, vocabulary: number, support: number): boolean {
  return errorSizes(error) !== undefined && ((error?.tokens ?? 'outside') !== 'outside' || vocabulary > support);
}
