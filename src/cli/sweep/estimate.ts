import type { BackendName } from '../../backend/select.js';
import { type BlockRun, replicatesIn } from '../../engine/blocks.js';
import type { CheckedSweep } from '../../sweep/check.js';
import type { Point } from '../../sweep/points.js';
import { inShard, type Shard } from '../../sweep/shard.js';
import { formatBytes, formatSeconds } from '../format.js';
import { estimate } from '../run/estimate.js';

/** Points that are looked at; others are taken to be like their neighbours. */
const MOST_POINTS = 200;

/** A point's summary, as JSON and as Parquet, with 50 generations of six metrics. */
const SUMMARY_BYTES = 40_000;

/** What a sweep would take: right within a factor of about three. */
export interface SweepEstimate {
  points: number;
  /** Blocks of the shard, if there is one. */
  blocks: number;
  seconds: number;
  memoryBytes: number;
  /** Finished blocks at their most: those of points that have several are kept until the point is finished. */
  diskBytes: number;
  backend: BackendName;
  threads: number;
}

/** Adds up the estimates of points while they are checked. */
export class SweepEstimator {
  private readonly step: number;
  private looked = 0;
  private seconds = 0;
  private memory = 0;
  private disk = 0;

  constructor(
    points: number,
    private readonly on: { backend: BackendName; threads: number },
  ) {
    this.step = Math.max(1, Math.ceil(points / MOST_POINTS));
  }

  add(point: Point, run: BlockRun): void {
    if (point.index % this.step !== 0) return;
    const block = { ...point.spec, replicates: replicatesIn(run, 0) };
    const { seconds } = estimate(point.spec, run.job, run.truth, { ...this.on, threads: 1 });
    this.looked++;
    this.seconds += seconds / this.on.threads;
    const { memoryBytes, values } = estimate(block, run.job, run.truth, this.on);
    this.memory = Math.max(this.memory, memoryBytes);
    const trajectories = (8 * values) / run.job.contextCount;
    this.disk += run.blocks > 1 ? trajectories * (point.spec.replicates / block.replicates) : 0;
  }

  finish({ points, totalBlocks }: CheckedSweep, shard: Shard | undefined): SweepEstimate {
    const scale = points.length / this.looked;
    let mine = totalBlocks;
    if (shard) {
      mine = 0;
      for (let block = 0; block < totalBlocks; block++) if (inShard(block, shard)) mine++;
    }
    const share = mine / totalBlocks;
    return {
      points: points.length,
      blocks: mine,
      seconds: this.seconds * scale * share,
      memoryBytes: this.memory,
      diskBytes: Math.round(this.disk * scale * share + points.length * SUMMARY_BYTES),
      ...this.on,
    };
  }
}

/** "200 points, 200 blocks: about 3 s, 90 MB of memory and 4 MB of disk on native with 2 threads". */
export function describe({ points, blocks, seconds, memoryBytes, diskBytes, backend, threads }: SweepEstimate): string {
  const count = (value: number, name: string) => `${value.toLocaleString('en')} ${name}${value === 1 ? '' : 's'}`;
  const needs = `about ${formatSeconds(seconds)}, ${formatBytes(memoryBytes)} of memory and ${formatBytes(diskBytes)} of disk`;
  return `${count(points, 'point')}, ${count(blocks, 'block')}: ${needs} on ${backend} with ${count(threads, 'thread')}`;
}
