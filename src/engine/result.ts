/** What `simulate` returns and `run --json` prints (the public contract). Undefined numbers are null, infinite ones "Infinity". */
import type { BackendName } from '../backend/select.js';
import type { Spec } from '../spec/spec.js';
import type { CheckpointStore } from './checkpoints.js';
import type { CorpusFacts } from './corpus-facts.js';

export type { BackendName };

export type Num = number | null | 'Infinity' | '-Infinity';

/** A number as a result says it. */
export function num(value: number): Num {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return null;
  return value > 0 ? 'Infinity' : '-Infinity';
}

export interface MetricSummary {
  /** Mean over replicates, one entry per generation of `Result.generation`. */
  mean: Num[];
  /** Standard error of that mean (null with one replicate). */
  standardError: Num[];
  /** Keys are probabilities ("0.05", "0.5", "0.95"). */
  quantiles: Record<string, Num[]>;
}

export interface CollapseSummary {
  /** Mean total collapse time T in generations; null when some replicates are censored, as all are where generations were jumped over. */
  mean: Num;
  standardError: Num;
  quantiles: Record<string, Num>;
  /** Number of replicates that collapsed. */
  collapsed: number;
  replicates: number;
}

export interface Provenance {
  version: string;
  backend: BackendName;
  threads: number;
  seed: number;
  /** The spec with every default filled in; running it again gives the same digest. */
  spec: Spec;
  machine: Record<string, unknown>;
  /** Why each faster backend was refused, by name. */
  refused?: Record<string, string>;
  /** For text: what was read. */
  corpus?: { path: string; sha256: string; bytes: number; tokens: number; documents?: number } | CorpusFacts;
  startedAt: string;
  /** Wall seconds of the backend calls. */
  durationSeconds: number;
  /** Wall seconds of loading and look-up tables. */
  setupSeconds: number;
}

export interface Result {
  provenance: Provenance;
  generation: number[];
  metrics: Record<string, MetricSummary>;
  collapseTime: CollapseSummary;
  /** Of a regression: the test error of generation 1, one fit, where that generation is reported. */
  testError?: { mean: Num; standardError: Num };
  /** With several contexts: how many there are and how many have collapsed by each generation (mean over replicates). */
  contexts?: { total: number; collapsed: Num[]; standardError: Num[] };
  /**
   * Reported generations that were reached by a jump from the one before, if there are any. When chains collapsed was not seen
   * then: `collapseTime` tells only how many did by the last generation.
   */
  jumps?: number[];
  /** Present when quantiles come from the first replicates only (more than 1e7 values a metric). */
  quantilesFrom?: { replicates: number };
  /** Of a language model: texts that it wrote to be read, generation after generation, from the first replicate. */
  samples?: TextSample[];
  digest: string;
}

export interface TextSample {
  replicate: number;
  generation: number;
  text: string;
  /** Whether the document went on. */
  cut: boolean;
}

export interface Progress {
  /** Replicates finished and asked for. */
  replicates: number;
  ofReplicates: number;
  /** Fraction in [0, 1], by chains finished. */
  fraction: number;
  /** Generations simulated so far, over all chains. */
  generations: number;
  elapsedSeconds: number;
}

/** Raw results of consecutive chains (replicate-major, contexts inside), handed over in order. */
export interface ChainBatch {
  /** Index of the first chain: replicate * contexts + context. */
  firstChain: number;
  contexts: number;
  /** Names of the contexts, where they have names (text). */
  contextLabels?: readonly string[];
  /** Metric names, in column order. */
  metrics: readonly string[];
  /** Generation of each row of a chain: row i is `generations(i)`. */
  generationOf: (row: number) => number;
  /** Rows of each chain (all the same unless until-collapse). */
  rows: Uint32Array;
  /** Row-major values: chain, row, metric. */
  values: Float64Array;
  /** Total collapse time of each chain, 0 if it did not collapse or generations were jumped over, so that it was not seen. */
  collapseTimes: Uint32Array;
}

export interface SimulateOptions {
  /** Default 'auto': native, then WASM, then JavaScript; each refusal is recorded in provenance.refused. */
  backend?: 'auto' | BackendName;
  /** Default: all cores. */
  threads?: number;
  /** Stops the run within 100 ms; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /**
   * Receives the texts that language models write to be read, as soon as a generation is done: all of one generation, or of a few. The
   * run waits for the returned promise, and fails where it does.
   */
  onSamples?: (samples: TextSample[]) => void | Promise<void>;
  /** Receives the raw results in order; the run waits for the returned promise. */
  onChains?: (batch: ChainBatch) => void | Promise<void>;
  /** Keeps what was simulated, chains under way too, and goes on with what is found. When aborted, all is saved before the promise rejects. */
  checkpoints?: CheckpointStore;
}
