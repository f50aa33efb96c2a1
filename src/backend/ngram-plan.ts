/** What an n-gram job needs: how much of everything at most. */
import { ADD_K, WANT_DISTINCT, WANT_ENTROPY, WANT_HELD, WANT_VERBATIM } from '../generated/javascript/ngram-layout.js';
import { longestDocument, metricId, type NgramBlock, type NgramJob, type NgramMetric, ngramMetrics, ngramSmoothings } from './ngram-job.js';

export interface NgramPlan {
  /** Models, training sets and kept batches that are there at the same time. */
  models: number;
  sets: number;
  kept: number;
  /** Most tokens of a training set, the pool and a kept batch. */
  setTokens: number;
  poolTokens: number;
  keptTokens: number;
  /** Longest document, real or not. */
  longest: number;
  documents: number;
  /** Entries of the list of generation 1's real documents. */
  firstDocuments: number;
  keepsReal: boolean;
  trainDepth: number;
  reportDepth: number;
  wanted: number;
  /** n of rep-n, 0 if it is not asked for. */
  repetition: number;
}

export function ngramPlan(job: NgramJob): NgramPlan {
  const { lastGeneration: last, generations } = job;
  const real = longestDocument(job.corpus, job.vocabulary);
  const used = generations.slice(0, last);
  const blocks = used.flat();
  const reach = (block: NgramBlock) => Math.min(block.through ?? block.source, last - 1);
  const mixes = blocks.some(({ source }) => source === -1);
  const models = Math.max(1, mixes ? last - 1 : 1, ...blocks.map(reach));
  const fixed = blocks.filter(({ source, mode }) => source > 0 && mode === 'fixed').map(reach);
  const keptBlocks = blocks.filter(({ source, mode }) => source > 0 && mode === 'kept');
  const longest = Math.max(real, job.maxDocument);
  const firstBlocks = used[0].filter(({ source, mode }) => source === 0 && mode === 'redrawn').length;
  const documents = countEnds(job);
  return {
    models,
    sets: 1 + Math.max(0, ...fixed),
    kept: Math.max(0, ...keptBlocks.map(reach)),
    keptTokens: Math.max(0, ...keptBlocks.map(({ size }) => job.sizes[size] + job.maxDocument)),
    ...largest(job, real, longest),
    longest,
    documents,
    firstDocuments: firstBlocks * documents,
    keepsReal: blocks.some(({ source, mode }) => source === 0 && mode === 'kept'),
    ...depths(job),
  };
}

function countEnds({ corpus, vocabulary }: NgramJob): number {
  let ends = 0;
  for (let i = 0; i < corpus.length; i++) if (corpus[i] === vocabulary) ends++;
  return ends;
}

/** Largest training set and pool: generation by generation, every block at its longest. */
function largest(job: NgramJob, real: number, longest: number): { setTokens: number; poolTokens: number } {
  const { generations, sizes, corpus, maxDocument, lastGeneration } = job;
  const totals = [0];
  let firstReal = 0;
  let pool = 0;
  for (let m = 1; m <= lastGeneration; m++) {
    let total = 0;
    for (const block of generations[Math.min(m, generations.length) - 1]) {
      const size = sizes[block.size];
      let tokens: number;
      if (block.source === 0) {
        tokens = block.mode === 'fixed' ? firstReal : Math.min(corpus.length, size + real - 1);
        if (m === 1 && block.mode === 'redrawn') firstReal += tokens;
      } else if (block.source > 0) {
        const end = Math.min(block.through ?? block.source, m - 1);
        tokens = 0;
        if (block.mode !== 'fixed') tokens = Math.max(0, end - block.source + 1) * (size + maxDocument - 1);
        else for (let k = block.source; k <= end; k++) tokens += totals[m - k];
      } else if (block.source === -2) tokens = block.mode === 'fixed' ? pool : Math.min(pool, size + longest - 1);
      else tokens = size + longest - 1;
      if (block.mode === 'into-pool') pool += tokens;
      else total += tokens;
    }
    totals.push(total);
  }
  return { setTokens: totals.reduce((most, total) => Math.max(most, total), 0), poolTokens: pool };
}

/** Lengths of n-grams that are counted, and passes, that the job's model and metrics need. */
export function depths(job: NgramJob): Pick<NgramPlan, 'trainDepth' | 'reportDepth' | 'wanted' | 'repetition'> {
  const { order, metrics, watch } = job;
  const smoothing = ngramSmoothings.indexOf(job.smoothing);
  const trainDepth = smoothing === 0 ? order - 1 : smoothing === ADD_K ? Math.max(1, order - 1) : order;
  let wanted = 0;
  let repetition = 0;
  let reportDepth = trainDepth;
  const wide: readonly NgramMetric[] = ['perplexity', 'cross-entropy', 'unseen', 'ngram-types', 'entropy-rate', 'kl-truth'];
  for (let i = 0; i < metrics.length; i += 2) {
    const name = ngramMetrics[metrics[i]];
    const argument = metrics[i + 1];
    if (metrics[i] <= metricId('unseen')) wanted |= WANT_HELD;
    if (name === 'entropy-rate') wanted |= WANT_ENTROPY;
    if (name === 'distinct') wanted |= WANT_DISTINCT;
    if (name === 'verbatim') wanted |= WANT_VERBATIM;
    if (name === 'repetition') repetition = argument;
    let needed = 0;
    if (wide.includes(name)) needed = order;
    else if (name === 'vocabulary' || name === 'survival') needed = 1;
    else if (name === 'distinct' || name === 'repetition') needed = argument;
    else if (name === 'watch') needed = watch[argument].context.length + 1;
    reportDepth = Math.max(reportDepth, needed);
  }
  return { trainDepth, reportDepth, wanted, repetition };
}
