/** Sums over a probability vector that the laws of recursive training are made of. */
import { inputError } from '../errors.js';

/** Distinct positive probabilities in falling order and how many types have each; they are rescaled to sum to 1 exactly. */
export interface GroupedDistribution {
  readonly probability: Float64Array;
  readonly multiplicity: Float64Array;
  /** Number of types with positive probability. */
  readonly support: number;
}

/**
 * Checks `p` (non-negative, sum 1 within 1e-9), leaves out the zeros and merges equal values.
 * Throws InputError for `p` otherwise.
 */
export function group(p: ArrayLike<number>): GroupedDistribution {
  const positive = new Float64Array(p.length);
  let support = 0;
  let total = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i];
    if (!(value >= 0 && value <= 1 + 1e-9)) throw inputError(`p[${i}]`, value, 'from 0 to 1');
    if (value > 0) positive[support++] = value;
    total += value;
  }
  if (!(Math.abs(total - 1) <= 1e-9)) throw inputError('p', `a sum of ${total}`, 'probabilities that sum to 1 within 1e-9');
  const sorted = positive.subarray(0, support).sort();
  const probability: number[] = [];
  const multiplicity: number[] = [];
  for (let i = support - 1; i >= 0; i--) {
    const value = support === 1 ? 1 : sorted[i] / total;
    if (probability.length > 0 && probability[probability.length - 1] === value) multiplicity[multiplicity.length - 1]++;
    else {
      probability.push(value);
      multiplicity.push(1);
    }
  }
  return { probability: Float64Array.from(probability), multiplicity: Float64Array.from(multiplicity), support };
}

/** Simpson index sum_i p_i^2 of a probability vector: 1/support (uniform) to 1 (one type). Throws InputError for `p`. */
export function simpson(p: ArrayLike<number>): number {
  const { probability, multiplicity } = group(p);
  let sum = 0;
  for (let i = probability.length - 1; i >= 0; i--) sum += multiplicity[i] * probability[i] * probability[i];
  return Math.min(1, sum);
}

/** Types are left out of a power sum once they are below this part of the largest type's power. */
const negligiblePower = 1e-26;

/**
 * Power sums f(k) = sum_i p_i^k at index k = 0 ... upTo (f(0) is the support size, f(1) is 1): the probability that k
 * independent draws from p are of one type (docs/MATH.md#lineages). Powers grow by one product each, and types drop
 * out as soon as they no longer count, so that the cost is about upTo + support * 60 / log(p_1/p_i).
 */
export function powerSums(distribution: GroupedDistribution, upTo: number): Float64Array {
  const { probability, multiplicity, support } = distribution;
  const sums = new Float64Array(upTo + 1);
  sums[0] = support;
  const power = probability.slice();
  let live = power.length;
  for (let k = 1; k <= upTo; k++) {
    if (k > 1) for (let i = 0; i < live; i++) power[i] *= probability[i];
    while (live > 1 && power[live - 1] < power[0] * negligiblePower) live--;
    if (power[0] === 0) break;
    let sum = 0;
    for (let i = live - 1; i >= 0; i--) sum += multiplicity[i] * power[i];
    sums[k] = k === 1 ? 1 : Math.min(1, sum);
  }
  return sums;
}

/** Expected number of types among k >= 0 independent draws: sum_i (1 - (1 - p_i)^k), to full precision for small p_i. */
export function expectedTypes(distribution: GroupedDistribution, k: number): number {
  if (k === 0) return 0;
  const { probability, multiplicity } = distribution;
  let sum = 0;
  for (let i = probability.length - 1; i >= 0; i--) sum -= multiplicity[i] * Math.expm1(k * Math.log1p(-probability[i]));
  return sum;
}
