import { basename, dirname, extname, resolve } from 'node:path';
import { inputError } from '../../errors.js';
import { type EarlierResult, loadSpec } from '../../spec/load.js';
import { presetHint } from '../../spec/presets.js';
import { applySet } from '../../spec/set.js';
import { parseSpec, type Spec } from '../../spec/spec.js';
import type { RunOptions } from '../run.js';

/** One spec to run. */
export interface Job {
  /** Name in tables and charts, and of its folder when there are several: unique, safe as a file name. */
  label: string;
  spec: Spec;
  /** What an earlier result says about itself, where SPEC names one. */
  earlier?: Earlier;
}

export interface Earlier extends EarlierResult {
  /** Whether the spec is run unchanged, so that the digest must be the same. */
  unchanged: boolean;
}

/** The chart's name, without extension. */
export const CHART = 'chart';
/** The chart's files, which stand beside the folders of several specs. */
export const CHART_FILES = ['vl.json', 'svg', 'png'].map((extension) => `${CHART}.${extension}`);

/**
 * Reads and checks every spec before anything runs.
 * @throws InputError for a missing SPEC, or one that cannot be read or is wrong
 */
export async function loadJobs(specs: readonly string[], options: RunOptions): Promise<Job[]> {
  if (specs.length === 0) {
    throw inputError('SPEC', undefined, `a JSON file, - for stdin, a provenance file, or a preset; ${presetHint('')}`);
  }
  if (specs.filter((name) => name === '-').length > 1) throw inputError('SPEC', specs, 'stdin (-) once');
  const jobs: Job[] = [];
  const reserved = specs.length > 1 ? CHART_FILES : [];
  for (const argument of specs) {
    const loaded = await loadSpec(argument);
    const spec = parseSpec(withFlags(loaded.spec, options));
    const earlier = loaded.earlier && { ...loaded.earlier, unchanged: JSON.stringify(spec) === JSON.stringify(parseSpec(loaded.spec)) };
    const taken = [...reserved, ...jobs.map(({ label }) => label)];
    jobs.push({ label: uniqueLabel(labelOf(argument), taken), spec, earlier });
  }
  return jobs;
}

/** Flags beat the spec: --set in the order given, then --watch, --seed and --replicates. */
export function withFlags(spec: unknown, options: Pick<RunOptions, 'set' | 'watch' | 'seed' | 'replicates'>): unknown {
  if (typeof spec !== 'object' || spec === null) return spec;
  let changed: object = spec;
  for (const assignment of options.set ?? []) changed = applySet(changed, assignment);
  const { watch, seed, replicates } = options;
  const listed = { ...(watch === undefined ? {} : { watch }), ...(seed === undefined ? {} : { seed }) };
  return { ...changed, ...listed, ...(replicates === undefined ? {} : { replicates }) };
}

/** What to say about the result of a spec that comes from an earlier one. */
export function compareWithEarlier(earlier: Earlier, digest: string, corpusSha256: string | undefined): string[] {
  const notes: string[] = [];
  if (earlier.corpusSha256 && corpusSha256 && earlier.corpusSha256 !== corpusSha256) {
    notes.push(`the corpus is not the one of the earlier result (sha256 ${corpusSha256}, then ${earlier.corpusSha256})`);
  }
  if (earlier.unchanged && earlier.digest) {
    const same = earlier.digest === digest;
    notes.push(same ? 'the digest is that of the earlier result' : `the digest is not that of the earlier result (${earlier.digest})`);
  }
  return notes;
}

/** A short name for a SPEC argument: an earlier result is called after its folder. */
export function labelOf(argument: string): string {
  if (argument === '-') return 'stdin';
  const name = basename(argument, extname(argument));
  const plain = name === 'provenance' || name === 'result' ? basename(dirname(resolve(argument))) : name;
  return plain.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'spec';
}

/** Labels are told apart without regard to case, as some file systems do. */
function uniqueLabel(label: string, others: readonly string[]): string {
  const taken = new Set(others.map((other) => other.toLowerCase()));
  let unique = label;
  for (let i = 2; taken.has(unique.toLowerCase()); i++) unique = `${label}-${i}`;
  return unique;
}
