// Compiles the native kernels with the driver, without Node-API: native/*.cc but for the addon's own files. What has not changed is kept.
import { cpSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { failureOf } from '../native.mjs';
import { command, root } from '../tools.mjs';
import { run } from './tools.mjs';

const here = join(root, 'scripts/proof/native');
const native = join(root, 'native');
/** They need Node. */
const addonFiles = /^(addon|ngram-addon|probes.*)\.cc$/;

/** When any header was last changed. */
function newestHeader() {
  const headers = [native, here].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.h'))
      .map((name) => join(folder, name)),
  );
  return Math.max(...headers.map((file) => statSync(file).mtimeMs));
}

/**
 * @param name of the folder in build/proof/
 * @param flags of the compiler, the linker's too
 * @returns the program's path
 */
export async function compileDriver(name, flags, compiler = process.env.CXX ?? 'g++') {
  const folder = join(root, 'build/proof', name);
  mkdirSync(folder, { recursive: true });
  const kernels = readdirSync(native).filter((file) => file.endsWith('.cc') && !addonFiles.test(file));
  const sources = [join(here, 'driver.cc'), ...kernels.map((file) => join(native, file))];
  const object = (source) => join(folder, `${basename(source)}.o`);
  const headers = newestHeader();
  const isFresh = (file, source) => existsSync(file) && statSync(file).mtimeMs > Math.max(headers, statSync(source).mtimeMs);
  const waiting = sources.filter((source) => !isFresh(object(source), source));
  const all = ['-std=c++17', '-ffp-contract=off', '-pthread', ...flags];
  const worker = async () => {
    for (let source = waiting.shift(); source; source = waiting.shift()) {
      await run(compiler, [...all, `-I${here}`, `-I${native}`, '-c', source, '-o', object(source)]);
    }
  };
  await Promise.all(cpus().map(worker));
  const program = join(folder, 'driver');
  await run(compiler, [...all, ...sources.map(object), '-o', program]);
  return program;
}

/** Where compileAddon builds; `node-gyp-build` finds it there. */
export const addonFolder = join(root, 'build/proof/addon');

/** The addon itself, in a folder of its own. */
export async function compileAddon(flags) {
  mkdirSync(addonFolder, { recursive: true });
  for (const name of ['binding.gyp', 'package.json', 'native']) {
    cpSync(join(root, name), join(addonFolder, name), { recursive: true, preserveTimestamps: true });
  }
  const modules = join(addonFolder, 'node_modules');
  if (!existsSync(modules)) symlinkSync(join(root, 'node_modules'), modules, 'junction');
  const both = flags.join(' ');
  const failure = failureOf(command('node-gyp'), ['configure', 'build', '--loglevel=error', '--jobs=2'], addonFolder, {
    CXXFLAGS: both,
    LDFLAGS: both,
  });
  if (failure !== undefined) throw new Error(failure);
}
