/** Mean metrics of a categorical model under any schedule, weights, errors and verifier (docs/MATH.md#second-moments). */
import { checkGenerations, checkSimpson, checkSize } from './check.js';
import { errorSizes, hasError, type TrainingLaw } from './training-law.js';
import { trainingProgram } from './training-program.js';
import { type Family, TrainingWalk, walkWork } from './training-walk.js';

/** What the moments need to know of a truth. */
export interface TruthSummary {
  /** S_0 = sum_i p_i^2. */
  simpson0: number;
  /** Number of tokens with p_i > 0. */
  support: number;
  /** Number of tokens; the support, unless said. */
  vocabulary?: number;
}

/** Means at each generation asked for. */
export interface TrainingMoments {
  /** E sum_i p_i^2. */
  simpson: number[];
  /** E||p^(m) - p^(u)||^2, u = 1 unless said. */
  l2First: number[];
  /** E||p^(m) - p||^2. */
  l2Truth: number[];
  /** E p_i^(m) = p_i truth + support/(number of tokens in the support), or + outside/(number outside), for each token. */
  truth: number[];
  support: number[];
  outside: number[];
}

/** Whether the moments are linear: a verifier that thins out what an error has put outside the support makes them nonlinear. */
export function hasTrainingMoments(law: TrainingLaw, truth: TruthSummary): boolean {
  const { verifier } = law;
  const family = errorOf(law, truth);
  if (!verifier || !family || verifier.keepInside === verifier.keepOutside || verifier.keepOutside === 0) return true;
  return family.outsideShare === 0;
}

/** Steps of work up to generation `last`, as `momentWork`. */
export function trainingWork(law: TrainingLaw, last: number): number {
  return walkWork(trainingProgram(law, last), last);
}

/**
 * Exact means of the models of recursive training. Time: some 0.5 microseconds a generation and vector that the schedule looks back to.
 * @param generations whole numbers >= 1, in any order
 * @param from u of `l2First`
 * @returns undefined where there is no closed form (`hasTrainingMoments`)
 * @throws InputError for sizes, weights, errors or generations out of range, and for a generation without data
 */
export function trainingMoments(
  law: TrainingLaw,
  truth: TruthSummary,
  generations: readonly number[],
  from = 1,
): TrainingMoments | undefined {
  checkGenerations(generations, 1);
  checkGenerations([from]);
  checkSimpson(truth.simpson0, truth.support);
  checkSize('support', truth.support);
  if (!hasTrainingMoments(law, truth)) return undefined;
  const error = errorOf(law, truth);
  const last = generations.reduce((most, m) => Math.max(most, m), 0);
  const walk = new TrainingWalk(trainingProgram(law, last), { truthSpread: 1 - truth.simpson0, error: error?.family }, last, from);
  const order = generations.map((_, i) => i).sort((a, b) => generations[a] - generations[b]);
  const empty = () => new Array<number>(generations.length).fill(0);
  const means: TrainingMoments = {
    simpson: empty(),
    l2First: empty(),
    l2Truth: empty(),
    truth: empty(),
    support: empty(),
    outside: empty(),
  };
  let next = 0;
  for (let m = 1; m <= last; m++) {
    const { fromTruth, fromReference, spread, bias } = walk.step();
    for (; next < order.length && generations[order[next]] === m; next++) {
      const i = order[next];
      means.simpson[i] = 1 - spread;
      means.l2Truth[i] = fromTruth;
      means.l2First[i] = fromReference;
      means.truth[i] = 1 - bias[0] - bias[1];
      means.outside[i] = bias[0] * (error?.outsideShare ?? 0);
      means.support[i] = bias[0] * (1 - (error?.outsideShare ?? 0)) + bias[1];
    }
  }
  return means;
}

/** The error's direction e, uniform over its tokens; undefined where there are none, or no error. */
function errorOf(law: TrainingLaw, { simpson0, support, vocabulary = support }: TruthSummary) {
  const size = errorSizes(law.error);
  const tokens = law.error?.tokens ?? 'outside';
  const outside = vocabulary - support;
  if (!size || !hasError(law.error, vocabulary, support)) return undefined;
  // Products with p: <e, p> = (share of e inside)/support.
  const outsideShare = tokens === 'outside' ? 1 : tokens === 'vocabulary' ? outside / vocabulary : 0;
  const square = tokens === 'outside' ? 1 / outside : tokens === 'vocabulary' ? 1 / vocabulary : 1 / support;
  const withTruth = (1 - outsideShare) / support;
  const own = Math.max(0, square - 2 * withTruth + simpson0);
  const family: Family['error'] = { size, own, spread: 1 - square };
  if (law.verifier && law.verifier.keepOutside === 0 && outsideShare > 0) {
    // e_in is uniform over the support: <e, e_in> is the mean of e over the support, as is <e, p>.
    const insideOwn = Math.max(0, simpson0 - 1 / support);
    family.inside = { share: 1 - outsideShare, own: insideOwn, spread: 1 - 1 / support, product: simpson0 - 1 / support };
  }
  return { family, outsideShare };
}
