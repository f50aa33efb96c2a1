/** From the blocks of a point to what the sweep says of it. */
import type { BlockRun } from '../engine/blocks.js';
import { HashOfHashes } from '../engine/digest.js';
import type { Replicate } from '../engine/replicates.js';
import { Summary } from '../engine/summary.js';
import { readBlock } from './block-file.js';
import type { Point } from './points.js';
import type { PointRecord, Store } from './store.js';

/** Takes all replicates of a point in order, with the hash of each block after its replicates. */
export class PointSummary {
  private readonly summary: Summary;
  private readonly digest = new HashOfHashes();

  constructor(
    private readonly point: Point,
    run: BlockRun,
  ) {
    this.summary = new Summary(run.shape);
  }

  add(replicate: Replicate): void {
    this.summary.add(replicate);
  }

  endBlock(hash: Uint8Array): void {
    this.digest.add(hash);
  }

  finish(): PointRecord {
    const digest = this.digest.finish();
    return { digest, json: JSON.stringify({ vary: this.point.vary, digest, ...this.summary.finish() }) };
  }
}

/** Sums up a point whose blocks are all on disk. */
export async function sumUpBlocks(store: Store, point: Point, run: BlockRun): Promise<PointRecord> {
  const summary = new PointSummary(point, run);
  for (let block = 0; block < run.blocks; block++) {
    const hash = await readBlock(store.blockPath(point.index, block), (replicate) => summary.add(replicate));
    summary.endBlock(hash);
  }
  return summary.finish();
}
