import type { NgramJob } from './ngram-job.js';

/** What a run of chains needs to know of a job, whatever runs them. */
export interface ChainJob {
  /** 0 ... 2^53 - 1. */
  seed: number;
  /** Chains per replicate. */
  contextCount: number;
  /** u32 sample sizes: contexts x program.sizeSlots. */
  sizes: Uint32Array;
  /** (kernel id, argument) per metric. */
  metrics: Int32Array;
  /** The generations reported, increasing; null: all of them. */
  report: Int32Array | null;
  lastGeneration: number;
  untilCollapse: boolean;
  /** A chain's cost in a generation, in look-ups: tells what is worth a worker. */
  generationCost: number;
}

/** What the loop of recursive training needs, whatever the model family. */
export interface LoopJob extends ChainJob {
  program: Program;
}

/** Language models, which have a kernel of their own (ngram-kernel.ts). */
export interface LanguageJob extends ChainJob {
  family: 'ngram';
  ngram: NgramJob;
}

/** A simulation as the kernels see it: plain numbers, cloneable to a worker. The engine makes it from a spec. */
export type Job = CategoricalJob | GaussianJob | RegressionJob | LanguageJob;
/** The jobs of the loop's families. */
export type SampledJob = Exclude<Job, LanguageJob>;

export interface CategoricalJob extends LoopJob {
  family: 'categorical';
  contexts: JobContexts;
  /** How models are sampled: a rule of assembly/sampling.ts and its parameter. */
  rule: number;
  ruleParameter: number;
  /** Whether samples have weights: where this, blocks with weights, kept batches, a fixed pool or errors are asked for. */
  weighted: boolean;
  /** Weight of a real sample against 1 for a generated one, per context; all 1 unless weighted. */
  realWeights: Float64Array;
  /** Error sizes by generation, the last repeats; empty: none. Only if weighted. */
  errorSizes: Float64Array;
  /** How the error is spread over the tokens of all contexts; as long as `contexts.p`, or empty without errors. */
  errorShares: Float64Array;
  /** Entries of the largest training set (tokens of a context or samples, whichever is less). */
  ringCapacity: number;
  /** Whether generations may be drawn by Poisson rows of integer means. */
  usesRows: boolean;
  /** Rates n / total of draws from the model before for which there are Poisson rows; at most 8, each in (0, 1]. */
  rates: Float64Array;
  /** Samples in the largest training set. */
  largestTotal: number;
  /**
   * 1 for each reported generation that a jump leads to, from the one reported before or from generation 1; else 0. Empty: no jumps.
   * Only where from generation 2 on everything is new samples of the model before.
   */
  jumps: Int32Array;
}

/** A Gaussian fitted to its training set, whose truth is N(0, I). */
export interface GaussianJob extends LoopJob {
  family: 'gaussian';
  /** 1 ... 64. */
  dimension: number;
  unbiased: boolean;
  /** A chain has collapsed in the first generation whose mean variance is below this. */
  collapseVariance: number;
  /** PLAIN or TEMPERATURE of assembly/sampling.ts, and its parameter. */
  rule: number;
  ruleParameter: number;
  /** Weight of a real sample against 1 for a generated one. */
  realWeight: number;
  /** Samples that the pool holds at most, if it is subsampled; 0: it is not, and holds moments. */
  poolSamples: number;
}

/**
 * Ridge regression on real and synthetic samples, on the covariates or on projections of them. It has no program: its schedule is in
 * the fields. Vectors have one number for each coordinate in the eigenbasis of Sigma, each coordinate in a scale of its own.
 */
export interface RegressionJob extends LoopJob {
  family: 'regression';
  /** d, 1 ... 1e5. */
  dimension: number;
  /** Unknowns of a fit: d or, if that is less, the number of projections. */
  features: number;
  /** Number of projections with entries N(0, 1/d), up to 1e12; 0: there are none. */
  width: number;
  /** How a training set is drawn: sample by sample where there are fewer than unknowns, part by part, or both parts as one Wishart matrix. */
  way: 'rows' | 'parts' | 'joint';
  /** Whether the real samples are those of generation 1. Not with `joint`. */
  keepReal: boolean;
  /** Standard deviations of the covariates, of the true weights, and of the labelling model's distance from them. */
  scale: Float64Array;
  signal: Float64Array;
  shift: Float64Array;
  /** What the diagonal of the system gets: one number for each unknown or, with `rows`, for each sample. */
  penalty: Float64Array;
  /**
   * Real part, then synthetic part, five numbers each: samples (0 ... 1e12), root of their weight (1 but with `parts`), standard deviation of
   * the label noise in generation 1 and later, and 1 where the part is drawn as the factor of a Wishart matrix (`parts` with d samples or more).
   */
  parts: Float64Array;
}

/** Whether batches of models are kept. */
export function keepsModels({ program }: LoopJob): boolean {
  return program.generations.some((blocks) => blocks.some(({ source, mode }) => mode === 'kept' && source > 0));
}

/** All contexts' distributions, one after the other. */
export interface JobContexts {
  /** First token of each context, and the end of the last. */
  starts: Int32Array;
  /** Token numbers in the vocabulary. */
  tokens: Int32Array;
  /** p^(0); 0 for tokens that only errors bring, which come last in their context. */
  p: Float64Array;
}

/** A data schedule as data: what generation m trains on is `generations[min(m, length) - 1]`. */
export interface Program {
  generations: Block[][];
  /** Sample sizes per context that the blocks refer to. */
  sizeSlots: number;
  /** Longest look-back in generations, at least 1. */
  lookBack: number;
  /** What goes into the pool: there is none; every training set by itself; or only what blocks put there. */
  pool: 'none' | 'all' | 'blocks';
}

/** Samples of one source. `source`: TRUTH, k >= 1 the model of k generations ago, or one of the others below. */
export interface Block {
  source: number;
  /** Of a model source k: the block stands for the models of k, k + 1, ..., `through` generations ago, as far as there are. */
  through?: number;
  /** Slot of the sample size. */
  size: number;
  /**
   * `redrawn`: new samples; `fixed`: the same ones again (of the truth: generation 1's real samples; of a model: its
   * whole training set; of the pool: all of it); `into-pool`: new samples for the pool, before the training set is
   * drawn; `kept`: the batch that was drawn at the first use, of the truth or of each model.
   */
  mode: 'redrawn' | 'fixed' | 'into-pool' | 'kept';
  /** Weight of each sample, positive. Default: 1. */
  weight?: number;
}

export const TRUTH = 0;
/** Every sample from a source drawn uniformly from the truth and all earlier models (their training sets in the pool). */
export const MIXTURE = -1;
/** The pool, without and with replacement. */
export const POOL = -2;
export const POOL_REPLACED = -3;

/** Consecutive chains of one block of replicates; chain = replicate * contexts + context. */
export interface Slice {
  replicate: number;
  context: number;
  chains: number;
}

/** The slice behind the first `chains` chains of another. */
export function sliceAfter({ replicate, context, chains }: Slice, done: number, contexts: number): Slice {
  const at = context + done;
  return { replicate: replicate + Math.floor(at / contexts), context: at % contexts, chains: chains - done };
}

export interface SliceResult {
  /** Metric values, chain after chain, generation after generation. */
  values: Float64Array;
  /** Total collapse time of each chain, 0 if it has none. */
  collapseTimes: Uint32Array;
  /** Generations simulated. */
  generations: number;
  /** What models of the first replicates wrote to be read (`ngramSamples`). */
  texts?: Int32Array;
  /** When the kernel ran: starts and ends in turn, in milliseconds of the machine's clock. */
  busy: number[];
}

/** A slice under way: what its chains have given so far, collapse times being those of the ones that have ended. */
export interface SliceState extends SliceResult {
  /** Where the next chain stands (`Kernel.save`); no bytes: at its beginning. */
  chain: Uint8Array;
  /** Generation of that chain, 0 at its beginning. */
  generation: number;
}

/** A slice that a lane runs. */
export interface RunningSlice extends SliceState {
  slice: Slice;
}
