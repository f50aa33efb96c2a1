// What the scripts share.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** The file of a dependency's command, wherever npm put it. */
export function command(packageName, name = packageName) {
  let manifest;
  try {
    manifest = require.resolve(`${packageName}/package.json`);
  } catch (error) {
    if (error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') missingTool(packageName);
    // A package that does not show its manifest: it lies where npm puts the project's own dependencies.
    manifest = join(root, 'node_modules', packageName, 'package.json');
  }
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[name]);
}

/** Ends the process: a build needs the development dependencies. */
export function missingTool(packageName) {
  console.error(`model-collapse: ${packageName} is not installed; building needs the development dependencies: npm ci --include=dev`);
  process.exit(1);
}

/** Runs a Node program in the project's folder, its output shown. @returns whether it succeeded. */
export function succeeds(script, args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status === 0;
}

/** The same, and ends the process where the program fails: it has said why. */
export function mustSucceed(script, args) {
  if (!succeeds(script, args)) process.exit(1);
}
