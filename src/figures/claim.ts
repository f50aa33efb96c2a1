/** A paper's claim against what was measured. Verdicts are computed here and nowhere else. */
import { type Num, num } from '../engine/result.js';

/** An equality holds if |z| is below this; an inequality if it is not broken by this many standard errors. */
export const zLimit = 4;

/** `=`: measured equals predicted; `>=`: measured is at least predicted; `<=`: at most. */
export type Relation = '=' | '>=' | '<=';

export interface Claim {
  /** The claim, as a sentence. */
  claim: string;
  /** Where it is made or derived. */
  source: string;
  relation: Relation;
  predicted: Num;
  measured: Num;
  /** Standard error of measured - predicted; 0 where the measured number did not vary or was counted. */
  standardError: Num;
  /** (measured - predicted) / standardError. */
  z: Num;
  holds: boolean;
  /** How many comparisons this is the worst of, where there was more than one. */
  worstOf?: number;
}

/** A measured mean and its standard error. */
export interface Estimate {
  mean: number;
  standardError: number;
}

/** Mean and standard error of independent values. The standard error of one value is NaN. */
export function estimate(values: ArrayLike<number>): Estimate {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, standardError: n > 1 ? Math.sqrt(squares / (n - 1) / n) : Number.NaN };
}

/**
 * Compares a measurement with a number, or with another measurement (their standard errors then add in quadrature).
 * Without any standard error, or with one that is rounding (below 10^-12 of the numbers), the two are compared up to one part in 10^9: z is 0 or infinite.
 */
export function compare(
  claim: string,
  source: string,
  measured: Estimate | number,
  relation: Relation,
  predicted: Estimate | number,
): Claim {
  const [m, sm] = parts(measured);
  const [p, sp] = parts(predicted);
  const standardError = Math.hypot(sm, sp);
  const z = zScore(measured, predicted);
  return {
    claim,
    source,
    relation,
    predicted: num(p),
    measured: num(m),
    standardError: num(standardError),
    z: num(z),
    holds: verdict(relation, z),
  };
}

/** The comparison closest to failing, standing for all of them. @throws RangeError for an empty list */
export function worst(claims: readonly Claim[]): Claim {
  if (claims.length === 0) throw new RangeError('worst: no claims');
  const first = claims.reduce((a, b) => (severity(b) > severity(a) ? b : a));
  return claims.length > 1 ? { ...first, worstOf: claims.length, holds: claims.every((claim) => claim.holds) } : first;
}

function parts(value: Estimate | number): [number, number] {
  return typeof value === 'number' ? [value, 0] : [value.mean, value.standardError];
}

/** (measured - predicted) / standard error of the difference. NaN where nothing was measured. */
export function zScore(measured: Estimate | number, predicted: Estimate | number): number {
  const [m, sm] = parts(measured);
  const [p, sp] = parts(predicted);
  const [difference, standardError, scale] = [m - p, Math.hypot(sm, sp), Math.max(Math.abs(m), Math.abs(p))];
  if (standardError > 1e-12 * scale) return difference / standardError;
  if (Number.isNaN(standardError) || Number.isNaN(difference)) return Number.NaN;
  return Math.abs(difference) <= 1e-9 * scale ? 0 : difference * Number.POSITIVE_INFINITY;
}

/** NaN (nothing measured) never holds. */
function verdict(relation: Relation, z: number): boolean {
  if (relation === '=') return Math.abs(z) < zLimit;
  return relation === '>=' ? z > -zLimit : z < zLimit;
}

function severity(claim: Claim): number {
  const z = claim.z === null ? Number.NaN : Number(claim.z);
  if (Number.isNaN(z)) return Number.POSITIVE_INFINITY;
  return claim.relation === '=' ? Math.abs(z) : claim.relation === '>=' ? -z : z;
}
