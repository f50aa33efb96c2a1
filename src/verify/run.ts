/** Runs checks, as many at a time as there are threads. */
import { cores } from '#platform';
import { selectBackend } from '../backend/select.js';
import { inputError } from '../errors.js';
import { type Check, type Context, FALSE_ALARM_RATE, type Outcome, verdict } from './check.js';
import { type PublicVerification, publicVerification } from './outcome.js';

export interface VerifyOptions {
  checks: readonly Check[];
  /** Default 'auto': the fastest there is. */
  backend?: Context['backend'];
  /** Checks that run at a time, each on one thread. Default: all cores. */
  threads?: number;
  /** Fewer replicates: a tenth, at least 500. Default false. */
  quick?: boolean;
  /** Stops at the next simulation; what is finished is returned, with `complete` false. */
  signal?: AbortSignal;
  onProgress?: (done: number, total: number, outcome: Outcome) => void;
}

/**
 * Runs checks; the outcomes come in their order. p-values are independent: every check has a seed of its own.
 * @throws InputError for a backend that can't be had, or bad threads; what a simulation throws
 */
export async function verify(options: VerifyOptions): Promise<PublicVerification> {
  const { checks, quick = false, signal, threads = cores(), onProgress } = options;
  if (!Number.isInteger(threads) || threads < 1) throw inputError('threads', threads, 'a whole number, 1 or more');
  const startedAt = new Date();
  const began = performance.now();
  const { name: backend } = await selectBackend(options.backend);
  const context: Context = { backend, threads: 1, quick, signal };
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const serve = async () => {
    while (next < checks.length && !signal?.aborted) {
      const index = next++;
      const outcome = await runCheck(checks[index], context);
      if (!outcome) return;
      outcomes[index] = outcome;
      onProgress?.(++done, checks.length, outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, checks.length) }, serve));
  const durationSeconds = (performance.now() - began) / 1000;
  const finished = outcomes.filter((outcome) => outcome !== undefined);
  return publicVerification(finished, { context: { quick, backend }, complete: done === checks.length, startedAt, durationSeconds });
}

/** Undefined where the signal ended it. */
async function runCheck({ name, against, seed, run }: Check, context: Context): Promise<Outcome | undefined> {
  const began = performance.now();
  try {
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
  } catch (error) {
    if (context.signal?.aborted) return undefined;
    throw new Error(`check ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
