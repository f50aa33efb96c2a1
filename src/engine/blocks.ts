/** A run in blocks of 1,024 replicates, each by itself: what is saved, repeated and sent to other machines. */
import type { Job } from '../backend/job.js';
import type { Lane } from '../backend/lane.js';
import { type BackendName, closeLanes, openLanes } from '../backend/select.js';
import type { Truth } from '../models/truth.js';
import type { Spec } from '../spec/spec.js';
import type { TextCorpus } from '../text/corpus.js';
import { type CheckpointStore, Checkpoints, NO_CHECKPOINTS } from './checkpoints.js';
import { BlockHash } from './digest.js';
import { Pool } from './pool.js';
import { fitShape, workOf } from './prepare.js';
import { type Replicate, type ReplicateShape, Replicates, replicateShape } from './replicates.js';
import { resolveSpec, type Sources } from './resolve.js';
import { BLOCK_REPLICATES, blockCount, blockSlices } from './slices.js';

/** A spec, ready to be simulated block by block. */
export interface BlockRun {
  spec: Spec;
  job: Job;
  shape: ReplicateShape;
  blocks: number;
  /** Of a categorical model. */
  truth?: Truth;
  /** Of a language model. */
  corpus?: TextCorpus;
}

/**
 * Everything that comes before the first draw of a spec.
 * @param threads how many blocks run at a time, for the check of memory
 * @throws InputError for a text that can't be read, and for sizes that can't be run
 */
export async function prepareBlocks(spec: Spec, threads: number, sources?: Sources, signal?: AbortSignal): Promise<BlockRun> {
  const { job, chains, truth, corpus } = await resolveSpec(spec, signal, sources);
  // Blocks may go to machines without the native backend.
  fitShape(job, oneBlock(spec), 1, 'wasm', threads);
  return {
    spec,
    job,
    shape: replicateShape(spec, job, chains),
    blocks: blockCount(spec.replicates),
    ...(truth && { truth }),
    ...(corpus && { corpus }),
  };
}

function oneBlock(spec: Spec): Spec {
  return { ...spec, replicates: Math.min(spec.replicates, BLOCK_REPLICATES) };
}

/** Replicates in a block; the last one of a run may have fewer. */
export function replicatesIn({ spec }: BlockRun, block: number): number {
  return Math.min(BLOCK_REPLICATES, spec.replicates - block * BLOCK_REPLICATES);
}

/** About how many look-ups a block takes. */
export function blockWork(run: BlockRun, block: number): number {
  return workOf(run.job, replicatesIn(run, block));
}

/** What comes with a block beside its replicates. */
export interface BlockEnd {
  /** Of the block's raw results, 32 bytes. */
  hash: Uint8Array;
  /** Texts that a language model wrote, as the kernels give them. */
  texts: readonly Int32Array[];
}

/** Simulates blocks one after the other on threads of its own. */
export class BlockRunner {
  private loaded: BlockRun | undefined;
  private chainsPerSlice = 1;
  private checkpoints: Checkpoints | undefined;
  /** Wall seconds in which a kernel ran. */
  busySeconds = 0;

  private constructor(
    private readonly backend: BackendName,
    private readonly lanes: readonly Lane[],
    /** How many runners there are. */
    private readonly beside: number,
  ) {}

  /** @param inline whether all the work is so small that portable backends need no workers */
  static async open(backend: BackendName, threads: number, beside: number, inline: boolean): Promise<BlockRunner> {
    return new BlockRunner(backend, await openLanes(backend, threads, inline), beside);
  }

  /**
   * Simulates a block.
   * @param onReplicate takes the replicates in order; the block waits for it
   * @param store where checkpoints of the block are kept, if they are
   */
  async run(
    run: BlockRun,
    block: number,
    onReplicate: (replicate: Replicate) => void | Promise<void>,
    store: CheckpointStore = NO_CHECKPOINTS,
  ): Promise<BlockEnd> {
    if (this.loaded !== run) await this.load(run);
    const replicates = new Replicates(run.shape);
    const hash = new BlockHash();
    const texts: Int32Array[] = [];
    const { replicates: all } = run.spec;
    const checkpoints = new Checkpoints(store, this.lanes, run.job.contextCount);
    this.checkpoints = checkpoints;
    const pool = new Pool({
      lanes: this.lanes,
      tasks: blockSlices(block, all, run.job.contextCount, this.chainsPerSlice, store.found),
      onRun: (slice, result) => checkpoints.add(slice, result),
      onText: (text) => void texts.push(text),
      onResult: async (_, result) => {
        hash.add(result);
        for (const replicate of replicates.add(result)) {
          const taken = onReplicate(replicate);
          if (taken) await taken;
        }
      },
    });
    await checkpoints.during(() => pool.run());
    this.busySeconds += pool.durationSeconds;
    return { hash: hash.finish(), texts };
  }

  /** Look-ups done of the block that runs, about. */
  progress(): number {
    const generations = this.lanes.reduce((sum, lane) => sum + lane.progress(), 0);
    return generations * (this.loaded?.job.generationCost ?? 0);
  }

  /** Keeps workers for the next runner. */
  close(): void {
    closeLanes(this.backend, this.lanes);
  }

  /** Saves the block that runs, as far as it is, and stops for good. */
  async saveAndStop(): Promise<void> {
    await this.checkpoints?.saveAll();
    this.stop();
  }

  /** Stops at once, for good. */
  stop(): void {
    for (const lane of this.lanes) lane.stop();
  }

  private async load(run: BlockRun): Promise<void> {
    const shape = fitShape(run.job, oneBlock(run.spec), this.lanes.length, this.backend, this.beside);
    this.loaded = undefined;
    await Promise.all(this.lanes.map((lane) => lane.open(shape)));
    this.chainsPerSlice = shape.chainsPerSlice;
    this.loaded = run;
  }
}
