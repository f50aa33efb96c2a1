/**
 * Exact second moments of recursive training on any mixture of earlier sources; docs/MATH.md#second-moments.
 * Source 0 is the truth p; source k >= 1 is the empirical distribution of the k-th training set (or kept batch) listed.
 * Kept here: D(t, u) = E<p^(t) - p, p^(u) - p> = C(t, u) - S_0, which stays exact where S_m differs little from S_0.
 */
import { inputError } from '../errors.js';
import { checkSimpson, checkSize } from './check.js';

export { momentWork, type ScheduleLaw, scheduleSimpson, scheduleSquaredDrift } from './schedule-moments.js';

/** `size` samples of an earlier source: newly drawn, or (`fixed`) that source's own training samples used again. */
export interface Block {
  source: number;
  size: number;
  fixed?: boolean;
}

/** One training set: blocks of given sizes, or `size` samples that each pick a source t with probability weights[t] (sum 1). */
export type TrainingSet = { blocks: readonly Block[] } | { size: number; weights: readonly number[] };

/** The most training sets that one table holds (its memory is the square of this, halved). */
export const mostTrainingSets = 4096;

/** Mean inner products of all sources. */
export interface SecondMoments {
  /** C(t, u) = E<p^(t), p^(u)>. */
  inner(t: number, u: number): number;
  /** S_t = C(t, t), the mean Simpson index. */
  simpson(t: number): number;
  /** E||p^(t) - p^(u)||_2^2. */
  squaredDistance(t: number, u: number): number;
}

/**
 * The table C(t, u) for training sets listed in the order in which they are made: set number k (from 1) may use sources 0 ... k-1.
 * Time: the number of blocks times the number of sets.
 * @param simpson0 S_0 of the truth, in (0, 1]
 * @throws InputError for a source that does not exist yet, sizes below 1, weights that do not sum to 1, too many sets
 */
export function secondMoments(simpson0: number, sets: readonly TrainingSet[]): SecondMoments {
  checkSimpson(simpson0);
  if (sets.length > mostTrainingSets) throw inputError('sets', sets.length, `at most ${mostTrainingSets}`);
  const table: Float64Array[] = [Float64Array.of(0)];
  const at = (t: number, u: number) => (t >= u ? table[t][u] : table[u][t]);
  /** (1 - S_t)/size: the noise of `size` new samples of source t. */
  const noise = (t: number, size: number) => (1 - simpson0 - at(t, t)) / size;
  for (const set of sets) {
    const sources = shares(set, table.length);
    const row = new Float64Array(table.length + 1);
    for (let u = 0; u < table.length; u++) for (const { source, weight } of sources) row[u] += weight * at(source, u);
    let own = 0;
    for (const { source, weight } of sources) own += weight * row[source];
    if ('blocks' in set) {
      set.blocks.forEach(({ source, size, fixed }, i) => {
        if (!fixed) own += sources[i].weight ** 2 * noise(source, size);
      });
    } else own += (1 - simpson0 - own) / set.size;
    row[table.length] = own;
    table.push(row);
  }
  return {
    inner: (t, u) => simpson0 + at(t, u),
    simpson: (t) => simpson0 + at(t, t),
    squaredDistance: (t, u) => (t === u ? 0 : Math.max(0, at(t, t) - 2 * at(t, u) + at(u, u))),
  };
}

/** The share of every source in a training set, checked. */
function shares(set: TrainingSet, known: number): { source: number; weight: number }[] {
  if ('blocks' in set) {
    let total = 0;
    for (const { source, size } of set.blocks) {
      checkSource(source, known);
      checkSize('size', size);
      total += size;
    }
    if (total === 0) throw inputError('blocks', set.blocks, 'at least one block');
    return set.blocks.map(({ source, size }) => ({ source, weight: size / total }));
  }
  checkSize('size', set.size);
  checkSource(set.weights.length - 1, known);
  const total = set.weights.reduce((sum, weight) => sum + weight, 0);
  if (!(Math.abs(total - 1) <= 1e-9) || set.weights.some((weight) => !(weight >= 0))) {
    throw inputError('weights', set.weights, 'non-negative numbers that sum to 1');
  }
  return set.weights.map((weight, source) => ({ source, weight: weight / total }));
}

function checkSource(source: number, known: number): void {
  if (!Number.isInteger(source) || source < 0 || source >= known) throw inputError('source', source, `0 to ${known - 1}`);
}
