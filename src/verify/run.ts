/** Runs checks, as many at a time as there are threads, and sums up. */
import { cores } from '#platform';
import { type Check, type Context, FALSE_ALARM_RATE, type Outcome, verdict } from './check.js';
import { kolmogorovTail, uniformDistance } from './tails.js';

export interface VerifyOptions {
  checks: readonly Check[];
  backend?: Context['backend'];
  /** Checks that run at a time, each on one thread. Default: all cores. */
  threads?: number;
  quick?: boolean;
  signal?: AbortSignal;
  onProgress?: (done: number, total: number, outcome: Outcome) => void;
}

export interface Verification {
  checks: Outcome[];
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
  /** Kolmogorov-Smirnov test that the p-values are uniform; null below 8 of them. They are independent: every check has a seed of its own. */
  uniformity: { statistic: number; pValue: number } | null;
  quick: boolean;
  backend: string;
  durationSeconds: number;
}

/** Fewer p-values than this say nothing about their law. */
const LEAST_P_VALUES = 8;

/** Runs the checks; the outcomes come in their order. @throws the signal's reason when aborted, and what a simulation throws */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { checks, quick = false, signal, onProgress } = options;
  const context: Context = { backend: options.backend ?? 'auto', threads: 1, quick, signal };
  const began = performance.now();
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const serve = async () => {
    while (next < checks.length) {
      const index = next++;
      signal?.throwIfAborted();
      outcomes[index] = await runCheck(checks[index], context);
      onProgress?.(++done, checks.length, outcomes[index]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads ?? cores(), checks.length) }, serve));
  return { ...summary(outcomes), quick, backend: context.backend, durationSeconds: (performance.now() - began) / 1000 };
}

async function runCheck({ name, against, seed, run }: Check, context: Context): Promise<Outcome> {
  const began = performance.now();
  const measurement = await run(context);
  return {
    name,
    statistic: measurement.statistic,
    pValue: measurement.pValue,
    passed: verdict(measurement),
    falseAlarmRate: measurement.pValue === null ? 0 : FALSE_ALARM_RATE,
    smallestEffect: measurement.smallestEffect,
    against,
    ...(measurement.predicted !== undefined && { predicted: measurement.predicted, measured: measurement.measured }),
    replicates: measurement.replicates,
    seed,
    durationSeconds: (performance.now() - began) / 1000,
  };
}

function summary(checks: Outcome[]): Pick<Verification, 'checks' | 'passed' | 'totals' | 'uniformity'> {
  const failed = checks.filter(({ passed }) => !passed).length;
  const pValues = checks.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  const statistic = uniformDistance(pValues);
  return {
    checks,
    passed: failed === 0,
    totals: {
      checks: checks.length,
      passed: checks.length - failed,
      failed,
      statistical: pValues.length,
      falseAlarmRate: 1 - (1 - FALSE_ALARM_RATE) ** pValues.length,
    },
    uniformity: pValues.length < LEAST_P_VALUES ? null : { statistic, pValue: kolmogorovTail(statistic, pValues.length) },
  };
}
