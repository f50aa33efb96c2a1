/** The result of a sweep whose points are all finished: one JSON document, and tables. */
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machine } from '#platform';
import type { BackendName } from '../backend/select.js';
import { HashOfHashes } from '../engine/digest.js';
import { StagedFolder } from '../results/staged.js';
import type { CheckedSweep } from './check.js';
import type { Store } from './store.js';
import { writeTables } from './tables.js';

/** The document that `sweep --json` prints. */
export const RESULT = 'result.json';
export const PROVENANCE = 'provenance.json';

/**
 * Writes the result of a sweep from its finished points, and its digest: SHA-256 over the points' digests (32 bytes each) in order.
 * Nothing is written where it stands there already.
 * @returns the digest, in hexadecimal
 */
export async function writeResults(
  sweep: CheckedSweep,
  store: Store,
  { backend, threads }: { backend?: BackendName; threads?: number },
): Promise<string> {
  const whole = new HashOfHashes();
  for (const { index } of sweep.points) whole.add(Buffer.from((await recordOf(store, index)).digest, 'hex'));
  const digest = whole.finish();
  if (await isWritten(store.dir, digest)) return digest;
  await writeTables(sweep, store);
  const folder = new StagedFolder(store.dir);
  try {
    await writeFile(folder.stage(RESULT), documentOf(sweep, store, digest));
    const { version, sweep: document, corpora } = sweep.manifest;
    const provenance = {
      version,
      backend,
      threads,
      machine: machine(),
      finishedAt: new Date().toISOString(),
      corpora,
      digest,
      sweep: document,
    };
    await writeFile(folder.stage(PROVENANCE), `${JSON.stringify(provenance, null, 2)}\n`);
    await folder.commit();
  } finally {
    await folder.discard();
  }
  return digest;
}

/** @throws Error where it is not there, or damaged */
export async function recordOf(store: Store, index: number): Promise<{ digest: string; json: string }> {
  const record = await store.readPoint(index);
  if (typeof record === 'string') throw new Error(`${store.pointPath(index)}: ${record}; --resume computes it again`);
  return record;
}

/** The result as text, piece by piece. */
export function readResult(dir: string): AsyncIterable<Buffer> {
  return createReadStream(join(dir, RESULT)) as AsyncIterable<Buffer>;
}

async function* documentOf(sweep: CheckedSweep, store: Store, digest: string): AsyncGenerator<string> {
  yield '{"points":[';
  for (const { index } of sweep.points) yield `${index > 0 ? ',\n' : '\n'}${(await recordOf(store, index)).json}`;
  yield `\n],"digest":"${digest}"}\n`;
}

/** Provenance is renamed last. */
async function isWritten(dir: string, digest: string): Promise<boolean> {
  try {
    return JSON.parse(await readFile(join(dir, PROVENANCE), 'utf8')).digest === digest;
  } catch {
    return false;
  }
}
