/** The plan's own answer, simulated: at the amount that it allows and at one that it does not. */
import { type Num, num } from '../engine/result.js';
import type { Truth } from '../models/truth.js';
import type { TruthSums } from './contexts.js';
import { largestSimulated, type MeasureOptions, measure, measured, replicatesFor } from './measure.js';
import type { CheckedRequest } from './request.js';
import type { Allowed } from './search.js';

/** What the plan says of an amount. */
export type Prediction = (
  synthetic: number,
  generations: number,
) => {
  value: number;
  /** Of an estimate; 0 for a law. */
  standardError: number;
  /** Only that the value is at most this is known. */
  atMost?: boolean;
  /** Variance of one run, where the law gives it (collapse). */
  variance?: number;
};

export interface CheckRow {
  synthetic: number;
  /** Generation simulated: the horizon, or one that stands for infinitely many. */
  generation: number;
  /** Whether the plan allows this amount. */
  allowed: boolean;
  predicted: number;
  measured: number;
  standardError: number;
  /** (measured - predicted) in standard errors. */
  zPredicted: Num;
  /** (measured - tolerance) in standard errors: below where the amount is allowed, above where it is not. */
  zTolerance: Num;
  replicates: number;
  /** Both agree within 4 standard errors. */
  agrees: boolean;
}

/** An answer is checked at this multiple of the largest amount too. */
const beyondAnswer = 1.25;
const zLimit = 4;
/** Where any amount is allowed for ever, the check is at this many times the real sample. */
const anyAmount = 100;
/** Random streams of the check start here: none is used by the calibration. */
const firstStream = 1000;
const longest = 100_000;

export async function check(
  request: CheckedRequest,
  truth: Truth,
  sums: TruthSums,
  answer: Allowed & { worst: number },
  predict: Prediction,
  options: MeasureOptions,
): Promise<CheckRow[]> {
  const generations = request.generations === Infinity ? standIn(predict, answer, request, sums) : request.generations;
  const finite = { ...request, generations };
  const farthest = largestSimulated(truth, finite);
  const rows: CheckRow[] = [];
  for (const [synthetic, allowed] of amounts(answer, farthest, sums)) {
    const replicates = replicatesFor(sums.tokens, finite);
    const result = await measure(finite, truth, synthetic, firstStream + rows.length, replicates, options);
    const prediction = predict(synthetic, generations);
    const [value, error] = observe(request, result, prediction.variance);
    const zPredicted = score(value - prediction.value, Math.hypot(error, prediction.standardError));
    const zTolerance = score(value - request.tolerance, error);
    const asPredicted = prediction.atMost ? zPredicted < zLimit : Math.abs(zPredicted) < zLimit;
    const onItsSide = allowed ? zTolerance < zLimit : prediction.atMost || zTolerance > -zLimit;
    rows.push({
      ...{ synthetic, generation: generations, allowed, predicted: prediction.value, measured: value, standardError: error },
      ...{ zPredicted: num(zPredicted), zTolerance: num(zTolerance), replicates, agrees: asPredicted && onItsSide },
    });
  }
  return rows;
}

/** The amounts to simulate, and whether each is allowed. */
function amounts({ largest, againFrom, worst }: Allowed & { worst: number }, farthest: number, sums: TruthSums): [number, boolean][] {
  const least = (n: number) => Math.max(1, Math.min(n, farthest));
  if (largest === Infinity) {
    const most = Math.max(...sums.groups.map(({ real }) => real));
    return [[least(Math.min(worst, anyAmount * most)), true]];
  }
  const within = (n: number) => n <= largest || (againFrom !== null && n >= againFrom);
  const asked =
    largest > 0
      ? [largest, Math.max(largest + 1, Math.ceil(beyondAnswer * largest))]
      : [againFrom ?? 1, Math.floor((againFrom ?? 0) / beyondAnswer)];
  const kept = [...new Set(asked.filter((n) => n >= 1).map(least))];
  return kept.map((n) => [n, within(n)]);
}

/** The first generation at which the law is within a ten-thousandth of its limit, at the amounts that are simulated. */
function standIn(predict: Prediction, { largest, againFrom }: Allowed, request: CheckedRequest, { groups }: TruthSums): number {
  const most = Math.max(...groups.map(({ real }) => real));
  const n = largest === Infinity ? anyAmount * most : Math.ceil(beyondAnswer * Math.max(largest, againFrom ?? 1));
  if (request.criterion === 'collapse') return 2;
  let m = 2;
  while (m < longest && Math.abs(predict(n, m).value / predict(n, Infinity).value - 1) > 1e-4) m = Math.min(longest, 2 * m);
  return m;
}

type Result = Awaited<ReturnType<typeof measure>>;

/** The measured value of the criterion and its standard error. */
function observe({ criterion }: CheckedRequest, result: Result, variance = 0): [number, number] {
  if (criterion === 'l1') {
    const { mean, standardError } = measured(result, 'l1-first');
    return [mean, standardError];
  }
  if (criterion === 'l2') {
    const { mean, standardError } = measured(result, 'l2-first');
    const root = Math.sqrt(mean);
    return [root, root > 0 ? standardError / (2 * root) : 0];
  }
  const { collapseTime, contexts } = result;
  const share = contexts ? Number(contexts.collapsed[0]) / contexts.total : collapseTime.collapsed / collapseTime.replicates;
  return [share, Math.sqrt(variance / collapseTime.replicates)];
}

function score(difference: number, standardError: number): number {
  if (standardError > 0) return difference / standardError;
  return Math.abs(difference) < 1e-12 ? 0 : difference * Infinity;
}
