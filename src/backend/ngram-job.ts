/**
 * A recursive run of an n-gram model as the kernels see it: plain numbers, cloneable to a worker (docs/NGRAM.md).
 * Documents are streams of token ids: words are 0 ... vocabulary - 1, and `vocabulary` ends every document.
 */
import { inputError } from '../errors.js';
import { KEPT_MODE, WATCH_WORDS } from '../generated/javascript/ngram-layout.js';

/** Documents of one source; as `Block` of job.ts, sizes in tokens, ends of documents included. */
export interface NgramBlock {
  /** TRUTH 0 (real documents), k >= 1 the model of k generations ago, MIXTURE -1, POOL -2, POOL_REPLACED -3. */
  source: number;
  /** With source >= 1: the block stands for the models source ... through generations ago, those that are there. */
  through?: number;
  /** Slot of the size: whole documents are drawn until it is reached. */
  size: number;
  /**
   * `redrawn`: new documents (real ones without replacement; all, in their order, where the size is the corpus's);
   * `fixed`: real: those that generation 1 drew, a model: its whole training set, the pool: all of it; `into-pool`: new
   * documents for the pool; `kept`: those that were drawn when this source was first used.
   */
  mode: 'redrawn' | 'fixed' | 'into-pool' | 'kept';
  /** Weights other than 1 are not there for this model. */
  weight?: number;
}

export const ngramSmoothings = ['none', 'add-k', 'witten-bell', 'kneser-ney'] as const;
export type NgramSmoothing = (typeof ngramSmoothings)[number];

/**
 * Metrics by kernel id. Arguments: distinct and repetition: n; watch: index of a watched pair; composition: the generation
 * that wrote (0: real); survival: how often the corpus has the words.
 */
export const ngramMetrics = [
  'perplexity',
  'cross-entropy',
  'unseen',
  'vocabulary',
  'ngram-types',
  'entropy-rate',
  'distinct',
  'repetition',
  'verbatim',
  'watch',
  'composition',
  'documents',
  'tokens',
  'cut',
  'survival',
  'kl-truth',
] as const;
export type NgramMetric = (typeof ngramMetrics)[number];

export interface NgramWatch {
  /** Up to order - 1 words; `vocabulary + 1` in the first places is the start of a document. */
  context: number[];
  token: number;
}

export interface NgramJob {
  /** 0 ... 2^53 - 1. */
  seed: number;
  /** Number of words. */
  vocabulary: number;
  /** 1 ... 6. */
  order: number;
  smoothing: NgramSmoothing;
  /** add-k: k; kneser-ney: the discount, in (0, 1). Otherwise not used. */
  smoothingParameter: number;
  /** A rule of assembly/sampling.ts (plain, temperature, top-k, top-p) and its parameter. */
  rule: number;
  ruleParameter: number;
  /** The real documents. */
  corpus: Uint32Array;
  /** Documents to score; may be empty where no metric needs them. */
  heldOut: Uint32Array;
  /** What generation m trains on is `generations[min(m, length) - 1]`. */
  generations: NgramBlock[][];
  /** Sizes by slot, in tokens. */
  sizes: Uint32Array;
  lastGeneration: number;
  /** The generations reported, increasing; null: all of them. */
  report: Int32Array | null;
  /** (kernel id, argument) per metric. */
  metrics: Int32Array;
  watch: NgramWatch[];
  /**
   * The truth, for kl-truth: one entry for each of the first watched pairs, which are the truth's tokens of one context
   * after the other: its probability, and the weight of its context with a context's first token, 0 with the others.
   */
  truth: { p: number; weight: number }[];
  /** Longest document that a model writes, in tokens with the end; longer ones are cut. `defaultMaxDocument`. */
  maxDocument: number;
  /** Documents written for reading after each generation reported, in the first replicates. */
  samples: { documents: number; length: number; replicates: number };
}

/** Ten times the longest real document, at least 1,024 tokens and at most the corpus. */
export function defaultMaxDocument(corpus: Uint32Array, vocabulary: number): number {
  return Math.max(1024, Math.min(10 * longestDocument(corpus, vocabulary), corpus.length));
}

/** Tokens of the longest document, with its end. */
export function longestDocument(corpus: Uint32Array, vocabulary: number): number {
  let longest = 0;
  let start = 0;
  for (let i = 0; i < corpus.length; i++) {
    if (corpus[i] !== vocabulary) continue;
    longest = Math.max(longest, i + 1 - start);
    start = i + 1;
  }
  return longest;
}

export const metricId = (name: NgramMetric): number => ngramMetrics.indexOf(name);

const MOST_WORDS = 1 << 24;
const MOST_TOKENS = 1 << 30;
const MOST_GENERATIONS = 1_000_000;
const modes: readonly NgramBlock['mode'][] = ['redrawn', 'fixed', 'into-pool', 'kept'];
/** Number of a mode in the kernels. */
export const modeNumber = (mode: NgramBlock['mode']): number => modes.indexOf(mode);
if (modeNumber('kept') !== KEPT_MODE) throw new Error('modes of ngram-layout.ts');

function integer(field: string, value: number, least: number, most: number): void {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    throw inputError(field, value, `a whole number from ${least} to ${most}`);
  }
}

/** @throws InputError naming the field for everything that a kernel could not run. */
export function checkNgramJob(job: NgramJob): void {
  integer('seed', job.seed, 0, Number.MAX_SAFE_INTEGER);
  integer('order', job.order, 1, 6);
  integer('vocabulary', job.vocabulary, 1, MOST_WORDS);
  integer('lastGeneration', job.lastGeneration, 1, MOST_GENERATIONS);
  integer('maxDocument', job.maxDocument, 1, MOST_TOKENS);
  integer('rule', job.rule, 0, 3);
  if (!(job.ruleParameter > 0 && job.ruleParameter <= 1e300)) throw inputError('ruleParameter', job.ruleParameter, 'a positive number');
  checkSmoothing(job);
  checkDocuments('corpus', job.corpus, job.vocabulary);
  if (job.corpus.length < Math.max(1, job.order))
    throw inputError('corpus', `${job.corpus.length} tokens`, `at least the order, ${job.order}`);
  if (job.heldOut.length > 0) checkDocuments('heldOut', job.heldOut, job.vocabulary);
  checkGenerations(job);
  checkWatch(job);
  checkMetrics(job);
  integer('samples.documents', job.samples.documents, 0, 1000);
  integer('samples.length', job.samples.length, 1, 1 << 20);
  integer('samples.replicates', job.samples.replicates, 0, 1 << 20);
}

function checkSmoothing({ smoothing, smoothingParameter: parameter }: NgramJob): void {
  if (!ngramSmoothings.includes(smoothing)) throw inputError('smoothing', smoothing, ngramSmoothings.join(', '));
  if (smoothing === 'add-k' && !(parameter > 0 && parameter <= 1e6)) {
    throw inputError('smoothingParameter', parameter, 'for add-k a number above 0, at most 1000000');
  }
  if (smoothing === 'kneser-ney' && !(parameter > 0 && parameter < 1)) {
    throw inputError('smoothingParameter', parameter, 'for kneser-ney a number between 0 and 1');
  }
}

function checkDocuments(field: string, tokens: Uint32Array, vocabulary: number): void {
  if (tokens.length === 0 || tokens.length > MOST_TOKENS) throw inputError(field, `${tokens.length} tokens`, `1 to ${MOST_TOKENS} tokens`);
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i] > vocabulary) throw inputError(`${field}[${i}]`, tokens[i], `token ids up to ${vocabulary}, which ends a document`);
  }
  if (tokens[tokens.length - 1] !== vocabulary) {
    throw inputError(field, `a last token ${tokens[tokens.length - 1]}`, `${vocabulary}, the end of a document, as the last one`);
  }
}

function checkGenerations({ generations, sizes, lastGeneration }: NgramJob): void {
  if (generations.length === 0) throw inputError('generations', generations, 'at least one list of blocks');
  sizes.forEach((size, i) => integer(`sizes[${i}]`, size, 1, MOST_TOKENS));
  let pooled = false;
  let reals = false;
  let last = 0;
  for (let m = 1; m <= Math.min(lastGeneration, generations.length + 1); m++) {
    const line = Math.min(m, generations.length) - 1;
    let filled = false;
    generations[line].forEach((block, b) => {
      const field = `generations[${line}][${b}]`;
      checkBlock(field, block, sizes.length);
      const { source, mode } = block;
      if (source > 0 && source >= m) return; // not there yet
      if (source === -1 && m === 1) throw inputError(field, 'a mixture', 'earlier models, so from generation 2 on');
      if (source < -1 && !pooled) throw inputError(field, 'the pool', 'blocks that put something there first');
      if (source === 0 && mode === 'fixed' && !reals) throw inputError(field, 'fixed real documents', 'real ones redrawn in generation 1');
      if (mode === 'into-pool') pooled = true;
      else filled = true;
      if (m === 1 && source === 0 && mode === 'redrawn') reals = true;
    });
    if (!filled) throw inputError(`generations[${line}]`, `nothing for generation ${m}`, 'at least one source that is there');
    last = m;
  }
  if (last === 0) throw inputError('generations', generations.length, 'a line for generation 1');
}

function checkBlock(field: string, { source, through, size, mode, weight }: NgramBlock, slots: number): void {
  integer(`${field}.source`, source, -3, MOST_GENERATIONS);
  if (through !== undefined) integer(`${field}.through`, through, Math.max(source, 1), 2 ** 31 - 1);
  if (through !== undefined && source < 1) throw inputError(`${field}.through`, through, 'only with a model as the source');
  integer(`${field}.size`, size, 0, slots - 1);
  if (!modes.includes(mode)) throw inputError(`${field}.mode`, mode, modes.join(', '));
  if (weight !== undefined && weight !== 1) throw inputError(`${field}.weight`, weight, '1: n-gram models take no weights');
  const allowed = source >= 0 ? modes : source === -2 ? modes.slice(0, 2) : modes.slice(0, 1);
  if (!allowed.includes(mode)) throw inputError(`${field}.mode`, mode, `${allowed.join(', ')} with source ${source}`);
}

function checkWatch({ watch, truth, order, vocabulary, metrics }: NgramJob): void {
  watch.forEach(({ context, token }, i) => {
    integer(`watch[${i}].token`, token, 0, vocabulary);
    if (context.length > order - 1) throw inputError(`watch[${i}].context`, context, `at most ${order - 1} words with order ${order}`);
    context.forEach((word, j) => {
      const begins = context.slice(0, j + 1).every((before) => before === vocabulary + 1);
      if (!begins) integer(`watch[${i}].context[${j}]`, word, 0, vocabulary - 1);
    });
  });
  integer('truth.length', truth.length, 0, watch.length);
  truth.forEach(({ p, weight }, i) => {
    if (!(p > 0 && p <= 1)) throw inputError(`truth[${i}].p`, p, 'a probability above 0');
    if (!(weight >= 0 && weight <= 1e300) || (i === 0 && weight === 0))
      throw inputError(`truth[${i}].weight`, weight, 'a weight of 0 or more');
  });
  const asked = metrics.some((id, i) => i % 2 === 0 && id === metricId('kl-truth'));
  if (asked && truth.length === 0) throw inputError('truth', truth, 'probabilities, for kl-truth');
}

function checkMetrics({ metrics, report, lastGeneration, heldOut, watch }: NgramJob): void {
  if (metrics.length % 2 !== 0) throw inputError('metrics', metrics.length, 'pairs');
  let repetition = 0;
  for (let i = 0; i < metrics.length; i += 2) {
    integer(`metrics[${i}]`, metrics[i], 0, ngramMetrics.length - 1);
    const name = ngramMetrics[metrics[i]];
    const argument = metrics[i + 1];
    const limits = argumentLimits(name, lastGeneration, watch.length);
    if (limits) integer(`metrics[${i + 1}]`, argument, ...limits);
    if (metrics[i] <= metricId('unseen') && heldOut.length === 0)
      throw inputError('heldOut', 'no tokens', `documents to score, for ${name}`);
    if (name !== 'repetition') continue;
    if (repetition !== 0 && repetition !== argument)
      throw inputError(`metrics[${i + 1}]`, argument, `${repetition}, as before: one length a run`);
    repetition = argument;
  }
  report?.forEach((generation, i) => integer(`report[${i}]`, generation, i === 0 ? 1 : report[i - 1] + 1, lastGeneration));
}

function argumentLimits(name: NgramMetric, lastGeneration: number, watched: number): [least: number, most: number] | undefined {
  if (name === 'distinct') return [1, 3];
  if (name === 'repetition') return [1, 6];
  if (name === 'watch') return [0, watched - 1];
  if (name === 'composition') return [0, lastGeneration - 1];
  if (name === 'survival') return [1, MOST_TOKENS];
  return undefined;
}

/** The watch list as the kernels take it. */
export function watchWords({ watch }: NgramJob): Int32Array {
  const words = new Int32Array(WATCH_WORDS * watch.length);
  watch.forEach(({ context, token }, i) => {
    words.set([context.length, ...context, token], WATCH_WORDS * i);
  });
  return words;
}

/** Lines (first block, number) and blocks (source, through, size slot, mode) as the kernels take them. */
export function programWords({ generations }: NgramJob): { lines: Int32Array; blocks: Int32Array } {
  const lines = new Int32Array(2 * generations.length);
  const blocks: number[] = [];
  generations.forEach((list, m) => {
    lines.set([blocks.length / 4, list.length], 2 * m);
    for (const { source, through, size, mode } of list) blocks.push(source, through ?? source, size, modeNumber(mode));
  });
  return { lines, blocks: Int32Array.from(blocks) };
}

/** Truth entries as doubles: probability, weight. */
export function truthDoubles({ truth }: NgramJob): Float64Array {
  return Float64Array.from(truth.flatMap(({ p, weight }) => [p, weight]));
}
