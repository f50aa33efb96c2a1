import type { Command, CommanderError } from 'commander';
import { nearest } from '../errors.js';

/** One line on stderr for wrong usage, which says what is allowed. Commander's own says what was given, and the nearest name. */
export function explainUsageErrors(program: Command): void {
  // Where a command is missing commander prints its whole help as an error: see `missingCommand`.
  program.configureOutput({ writeErr: () => {} });
  for (const command of [program, ...program.commands]) {
    command.configureOutput({ outputError: (text) => process.stderr.write(`${oneLine(text, command)}\n`) });
  }
}

function oneLine(text: string, command: Command): string {
  const [message, ...suggestion] = text.trim().split('\n');
  const hint = suggestion.length > 0 ? ` ${suggestion.join(' ').toLowerCase()}` : '';
  const known = message.includes('unknown command') ? names(command) : message.includes('unknown option') ? options(command) : undefined;
  return `${message}${hint}${known ? `; allowed: ${known.join(', ')}` : ''}`;
}

/** The line for no command at all, or for `help` of one that there is not; undefined for other errors. */
export function missingCommand(error: CommanderError, program: Command): string | undefined {
  if (error.code !== 'commander.help' || error.exitCode === 0) return undefined;
  const [, unknown] = program.args;
  const near = unknown === undefined ? undefined : nearest(unknown, names(program));
  const message = unknown === undefined ? 'no command' : `unknown command '${unknown}'${near ? ` (did you mean ${near}?)` : ''}`;
  return `error: ${message}; allowed: ${names(program).join(', ')}`;
}

function names(program: Command): string[] {
  return program.commands.map((command) => command.name());
}

/** The long names of a command's options. */
function options(command: Command): string[] {
  return [...command.options.map(({ long, short }) => long ?? short ?? ''), '--help'];
}
