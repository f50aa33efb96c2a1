/** The laws of this folder, put together: what a data schedule does to the metrics of one context or many, by name. */
import { inputError } from '../errors.js';
import { checkGenerations } from './check.js';
import { diffusionCollapseTime, diffusionError } from './coalescent.js';
import { type CollapseLaw, collapseLaw, hasCollapseLaw } from './collapse-law.js';
import { contextHasError, momentMetrics, type PredictedContext } from './context-moments.js';
import { expectedTypes, group } from './distribution.js';
import { type Bounds, paperBounds } from './paper-bounds.js';
import { fixedRealSize, replaceSize } from './training-law.js';

export type { PredictedContext } from './context-moments.js';

export interface Question {
  /** Generations, increasing from 1, or all of them up to the 0.9999 quantile of the collapse time. */
  generations: readonly number[] | 'until-collapse';
  /** With `until-collapse`: the last generation. */
  maxGenerations?: number;
  /** Names of metrics: simpson, l2-first, l2-truth, outside-truth, support and watched tokens have closed forms; others are left out. */
  metrics: readonly string[];
}

export interface CollapseTime {
  /** E[T], T being the first generation in which every context has collapsed. */
  mean: number;
  /** P(T <= m) at each generation. */
  cdf?: number[];
  /** Smallest m with P(T <= m) >= q, by q. */
  quantiles?: Record<string, number>;
  /** The mean is that of the diffusion limit, or by Wald's identity with the limit of the overshoot; within this relative error. */
  approximation?: 'diffusion' | 'wald';
  relativeError?: number;
}

export interface Prediction {
  generation: number[];
  /** Means by metric name, one for each generation. */
  expected: Record<string, number[]>;
  /** For fully-synthetic training only. */
  collapseTime?: CollapseTime;
  /** With several contexts: the mean number that have collapsed. */
  contexts?: { total: number; collapsed: number[] };
  /** What the papers prove. */
  bounds: Bounds;
}

const untilProbability = 0.9999;
const quantiles = [0.05, 0.5, 0.95];

/**
 * What theory says about a spec. A metric without a closed form, or one that would take minutes, is absent.
 * @throws InputError for generations out of range, and for `until-collapse` where the law of T is not known
 */
export function predict(contexts: readonly PredictedContext[], question: Question): Prediction {
  const collapse = lawOfCollapse(contexts, question);
  const generation = collapse?.generation ?? listed(question);
  checkGenerations(generation, 1);
  const prediction: Prediction = { generation, expected: {}, bounds: paperBounds(contexts, generation) };
  const means = momentMetrics(contexts, generation, question.metrics);
  for (const name of question.metrics) {
    const values = name === 'support' ? (collapse?.support ?? fixedSupport(contexts, generation)) : means[name];
    if (values) prediction.expected[name] = values;
  }
  if (collapse) {
    const byProbability = Object.fromEntries(quantiles.map((q, i) => [String(q), collapse.quantiles[i]]));
    prediction.collapseTime = { mean: collapse.mean, cdf: collapse.cdf, quantiles: byProbability };
    if (contexts.length > 1) prediction.contexts = { total: contexts.length, collapsed: collapse.collapsed };
  } else {
    const limit = contexts.length === 1 ? diffusion(contexts[0]) : undefined;
    if (limit) prediction.collapseTime = limit;
  }
  return prediction;
}

/** Sample size of fully synthetic training without errors. */
function collapsingSize(context: PredictedContext): number | undefined {
  return contextHasError(context) ? undefined : replaceSize(context.law);
}

/** The exact law of T, where there is one that takes seconds. */
function lawOfCollapse(contexts: readonly PredictedContext[], question: Question): CollapseLaw | undefined {
  const { generations, maxGenerations, metrics } = question;
  const sizes = contexts.map(collapsingSize);
  const known = sizes.every((n) => n !== undefined) && hasCollapseLaw(sizes as number[]);
  if (!known) return undefined;
  const collapsing = contexts.map(({ p, weight }, j) => ({ sampleSize: sizes[j] as number, p, weight }));
  return collapseLaw(collapsing, {
    generations: generations === 'until-collapse' ? { until: untilProbability, atMost: maxGenerations } : generations,
    quantiles,
    support: metrics.includes('support'),
  });
}

export function listed({ generations, maxGenerations }: Question): number[] {
  if (generations !== 'until-collapse') return [...generations];
  if (maxGenerations === undefined) {
    throw inputError(
      'generations',
      generations,
      'a number or a list of generations (or maxGenerations), as there is no exact law of this collapse time, or none that takes seconds',
    );
  }
  return Array.from({ length: maxGenerations }, (_, i) => i + 1);
}

/** Real data that is kept keeps its types, and nothing else brings new ones: the support of N samples of p, in every generation. */
function fixedSupport(contexts: readonly PredictedContext[], generation: readonly number[]): number[] | undefined {
  let support = 0;
  for (const context of contexts) {
    const real = fixedRealSize(context.law);
    if (real === undefined || contextHasError(context)) return undefined;
    support += context.weight * expectedTypes(group(context.p), real);
  }
  return generation.map(() => support);
}

/** The diffusion limit of E[T] for a sample size beyond the exact law. */
function diffusion(context: PredictedContext): CollapseTime | undefined {
  const n = collapsingSize(context);
  if (n === undefined) return undefined;
  const mean = diffusionCollapseTime(n, context.p);
  return { mean, approximation: 'diffusion', relativeError: diffusionError(n) / mean };
}
