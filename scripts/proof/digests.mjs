// The digests of all specs in another Node, thread or process: `node digests.mjs [BACKEND...]` prints one line of JSON for each backend.
import { join } from 'node:path';
import { isMainThread, parentPort } from 'node:worker_threads';
import { root } from '../tools.mjs';
import { specsWithDigests } from './specs.mjs';
import { holds } from './tools.mjs';

const { simulate } = await import(join(root, 'dist/index.js'));

/** @throws Error naming a spec whose digest differs; the list is of this same process, pinned ones apart */
export async function digestsHere(backend, specs) {
  const digests = [];
  for (const { spec } of specs) digests.push((await simulate(spec, { backend, threads: 2 })).digest);
  return digests;
}

/** @throws Error naming the first spec whose digest is another one */
export function compare(where, specs, digests) {
  holds(digests.length === specs.length, `${where}: ${digests.length} digests of ${specs.length} specs`);
  specs.forEach(({ name, digest }, i) => holds(digests[i] === digest, `${where}: ${name}: digest ${digests[i]}, here ${digest}`));
}

if (!isMainThread) {
  parentPort.once('message', async ({ backend, specs }) => parentPort.postMessage(await digestsHere(backend, specs)));
} else if (process.argv[1] === new URL(import.meta.url).pathname) {
  const specs = await specsWithDigests();
  for (const backend of process.argv.slice(2)) {
    console.log(JSON.stringify({ version: process.version, backend, digests: await digestsHere(backend, specs) }));
  }
}
