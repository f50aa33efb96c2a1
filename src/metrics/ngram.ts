/** The metrics of an n-gram model: those with a name of their own, and families of names with a parameter. */
import type { Metric } from './registry.js';

// Kernel ids are places in `ngramMetrics` of src/backend/ngram-job.ts.
const PERPLEXITY = 0;
const DISTINCT = 6;
const REPETITION = 7;
const WATCH = 9;
const COMPOSITION = 10;
const SURVIVAL = 14;
const KL_TRUTH = 15;

export const ngramMetrics: readonly Metric[] = [
  {
    name: 'perplexity',
    kernelId: PERPLEXITY,
    description: 'perplexity on the held-out real documents, ends included; Infinity if one token has probability 0',
  },
  { name: 'cross-entropy', kernelId: 1, description: 'its logarithm, nats a token' },
  { name: 'unseen', kernelId: 2, description: 'held-out tokens of probability 0, or after a context that the training set has not' },
  { name: 'vocabulary', kernelId: 3, description: 'different words in the training set' },
  { name: 'ngram-types', kernelId: 4, description: "different n-grams of the model's order in the training set" },
  { name: 'entropy-rate', kernelId: 5, description: 'entropy of the next token, nats, mean over the training set; without smoothing' },
  { name: 'distinct-1', kernelId: DISTINCT, argument: 1, description: 'different words over all words' },
  { name: 'distinct-2', kernelId: DISTINCT, argument: 2, description: 'different pairs of words over all pairs' },
  { name: 'distinct-3', kernelId: DISTINCT, argument: 3, description: 'different triples of words over all triples' },
  {
    name: 'rep-4',
    kernelId: REPETITION,
    argument: 4,
    description: 'repeated 4-grams within a document over all of them, mean over documents',
  },
  {
    name: 'verbatim',
    kernelId: 8,
    description: 'share of the written documents in the training set that stand in the real corpus word for word',
  },
  { name: 'real-share', kernelId: COMPOSITION, argument: 0, description: "share of the training set's tokens that are real" },
  { name: 'tokens', kernelId: 12, description: 'size of the training set in tokens, ends of documents included' },
  { name: 'documents', kernelId: 11, description: 'documents in the training set' },
  { name: 'cut', kernelId: 13, description: 'written documents that were cut for their length' },
  {
    name: 'kl-truth',
    kernelId: KL_TRUTH,
    description:
      'KL(p^(m) || p) of the next word, nats, mean over the contexts of the built-in stories; Infinity where the model writes what they never do',
  },
];

/** Needs a truth that is known: the built-in stories. */
export const NEEDS_TRUTH = 'kl-truth';

export const WATCH_PREFIX = 'watch:';
const parametric: readonly { pattern: RegExp; kernelId: number }[] = [
  { pattern: /^rep-([1-6])$/, kernelId: REPETITION },
  { pattern: /^composition:(0|[1-9]\d{0,8})$/, kernelId: COMPOSITION },
  { pattern: /^survival:([1-9]\d{0,8})$/, kernelId: SURVIVAL },
];

/** What names with a parameter look like, for messages and the JSON Schema. */
export const parametricNames = ['rep-N', 'composition:GENERATION', 'survival:COUNT', 'watch:CONTEXT WORD'] as const;
export const parametricPattern = '^(rep-[1-6]|composition:\\d+|survival:\\d+|watch:.+)$';

/** The words of `watch:CONTEXT WORD`, or undefined for every other name. */
export function watchedWords(name: string): string | undefined {
  return name.startsWith(WATCH_PREFIX) && name.length > WATCH_PREFIX.length ? name.slice(WATCH_PREFIX.length) : undefined;
}

export function isNgramMetric(name: string): boolean {
  return ngramMetricId(name, 0) !== undefined;
}

/**
 * Kernel id and argument of a metric, or undefined for a name that is none.
 * @param watched number of the watched pair that `watch:` names
 */
export function ngramMetricId(name: string, watched: number): [id: number, argument: number] | undefined {
  const named = ngramMetrics.find((metric) => metric.name === name);
  if (named) return [named.kernelId, named.argument ?? 0];
  if (watchedWords(name) !== undefined) return [WATCH, watched];
  for (const { pattern, kernelId } of parametric) {
    const found = pattern.exec(name);
    if (found) return [kernelId, Number(found[1])];
  }
  return undefined;
}
