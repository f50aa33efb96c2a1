// Who takes part: the library on every instruction set and backend, and what people would use instead, where it is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAddon } from '../dist/platform/node.js';

const peer = (name) => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

/** The instruction sets of this processor, the fastest first; none without the native addon. */
export function instructionSets() {
  try {
    return loadAddon().instructionSets;
  } catch {
    return [];
  }
}

/** The library, one thread; peers/chains_library.mjs says what is timed. */
export function library() {
  const entry = (name, backend, timed, set = '') => ({
    name,
    library: true,
    identical: true,
    command: process.execPath,
    arguments: [peer('chains_library.mjs'), backend, timed],
    environment: { MODEL_COLLAPSE_SIMD: set },
  });
  const sets = instructionSets();
  return [
    ...sets.map((set) => entry(`native, ${set}`, 'native', 'chains', set)),
    entry('WASM', 'wasm', 'chains'),
    entry('JavaScript', 'javascript', 'chains'),
    ...sets
      .slice(0, 1)
      .flatMap((set) => [
        entry(`native, ${set}: C++ alone`, 'native', 'kernel', set),
        entry(`native, ${set}: all of simulate()`, 'native', 'simulate', set),
      ]),
  ];
}

const works = (command, ...given) => spawnSync(command, given, { stdio: 'ignore' }).status === 0;

/** Debian's Python has its NumPy even where another Python comes first. */
export function python(module) {
  return ['python3', '/usr/bin/python3'].find((command) => works(command, '-c', `import ${module}`));
}

/** Compiles a C or C++ file of bench/ for this processor, for as long as this process runs. @returns its path, or undefined */
export function compiled(source, compiler, flags = []) {
  const folder = mkdtempSync(join(tmpdir(), 'model-collapse-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'program');
  const file = fileURLToPath(new URL(source, import.meta.url));
  return works(compiler, '-O3', '-march=native', file, '-o', program, ...flags) ? program : undefined;
}

function gsl() {
  try {
    const flags = execFileSync('gsl-config', ['--cflags', '--libs'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return compiled('peers/chains_gsl.c', 'cc', flags.trim().split(/\s+/));
  } catch {
    return undefined;
  }
}

function hasStdlib() {
  try {
    const { resolve } = createRequire(import.meta.url);
    return Boolean(resolve('@stdlib/random-base-binomial') && resolve('@stdlib/random-base-mt19937'));
  } catch {
    return false;
  }
}

/**
 * The peers that are installed, and how to get the others.
 * @param wanted names of groups: gsl, numpy, r, naive, stdlib
 */
export function peers(wanted) {
  const node = (file, ...given) => ({ command: process.execPath, arguments: [peer(file), ...given] });
  const numpy = wanted.includes('numpy') ? python('numpy') : undefined;
  const program = wanted.includes('gsl') ? gsl() : undefined;
  const inPython = (form) => ({ command: numpy, arguments: [peer('chains_numpy.py'), form] });
  const inR = (form) => ({ command: 'Rscript', arguments: [peer('chains_r.R'), form] });
  const groups = {
    gsl: {
      there: program !== undefined,
      install: 'apt-get install libgsl-dev',
      entries: { 'GSL, live tokens only': { command: program, arguments: [] } },
    },
    numpy: {
      there: numpy !== undefined,
      install: 'apt-get install python3-numpy',
      entries: {
        'NumPy, all replicates and sizes in one call': inPython('all-sizes'),
        'NumPy, all replicates in one call': inPython('vectorised'),
        'NumPy, chain by chain': inPython('looped'),
      },
    },
    r: {
      there: works('Rscript', '--version'),
      install: 'apt-get install r-base-core',
      entries: { 'R, rbinom over all chains': inR('vectorised'), 'R, rmultinom, live tokens only': inR('rmultinom') },
    },
    stdlib: {
      there: hasStdlib(),
      install: 'npm install --prefix bench --no-save --no-package-lock @stdlib/random-base-binomial @stdlib/random-base-mt19937',
      entries: {
        '@stdlib, conditional binomials': node('chains_stdlib.mjs', 'binomials'),
        '@stdlib, sample by sample': node('chains_stdlib.mjs', 'picks'),
      },
    },
    naive: { there: true, entries: { 'naive JavaScript': node('chains_naive.mjs') } },
  };
  const asked = wanted.map((group) => groups[group]);
  return {
    entries: asked.flatMap(({ there, entries }) => (there ? Object.entries(entries).map(([name, entry]) => ({ name, ...entry })) : [])),
    missing: asked.filter(({ there }) => !there).map(({ entries, install }) => `${Object.keys(entries)[0].split(',')[0]}: ${install}`),
  };
}
