/** What a folder's sweep is: its specs, the texts that they read, and the version that computes it. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { version } from '#platform';
import { InputError, inputError, show } from '../errors.js';
import { writeDurable } from './durable.js';
import type { Sweep } from './points.js';
import type { SweepSpec } from './spec.js';

export const MANIFEST = 'sweep-manifest.json';
/** Differences that a message names. */
const MOST_DIFFERENCES = 5;

type Kind = 'sweep' | 'run';

export interface Manifest {
  format: `model-collapse ${Kind} 1`;
  /** Of the software: another one may draw other numbers. */
  version: string;
  points: number;
  /** SHA-256 of the texts, by path. */
  corpora: Record<string, string>;
  /** SHA-256 of version, complete specs and texts: results of equal identity belong together. */
  identity: string;
  sweep: SweepSpec;
}

/**
 * @param corpora SHA-256 of the texts that the specs read, by path
 * @param by the version that computes it
 */
export function manifestOf(sweep: Sweep, corpora: Record<string, string>, kind: Kind = 'sweep', by = version()): Manifest {
  const hash = createHash('sha256');
  const sorted = Object.fromEntries(Object.entries(corpora).sort(([a], [b]) => (a < b ? -1 : 1)));
  hash.update(JSON.stringify([by, sorted]));
  for (const { vary, spec } of sweep.points) hash.update(JSON.stringify([vary, spec]));
  return {
    format: `model-collapse ${kind} 1`,
    version: by,
    points: sweep.points.length,
    corpora: sorted,
    identity: hash.digest('hex'),
    sweep: sweep.document,
  };
}

/** Undefined where a folder holds no sweep. @throws InputError for one that can't be read */
export async function readManifest(dir: string, option: string): Promise<Manifest | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(dir, MANIFEST), 'utf8')) as Manifest;
    if (typeof manifest.identity === 'string') return manifest;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code !== undefined) throw inputError(option, dir, `a folder whose ${MANIFEST} can be read (${code})`);
  }
  throw inputError(option, dir, `a folder of a sweep; its ${MANIFEST} is damaged`);
}

export function writeManifest(dir: string, manifest: Manifest): Promise<void> {
  return writeDurable(join(dir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** @throws InputError saying how two sweeps differ, where they do */
export function checkSame(dir: string, there: Manifest, wanted: Manifest, option: string): void {
  if (there.identity === wanted.identity) return;
  const kind = wanted.format.split(' ')[1];
  const flat = ({ version, corpora, sweep }: Manifest) => leaves({ version, text: corpora, ...sweep });
  const [then, now] = [flat(there), flat(wanted)];
  const changed = [...new Set([...then.keys(), ...now.keys()])].filter((key) => then.get(key) !== now.get(key));
  const said = changed
    .slice(0, MOST_DIFFERENCES)
    .map((key) => `${key} was ${then.get(key) ?? 'absent'} and is ${now.get(key) ?? 'absent'}`);
  if (changed.length > said.length) said.push(`and ${changed.length - said.length} more`);
  throw new InputError(
    `${option}: ${show(dir)} holds another ${kind}: ${said.join('; ') || 'its specs differ'}; allowed: the same ${kind} and version, or another folder`,
    option,
  );
}

/** The leaves of a document, by dotted path; a list of plain values is one leaf. */
function leaves(value: unknown, path = '', found = new Map<string, string>()): Map<string, string> {
  const inside = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const plainList = Array.isArray(value) && value.every((entry) => typeof entry !== 'object' || entry === null);
  if (inside.length === 0 || plainList) found.set(path, show(value));
  else for (const [key, entry] of inside) leaves(entry, path ? `${path}.${key}` : key, found);
  return found;
}
