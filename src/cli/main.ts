#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { version } from '#platform';
import { registerBench } from './bench.js';
import { registerChart } from './chart.js';
import { registerInfo } from './info.js';
import { Interrupted } from './interrupt.js';
import { registerMerge } from './merge.js';
import { registerPlan } from './plan.js';
import { registerPresets } from './presets.js';
import { closeOutput, handleClosedPipe, note, outputFailure } from './print.js';
import { registerQuery } from './query.js';
import { registerReproduce } from './reproduce.js';
import { registerRun } from './run.js';
import { registerSchema } from './schema.js';
import { registerSweep } from './sweep.js';
import { registerTheory } from './theory.js';
import { explainUsageErrors, missingCommand } from './usage-errors.js';
import { registerVerify } from './verify.js';
import { registerWorker } from './worker.js';

/** Each command's file only declares it; what the command needs is imported when it runs, so that --help and info start fast. */
function createProgram(): Command {
  const program = new Command('model-collapse')
    .description('Recursive training of generative models on generated data: simulation next to theory')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError(true)
    .exitOverride();
  for (const register of [
    registerRun,
    registerPlan,
    registerTheory,
    registerVerify,
    registerReproduce,
    registerBench,
    registerSweep,
    registerWorker,
    registerMerge,
    registerQuery,
    registerChart,
    registerInfo,
    registerPresets,
    registerSchema,
  ])
    register(program);
  for (const command of program.commands) command.helpOption('-h, --help', 'print help').exitOverride();
  explainUsageErrors(program);
  return program.addHelpText(
    'after',
    '\nExit status: 0 done; 1 failed; 2 the arguments or the spec are wrong or missing;\n130 interrupted, with what was finished kept.',
  );
}

/** The exit status of an error, after saying what it was on stderr. */
function report(error: unknown, program: Command): number {
  if (error instanceof CommanderError) {
    // Commander has printed the other messages.
    const line = missingCommand(error, program);
    if (line !== undefined) note(line);
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof Interrupted) {
    note(error.message);
    return 130;
  }
  const { message, exitCode, stack } = error as { message?: string; exitCode?: unknown; stack?: string };
  note(`error: ${message ?? String(error)}`);
  if (exitCode === 2) return 2;
  if (process.env.DEBUG && stack) note(stack);
  return 1;
}

async function main(): Promise<void> {
  handleClosedPipe();
  const program = createProgram();
  let status = 0;
  try {
    await program.parseAsync();
  } catch (error) {
    status = report(error, program);
  }
  await closeOutput();
  const failure = outputFailure();
  if (status === 0 && failure) status = report(failure, program);
  // Worker threads that wait for a next job must not keep the process alive.
  process.exit(status);
}

await main();
