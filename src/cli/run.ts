import type { Command } from 'commander';
import type { SimulateOptions } from '../engine/result.js';
import { TABLE_FORMATS, type TableFormat } from '../results/table.js';
import { BACKENDS, CHECKPOINT_HELP, collect, integer, MAX_REPLICATES, MAX_THREADS, oneOf, seconds } from './options.js';

export interface RunOptions {
  backend: NonNullable<SimulateOptions['backend']>;
  threads?: number;
  seed?: number;
  replicates?: number;
  set?: string[];
  watch?: string[];
  out?: string;
  format: TableFormat;
  overwrite?: boolean;
  resume?: boolean;
  checkpointEvery?: number;
  estimate?: boolean;
  json?: boolean;
}

export function registerRun(program: Command): void {
  program
    .command('run')
    .description('simulate a spec; several specs share one chart')
    .usage('[options] SPEC...')
    .argument(
      '[SPEC...]',
      "a JSON file, - for stdin, a preset's name, or an earlier result's provenance file (which gives the same digest again)",
    )
    .option('--backend <NAME>', `one of ${BACKENDS.join(', ')}`, oneOf('--backend', BACKENDS), 'auto')
    .option('--threads <N>', 'threads (default: all cores)', integer('--threads', 1, MAX_THREADS))
    .option('--seed <N>', "replaces the spec's seed", integer('--seed', 0))
    .option('--replicates <N>', "replaces the spec's replicates", integer('--replicates', 1, MAX_REPLICATES))
    .option('--set <PATH=VALUE>', 'sets a field of the spec, for example schedule.sampleSize=50 (repeatable)', collect)
    .option(
      '--watch <WORDS>',
      'of an n-gram model: the probability of the last word given those before, as in "there was" (repeatable)',
      collect,
    )
    .option('--out <DIR>', 'write tables, summary, provenance and a chart into DIR')
    .option('--format <FORMAT>', `format of the tables: ${TABLE_FORMATS.join(' or ')}`, oneOf('--format', TABLE_FORMATS), 'parquet')
    .option('--resume', 'go on with what an interrupted run has left in DIR (and begin where nothing is)')
    .option('--checkpoint-every <SECONDS>', CHECKPOINT_HELP, seconds('--checkpoint-every'))
    .option('--overwrite', 'replace an earlier result in DIR')
    .option('--estimate', 'say how much time and memory it would take, without running')
    .option('--json', 'print one JSON document on stdout, a list if there are several SPECs')
    .action(async (specs: string[], options: RunOptions) => {
      const { run } = await import('./run/command.js');
      await run(specs, options);
    });
}
