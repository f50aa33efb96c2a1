/** The outcome of a verification as it is printed and written (the public contract). */
import { machine, version } from '#platform';
import type { BackendName } from '../backend/select.js';
import { type Num, num } from '../engine/result.js';
import { type Context, FALSE_ALARM_RATE, type Outcome } from './check.js';
import { kolmogorovTail, uniformDistance } from './tails.js';

/** Numbers as JSON has them: infinite ones as a word, undefined ones as null. */
export type PublicOutcome = { [K in keyof Outcome]: Outcome[K] extends number | null | undefined ? Num : Outcome[K] };

export interface PublicVerification {
  checks: PublicOutcome[];
  /** Whether every check passed. */
  passed: boolean;
  totals: {
    checks: number;
    passed: number;
    failed: number;
    /** Checks with a p-value; the others leave nothing to chance. */
    statistical: number;
    /** Probability that a run of these checks fails although nothing is wrong, at most. */
    falseAlarmRate: number;
  };
  /** Kolmogorov-Smirnov test that the p-values are uniform; null below 8 of them. */
  uniformity: { statistic: number; pValue: number } | null;
  quick: boolean;
  /** false where the run was interrupted. */
  complete: boolean;
  backend: BackendName;
  version: string;
  machine: Record<string, unknown>;
  startedAt: string;
  durationSeconds: number;
}

/** Fewer p-values than this say nothing about their law. */
const LEAST_P_VALUES = 8;

export interface RunDetails {
  context: Pick<Context, 'quick'> & { backend: BackendName };
  complete: boolean;
  startedAt: Date;
  durationSeconds: number;
}

/** Sums up. */
export function publicVerification(
  outcomes: readonly Outcome[],
  { context, complete, startedAt, durationSeconds }: RunDetails,
): PublicVerification {
  const failed = outcomes.filter(({ passed }) => !passed).length;
  const pValues = outcomes.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  const statistic = uniformDistance(pValues);
  return {
    checks: outcomes.map(publicOutcome),
    passed: failed === 0,
    totals: {
      checks: outcomes.length,
      passed: outcomes.length - failed,
      failed,
      statistical: pValues.length,
      falseAlarmRate: -Math.expm1(pValues.length * Math.log1p(-FALSE_ALARM_RATE)),
    },
    uniformity: pValues.length < LEAST_P_VALUES ? null : { statistic, pValue: kolmogorovTail(statistic, pValues.length) },
    quick: context.quick,
    complete,
    backend: context.backend,
    version: version(),
    machine: machine(),
    startedAt: startedAt.toISOString(),
    durationSeconds,
  };
}

function publicOutcome(outcome: Outcome): PublicOutcome {
  return Object.fromEntries(
    Object.entries(outcome).map(([key, value]) => [key, typeof value === 'number' ? num(value) : value]),
  ) as PublicOutcome;
}
