import { selectBackend } from '../../backend/select.js';
import { checkThreads } from '../../engine/prepare.js';
import { inputError } from '../../errors.js';
import { serveQueue } from '../../sweep/serve.js';
import { interruptible } from '../interrupt.js';
import { note } from '../print.js';
import type { WorkerCommandOptions } from '../worker.js';

/** `worker --queue URL`: interrupted once it delivers the blocks that run, twice it stops now. */
export async function work(options: WorkerCommandOptions): Promise<void> {
  const url = options.queue ?? process.env.MODEL_COLLAPSE_QUEUE;
  if (url === undefined) throw inputError('--queue', undefined, 'the URL of a Redis or Valkey server, such as redis://localhost:6379');
  const { name: backend } = await selectBackend(options.backend);
  const threads = checkThreads(options.threads);
  await interruptible(async (signal) => {
    signal.addEventListener('abort', () => note('worker: finishing the blocks that run; interrupt again to stop now'), { once: true });
    const blocks = await serveQueue({
      ...{ url, backend, threads, signal },
      onNote: (text) => note(`worker: ${text}`),
      onReady: (server) => note(`worker: waiting for blocks at ${server} (${backend}, ${threads} at a time)`),
    });
    note(`worker: ${blocks} blocks delivered`);
    signal.throwIfAborted();
  });
}
