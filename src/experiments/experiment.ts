/** What an experiment is: the simulations behind one figure of a paper, the claims they test, and the chart. */
import type { ChainBatch, Result } from '../engine/result.js';
import type { Claim } from '../figures/claim.js';
import type { VegaLiteSpec } from '../figures/style.js';
import type { Run, RunSpec } from './run.js';

export interface Experiment {
  /** `seddik-1`, ...: also the name of the output folder. */
  id: string;
  /** Other names that `reproduce` takes. */
  aliases: readonly string[];
  /** The paper's group: `seddik`. */
  group: string;
  title: string;
  /** Paper and figure. */
  source: string;
  /** Whether it takes too long for the set that runs when no figure is named. */
  slow?: boolean;
  /** How many simulations `run` makes (for progress). */
  simulations: number;
  /**
   * Of a figure that is drawn from a text: reads it, so that one that cannot be used is refused before any work.
   * @throws InputError when it cannot be used
   */
  readCorpus?: (path: string, signal?: AbortSignal) => Promise<void>;
  /** Of such a figure: whether it has a corpus of its own where none is given. */
  hasCorpus?: boolean;
  /**
   * Of a figure that is drawn from images: reads those in a folder, likewise. Without a folder it makes images of its own.
   * @throws InputError when they cannot be used
   */
  readImages?: (folder: string) => Promise<void>;
  run: (context: ExperimentContext) => Promise<Outcome>;
}

export interface ExperimentContext {
  /** Replicates of every simulation with replicates of its own. */
  replicates: number;
  /** The path of a text, for figures with `readCorpus`. */
  corpus?: string;
  /** A folder of images, for figures with `readImages`. */
  mnist?: string;
  signal?: AbortSignal;
  /**
   * Simulates a spec and keeps its replicates' trajectories in memory, unless `onChains` takes them; the k-th simulation of a figure adds
   * k - 1 to the seed.
   */
  simulate: (label: string, spec: RunSpec, onChains?: (batch: ChainBatch) => void) => Promise<Run>;
}

/** A table in long form: one array per row, aligned with `columns`. */
export interface DataTable {
  columns: readonly string[];
  rows: Iterable<readonly (number | string | null)[]>;
}

export interface Outcome {
  /** Shown under the figure. */
  caption: string;
  /** Names and values of what was set, in the order to show them. */
  parameters: readonly (readonly [string, string])[];
  claims: readonly Claim[];
  /** One entry per simulation; `expected` are the exact expectations drawn with it, by metric, aligned with the result's generations. */
  results: readonly { label: string; result: Result; expected?: Record<string, readonly number[]> }[];
  /** The numbers behind the chart. */
  data: DataTable;
  chart: VegaLiteSpec;
}
