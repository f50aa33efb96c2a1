import type { Command } from 'commander';
import { integer, MAX_REPLICATES } from './options.js';

export interface ChartCommandOptions {
  metric?: string;
  against?: string;
  by?: string;
  generation?: number;
  out?: string;
  json?: boolean;
}

export function registerChart(program: Command): void {
  program
    .command('chart')
    .description('draw a metric of a sweep against a varied field')
    .usage('[options] DIR')
    .argument('[DIR...]', 'the folder of a finished sweep')
    .option('--metric <NAME>', 'a metric of the sweep, or collapse-time')
    .option('--against <FIELD>', 'the varied field on the x axis (default: the first)')
    .option('--by <FIELD>', 'one line for each value of this field; points that differ in other fields only are averaged')
    .option('--generation <M>', 'the generation (default: the last)', integer('--generation', 1, MAX_REPLICATES))
    .option('--out <BASE>', 'write BASE.svg, BASE.png and BASE.vl.json (default: DIR/METRIC)')
    .option('--json', 'print the numbers that are drawn as one JSON document')
    .action(async (dirs: string[], options: ChartCommandOptions) => {
      const { drawSweep } = await import('./sweep/chart.js');
      await drawSweep(dirs, options);
    });
}
