/** The metrics of a categorical model, in the order of their kernel ids. */
export interface CategoricalMetric {
  readonly name: string;
  /** Number of the metric in the kernels. */
  readonly kernelId: number;
  readonly description: string;
}

export const categoricalMetrics: readonly CategoricalMetric[] = [
  { name: 'simpson', kernelId: 0, description: 'Simpson index, sum over tokens of p_i^2' },
  { name: 'max', kernelId: 1, description: 'largest probability' },
  { name: 'support', kernelId: 2, description: 'number of tokens with positive probability' },
  { name: 'entropy', kernelId: 3, description: 'entropy in nats' },
  { name: 'l1-first', kernelId: 4, description: 'L1 distance to generation 1' },
  { name: 'l2-first', kernelId: 5, description: 'squared L2 distance to generation 1' },
  { name: 'l1-truth', kernelId: 6, description: 'L1 distance to the true distribution' },
  { name: 'l2-truth', kernelId: 7, description: 'squared L2 distance to the true distribution' },
  { name: 'kl-truth', kernelId: 8, description: 'KL(p^(m) || p) to the true distribution, in nats' },
];

/** Kernel id of `probability:TOKEN`. */
export const PROBABILITY_KERNEL_ID = 9;

/** What stands before the token in `probability:TOKEN`, the share of one token (an index from 0 or, for text, the token itself). */
export const PROBABILITY_PREFIX = 'probability:';

/** The token of `probability:TOKEN`, or undefined for every other name. */
export function probabilityToken(name: string): string | undefined {
  return name.startsWith(PROBABILITY_PREFIX) && name.length > PROBABILITY_PREFIX.length ? name.slice(PROBABILITY_PREFIX.length) : undefined;
}

/** Whether `name` is a metric of a categorical model. */
export function isMetricName(name: string): boolean {
  return categoricalMetrics.some((metric) => metric.name === name) || probabilityToken(name) !== undefined;
}
