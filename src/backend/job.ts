/** A simulation as the kernels see it: plain numbers, cloneable to a worker. The engine makes it from a spec. */
export interface Job {
  /** 0 ... 2^53 - 1. */
  seed: number;
  contexts: JobContexts;
  program: Program;
  /** How models are sampled: a rule of assembly/sampling.ts and its parameter. */
  rule: number;
  ruleParameter: number;
  /** u32 sample sizes: contexts x program.sizeSlots. */
  sizes: Uint32Array;
  /** (kernel id, argument) per metric. */
  metrics: Int32Array;
  /** The generations reported, increasing; null: all of them. */
  report: Int32Array | null;
  lastGeneration: number;
  untilCollapse: boolean;
  /** Entries of the largest training set (tokens of a context or samples, whichever is less). */
  ringCapacity: number;
  /** Poisson rows needed: 1 ... rows. 0: none. */
  rows: number;
}

/** All contexts' distributions, one after the other. */
export interface JobContexts {
  /** First token of each context, and the end of the last. */
  starts: Int32Array;
  /** Token numbers in the vocabulary. */
  tokens: Int32Array;
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
  /**
   * With a model as source: the block stands for source, source + 1, ..., through, `size` samples of each that there is
   * (in generation m the models of 1 ... m - 1 generations ago). Default: source alone.
   */
  through?: number;
  /** Slot of the sample size. */
  size: number;
  /**
   * `redrawn`: new samples; `fixed`: the same ones again (of the truth: generation 1's real samples; of a model: its
   * whole training set; of the pool: all of it, as it is); `into-pool`: new samples for the pool, before the training
   * set is drawn; `kept`: the batch of the source, drawn where it is first used, the same one later.
   */
  mode: 'redrawn' | 'fixed' | 'into-pool' | 'kept';
  /** Weight of each sample in training. Default: 1. */
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

export interface SliceResult {
  /** Metric values, chain after chain, generation after generation. */
  values: Float64Array;
  /** Total collapse time of each chain, 0 if it has none. */
  collapseTimes: Uint32Array;
  /** Generations simulated. */
  generations: number;
  /** When the kernel ran: starts and ends in turn, in milliseconds of the machine's clock. */
  busy: number[];
}
