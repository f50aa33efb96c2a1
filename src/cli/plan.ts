import type { Command } from 'commander';
import { inputError } from '../errors.js';
import { type Criterion, criteria, type PlanSchedule, planSchedules, type Real } from '../plan/request.js';
import { BACKENDS, type BackendChoice, collect, integer, MAX_REPLICATES, MAX_THREADS, oneOf } from './options.js';

export interface PlanCommandOptions {
  real?: Real;
  generations?: number;
  tolerance?: number;
  criterion: Criterion;
  schedule?: PlanSchedule;
  initial?: string;
  vocabulary?: string;
  support?: string;
  exponent?: string;
  simpson?: string;
  concentration?: string;
  contexts?: string;
  p?: string;
  corpus?: string;
  tokens?: string;
  context?: string;
  set?: string[];
  seed?: number;
  replicates?: number;
  check?: boolean;
  backend: BackendChoice;
  threads?: number;
  out?: string;
  overwrite?: boolean;
  json?: boolean;
}

const MOST_SAMPLES = 2 ** 31;
const MOST_GENERATIONS = 1e9;

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .description('how much synthetic data is safe; of a regression: when more data stops helping')
    .usage('[options] [SPEC]')
    .argument('[SPEC]', 'gives p^(0), and the defaults of the rest: a JSON file, - for stdin, a preset, or an earlier result')
    .option('--real <N>', 'number N of real samples, or corpus: the count of each context of a text', realSamples)
    .option(
      '--tolerance <X>',
      'the largest drift, or probability of collapse, that is allowed; of a regression: how far above its limit the error may be (default: 0.1)',
      tolerance,
    )
    .option('--generations <M>', 'horizon m, or infinity (default: 50)', generations)
    .option(
      '--criterion <NAME>',
      'l2 (root mean square drift from generation 1), l1 (mean L1 drift) or collapse (its probability)',
      oneOf('--criterion', criteria),
      'l2',
    )
    .option('--schedule <NAME>', `one of ${planSchedules.join(', ')} (default: partially-synthetic)`, oneOf('--schedule', planSchedules))
    .option('--corpus <PATH>', 'p^(0) from a text; with --tokens char|word and --context L')
    .option('--tokens <UNIT>', 'char or word (default: char)')
    .option('--context <L>', 'context length, in tokens (default: 0)')
    .option('--initial <KIND>', 'p^(0) without a SPEC: zipf, uniform, explicit or dirichlet, with the options that follow')
    .option('--vocabulary <S>', 'zipf, uniform, dirichlet')
    .option('--support <S>', 'zipf, uniform')
    .option('--exponent <A>', 'zipf')
    .option('--simpson <S0>', 'zipf, instead of --exponent')
    .option('--concentration <A>', 'dirichlet')
    .option('--contexts <C>', 'dirichlet')
    .option('--p <LIST>', 'explicit: probabilities with commas between')
    .option('--set <PATH=VALUE>', 'sets a field of the SPEC, for example model.initial.simpson=0.2 (repeatable)', collect)
    .option('--check', 'simulate the answer, and an amount beyond it')
    .option('--seed <N>', 'seed of p^(0) where it is drawn, and of the simulations', integer('--seed', 0))
    .option(
      '--replicates <N>',
      'runs of each simulation (default: 200 to 10,000, by the work of one)',
      integer('--replicates', 2, MAX_REPLICATES),
    )
    .option('--backend <NAME>', `one of ${BACKENDS.join(', ')}`, oneOf('--backend', BACKENDS), 'auto')
    .option('--threads <N>', 'threads (default: all cores)', integer('--threads', 1, MAX_THREADS))
    .option('--out <DIR>', 'write the plan, and a table and a chart of budgets against tolerance and N, into DIR')
    .option('--overwrite', 'replace an earlier plan in DIR')
    .option('--json', 'print one JSON document on stdout')
    .action(async (spec: string | undefined, options: PlanCommandOptions) => {
      const { printPlan } = await import('./plan/command.js');
      await printPlan(spec, options);
    });
}

function realSamples(text: string): Real {
  if (text === 'corpus') return text;
  return wholeNumber('--real', text, 1, MOST_SAMPLES, ', or corpus with a text');
}

function generations(text: string): number {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  return wholeNumber('--generations', text, 2, MOST_GENERATIONS, ', or infinity');
}

function tolerance(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && value < Infinity)) throw inputError('--tolerance', text, 'a finite number above 0');
  return value;
}

function wholeNumber(name: string, text: string, least: number, most: number, or: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw inputError(name, text, `a whole number from ${least} to ${most}${or}`);
  }
  return value;
}
