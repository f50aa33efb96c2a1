import type { Command } from 'commander';
import { BACKENDS, type BackendChoice, integer, MAX_THREADS, oneOf } from './options.js';

export interface WorkerCommandOptions {
  queue?: string;
  backend: BackendChoice;
  threads?: number;
}

export function registerWorker(program: Command): void {
  program
    .command('worker')
    .description('compute the blocks of a queue (sweep --queue) until interrupted; as many as wanted, anywhere')
    .option('--queue <URL>', 'redis://[USER:PASSWORD@]HOST[:PORT][/DB], or rediss://; or MODEL_COLLAPSE_QUEUE')
    .option('--backend <NAME>', `one of ${BACKENDS.join(', ')}`, oneOf('--backend', BACKENDS), 'auto')
    .option('--threads <N>', 'blocks at a time (default: all cores)', integer('--threads', 1, MAX_THREADS))
    .action(async (options: WorkerCommandOptions) => {
      const { work } = await import('./sweep/worker.js');
      await work(options);
    });
}
