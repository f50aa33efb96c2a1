// The native addon: built in place for a checkout, and as a prebuilt binary for the package.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { command, root } from './tools.mjs';

/** node-gyp takes the headers that came with this Node, if they are there, and then downloads nothing. */
function environment() {
  const prefix = join(dirname(process.execPath), '..');
  const local = existsSync(join(prefix, 'include', 'node', 'node_api.h'));
  return local && !process.env.npm_config_nodedir ? { ...process.env, npm_config_nodedir: prefix } : process.env;
}

/** Runs a tool quietly. @returns what it printed if it failed, else undefined. */
export function failureOf(script, args, cwd, variables = {}) {
  const env = { ...environment(), ...variables };
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...args], { cwd, env, encoding: 'utf8' });
  return status === 0 ? undefined : `${error?.message ?? ''}${stdout ?? ''}\n${stderr ?? ''}`;
}

const telling = [/could not find|not found|no such file|not installed/i, /\berror:/i, /ERR! stack/];

/** The line of a failed build that says most. */
function reasonOf(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const found = telling.map((pattern) => lines.find((line) => pattern.test(line))).find((line) => line !== undefined);
  return (found ?? lines[0] ?? 'it did not say why').replace(/^gyp ERR! (stack |find Python )?(Error: )?/, '').trim();
}

/** Why the addon that was built does not load, or undefined. */
function loadFailure() {
  const load = "require('node-gyp-build')(process.cwd())";
  const { status, stderr } = spawnSync(process.execPath, ['-e', load], { cwd: root, encoding: 'utf8' });
  return status === 0 ? undefined : stderr;
}

/**
 * native/ -> build/Release; only what changed is compiled again. Without a compiler it says so in one line, and everything runs
 * on WASM; with MODEL_COLLAPSE_REQUIRE_NATIVE set that is a failure.
 */
export function buildAddon() {
  const failure = failureOf(command('node-gyp'), ['configure', 'build', '--loglevel=error', '--jobs=max'], root) ?? loadFailure();
  if (failure === undefined) return;
  // An older binary, of either place, would still be loaded.
  for (const folder of ['build', 'prebuilds']) rmSync(join(root, folder), { recursive: true, force: true });
  console.error(
    `model-collapse: no native addon, so everything runs on WASM; it needs a C++17 compiler, make and Python 3 (${reasonOf(failure)})`,
  );
  if (!process.env.MODEL_COLLAPSE_REQUIRE_NATIVE) return;
  console.error(failure);
  process.exit(1);
}

/** native/ -> prebuilds/, for this platform. In a folder of its own: a build in use stays as it is. */
export function buildPrebuild() {
  const scratch = mkdtempSync(join(tmpdir(), 'model-collapse-prebuild-'));
  try {
    for (const name of ['binding.gyp', 'package.json', 'native']) cpSync(join(root, name), join(scratch, name), { recursive: true });
    const modules = dirname(dirname(createRequire(import.meta.url).resolve('node-addon-api/package.json')));
    symlinkSync(modules, join(scratch, 'node_modules'), 'junction');
    rmSync(join(root, 'prebuilds'), { recursive: true, force: true });
    const failure = failureOf(
      command('prebuildify'),
      ['--napi', '--strip', '--tag-libc', `--target=${process.versions.node}`, `--out=${root}`],
      scratch,
    );
    if (failure === undefined) return;
    console.error(`${failure}\nmodel-collapse: no prebuilt addon (${reasonOf(failure)})`);
    process.exitCode = 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
