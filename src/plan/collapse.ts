/** How likely total collapse is, as a function of the amount of synthetic data; docs/MATH.md#planner-collapse. */
import { inputError } from '../errors.js';
import type { Truth } from '../models/truth.js';
import { collapseProbability, largestSampleSize } from '../theory/coalescent.js';
import { realOf } from './contexts.js';
import type { CheckedRequest } from './request.js';
import { type Allowed, bisect } from './search.js';

/** Most contexts under fully-synthetic, where each amount takes a computation for each context. */
const mostContexts = 100;

export interface CollapseLaw {
  /** Probabilities of the contexts at an amount; their mean is what the tolerance is for. */
  at(synthetic: number): number[];
  /** `bound`: at least the probability. */
  method: 'exact' | 'bound';
  /** The amounts that keep the mean within the tolerance. */
  allowed: Allowed;
}

/** The collapse of every context by generation m. @throws InputError where there are too many contexts */
export function collapseLaw(truth: Truth, { schedule, generations, real, tolerance }: CheckedRequest): CollapseLaw {
  if (schedule === 'fully-synthetic') return fullySynthetic(truth, generations, tolerance);
  // Real samples that are not all of one type stay in the training set; so only a real sample of one type collapses.
  const first = truth.contexts.map((context) => oneType(context.p, realOf(context, real)));
  const values = schedule === 'fresh' ? first.map((f) => -Math.expm1(generations * Math.log1p(-f))).map((f) => (f >= 0 ? f : 1)) : first;
  const largest = mean(values) <= tolerance ? Infinity : 0;
  return { at: () => values, method: schedule === 'fresh' ? 'bound' : 'exact', allowed: { largest, againFrom: null, beyond: false } };
}

/** More samples a generation always collapse later: the least number of them is found by doubling, then bisection. */
function fullySynthetic({ contexts }: Truth, generations: number, tolerance: number): CollapseLaw {
  if (contexts.length > mostContexts) {
    throw inputError(
      'model.initial',
      `${contexts.length} contexts`,
      `at most ${mostContexts} with fully-synthetic and the criterion collapse`,
    );
  }
  const at = (n: number) => contexts.map(({ p }) => collapseProbability([generations], n, p)[0]);
  const tooLikely = (n: number) => mean(at(n)) > tolerance;
  if (!tooLikely(1)) return { at, method: 'exact', allowed: { largest: Infinity, againFrom: null, beyond: false } };
  let low = 1;
  while (low < largestSampleSize && tooLikely(Math.min(2 * low, largestSampleSize))) low = Math.min(2 * low, largestSampleSize);
  const againFrom = low === largestSampleSize ? null : bisect(low, Math.min(2 * low, largestSampleSize), tooLikely) + 1;
  return { at, method: 'exact', allowed: { largest: 0, againFrom, beyond: false } };
}

/** sum_i p_i^N: the chance that N real samples are of one type. */
function oneType(p: ArrayLike<number>, samples: number): number {
  if (p.length === 1) return 1;
  let sum = 0;
  for (let i = p.length - 1; i >= 0; i--) sum += p[i] ** samples;
  return Math.min(1, sum);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
