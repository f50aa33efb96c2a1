import { selectBackend } from '../../backend/select.js';
import { checkThreads } from '../../engine/prepare.js';
import { inputError } from '../../errors.js';
import { loadJson } from '../../spec/load.js';
import { type CheckedSweep, checkSweep } from '../../sweep/check.js';
import { type Point, readSweep } from '../../sweep/points.js';
import { readShard, type Shard } from '../../sweep/shard.js';
import { runSweep, type SweepOutcome } from '../../sweep/sweep.js';
import { formatSeconds } from '../format.js';
import { interruptible } from '../interrupt.js';
import { note } from '../print.js';
import { progressDisplay } from '../progress.js';
import type { SweepCommandOptions } from '../sweep.js';
import { describe, type SweepEstimate, SweepEstimator } from './estimate.js';
import { printJsonResult, printTableOf } from './print.js';

/** `sweep SWEEP`: all specs are checked before the first block runs, and before any folder is made. */
export async function sweep(files: readonly string[], options: SweepCommandOptions): Promise<void> {
  if (files.length !== 1) throw inputError('SWEEP', files.length === 0 ? undefined : files, 'one JSON file, or - for standard input');
  const { out } = options;
  if (out === undefined && !options.dryRun) throw inputError('--out', undefined, 'the folder where the results go, or --dry-run');
  const shard = readShard(options.shard, process.env);
  const read = readSweep(await loadJson(files[0], 'SWEEP'));
  await interruptible(async (signal) => {
    const [threads, { name: backend }] = [checkThreads(options.threads), await selectBackend(options.backend)];
    const estimator = new SweepEstimator(read.points.length, { backend, threads });
    const visit = (point: Point, run: Parameters<SweepEstimator['add']>[1]) => estimator.add(point, run);
    const checked = await checkSweep(read, { backend, threads, signal, visit });
    const estimate = estimator.finish(checked, shard);
    if (options.dryRun) return (await import('./dry-run.js')).printDryRun(checked, estimate, options);
    note(`sweep${shard ? `, shard ${shard.index}/${shard.count}${shard.from ? ` (${shard.from})` : ''}` : ''}: ${describe(estimate)}`);
    await work(checked, out as string, { ...options, backend, threads, shard, estimate, signal });
  });
}

interface WorkOptions extends Omit<SweepCommandOptions, 'backend' | 'shard'> {
  backend: Awaited<ReturnType<typeof selectBackend>>['name'];
  threads: number;
  shard?: Shard;
  estimate: SweepEstimate;
  signal: AbortSignal;
}

async function work(checked: CheckedSweep, out: string, options: WorkOptions): Promise<void> {
  const { backend, threads, shard, queue, resume, checkpointEvery: checkpointSeconds, signal, json } = options;
  const display = progressDisplay('sweep');
  const onAbort = () => note('finishing the blocks that run; interrupt again to stop now');
  signal.addEventListener('abort', onAbort, { once: true });
  let outcome: SweepOutcome;
  try {
    outcome = await runSweep(checked, out, {
      ...{ backend, threads, shard, queue, resume, checkpointSeconds, stop: signal },
      onNote: (text) => note(`sweep: ${text}`),
      onProgress: ({ fraction, finished, blocks, etaSeconds }) =>
        display.update(
          fraction,
          `${finished} of ${blocks} blocks${etaSeconds === undefined ? '' : `, ${formatSeconds(Math.max(1, etaSeconds))} left`}`,
        ),
    });
  } finally {
    display.stop();
    signal.removeEventListener('abort', onAbort);
  }
  if (outcome.finished < outcome.blocks) {
    note(`sweep: ${outcome.finished} of ${outcome.blocks} blocks are finished and kept in ${out}; go on with --resume`);
    signal.throwIfAborted();
  }
  if (outcome.digest === undefined) return tellShard(checked, outcome, out, json);
  return json ? printJsonResult(out) : printTableOf(checked, out, outcome.digest);
}

/** A shard has no result of its own: `merge` puts the shards together. */
async function tellShard(checked: CheckedSweep, { finished, blocks, points }: SweepOutcome, out: string, json?: boolean): Promise<void> {
  note(`sweep: this shard's ${blocks} blocks are finished; put the shards together with: model-collapse merge DIR... --out DIR`);
  if (!json) return;
  const { printJson } = await import('../print.js');
  await printJson({ out, blocks, finished, ofBlocks: checked.totalBlocks, finishedPoints: points, points: checked.points.length });
}
