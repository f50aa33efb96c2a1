import type { Command } from 'commander';

export function registerSchema(program: Command): void {
  program
    .command('schema')
    .description("the spec's JSON Schema (draft 2020-12)")
    .option('--json', 'print one JSON document (it is one either way)')
    .action(schema);
}

async function schema(options: { json?: boolean }): Promise<void> {
  const [{ specJsonSchema }, { print, printJson }] = await Promise.all([import('../spec/json-schema.js'), import('./print.js')]);
  const document = specJsonSchema();
  return options.json ? printJson(document) : print(JSON.stringify(document, null, 2));
}
