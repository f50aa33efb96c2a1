/** What the library needs of a browser; node.ts has the same functions for Node. */
import { sha256 as portableSha256 } from '@noble/hashes/sha2.js';
import { packageVersion } from '../generated/version.js';
import type { FileAccess, Port, Sha256 } from './port.js';

export { hex } from './hex.js';
export type { FileAccess, Port, Sha256 };

/** Web Crypto hashes only what is there as a whole, so this one is in JavaScript. */
export function sha256(): Sha256 {
  const hash = portableSha256.create();
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest(),
  };
}

export function loadAddon(): unknown {
  throw new Error('browsers run no native code');
}

export function version(): string {
  return packageVersion;
}

export function cores(): number {
  return globalThis.navigator?.hardwareConcurrency ?? 1;
}

/** Browsers do not tell; an arena's own limit applies. */
export function memoryBytes(): number {
  return Number.POSITIVE_INFINITY;
}

export function machine(): Record<string, unknown> {
  return { platform: 'browser', cores: cores(), runtime: globalThis.navigator?.userAgent ?? 'unknown' };
}

export function environment(): string | undefined {
  return undefined;
}

export const hasWorkers: boolean = typeof Worker !== 'undefined';

export function startWorker(): Port {
  const worker = new Worker(new URL('../backend/worker.js', import.meta.url), { type: 'module' });
  return {
    send: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.addEventListener('message', (event) => listener(event.data)),
    onError: (listener) => worker.addEventListener('error', (event) => listener(new Error(event.message || 'the worker did not start'))),
    terminate: () => worker.terminate(),
  };
}

export function parentPort(): Port {
  const scope = globalThis as unknown as Worker;
  return {
    send: (message, transfer) => scope.postMessage(message, transfer ?? []),
    onMessage: (listener) => scope.addEventListener('message', (event) => listener(event.data)),
    onError: () => {},
    terminate: () => {},
  };
}

export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(0);
  });
}

export const files: FileAccess | undefined = undefined;
