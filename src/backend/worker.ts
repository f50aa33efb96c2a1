/** What runs in a worker: a kernel lane behind messages. */
import { parentPort, yieldToEvents } from '#platform';
import { KernelLane } from './lane.js';
import { portableKernel } from './portable.js';
import type { Reply, Request } from './worker-lane.js';

/** About 50 ms of work between two progress messages. */
const BUDGET = 5_000_000;

const port = parentPort();
let lane: KernelLane | undefined;

async function answer(request: Request): Promise<void> {
  try {
    if (request.kind === 'load') {
      const options = {
        budget: BUDGET,
        pause: async () => {
          send({ kind: 'progress', generations: lane?.progress() ?? 0 });
          await yieldToEvents();
        },
      };
      lane = new KernelLane(await portableKernel(request.backend), options);
      send({ id: request.id, kind: 'done' });
    } else if (request.kind === 'open') {
      await lane?.open(request.shape);
      send({ id: request.id, kind: 'done' });
    } else if (request.kind === 'save') {
      send({ id: request.id, kind: 'done', state: await lane?.save() });
    } else {
      const result = await lane?.run(request.slice, request.from, (text) => send({ kind: 'text', text }));
      const transfer = result ? [result.values.buffer as ArrayBuffer, result.collapseTimes.buffer as ArrayBuffer] : [];
      send({ id: request.id, kind: 'done', result }, transfer);
    }
  } catch (error) {
    send({ id: request.id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function send(reply: Reply, transfer: ArrayBuffer[] = []): void {
  port.send(reply, transfer);
}

port.onMessage((message) => void answer(message as Request));
