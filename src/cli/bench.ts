/** `bench`: the suites of bench/, which are scripts beside the built package. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';

interface BenchOptions {
  rounds?: string;
  replicates?: string;
  out?: string;
  quick?: boolean;
  json?: boolean;
}

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description('backends against each other and against peers found on the machine (NumPy, GSL, R, NLTK, naive JavaScript)')
    .argument(
      '[SUITE...]',
      'headline (the default), large, kernels, chains, schedules, threads, facade, start, scale, roofline, ngram, ridge, all',
    )
    .option('--rounds <N>', 'interleaved rounds')
    .option('--replicates <N>', 'replicates of the headline job')
    .option('--out <DIR>', 'where JSON and charts go (default: results-bench)')
    .option('--quick', 'without peers')
    .option('--json', 'print one JSON document: what each suite has measured, by its name')
    .action(bench);
}

async function bench(suites: readonly string[], { json, out, ...options }: BenchOptions): Promise<void> {
  const temporary = json && out === undefined ? await mkdtemp(join(tmpdir(), 'model-collapse-bench-')) : undefined;
  const folder = temporary ?? out;
  try {
    const given = Object.entries({ ...options, out: folder }).flatMap(([name, value]) => argument(name, value));
    const status = await runSuites([...suites, ...given], json === true);
    if (status !== 0) process.exit(status); // the suite has said why
    if (json && folder !== undefined) await printMeasured(folder);
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

function argument(name: string, value: string | boolean | undefined): string[] {
  if (value === undefined || value === false) return [];
  return value === true ? [`--${name}`] : [`--${name}`, value];
}

/** A process of its own: suites choose instruction sets for themselves. @returns its exit status */
function runSuites(given: readonly string[], quietOutput: boolean): Promise<number> {
  const script = fileURLToPath(new URL('../../bench/main.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, ...given], { stdio: ['ignore', quietOutput ? 2 : 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 130));
  });
}

async function printMeasured(folder: string): Promise<void> {
  const { printJson } = await import('./print.js');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
  const measured = await Promise.all(files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
  await printJson(Object.fromEntries(measured.map((result) => [result.suite, result])));
}
