import type { Command } from 'commander';
import { BACKENDS, type BackendChoice, integer, MAX_THREADS, oneOf } from './options.js';

export interface VerifyCommandOptions {
  quick?: boolean;
  list?: boolean;
  backend: BackendChoice;
  threads?: number;
  out?: string;
  overwrite?: boolean;
  json?: boolean;
}

export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('simulation against theory, every check with its p-value')
    .usage('[options] [NAME...]')
    .argument('[NAME...]', 'checks by name, by the beginning of a name, or by a pattern with * (default: all)')
    .option('--quick', 'a tenth of the replicates, without the slowest checks')
    .option('--list', 'print the names of the checks and what they compare with, without running them')
    .option('--backend <NAME>', `one of ${BACKENDS.join(', ')}`, oneOf('--backend', BACKENDS), 'auto')
    .option('--threads <N>', 'checks that run at a time (default: all cores)', integer('--threads', 1, MAX_THREADS))
    .option('--out <DIR>', 'write verify.json, and a page with a QQ plot and a histogram of the p-values, into DIR')
    .option('--overwrite', 'replace an earlier verification in DIR')
    .option('--json', 'print one JSON document on stdout')
    .action(async (names: string[], options: VerifyCommandOptions) => {
      const { runVerification } = await import('./verify/command.js');
      await runVerification(names, options);
    });
}
