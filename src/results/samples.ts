import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TextSample } from '../engine/result.js';
import { makeFolder } from './folder.js';
import { StagedFolder } from './staged.js';

/** The folder, inside that of a result, with what a language model wrote. */
export const SAMPLES = 'samples';
const FILE = /^generation-\d+\.txt$/;
/** Stands where a document went on. */
const CUT = ' [...]';

/**
 * Writes `samples/generation-NNN.txt` into a result's folder: the documents of each generation, a blank line between them. They appear
 * together; those of an earlier result go away.
 */
export async function writeSamples(dir: string, samples: readonly TextSample[]): Promise<void> {
  const path = join(dir, SAMPLES);
  const files = sampleFiles(samples);
  if (files.size === 0) return clear(path, files);
  await makeFolder(path);
  const folder = new StagedFolder(path);
  try {
    for (const [name, text] of files) await writeFile(folder.stage(name), text);
    await folder.commit();
    await clear(path, files);
  } finally {
    await folder.discard();
    await rmdir(path).catch(() => undefined); // an empty one only
  }
}

/** Texts by file name; all numbers have as many digits, three at least, so that the files stand in order. */
function sampleFiles(samples: readonly TextSample[]): Map<string, string> {
  const digits = Math.max(3, ...samples.map(({ generation }) => String(generation).length));
  const files = new Map<string, string>();
  for (const { generation, text, cut } of samples) {
    const name = `generation-${String(generation).padStart(digits, '0')}.txt`;
    const before = files.get(name);
    files.set(name, `${before === undefined ? '' : `${before}\n`}${text}${cut ? CUT : ''}\n`);
  }
  return files;
}

async function clear(path: string, kept: ReadonlyMap<string, string>): Promise<void> {
  const names = await readdir(path).catch(() => []);
  for (const name of names) if (FILE.test(name) && !kept.has(name)) await rm(join(path, name), { force: true });
}
