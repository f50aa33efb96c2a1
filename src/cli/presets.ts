import type { Command } from 'commander';

export function registerPresets(program: Command): void {
  program
    .command('presets')
    .description('the presets; with a name, the spec it stands for')
    .argument('[NAME]', 'a preset')
    .option('--json', 'print one JSON document')
    .action(presets);
}

async function presets(name: string | undefined, options: { json?: boolean }): Promise<void> {
  const [{ getPreset, listPresets }, { print, printJson }] = await Promise.all([import('../spec/presets.js'), import('./print.js')]);
  if (name !== undefined) {
    const { spec } = getPreset(name);
    return options.json ? printJson(spec) : print(JSON.stringify(spec, null, 2));
  }
  const list = listPresets();
  if (options.json) return printJson(list);
  const width = Math.max(...list.map((preset) => preset.name.length));
  return print(list.map((preset) => `${preset.name.padEnd(width)}  ${preset.description}`).join('\n'));
}
