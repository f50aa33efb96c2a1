import type { Command } from 'commander';

export function registerInfo(program: Command): void {
  program
    .command('info')
    .description('version, machine, and the backends: which are available, and why one is not')
    .option('--json', 'print one JSON document')
    .action(info);
}

async function info(options: { json?: boolean }): Promise<void> {
  const [{ backendStatus }, os, { print, printJson }, { version }] = await Promise.all([
    import('../backend/select.js'),
    import('node:os'),
    import('./print.js'),
    import('#platform'),
  ]);
  const status = {
    version: version(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: os.cpus()[0]?.model.trim() ?? '',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    backends: await backendStatus(),
  };
  if (options.json) return printJson(status);
  const lines = [
    `model-collapse ${status.version}`,
    `node ${status.node}, ${status.platform}, ${status.cores} cores${status.cpu ? ` (${status.cpu})` : ''}`,
    'backends, fastest first:',
    ...status.backends.map(
      ({ name, available, reason, detail }) =>
        `  ${name.padEnd(10)} ${available ? `available${detail ? ` (${detail})` : ''}` : `not available: ${reason}`}`,
    ),
  ];
  return print(lines.join('\n'));
}
