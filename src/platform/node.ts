/** What the library needs of Node. browser.ts has the same functions for browsers. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parentPort as nodeParentPort, Worker } from 'node:worker_threads';
import { createGunzip, gunzip } from 'node:zlib';
import type { FileAccess, Port, Sha256 } from './port.js';

export { hex } from './hex.js';
export type { FileAccess, Port, Sha256 };

/** How much of a file is read at once. */
const CHUNK_BYTES = 2 ** 18;

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export function sha256(): Sha256 {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  };
}

/** The native addon. @throws Error saying what was tried. */
export function loadAddon(): unknown {
  const require = createRequire(import.meta.url);
  return (require('node-gyp-build') as (folder: string) => unknown)(root);
}

let known: { version: string; cpu: string; cores: number; memoryBytes: number } | undefined;

/** What does not change while the process runs: asking takes as long as a small job. */
function facts(): NonNullable<typeof known> {
  known ??= {
    version: (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  };
  return known;
}

export function version(): string {
  return facts().version;
}

export function cores(): number {
  return facts().cores;
}

/** Bytes of memory of the machine. */
export function memoryBytes(): number {
  return facts().memoryBytes;
}

export function machine(): Record<string, unknown> {
  return {
    platform: process.platform,
    architecture: process.arch,
    cpu: facts().cpu,
    cores: cores(),
    memoryBytes: memoryBytes(),
    runtime: `node ${process.version}`,
  };
}

export function environment(name: string): string | undefined {
  return process.env[name];
}

export const hasWorkers: boolean = existsSync(workerFile());

function workerFile(): URL {
  return new URL('../backend/worker.js', import.meta.url);
}

export function startWorker(): Port {
  const worker = new Worker(workerFile(), { execArgv: [] });
  // An idle worker does not keep the process alive; `send` refs it until the answer is there.
  let pending = 0;
  worker.unref();
  return {
    send: (message) => {
      if (pending++ === 0) worker.ref();
      worker.postMessage(message);
    },
    onMessage: (listener) => {
      worker.on('message', (message) => {
        // Only answers have a number: progress and texts come on the way.
        if ('id' in (message as object) && --pending === 0) worker.unref();
        listener(message);
      });
    },
    onError: (listener) => {
      worker.on('error', listener);
      worker.on('exit', (code) => listener(new Error(`a worker ended with exit code ${code}`)));
    },
    terminate: () => void worker.terminate(),
  };
}

/** In a worker: the way back to the thread that started it. */
export function parentPort(): Port {
  const port = nodeParentPort;
  if (!port) throw new Error('not in a worker');
  return {
    send: (message, transfer) => port.postMessage(message, transfer ?? []),
    onMessage: (listener) => void port.on('message', listener),
    onError: () => {},
    terminate: () => process.exit(0),
  };
}

/** Lets timers, messages and input have a turn. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const files: FileAccess | undefined = {
  stat,
  read: (path) => readFile(path),
  gunzip: (bytes, most) => promisify(gunzip)(bytes, { maxOutputLength: most }),
  list: (path) => readdir(path),
  stream: (path) => createReadStream(path, { highWaterMark: CHUNK_BYTES }),
  // The error of a part comes out of the iteration, so the callback has nothing to do.
  gunzipStream: (chunks) => pipeline(Readable.from(chunks, { objectMode: false }), createGunzip({ chunkSize: CHUNK_BYTES }), () => {}),
};
