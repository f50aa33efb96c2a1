// Node 20, 22 and 24 with the one addon that was built here: the same digests. The npm package `node` carries the programs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { compare } from './digests.mjs';
import { nodeProgram, versions } from './fetch-nodes.mjs';
import { specsWithDigests } from './specs.mjs';
import { holds, NotRun, run } from './tools.mjs';

/** @throws NotRun where it has not been fetched */
function there(version) {
  const program = nodeProgram(version);
  if (existsSync(program)) return program;
  throw new NotRun(`Node ${version} is not there: node scripts/proof/fetch-nodes.mjs fetches it`);
}

export async function prove({ long }) {
  const backends = long ? ['native', 'wasm', 'javascript'] : ['native'];
  const specs = await specsWithDigests();
  const said = [];
  for (const version of versions) {
    const program = there(version);
    const output = await run(program, [join(root, 'scripts/proof/digests.mjs'), ...backends]);
    for (const line of output.toString().trim().split('\n')) {
      const { version: found, backend, digests } = JSON.parse(line);
      holds(found.startsWith(`v${version}.`), `Node ${version}: ran ${found}`);
      compare(`Node ${found}, ${backend}`, specs, digests);
    }
    said.push((await run(program, ['--version'])).toString().trim());
  }
  return [`${said.join(', ')}: the same ${specs.length} digests (${backends.join(', ')})`];
}
