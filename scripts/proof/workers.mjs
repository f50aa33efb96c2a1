// The library inside worker threads, each with its own load of the addon, two at a time: the same digests.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { root } from '../tools.mjs';
import { compare } from './digests.mjs';
import { specsWithDigests } from './specs.mjs';

function inWorker(backend, specs) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(root, 'scripts/proof/digests.mjs'));
    worker.on('error', reject);
    worker.on('message', (digests) => resolve(worker.terminate().then(() => digests)));
    worker.postMessage({ backend, specs });
  });
}

export async function prove({ long }) {
  const specs = await specsWithDigests();
  const backends = ['native', 'wasm', ...(long ? ['javascript', 'native', 'wasm', 'native'] : [])];
  for (let i = 0; i < backends.length; i += 2) {
    const pair = backends.slice(i, i + 2);
    const found = await Promise.all(pair.map((backend) => inWorker(backend, specs)));
    found.forEach((digests, k) => compare(`worker, ${pair[k]}`, specs, digests));
  }
  return [`${backends.length} worker threads (${backends.join(', ')}): the same ${specs.length} digests`];
}
