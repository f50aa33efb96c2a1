// Fetches Node 20, 22 and 24 for the proof `nodes`, from the registry that npm is set to: `node scripts/proof/fetch-nodes.mjs`.
// Apart from the proof, since no test talks to another machine.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../tools.mjs';

export const versions = [20, 22, 24];
const packageName = `node-${process.platform}-${process.arch}`;
const folder = (version) => join(root, 'node_modules/.cache/nodes', String(version));

/** Where the program of a version is, or would be. */
export function nodeProgram(version) {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  return join(folder(version), 'node_modules', packageName, 'bin/node');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const version of versions) {
    if (existsSync(nodeProgram(version))) continue;
    const wanted = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder(version)];
    const { status } = spawnSync('npm', [...wanted, `${packageName}@${version}`], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}
