/** From a spec to what is simulated: the job of its model family, and what its chains are. */
import type { Job } from '../backend/job.js';
import { resolveTruth } from '../models/categorical.js';
import { Recent } from '../models/recent.js';
import type { Truth } from '../models/truth.js';
import { type CategoricalSpec, type GaussianSpec, isGaussian, isNgram, isRegression, type NgramSpec, type Spec } from '../spec/spec.js';
import { loadCorpus, type TextCorpus } from '../text/corpus.js';
import { categoricalJob } from './categorical-job.js';
import { gaussianJob } from './gaussian-job.js';
import { ngramJob } from './ngram-job.js';
import { regressionJob } from './regression-job.js';

/** The chains of a replicate: one for each context. */
export interface Chains {
  /** Weight of each context in averages: whole numbers, so that averages of equal values are exactly that value. */
  weights: number[];
  /** Whether the result counts the contexts that have collapsed. */
  counted: boolean;
  /** Names of the contexts, where they have any. */
  labels?: string[];
}

export interface Resolved {
  job: Job;
  chains: Chains;
  /** Of a categorical model. */
  truth?: Truth;
  /** Of a language model. */
  corpus?: TextCorpus;
}

/** What many specs may share. */
export class Sources {
  readonly truths = new Recent<Truth>();
  readonly corpora = new Recent<TextCorpus>(2);
}

/** @throws InputError for a text that can't be read, and for sizes that can't be run */
export async function resolveSpec(spec: Spec, signal?: AbortSignal, sources?: Sources): Promise<Resolved> {
  if (isRegression(spec)) return { job: regressionJob(spec), chains: { weights: [1], counted: false } };
  if (isNgram(spec)) return resolveNgram(spec, signal, sources);
  return isGaussian(spec) ? resolveGaussian(spec) : resolveCategorical(spec as CategoricalSpec, signal, sources);
}

function resolveGaussian(spec: GaussianSpec): Resolved {
  return { job: gaussianJob(spec), chains: { weights: [1], counted: false } };
}

async function resolveNgram(spec: NgramSpec, signal?: AbortSignal, sources?: Sources): Promise<Resolved> {
  const seed = spec.model.validationSeed ?? spec.seed;
  const load = () => loadCorpus(spec.model, seed, signal);
  const corpus = await (sources ? sources.corpora.get(JSON.stringify([spec.model, seed]), load) : load());
  return { job: await ngramJob(spec, corpus), chains: { weights: [1], counted: false }, corpus };
}

/** Small truths of the last runs, and with them what is made of them: it takes as long as a small run. */
const smallTruths = new Recent<Truth>(8);
const MOST_SMALL = 10_000;

function isSmall(initial: CategoricalSpec['model']['initial']): boolean {
  return (initial.kind === 'zipf' && initial.support <= MOST_SMALL) || (initial.kind === 'uniform' && initial.vocabulary <= MOST_SMALL);
}

async function resolveCategorical(spec: CategoricalSpec, signal?: AbortSignal, sources?: Sources): Promise<Resolved> {
  const { initial } = spec.model;
  const truth = await resolveTruth(spec, signal, sources?.truths ?? (isSmall(initial) ? smallTruths : undefined));
  const { kind } = initial;
  return {
    job: categoricalJob(spec, truth),
    truth,
    chains: {
      weights: truth.contexts.map(({ count = 1 }) => count),
      counted: kind === 'text' || kind === 'dirichlet',
      ...(kind === 'text' && { labels: truth.contexts.map(({ label }) => label) }),
    },
  };
}
