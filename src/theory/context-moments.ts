/** Second moments and mean shares, averaged over the contexts of a model, by metric name. */
import { group, simpson } from './distribution.js';
import { momentWork, type ScheduleLaw, scheduleSimpson, scheduleSquaredDrift } from './schedule-moments.js';
import { hasError, realWeight, replaceSize, type TrainingLaw } from './training-law.js';
import { hasTrainingMoments, type TrainingMoments, trainingMoments, trainingWork } from './training-moments.js';

/** A context: its truth p, how it is trained and its weight in averages (the weights sum to 1). */
export interface PredictedContext extends Omit<TrainingLaw, 'schedule'> {
  law: TrainingLaw['schedule'];
  p: ArrayLike<number>;
  weight: number;
  /** Number of tokens, with those of probability 0. Default: those of positive probability. */
  vocabulary?: number;
  /** Metrics `probability:TOKEN` by name: the token's p_i here. */
  watched?: Readonly<Record<string, number>>;
}

/** The training of a context, as the moments take it. */
export function trainingOf({ law, weighting, error, verifier }: PredictedContext): TrainingLaw {
  return { schedule: law, weighting, error, verifier };
}

/** Whether the models of a context have errors: an error outside the support needs tokens there. */
export function contextHasError({ error, vocabulary, p }: PredictedContext): boolean {
  const { support } = group(p);
  return hasError(error, vocabulary ?? support, support);
}

/** Steps of recursions that a prediction may take: about ten seconds. */
const mostWork = 2e9;

/** Contexts of one law and support size. All is linear in S_0 and p_i, so that they need only the means. */
interface Group {
  training: TrainingLaw;
  /** The named schedule, where nothing else counts. */
  named?: ScheduleLaw;
  weight: number;
  support: number;
  vocabulary: number;
  simpson0: number;
  /** Sums of weight x p_i, and of the weights of contexts whose truth has the token. */
  watched: Record<string, { p: number; inside: number }>;
}

/** The means of the metrics that have closed forms; none where they would take minutes. */
export function momentMetrics(
  contexts: readonly PredictedContext[],
  generation: readonly number[],
  metrics: readonly string[],
): Record<string, number[]> {
  const groups = groupsOf(contexts);
  const last = generation[generation.length - 1];
  const { watched = {} } = contexts[0];
  const means: Record<string, number[]> = {};
  const wanted = metrics.filter((name) => name in watched || ['simpson', 'l2-first', 'l2-truth', 'outside-truth'].includes(name));
  const free = groups.every(({ named }) => named);
  const costly = wanted.some((name) => !free || name === 'simpson' || name.startsWith('l2-'));
  const work = costly
    ? groups.reduce((sum, { named, training }) => sum + (named ? momentWork(named, last) : trainingWork(training, last)), 0)
    : 0;
  if (!groups.every(({ training, ...truth }) => hasTrainingMoments(training, truth))) return means;
  for (const each of groups) {
    const moments = each.named || work > mostWork ? undefined : trainingMoments(each.training, each, generation);
    for (const name of wanted) {
      const values = each.named ? namedMean(each, each.named, name, generation, work > mostWork) : moments && meanOf(each, moments, name);
      if (!values) continue;
      means[name] ??= generation.map(() => 0);
      values.forEach((value, i) => {
        means[name][i] += value;
      });
    }
  }
  return means;
}

/** A metric's mean times the group's weight, under a named schedule without weights and errors: shares stay the same on average. */
function namedMean(each: Group, law: ScheduleLaw, name: string, generation: readonly number[], tooLong: boolean): number[] | undefined {
  const { weight, simpson0 } = each;
  if (name === 'outside-truth') return generation.map(() => 0);
  if (name in each.watched) return generation.map(() => each.watched[name].p);
  if (tooLong) return undefined;
  const values =
    name === 'simpson'
      ? scheduleSimpson(law, generation, simpson0)
      : scheduleSquaredDrift(law, generation, simpson0, name === 'l2-first' ? 1 : 0);
  return values.map((value) => weight * value);
}

function meanOf({ weight, support, vocabulary, watched }: Group, moments: TrainingMoments, name: string): number[] {
  if (name === 'simpson') return moments.simpson.map((value) => weight * value);
  if (name === 'l2-first') return moments.l2First.map((value) => weight * value);
  if (name === 'l2-truth') return moments.l2Truth.map((value) => weight * value);
  if (name === 'outside-truth') return moments.outside.map((value) => weight * value);
  const { p, inside } = watched[name];
  const outside = (weight - inside) / Math.max(1, vocabulary - support);
  return moments.truth.map((share, i) => share * p + (inside * moments.support[i]) / support + outside * moments.outside[i]);
}

function groupsOf(contexts: readonly PredictedContext[]): Group[] {
  const groups = new Map<string, Group>();
  for (const context of contexts) {
    const { p, weight, watched = {} } = context;
    const { support } = group(p);
    const { vocabulary = support } = context;
    const named = namedLaw(context);
    const training = trainingOf(context);
    const key = JSON.stringify(named ?? [training, support]);
    let each = groups.get(key);
    if (!each) {
      each = { training, named, weight: 0, support, vocabulary, simpson0: 0, watched: {} };
      groups.set(key, each);
    }
    each.weight += weight;
    each.simpson0 += (weight / each.weight) * (simpson(p) - each.simpson0);
    for (const [name, share] of Object.entries(watched)) {
      each.watched[name] ??= { p: 0, inside: 0 };
      each.watched[name].p += weight * share;
      if (share > 0) each.watched[name].inside += weight;
    }
  }
  return [...groups.values()];
}

/** The named schedule of a context without weights that count, and without errors. */
function namedLaw(context: PredictedContext): ScheduleLaw | undefined {
  const { law } = context;
  if (contextHasError(context)) return undefined;
  const weighted = realWeight({ schedule: law, weighting: context.weighting }) !== 1;
  const n = replaceSize(law);
  if (n !== undefined) return { kind: 'fully-synthetic', sampleSize: n };
  return law.kind === 'custom' || weighted ? undefined : law;
}
