import type { Command } from 'commander';
import type { BackendChoice } from './options.js';
import { BACKENDS, integer, MAX_THREADS, oneOf } from './options.js';

export interface ReproduceOptions {
  out?: string;
  full?: boolean;
  corpus?: string;
  mnist?: string;
  threads?: number;
  backend: BackendChoice;
  overwrite?: boolean;
  json?: boolean;
}

export function registerReproduce(program: Command): void {
  program
    .command('reproduce')
    .description("the papers' figures: data, charts, and a report that says for each claim what was measured")
    .usage('[options] [FIGURE...]')
    .argument('[FIGURE...]', 'figures or groups by name (default: a set that stays under two minutes on two cores)')
    .option('--out <DIR>', 'where the report goes (default: ./results, or the next free ./results-2, ./results-3, ...)')
    .option('--full', 'every figure, with all replicates')
    .option(
      '--corpus <PATH>',
      'a text (plain or .gz) for seddik-1-text (figure 1 for the contexts of its characters) and for wang-perplexity, wang-tokens, wang-vocabulary in the place of the built-in stories; without a FIGURE these run',
    )
    .option(
      '--mnist <DIR>',
      'a folder with t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte (plain or .gz) for dohmatob-mnist, in the place of generated digits; without a FIGURE only that one runs',
    )
    .option('--threads <N>', 'threads (default: all cores)', integer('--threads', 1, MAX_THREADS))
    .option('--backend <NAME>', `one of ${BACKENDS.join(', ')}`, oneOf('--backend', BACKENDS), 'auto')
    .option('--overwrite', 'replace an earlier report in DIR')
    .option('--json', 'print the report as one JSON document')
    .action(async (figures: string[], options: ReproduceOptions) => {
      const { reproduceFigures } = await import('./reproduce/command.js');
      await reproduceFigures(figures, options);
    });
}
