import type { Command } from 'commander';
import { BACKENDS, type BackendChoice, CHECKPOINT_HELP, integer, MAX_THREADS, oneOf, seconds } from './options.js';

export interface SweepCommandOptions {
  out?: string;
  resume?: boolean;
  checkpointEvery?: number;
  shard?: string;
  queue?: string;
  dryRun?: boolean;
  backend: BackendChoice;
  threads?: number;
  json?: boolean;
}

export function registerSweep(program: Command): void {
  program
    .command('sweep')
    .description('simulate a grid or a list of specs over all cores, block by block; it outlives any crash')
    .usage('[options] SWEEP')
    .argument('[SWEEP...]', 'a JSON file with base and vary, or with specs; - for stdin')
    .option('--out <DIR>', 'where finished blocks, tables and the result go')
    .option('--resume', 'go on with what is in DIR (and begin where nothing is)')
    .option('--checkpoint-every <SECONDS>', CHECKPOINT_HELP, seconds('--checkpoint-every'))
    .option('--shard <I/N>', 'only part I (0 ... N-1) of N; N alone takes I from SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX')
    .option('--queue <URL>', 'let workers (model-collapse worker) compute, over a Redis or Valkey server: redis://... or rediss://...')
    .option('--dry-run', 'check every spec and say how much time, memory and disk it takes, without running')
    .option('--backend <NAME>', `one of ${BACKENDS.join(', ')}`, oneOf('--backend', BACKENDS), 'auto')
    .option('--threads <N>', 'threads (default: all cores)', integer('--threads', 1, MAX_THREADS))
    .option('--json', 'print one JSON document on stdout')
    .action(async (sweeps: string[], options: SweepCommandOptions) => {
      const { sweep } = await import('./sweep/command.js');
      await sweep(sweeps, options);
    });
}
