/** The checkpoints of a sweep in its folder: finished blocks, and finished points, which replace their blocks. */
import { copyFile, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SliceState } from '../backend/job.js';
import type { SavedSlice } from '../engine/checkpoints.js';
import { makeFolder } from '../results/folder.js';
import { checkBlock } from './block-file.js';
import { removePartial, storageError, writeDurable } from './durable.js';
import { type PointRecord, pointText, readPointText } from './point-file.js';
import { savedState, writeState } from './state-file.js';

const BLOCKS = 'blocks';
const POINTS = 'points';
const RUNNING = 'running';

/** What was found in a folder. */
export interface Found {
  /** Points that are finished. */
  points: Set<number>;
  /** Finished blocks of the other points. */
  blocks: Map<number, Set<number>>;
  /** What was saved of blocks that are not finished. */
  running: Map<string, SavedSlice[]>;
  /** Files that were damaged, and removed. */
  damaged: string[];
}

export class Store {
  constructor(
    readonly dir: string,
    readonly identity: string,
  ) {}

  blockPath(point: number, block: number): string {
    return join(this.dir, BLOCKS, `${digits(point)}-${digits(block)}.block`);
  }

  pointPath(point: number): string {
    return join(this.dir, POINTS, `${digits(point)}.json`);
  }

  private statePath(point: number, block: number, first: number): string {
    return join(this.dir, RUNNING, `${digits(point)}-${digits(block)}-${digits(first)}.state`);
  }

  /** Makes the folders, and removes what a killed process left half written. */
  async open(): Promise<void> {
    for (const name of [BLOCKS, POINTS, RUNNING]) {
      await makeFolder(join(this.dir, name));
      await removePartial(join(this.dir, name));
    }
  }

  /**
   * Finds and checks what is finished; damaged files are removed.
   * @param blocksOf how many blocks a point has
   */
  async scan(blocksOf: (point: number) => number): Promise<Found> {
    const found: Found = { points: new Set(), blocks: new Map(), running: new Map(), damaged: [] };
    const refuse = async (path: string, reason: string) => {
      found.damaged.push(`${path}: ${reason}`);
      await rm(path, { force: true });
    };
    for (const point of await this.listPoints()) {
      const record = await this.readPoint(point);
      if (typeof record === 'string') await refuse(this.pointPath(point), record);
      else found.points.add(point);
    }
    for (const [point, block] of await this.listBlocks()) {
      const path = this.blockPath(point, block);
      if (found.points.has(point) || block >= blocksOf(point)) {
        await rm(path, { force: true });
        continue;
      }
      const reason = await checkBlock(path, { identity: this.identity, point, block });
      if (reason !== undefined) await refuse(path, reason);
      else found.blocks.set(point, (found.blocks.get(point) ?? new Set()).add(block));
    }
    for (const [point, block, first] of await this.listStates()) {
      const path = this.statePath(point, block, first);
      if (found.points.has(point) || found.blocks.get(point)?.has(block) || block >= blocksOf(point)) {
        await rm(path, { force: true });
        continue;
      }
      const reason = await checkBlock(path, { identity: this.identity, point, block });
      if (reason !== undefined) await refuse(path, reason);
      else found.running.set(blockKey(point, block), [...(found.running.get(blockKey(point, block)) ?? []), await savedState(path)]);
    }
    return found;
  }

  private async listStates(): Promise<[point: number, block: number, first: number][]> {
    return (await names(join(this.dir, RUNNING))).flatMap((name): [number, number, number][] => {
      const match = /^(\d+)-(\d+)-(\d+)\.state$/.exec(name);
      return match ? [[Number(match[1]), Number(match[2]), Number(match[3])]] : [];
    });
  }

  /** Saves a part of a block for good. */
  saveState(point: number, block: number, first: number, state: SliceState): Promise<void> {
    return writeState(this.statePath(point, block, first), { identity: this.identity, point, block, first }, state);
  }

  removeState(point: number, block: number, first: number): Promise<void> {
    return rm(this.statePath(point, block, first), { force: true });
  }

  async listPoints(): Promise<number[]> {
    return (await names(join(this.dir, POINTS))).flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : [])).sort(up);
  }

  /** [point, block] of every block file, in order. */
  async listBlocks(): Promise<[point: number, block: number][]> {
    const found = (await names(join(this.dir, BLOCKS))).flatMap((name): [number, number][] => {
      const match = /^(\d+)-(\d+)\.block$/.exec(name);
      return match ? [[Number(match[1]), Number(match[2])]] : [];
    });
    return found.sort(([p, b], [q, c]) => p - q || b - c);
  }

  /** A finished point, or why its file is not what it should be. */
  async readPoint(point: number): Promise<PointRecord | string> {
    return readPointText(await readFile(this.pointPath(point), 'utf8'), this.identity, point);
  }

  /** Takes what another folder of the same sweep has and this one lacks; damaged files are told and left there. */
  async adopt(other: Store, found: Found, onDamage: (text: string) => void): Promise<void> {
    for (const point of await other.listPoints()) {
      if (found.points.has(point)) continue;
      const record = await other.readPoint(point);
      if (typeof record === 'string') {
        onDamage(`${other.pointPath(point)}: ${record}`);
        continue;
      }
      await copyWhole(other.pointPath(point), this.pointPath(point));
      found.points.add(point);
    }
    for (const [point, block] of await other.listBlocks()) {
      const blocks = found.blocks.get(point) ?? new Set();
      if (found.points.has(point) || blocks.has(block)) continue;
      const path = other.blockPath(point, block);
      const reason = await checkBlock(path, { identity: this.identity, point, block });
      if (reason !== undefined) {
        onDamage(`${path}: ${reason}`);
        continue;
      }
      await copyWhole(path, this.blockPath(point, block));
      found.blocks.set(point, blocks.add(block));
    }
  }

  /**
   * Saves a finished point for good; its blocks are then not needed any more.
   * @param blocks how many there are on disk
   */
  async savePoint(point: number, record: PointRecord, blocks: number): Promise<void> {
    await writeDurable(this.pointPath(point), pointText(this.identity, point, record));
    for (let block = 0; block < blocks; block++) await rm(this.blockPath(point, block), { force: true });
  }
}

/** Not synced: a merge can be repeated, and checks what it finds. */
async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, `${to}.partial`);
    await rename(`${to}.partial`, to);
  } catch (error) {
    throw storageError(to, error);
  }
}

function digits(index: number): string {
  return String(index).padStart(6, '0');
}

/** The key of a block among those that are not finished. */
export function blockKey(point: number, block: number): string {
  return `${point} ${block}`;
}

function up(a: number, b: number): number {
  return a - b;
}

function names(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}
