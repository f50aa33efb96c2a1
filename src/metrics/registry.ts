/** The metrics of each model family, in the order of their kernel ids. */
import { isNgramMetric, NEEDS_TRUTH, ngramMetrics } from './ngram.js';

export interface Metric {
  readonly name: string;
  /** Number of the metric in the kernels of its family. */
  readonly kernelId: number;
  /** Its argument there. Default: 0. */
  readonly argument?: number;
  readonly description: string;
}

export const categoricalMetrics: readonly Metric[] = [
  { name: 'simpson', kernelId: 0, description: 'Simpson index, sum over tokens of p_i^2' },
  { name: 'max', kernelId: 1, description: 'largest probability' },
  { name: 'support', kernelId: 2, description: 'number of tokens with positive probability' },
  { name: 'entropy', kernelId: 3, description: 'entropy in nats' },
  { name: 'l1-first', kernelId: 4, description: 'L1 distance to generation 1' },
  { name: 'l2-first', kernelId: 5, description: 'squared L2 distance to generation 1' },
  { name: 'l1-truth', kernelId: 6, description: 'L1 distance to the true distribution' },
  { name: 'l2-truth', kernelId: 7, description: 'squared L2 distance to the true distribution' },
  { name: 'kl-truth', kernelId: 8, description: 'KL(p^(m) || p) to the true distribution, in nats' },
  { name: 'outside-truth', kernelId: 10, description: 'probability of the tokens that the true distribution lacks' },
];

export const gaussianMetrics: readonly Metric[] = [
  { name: 'variance', kernelId: 0, description: 'mean variance, tr(Sigma) / d' },
  { name: 'log-determinant', kernelId: 1, description: 'ln det Sigma; -Infinity where Sigma is singular' },
  { name: 'mean-shift', kernelId: 2, description: 'squared length of the mean, ||mu||^2 / d' },
  { name: 'kl-truth', kernelId: 3, description: 'KL(N(mu, Sigma) || N(0, I)) to the truth, in nats; Infinity where Sigma is singular' },
  { name: 'log-increment', kernelId: 4, description: 'ln det Sigma minus that of the generation before (in generation 1: of the truth)' },
];

export const regressionMetrics: readonly Metric[] = [
  {
    name: 'test-error',
    kernelId: 0,
    description: 'squared error of the fit on real data, ||Sigma^(1/2) (w - w_1)||^2, without the label noise',
  },
];

const families = {
  categorical: categoricalMetrics,
  gaussian: gaussianMetrics,
  ridge: regressionMetrics,
  'random-projections': regressionMetrics,
  ngram: ngramMetrics,
} as const;

/** A kind of model that has metrics. */
export type Family = keyof typeof families;

/** The names of a family's metrics; `probability:TOKEN` is not among them. */
export function metricNames(family: Family): string[] {
  return families[family].map(({ name }) => name);
}

/** The names of every family's metrics, each once. */
export function allMetricNames(): string[] {
  return [...new Set(Object.values(families).flatMap((metrics) => metrics.map(({ name }) => name)))];
}

/**
 * The metrics reported where a spec names none: all, but that mass outside the truth's support needs an error to get there,
 * and an n-gram's divergence a truth that is known.
 */
export function defaultMetrics({ kind, error }: { kind: Family; error?: object }): string[] {
  const all = metricNames(kind).filter((name) => name !== 'outside-truth' || error !== undefined);
  return kind === 'ngram' ? all.filter((name) => name !== NEEDS_TRUTH) : all;
}

/** Kernel id of `probability:TOKEN`. */
export const PROBABILITY_KERNEL_ID = 9;

/** What stands before the token in `probability:TOKEN`, the share of one token (an index from 0 or, for text, the token itself). */
export const PROBABILITY_PREFIX = 'probability:';

/** The token of `probability:TOKEN`, or undefined for every other name. */
export function probabilityToken(name: string): string | undefined {
  return name.startsWith(PROBABILITY_PREFIX) && name.length > PROBABILITY_PREFIX.length ? name.slice(PROBABILITY_PREFIX.length) : undefined;
}

/** Whether `name` is a metric of the family. */
export function isMetricName(name: string, family: Family): boolean {
  if (family === 'ngram') return isNgramMetric(name);
  return metricNames(family).includes(name) || (family === 'categorical' && probabilityToken(name) !== undefined);
}
