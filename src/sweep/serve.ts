/** Computes the blocks of a queue, until it is told to stop. */
import { version } from '#platform';
import type { BackendName } from '../backend/select.js';
import { type BlockRun, BlockRunner, prepareBlocks } from '../engine/blocks.js';
import { Sources } from '../engine/resolve.js';
import { InputError, inputError } from '../errors.js';
import { Recent } from '../models/recent.js';
import { parseSpec } from '../spec/spec.js';
import { BlockWriter, blockHeader, MemorySink } from './block-file.js';
import { PointSummary } from './finish-point.js';
import { pointText } from './point-file.js';
import { type BullJob, jobName, LARGEST_RESULT, openQueue, type Payload, QUEUE, type QueueTools, readPayload, resultKey } from './queue.js';

/** Seconds that a result waits to be collected. */
const KEPT_SECONDS = 7 * 86_400;
/** A worker says this often (half of it) that it is alive; a block of one that does not is given to another. */
const LOCK_MS = 15_000;
const STALLED_MS = 5_000;
/** How many workers may die over one block before it is said to fail. */
const MOST_DEATHS = 20;

export interface ServeOptions {
  url: string;
  backend: BackendName;
  /** Blocks at a time. */
  threads: number;
  signal: AbortSignal;
  onNote: (text: string) => void;
  /** Told when it waits for blocks. */
  onReady: (server: string) => void;
}

/** Resolves when the signal is aborted and the blocks that ran are delivered, with their number. */
export async function serveQueue({ url, backend, threads, signal, onNote, onReady }: ServeOptions): Promise<number> {
  const tools = await openQueue(url, onNote);
  const redis = tools.connect();
  const runners = await Promise.all(Array.from({ length: threads }, () => BlockRunner.open(backend, 1, threads, false)));
  const bench = new Bench(runners, threads);
  let blocks = 0;
  const worker = new tools.bull.Worker(
    QUEUE,
    async (job: BullJob) => {
      const bytes = await compute(bench, job, tools);
      await redis.set(resultKey(job.id ?? ''), bytes, 'EX', KEPT_SECONDS);
      blocks++;
    },
    { connection: tools.connect(), concurrency: threads, lockDuration: LOCK_MS, stalledInterval: STALLED_MS, maxStalledCount: MOST_DEATHS },
  );
  worker.on('error', () => undefined); // the connection tells of its errors
  worker.on('failed', (job, { message }) => onNote(`block ${job?.id}: ${message}`));
  onReady(tools.server);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await worker.close();
  tools.close();
  return blocks;
}

/** A finished block as its file would hold it, or a finished point where it has one block. What can't succeed anywhere is not tried again. */
async function compute(bench: Bench, job: BullJob, { bull }: QueueTools): Promise<Buffer> {
  try {
    const payload = readPayload(job.data);
    if (job.id !== jobName(payload)) throw inputError('job', job.id, jobName(payload));
    if (payload.version !== version()) throw inputError('version', version(), `${payload.version}, which the sweep needs`);
    return await bench.run(payload);
  } catch (error) {
    if (error instanceof InputError) throw new bull.UnrecoverableError(error.message);
    throw error;
  }
}

/** Runners, and the specs that they are at. */
class Bench {
  private readonly sources = new Sources();
  private readonly prepared: Recent<BlockRun>;
  private readonly free: BlockRunner[];

  constructor(
    runners: readonly BlockRunner[],
    private readonly threads: number,
  ) {
    this.prepared = new Recent(2 * threads);
    this.free = [...runners];
  }

  /** There are as many runners as blocks at a time. */
  async run(payload: Payload): Promise<Buffer> {
    const { identity, point, block } = payload;
    const run = await this.prepared.get(`${identity} ${point}`, () => this.prepare(payload));
    if (block >= run.blocks) throw inputError('block', block, `0 to ${run.blocks - 1}`);
    const runner = this.free.pop();
    if (!runner) throw new Error('no thread is free');
    try {
      if (run.blocks === 1) {
        const summary = new PointSummary(payload.vary, run);
        summary.endBlock(await runner.run(run, block, (replicate) => summary.add(replicate)));
        return Buffer.from(pointText(identity, point, summary.finish()));
      }
      const sink = new MemorySink();
      const writer = new BlockWriter(sink, blockHeader(identity, point, block, run));
      await writer.finish(await runner.run(run, block, (replicate) => writer.add(replicate)));
      if (sink.bytes.length > LARGEST_RESULT) throw inputError('block', sink.bytes.length, `at most ${LARGEST_RESULT} bytes; use --shard`);
      return sink.bytes;
    } finally {
      this.free.push(runner);
    }
  }

  private async prepare({ spec, corpora }: Payload): Promise<BlockRun> {
    const run = await prepareBlocks(parseSpec(spec), this.threads, this.sources);
    const corpus = run.truth?.corpus ?? run.corpus?.source;
    if (corpus && corpora[corpus.path] !== corpus.sha256) {
      throw inputError(corpus.path, `sha256 ${corpus.sha256}`, `the text of the sweep (sha256 ${corpora[corpus.path]})`);
    }
    return run;
  }
}
