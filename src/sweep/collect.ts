/** Puts blocks on a queue and collects what workers make of them. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Sources } from '../engine/resolve.js';
import { checkBlockBytes } from './block-file.js';
import { type CheckedSweep, preparePoint } from './check.js';
import { writeDurable } from './durable.js';
import { blockSaved, type Progressing, type Task } from './finish-point.js';
import { readPointText } from './point-file.js';
import { pointName } from './points.js';
import { jobName, openQueue, type Payload, QUEUE, resultKey } from './queue.js';

/** Blocks on the queue at a time: enough for as many threads, and a bound on what waits in the server's memory. */
const OUTSTANDING = 256;
const POLL_MS = 50;
const FAILURES_MS = 1_000;
/** How often blocks are put there again: a server that was restarted may have lost some. */
const REPEAT_MS = 5_000;
const ATTEMPTS = 3;

export interface CollectOptions extends Progressing {
  sweep: CheckedSweep;
  tasks: readonly Task[];
  url: string;
  /** Aborted: no further blocks; what is on the queue is taken back. */
  stop?: AbortSignal;
  beforeSave: () => Promise<void>;
  onNote: (text: string) => void;
}

/**
 * Runs the tasks on the workers of a queue. Nothing depends on a message that arrives once: results lie under names, are looked for,
 * checked, saved, and only then taken away; what is lost is put on the queue again.
 * @throws Error naming the points that failed, after all others are finished
 */
export async function collect(options: CollectOptions): Promise<void> {
  const { tasks, url, stop, onNote } = options;
  const { bull, connect, close } = await openQueue(url, onNote);
  const queue = new bull.Queue(QUEUE, { connection: connect() });
  queue.on('error', () => undefined); // the connection tells of its errors
  const outstanding = new Map<string, Task>();
  const failed = new Map<number, string>();
  const collector = new Collector(options, connect());
  const put = async (wanted: readonly Task[]) => {
    if (wanted.length > 0) await queue.addBulk(wanted.map((task) => jobOf(options, task)));
  };
  let next = 0;
  let lastRepeat = performance.now();
  let lastLook = 0;
  try {
    while (next < tasks.length || outstanding.size > 0) {
      if (stop?.aborted) break;
      const fresh: Task[] = [];
      while (next < tasks.length && outstanding.size < OUTSTANDING) {
        const task = tasks[next++];
        if (failed.has(task.point.index)) continue;
        outstanding.set(jobName(payloadOf(options, task)), task);
        fresh.push(task);
      }
      await put(fresh);
      for (const name of await collector.take(outstanding)) outstanding.delete(name);
      const now = performance.now();
      if (now - lastLook > FAILURES_MS) {
        lastLook = now;
        for (const { id = '', failedReason = 'no reason' } of await queue.getFailed(0, OUTSTANDING)) {
          const task = outstanding.get(id);
          if (!task) continue;
          outstanding.delete(id);
          await queue.remove(id);
          if (!failed.has(task.point.index)) onNote(`${pointName(task.point)} failed: ${failedReason}`);
          failed.set(task.point.index, failedReason);
        }
      }
      if (now - lastRepeat > REPEAT_MS) {
        lastRepeat = now;
        await put([...outstanding.values()]);
      }
      await sleep(POLL_MS);
    }
    await Promise.all([...outstanding.keys()].map((name) => queue.remove(name).catch(() => undefined)));
  } finally {
    await queue.close();
    close();
  }
  if (failed.size === 0) return;
  throw new Error(`${failed.size} of ${options.sweep.points.length} points failed, the others are kept; go on with --resume`);
}

function payloadOf({ sweep }: CollectOptions, { point, block }: Task): Payload {
  const { version, identity, corpora } = sweep.manifest;
  return { format: 1, version, identity, point: point.index, block, spec: point.spec, vary: point.vary, corpora };
}

function jobOf(options: CollectOptions, task: Task) {
  const data = payloadOf(options, task);
  const opts = { jobId: jobName(data), attempts: ATTEMPTS, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: true };
  return { name: 'block', data, opts };
}

class Collector {
  private readonly sources = new Sources();

  constructor(
    private readonly options: CollectOptions,
    private readonly redis: ReturnType<Awaited<ReturnType<typeof openQueue>>['connect']>,
  ) {}

  /** Saves the results that are there; returns the names of their blocks. */
  async take(outstanding: ReadonlyMap<string, Task>): Promise<string[]> {
    const names = [...outstanding.keys()];
    // Mostly nothing is there yet: one question, not one for each.
    if (names.length === 0 || (await this.redis.exists(...names.map(resultKey))) === 0) return [];
    const there = await Promise.all(names.map((name) => this.redis.exists(resultKey(name))));
    const taken: string[] = [];
    // One after the other: a point is summed up once, by its last block.
    for (const name of names.filter((_, i) => there[i] > 0)) {
      if (await this.save(name, outstanding.get(name) as Task)) taken.push(name);
    }
    return taken;
  }

  private async save(name: string, task: Task): Promise<boolean> {
    const { sweep, beforeSave, onNote } = this.options;
    const bytes = await this.redis.getBuffer(resultKey(name));
    if (bytes === null) return false;
    await beforeSave();
    const reason = await (sweep.blocks[task.point.index] === 1 ? this.savePoint(bytes, task) : this.saveBlock(bytes, task));
    if (reason !== undefined) onNote(`a block of ${pointName(task.point)}: ${reason}; it is computed again`);
    await this.redis.del(resultKey(name));
    return reason === undefined;
  }

  /** A point of one block comes summed up. */
  private async savePoint(bytes: Buffer, task: Task): Promise<string | undefined> {
    const { store, onBlock, onPoint } = this.options;
    const record = readPointText(bytes.toString('utf8'), store.identity, task.point.index);
    if (typeof record === 'string') return record;
    await store.savePoint(task.point.index, record, 0);
    onBlock(task);
    onPoint(task.point);
    return undefined;
  }

  private async saveBlock(bytes: Buffer, task: Task): Promise<string | undefined> {
    const { store, sweep } = this.options;
    const reason = checkBlockBytes(bytes, { identity: store.identity, point: task.point.index, block: task.block });
    if (reason !== undefined) return reason;
    await writeDurable(store.blockPath(task.point.index, task.block), bytes);
    await blockSaved(this.options, task, await preparePoint(sweep.points[task.point.index], 1, this.sources));
    return undefined;
  }
}
