import type { Command } from 'commander';

export interface MergeCommandOptions {
  out?: string;
  json?: boolean;
}

export function registerMerge(program: Command): void {
  program
    .command('merge')
    .description('put the shards of a sweep together')
    .usage('[options] DIR...')
    .argument('[DIR...]', "the shards' folders")
    .option('--out <DIR>', 'where the whole sweep goes')
    .option('--json', 'print one JSON document on stdout, as sweep does')
    .action(async (dirs: string[], options: MergeCommandOptions) => {
      const { merge } = await import('./sweep/merge.js');
      await merge(dirs, options);
    });
}
