/**
 * How errors of each generation add up where sampling noise is left out: Wang et al. (arXiv 2412.14872), in our
 * reading; docs/MATH.md#errors. Model j is fitted to the training set q_j with errors alpha_i[j] >= 0 on type i:
 * p^_j = (q_j + alpha[j])/(1 + sum_i alpha_i[j]); q_1 is the real corpus.
 */
import { inputError } from '../errors.js';
import { checkGenerations } from './check.js';

/** What given errors make of the models 1 ... n, index 0 being model 1. */
export interface ErrorPath {
  /** p^_j, sum 1. */
  models: Float64Array[];
  /** Weight of the real corpus in p^_j: p^_j = weight q_1 + (what errors have made). */
  realWeight: number[];
}

/**
 * Replace: model j + 1 sees what model j generates, q_(j+1) = p^_j. The weight of the corpus is prod_(l<=j) 1/(1 + alpha[l]), which
 * vanishes geometrically when errors stay away from 0.
 * @param corpus q_1: the real corpus' distribution, sum 1
 * @param errors alpha_i[j] of each model j, one list of non-negative numbers as long as `corpus` for each
 * @throws InputError for lists of another length or negative numbers
 */
export function replaceErrors(corpus: ArrayLike<number>, errors: readonly ArrayLike<number>[]): ErrorPath {
  return follow(corpus, errors, () => 1);
}

/**
 * Accumulate-subsample with rate k: the pool is the corpus and k corpus sizes of each model so far, and a training set has the pool's
 * distribution: q_(j+1) = ((1 + k (j-1)) q_j + k p^_j)/(1 + k j). The weight of the corpus still goes to 0, but only like a power of j.
 * @param rate k, above 0; otherwise as `replaceErrors`
 * @throws InputError as `replaceErrors`, and for the rate
 */
export function accumulateSubsampleErrors(corpus: ArrayLike<number>, errors: readonly ArrayLike<number>[], rate: number): ErrorPath {
  checkRate(rate);
  return follow(corpus, errors, (j) => rate / (1 + rate * j));
}

/** Weight of the corpus in model j under replace, with the same total error a = sum_i alpha_i in every generation: (1 + a)^-j. */
export function replaceWeight(generation: number, totalError: number): number {
  checkError('totalError', totalError);
  checkGenerations([generation], 1);
  return Math.exp(-generation * Math.log1p(totalError));
}

/**
 * Weight of the corpus in model j under accumulate-subsample, with the same total error a in every generation:
 * prod_(l<j) (1 - c/(l + 1/k))/(1 + a), c = a/(1 + a). It falls like j^-c (`accumulateSubsampleExponent`).
 */
export function accumulateSubsampleWeight(generation: number, totalError: number, rate: number): number {
  checkRate(rate);
  checkError('totalError', totalError);
  const c = accumulateSubsampleExponent(totalError);
  const start = 1 + 1 / rate;
  const steps = generation - 1;
  checkGenerations([generation], 1);
  return Math.exp(logGammaRatio(start + steps, c) - logGammaRatio(start, c)) / (1 + totalError);
}

/** The power c = a/(1 + a) of j^-c, by which the corpus' weight falls under accumulate-subsample, whatever the rate. */
export function accumulateSubsampleExponent(totalError: number): number {
  return totalError / (1 + totalError);
}

/** q_(j+1) = (1 - share(j)) q_j + share(j) p^_j. */
function follow(corpus: ArrayLike<number>, errors: readonly ArrayLike<number>[], share: (j: number) => number): ErrorPath {
  const training = Float64Array.from(corpus);
  const models: Float64Array[] = [];
  const realWeight: number[] = [];
  let trainingWeight = 1;
  errors.forEach((alpha, index) => {
    if (alpha.length !== training.length)
      throw inputError(`errors[${index}]`, `${alpha.length} numbers`, `${training.length}, one for each type`);
    let total = 0;
    for (let i = 0; i < alpha.length; i++) {
      checkError(`errors[${index}][${i}]`, alpha[i]);
      total += alpha[i];
    }
    const model = training.map((q, i) => (q + alpha[i]) / (1 + total));
    const weight = trainingWeight / (1 + total);
    const mixed = share(index + 1);
    for (let i = 0; i < training.length; i++) training[i] += mixed * (model[i] - training[i]);
    trainingWeight += mixed * (weight - trainingWeight);
    models.push(model);
    realWeight.push(weight);
  });
  return { models, realWeight };
}

/** ln(Gamma(x - c)/Gamma(x)) for x > c >= 0: shifted to x >= 64, then Stirling's series of both, subtracted term by term. */
function logGammaRatio(x: number, c: number): number {
  let shifted = 0;
  for (; x < 64; x++) shifted -= Math.log1p(-c / x);
  const series = (y: number) => 1 / (12 * y) - 1 / (360 * y ** 3) + 1 / (1260 * y ** 5);
  return shifted + (x - 0.5) * Math.log1p(-c / x) - c * Math.log(x - c) + c + series(x - c) - series(x);
}

function checkRate(rate: number): void {
  if (!(rate > 0 && rate < Infinity)) throw inputError('rate', rate, 'a finite number above 0');
}

function checkError(field: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) throw inputError(field, value, 'a finite number, 0 or more');
}
