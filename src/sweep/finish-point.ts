/** From the blocks of a point to what the sweep says of it. */
import type { BlockEnd, BlockRun } from '../engine/blocks.js';
import { HashOfHashes } from '../engine/digest.js';
import { findings } from '../engine/findings.js';
import type { Replicate } from '../engine/replicates.js';
import type { TextSample } from '../engine/result.js';
import { Summary } from '../engine/summary.js';
import { readableSamples } from '../engine/text-samples.js';
import { readBlock } from './block-file.js';
import type { PointRecord } from './point-file.js';
import type { Point } from './points.js';
import type { Store } from './store.js';

export interface Task {
  point: Point;
  block: number;
  /** About how many look-ups it takes. */
  work: number;
}

/** Takes all replicates of a point in order, and what comes with each block after its replicates. */
export class PointSummary {
  private readonly summary: Summary;
  private readonly digest = new HashOfHashes();
  private readonly samples: TextSample[] = [];

  constructor(
    private readonly vary: Point['vary'],
    private readonly run: BlockRun,
  ) {
    this.summary = new Summary(run.shape);
  }

  add(replicate: Replicate): void {
    this.summary.add(replicate);
  }

  endBlock({ hash, texts }: BlockEnd): void {
    this.digest.add(hash);
    const { corpus } = this.run;
    if (corpus) for (const text of texts) this.samples.push(...readableSamples(text, corpus));
  }

  finish(): PointRecord {
    const digest = this.digest.finish();
    const found = findings(this.run.spec, this.summary.finish(), this.run.corpus && this.samples);
    return { digest, json: JSON.stringify({ vary: this.vary, digest, ...found }) };
  }
}

/** Sums up a point whose blocks are all on disk. */
export async function sumUpBlocks(store: Store, point: Point, run: BlockRun): Promise<PointRecord> {
  const summary = new PointSummary(point.vary, run);
  for (let block = 0; block < run.blocks; block++) {
    summary.endBlock(await readBlock(store.blockPath(point.index, block), (replicate) => summary.add(replicate)));
  }
  return summary.finish();
}

/** What is told of finished blocks and points. */
export interface Progressing {
  store: Store;
  /** Finished blocks of each point. */
  done: Map<number, Set<number>>;
  onBlock: (task: Task) => void;
  onPoint: (point: Point) => void;
}

/** Notes that a block is on disk; with the last one of a point the point is finished. */
export async function blockSaved({ store, done, onBlock, onPoint }: Progressing, task: Task, run: BlockRun): Promise<void> {
  const { point } = task;
  const blocks = done.get(point.index) ?? new Set();
  done.set(point.index, blocks.add(task.block));
  onBlock(task);
  if (blocks.size < run.blocks) return;
  await store.savePoint(point.index, await sumUpBlocks(store, point, run), run.blocks);
  onPoint(point);
}
