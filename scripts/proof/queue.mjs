// What a queue costs: 200 specs with two workers of one thread against the same sweep as one local job on two threads, and 1,000 tiny specs for the
// cost of a block. Processor seconds tell the cost of the work itself where the machine does other things, too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { holds, inFolder, needs, run } from './tools.mjs';

const main = join(root, 'dist/cli/main.js');
/** At most so much slower over a queue (median of the rounds), where the machine is idle. */
const MOST = 1.15;

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return String(port);
}

/** Resolves when the worker waits for blocks. */
async function startWorker(url) {
  const worker = spawn(process.execPath, [main, 'worker', '--queue', url, '--threads', '1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  for await (const text of worker.stderr) {
    said += text;
    if (said.includes('waiting for blocks')) break;
  }
  worker.stderr.resume();
  return worker;
}

async function timed(args) {
  const began = performance.now();
  const output = await run(process.execPath, [main, ...args]);
  return { seconds: (performance.now() - began) / 1000, digest: JSON.parse(output).digest };
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

export async function prove({ long }) {
  const server = needs('redis-server');
  return inFolder(async (folder) => {
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const processes = [spawn(server, ['--port', port, '--bind', '127.0.0.1', '--save', '', '--dir', folder], { stdio: 'ignore' })];
    try {
      const sweep = (name, count, replicates) => {
        const model = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 300, exponent: 1 } };
        const base = { model, schedule: { kind: 'partially-synthetic', real: 200, synthetic: 200 }, generations: 50, replicates };
        const file = join(folder, `${name}.json`);
        writeFileSync(file, JSON.stringify({ base, vary: { seed: { from: 0, count } } }));
        return file;
      };
      let made = 0;
      const start = (file, ...more) => timed(['sweep', file, '--out', join(folder, `out-${made++}`), '--json', '--threads', '2', ...more]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const began = performance.now();
      processes.push(...(await Promise.all([startWorker(url), startWorker(url)])));
      const startSeconds = (performance.now() - began) / 1000;
      const specs = long ? 200 : 20;
      const file = sweep('specs', specs, long ? 100 : 20);
      const ratios = [];
      const queues = [];
      for (let round = 0; round < (long ? 3 : 1); round++) {
        const local = await start(file);
        const queued = await start(file, '--queue', url);
        holds(local.digest === queued.digest, `digest ${queued.digest} over the queue, ${local.digest} without`);
        ratios.push(queued.seconds / local.seconds);
        queues.push(queued.seconds);
      }
      const said = [
        `${specs} specs, two workers against two threads: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')} times as long (first to last round; ` +
          `${queues.map((seconds) => seconds.toFixed(2)).join(', ')} s); workers started in ${startSeconds.toFixed(2)} s`,
      ];
      if (!long) return said;
      holds(median(ratios) <= MOST, said[0]);
      const [some, many] = [await start(sweep('some', 100, 1), '--queue', url), await start(sweep('many', 1100, 1), '--queue', url)];
      return [
        ...said,
        `a block through the queue: ${(((many.seconds - some.seconds) * 1000) / 1000).toFixed(1)} ms (1,000 more tiny specs)`,
      ];
    } finally {
      for (const child of processes) child.kill('SIGKILL');
    }
  });
}
