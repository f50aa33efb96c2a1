/** What the documents and the code say of each other: every anchor that is named exists, and every file. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { experiments } from '../dist/experiments/registry.js';
import { listPresets } from '../dist/spec/presets.js';
import { samplingKinds } from '../dist/spec/sampling.js';
import { scheduleKinds } from '../dist/spec/schedule.js';
import { modelKinds } from '../dist/spec/spec.js';
import { weightingKinds } from '../dist/spec/weighting.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'generated' || name === 'node_modules') return [];
    return statSync(join(root, path)).isDirectory() ? filesIn(path) : [path];
  });
}

const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...filesIn('docs').filter((path) => path.endsWith('.md'))];
const sources = ['src', 'assembly', 'native', 'scripts', 'bench', 'test']
  .flatMap(filesIn)
  .filter((path) => /\.(ts|mjs|cc|h|json)$/.test(path) && !path.startsWith(join('test', 'vectors')));
const anchors = new Map(documents.map((path) => [basename(path), [...read(path).matchAll(/<a id="([^"]+)"/g)].map(([, id]) => id)]));

/** Names of anchors: of a document anywhere, and inside that document. */
function named(path: string): string[] {
  const text = read(path);
  const far = [...text.matchAll(/\b([A-Z]+\.md)#([\w-]+)/g)].map(([, file, anchor]) => `${file}#${anchor}`);
  const near = path.endsWith('.md') ? [...text.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => `${basename(path)}#${anchor}`) : [];
  return [...far, ...near];
}

describe('documents', () => {
  it('have every anchor that is named in them or in the code', () => {
    const all = [...documents, ...sources].flatMap((path) => named(path).map((anchor) => ({ path, anchor })));
    expect(all.length).toBeGreaterThan(60);
    const missing = all.filter(({ anchor }) => {
      const [file, id] = anchor.split('#');
      return !anchors.get(file)?.includes(id);
    });
    expect(missing).toEqual([]);
  });

  it('have no anchor twice', () => {
    for (const [, ids] of anchors) expect(new Set(ids).size).toBe(ids.length);
  });

  it('name files that are there', () => {
    const names = documents
      .flatMap((path) => [...read(path).matchAll(/`((?:src|assembly|native|test|docs|scripts|bench)\/[\w./-]+\.[a-z]+)`/g)])
      .map(([, path]) => path);
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((path) => !path.includes('generated') && !existsSync(join(root, path)))).toEqual([]);
  });

  it('name every kind of every axis in the README, and every group of figures', () => {
    const readme = read('README.md');
    const axes = [modelKinds, scheduleKinds(), samplingKinds, weightingKinds] as unknown as { shape: { kind: { value: string } } }[][];
    const kinds = axes.flat().map((schema) => kindOf(schema));
    expect(kinds.length).toBeGreaterThan(15);
    for (const kind of kinds) expect(readme).toContain(`\`${kind}\``);
    for (const { group } of experiments) expect(readme).toContain(`\`${group}\``);
  });

  it('name presets that are there', () => {
    const presets = listPresets().map(({ name }) => name);
    const table = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const column = table.map((line) => line.split('|')[3] ?? '').join(' ');
    const listed = [...column.matchAll(/`([\w-]+)`/g)].map(([, name]) => name);
    expect(listed.length).toBeGreaterThan(8);
    expect(listed.filter((name) => !presets.includes(name))).toEqual([]);
  });
});

/** The kind of a schema, through its refinements. */
function kindOf(schema: unknown): string {
  const { shape, def } = schema as { shape?: { kind: { def: { values: string[] } } }; def: { in?: unknown } };
  return shape ? shape.kind.def.values[0] : kindOf(def.in);
}
