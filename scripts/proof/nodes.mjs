// Node 20, 22 and 24 with the one addon that was built here: the same digests. The npm package `node` carries the programs.
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { compare } from './digests.mjs';
import { specsWithDigests } from './specs.mjs';
import { holds, inFolder, NotRun, run } from './tools.mjs';

const versions = [20, 22, 24];

/** Node's own program of that version. @throws NotRun where the registry has none */
async function nodeProgram(version, folder) {
  if (process.versions.node.startsWith(`${version}.`)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(folder, String(version));
  try {
    await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', prefix, `${name}@${version}`]);
  } catch (error) {
    throw new NotRun(`npm could not fetch ${name}@${version}: ${error.message.split('\n').find((line) => /ERR|error/.test(line)) ?? ''}`);
  }
  return join(prefix, 'node_modules', name, 'bin/node');
}

export async function prove({ long }) {
  const backends = long ? ['native', 'wasm', 'javascript'] : ['native'];
  return inFolder(async (folder) => {
    const specs = await specsWithDigests();
    const said = [];
    for (const version of versions) {
      const program = await nodeProgram(version, folder);
      const output = await run(program, [join(root, 'scripts/proof/digests.mjs'), ...backends]);
      for (const line of output.toString().trim().split('\n')) {
        const { version: found, backend, digests } = JSON.parse(line);
        holds(found.startsWith(`v${version}.`), `Node ${version}: ran ${found}`);
        compare(`Node ${found}, ${backend}`, specs, digests);
      }
      said.push((await run(program, ['--version'])).toString().trim());
    }
    return [`${said.join(', ')}: the same ${specs.length} digests (${backends.join(', ')})`];
  });
}
