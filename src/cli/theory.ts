import type { Command } from 'commander';
import { collect, integer } from './options.js';

export interface TheoryOptions {
  seed?: number;
  set?: string[];
  json?: boolean;
}

export function registerTheory(program: Command): void {
  program
    .command('theory')
    .description("predict a spec's metrics in closed form, without simulating")
    .usage('[options] SPEC')
    .argument('[SPEC...]', "a JSON file, - for stdin, a preset's name, or an earlier result's provenance file")
    .option('--seed <N>', "replaces the spec's seed", integer('--seed', 0))
    .option('--set <PATH=VALUE>', 'sets a field of the spec, for example schedule.sampleSize=50 (repeatable)', collect)
    .option('--json', 'print one JSON document on stdout')
    .action(async (specs: string[], options: TheoryOptions) => {
      const { theory } = await import('./theory/command.js');
      await theory(specs, options);
    });
}
