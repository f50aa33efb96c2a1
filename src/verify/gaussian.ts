/** The Gaussian against its closed forms and laws (docs/MATH.md#gaussian). */
import { isGaussian, parseSpec, type Spec } from '../spec/spec.js';
import { gaussianCollapseTime, logDeterminantIncrement } from '../theory/gaussian.js';
import { predictGaussian } from '../theory/predict-gaussian.js';
import { type Check, type Context, checkOf, type Measurement } from './check.js';
import { logChiSquareCells } from './log-chi-square.js';
import { column, type GaussianSituation, generationsOf, observeRaw, specOf } from './observe.js';
import { chiSquareTail } from './tails.js';
import { curveTest, lawTest, meanTest, sampleOf, uncorrelatedTest, violations } from './tests.js';
import { gaussianTraining } from './theory-laws.js';

type Values = Float64Array;

/** A check of raw values (row-major: replicate, generation, metric). */
function check(
  situation: GaussianSituation,
  kind: string,
  against: string,
  metrics: string[],
  measure: (values: Values, spec: Spec) => Measurement,
): Check {
  return checkOf(situation, kind, against, async (seed, context) => {
    const { spec, values } = await observeRaw(specOf(situation, seed, metrics, context), context);
    return measure(values, spec);
  });
}

function predicted(metric: string, spec: Spec, generations: readonly number[]): number[] {
  if (!isGaussian(spec)) throw new RangeError('a Gaussian is needed');
  const values = predictGaussian({ ...gaussianTraining(spec), ...spec.model }, { generations, metrics: [metric] }).expected[metric];
  if (!values) throw new RangeError(`${metric} of ${spec.schedule.kind} has no closed form`);
  return values;
}

const theories: Record<string, string> = { variance: 'second moments', 'mean-shift': 'second moments' };

/** The mean of a metric in one generation, or in several at once. Changes of logs may be near 0: their effect is in standard deviations. */
export function gaussianMeanCheck(situation: GaussianSituation, metric: string): Check {
  const generations = generationsOf(situation);
  const curve = generations.length > 1;
  const against = theories[metric] ?? 'Wishart determinants';
  return check(situation, `${metric}${curve ? '-curve' : ''}`, against, [metric], (values, spec) => {
    const means = predicted(metric, spec, generations);
    if (curve) return curveTest(values, means);
    const { standardError, size } = sampleOf(values);
    const spread = metric in theories ? 0 : standardError * Math.sqrt(size);
    return meanTest(values, means[0], Math.max(Math.abs(means[0]), spread));
  });
}

/** The law of one generation's change under fully synthetic training, without its temperature. */
function incrementLaw(situation: GaussianSituation) {
  const { schedule, dimension, estimator = 'mle' } = situation;
  if (schedule.kind !== 'fully-synthetic') throw new RangeError(`${schedule.kind}: no law of increments`);
  const n = Number(schedule.sampleSize);
  return { n, dimension, estimator, divisor: estimator === 'mle' ? n : n - 1 };
}

/** The variance of the increments of ln det, over all replicates and generations, which are independent. */
export function incrementVarianceCheck(situation: GaussianSituation): Check {
  return check(situation, 'log-increment-variance', 'Wishart determinants', ['log-increment'], (values) => {
    const { n, dimension, estimator } = incrementLaw(situation);
    const law = logDeterminantIncrement(n, dimension, estimator);
    return meanTest(
      values.map((x) => (x - law.mean) ** 2),
      law.variance,
    );
  });
}

const CELLS = 20;

function cellTest(values: Values, cuts: readonly number[], probability: readonly number[]): Measurement {
  const observed = new Float64Array(probability.length);
  for (const value of values) observed[cuts.filter((cut) => cut < value).length]++;
  return lawTest(observed, probability);
}

/** The whole law of the increments: a sum of logs of chi-square variables. */
export function incrementLawCheck(situation: GaussianSituation): Check {
  return check(situation, 'log-increment-law', 'sum of logs of chi-squares', ['log-increment'], (values) => {
    const { n, dimension, divisor } = incrementLaw(situation);
    const degrees = Array.from({ length: dimension }, (_, i) => n - 1 - i);
    const { cuts, probability } = logChiSquareCells(degrees, -dimension * Math.log(divisor), CELLS);
    return cellTest(values, cuts, probability);
  });
}

/** Generation 1 of `real` samples: d N ||mu||^2/d is chi-square with d, d (N - 1) s^2 with d (N - 1) degrees of freedom. */
export function firstLawCheck(situation: GaussianSituation, metric: 'variance' | 'mean-shift', real: number): Check {
  return check({ ...situation, at: 1 }, `${metric}-law`, 'chi-square law of generation 1', [metric], (values) => {
    const { dimension: d, estimator = 'mle' } = situation;
    const degrees = metric === 'variance' ? d * (real - 1) : d;
    const factor = metric === 'variance' && estimator === 'unbiased' ? d * (real - 1) : d * real;
    const observed = new Float64Array(CELLS);
    for (const value of values) observed[Math.min(CELLS - 1, Math.floor(CELLS * chiSquareTail(factor * value, degrees)))]++;
    return lawTest(observed, new Array(CELLS).fill(1 / CELLS));
  });
}

/** What must be independent is uncorrelated: replicates, generations, mean and scatter of generation 1. */
export function gaussianCorrelationCheck(situation: GaussianSituation, kind: 'replicates' | 'generations' | 'moments'): Check {
  const metrics = kind === 'moments' ? ['mean-shift', 'variance'] : ['log-increment'];
  return check(situation, `correlation-${kind}`, 'independence', metrics, (values) => {
    if (kind !== 'replicates') return uncorrelatedTest(column(values, 2, 0), column(values, 2, 1));
    const even = values.length - (values.length % 2);
    const half = (first: number) => values.slice(0, even).filter((_, r) => r % 2 === first);
    return uncorrelatedTest(half(0), half(1));
  });
}

/** Under accumulate the mean shift stays below pi^2/6 times that of generation 1; with five standard errors of allowance. */
export function accumulateBoundCheck(situation: GaussianSituation, real: number): Check {
  const generations = generationsOf(situation);
  return check(situation, 'mean-shift-bound', 'bound pi^2/6', ['mean-shift'], (values) => {
    const wrong = generations.filter((_, k) => {
      const { mean, standardError } = sampleOf(column(values, generations.length, k));
      return !(mean - 5 * standardError <= Math.PI ** 2 / 6 / real);
    });
    return violations(wrong.length, values.length);
  });
}

/** n <= d samples have no volume, and more have some in every generation: -Infinity, and Infinity for the divergence, or never. */
export function singularCheck(situation: GaussianSituation, singular: boolean): Check {
  return check(situation, 'singular', 'samples against dimension', ['log-determinant', 'kl-truth', 'variance'], (values) => {
    let wrong = 0;
    for (let i = 0; i < values.length; i += 3) {
      const flat = values[i] === Number.NEGATIVE_INFINITY && values[i + 1] === Number.POSITIVE_INFINITY;
      const finite = Number.isFinite(values[i]) && Number.isFinite(values[i + 1]);
      if (!(singular ? flat : finite) || !(values[i + 2] > 0)) wrong++;
    }
    return violations(wrong, values.length / 3);
  });
}

/** Metrics that follow from others: increments add up to the log determinant, the divergence is a sum of the rest. `at`: 1, 2, ... */
export function gaussianDefinitionCheck(situation: GaussianSituation): Check {
  const metrics = ['variance', 'log-determinant', 'mean-shift', 'kl-truth', 'log-increment'];
  const generations = generationsOf(situation).length;
  return check(situation, 'definitions', 'their definitions', metrics, (values) => {
    let wrong = 0;
    let sum = 0;
    for (let row = 0; row < values.length / 5; row++) {
      const [variance, log, shift, kl, increment] = values.subarray(5 * row, 5 * row + 5);
      sum = row % generations === 0 ? increment : sum + increment;
      const size = 1 + Math.abs(log);
      if (!(Math.abs(sum - log) <= 1e-12 * size * generations)) wrong++;
      if (!(Math.abs(kl - (situation.dimension * (variance + shift - 1) - log) / 2) <= 1e-12 * size)) wrong++;
    }
    return violations(wrong, values.length / 5);
  });
}

/** T is the first generation with a variance below the threshold. `at`: 1, 2, ... */
export function collapseDefinitionCheck(situation: GaussianSituation): Check {
  const generations = generationsOf(situation);
  return checkOf(situation, 'collapse-time', 'its definition', async (seed, context) => {
    const { spec, values, collapseTimes } = await observeRaw(specOf(situation, seed, ['variance'], context), context);
    const { collapseVariance = 0.001 } = situation;
    let wrong = 0;
    collapseTimes.forEach((time, r) => {
      const row = values.subarray(r * generations.length, (r + 1) * generations.length);
      if (time !== row.findIndex((variance) => variance < collapseVariance) + 1) wrong++;
    });
    return violations(wrong, spec.replicates);
  });
}

/** E[T] in one dimension lies in its bracket (Wald's identity), with five standard errors of allowance. */
export function collapseBracketCheck(situation: GaussianSituation): Check {
  return checkOf(situation, 'collapse-bracket', "Wald's identity", async (seed, context: Context) => {
    const spec = specOf({ ...situation, at: 1 }, seed, ['variance'], context);
    const { collapseTimes } = await observeRaw(parseSpec({ ...spec, generations: 'until-collapse' }), context);
    const { n, estimator } = incrementLaw(situation);
    const { temperature } = gaussianTraining(spec);
    const bracket = gaussianCollapseTime(n, estimator, situation.collapseVariance ?? 0.001, temperature);
    const { mean, standardError } = sampleOf(collapseTimes);
    const within = bracket && mean + 5 * standardError >= bracket.lower && mean - 5 * standardError <= bracket.upper;
    return { ...violations(within ? 0 : 1, collapseTimes.length), predicted: bracket?.mean, measured: mean };
  });
}
