/** The checkpoints inside a block that is not finished. */
import type { SliceState } from '../backend/job.js';
import type { CheckpointStore, SavedSlice } from '../engine/checkpoints.js';
import type { Store } from './store.js';

/** Between two checkpoints, unless asked otherwise. */
export const CHECKPOINT_SECONDS = 60;

/** Keeps the chains of a block, or of all blocks of a run, as files of a store. */
export class BlockCheckpoints implements CheckpointStore {
  private readonly files: Map<string, [block: number, first: number]>;

  /** @param found of the block that runs; of all blocks, for a run */
  constructor(
    private readonly store: Store,
    private readonly point: number,
    readonly found: readonly SavedSlice[],
    readonly everyMs: number,
    /** Before every save. @throws where the folder is not ours any more */
    private readonly beforeSave: () => Promise<void>,
  ) {
    this.files = new Map(found.map(({ block, first }) => [`${block} ${first}`, [block, first]]));
  }

  async save(block: number, first: number, state: SliceState): Promise<void> {
    await this.beforeSave();
    await this.store.saveState(this.point, block, first, state);
    this.files.set(`${block} ${first}`, [block, first]);
  }

  async remove(block: number, first: number): Promise<void> {
    await this.store.removeState(this.point, block, first);
    this.files.delete(`${block} ${first}`);
  }

  /** Removes all files: the block is finished. */
  async clear(): Promise<void> {
    for (const [block, first] of [...this.files.values()]) await this.remove(block, first);
  }
}

/** "goes on with 12 chains that have ended and 2 under way (generations 3401, 5210)". */
export function describeSaved(saved: readonly SavedSlice[]): string {
  const ended = saved.reduce((sum, { chains }) => sum + chains, 0);
  const generations = saved.flatMap(({ generation }) => (generation > 0 ? [generation] : []));
  const shown = generations.slice(0, 8).join(', ') + (generations.length > 8 ? ', ...' : '');
  const underWay = generations.length > 0 ? ` and ${generations.length} under way (generation ${shown})` : '';
  return `goes on with ${ended} ${ended === 1 ? 'chain' : 'chains'} that ended${underWay}`;
}
