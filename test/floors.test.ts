/** The house of docs/ARCHITECTURE.md: imports go down only, and a prediction shares no code with what it predicts. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** Folders of src/ (or files in it), from the top floor to the ground. */
const floors = [
  ['index', 'cli'],
  ['experiments', 'figures', 'plan', 'verify'],
  ['laws'],
  ['sweep'],
  ['results'],
  ['engine'],
  ['models', 'text', 'schedules', 'sampling', 'metrics', 'spec', 'theory'],
  ['backend'],
  ['platform', 'generated', 'errors', 'remembered'],
];

/** Neighbours on one floor do not know each other, but for these. */
const neighbours = new Set([
  'experiments figures',
  'plan figures',
  'verify figures',
  'models spec',
  'text models',
  'text spec',
  'schedules spec',
  'sampling spec',
  'spec metrics',
  'platform generated',
]);

/** Who may compare with theory. */
const readersOfTheory = new Set(['index', 'cli', 'experiments', 'figures', 'plan', 'verify', 'laws', 'theory']);

const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

/** Why code in one room may not import from another, or undefined where it may. */
function objection(from: string, to: string): string | undefined {
  if (floorOf(to) < 0) return `${to} is on no floor`;
  if (to === 'theory' && !readersOfTheory.has(from)) return 'no simulator imports theory';
  if (from === 'theory' && to !== 'theory' && to !== 'errors') return 'theory imports no simulator';
  if (floorOf(to) < floorOf(from)) return 'imports go down only';
  if (floorOf(to) === floorOf(from) && to !== from && !neighbours.has(`${from} ${to}`)) return 'not a neighbour it may know';
  return undefined;
}

/** The room of a path below src/: its folder, or the file itself. */
const room = (path: string) => path.split('/')[0].replace(/\.[jt]s$/, '');

/** Paths below src/ that a file imports, types included. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, 'src', path), 'utf8');
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]);
  return specifiers.flatMap((specifier) => {
    if (specifier === '#platform') return ['platform/node.js'];
    return specifier.startsWith('.') ? [posix.join(posix.dirname(path), specifier)] : [];
  });
}

function filesIn(folder: string, pattern: RegExp): string[] {
  const names = readdirSync(join(root, folder), { recursive: true }) as string[];
  return names.map((name) => name.replaceAll('\\', '/')).filter((name) => pattern.test(name));
}

const sources = filesIn('src', /\.ts$/).filter((path) => !path.startsWith('generated/') && !path.endsWith('.d.ts'));

describe('floors', () => {
  test('every folder of src/ is on a floor', () => {
    expect([...new Set(sources.map(room))].filter((name) => floorOf(name) < 0)).toEqual([]);
  });

  test('imports go down only', () => {
    const violations = sources.flatMap((path) =>
      importsOf(path).flatMap((imported) => {
        const reason = objection(room(path), room(imported));
        return reason === undefined ? [] : [`src/${path} imports src/${imported}: ${reason}`];
      }),
    );
    expect(violations).toEqual([]);
  });

  test('the check sees imports of every form, and objects', () => {
    expect(importsOf('index.ts').length).toBeGreaterThan(5);
    expect(importsOf('cli/info.ts')).toContain('backend/select.js');
    expect(objection('engine', 'cli')).toBeDefined();
    expect(objection('engine', 'theory')).toBeDefined();
    expect(objection('theory', 'engine')).toBeDefined();
    expect(objection('theory', 'generated')).toBeDefined();
    expect(objection('models', 'schedules')).toBeDefined();
    expect(objection('cli', 'theory')).toBeUndefined();
  });

  test('no file is longer than 300 lines', () => {
    const long = ['src', 'scripts'].flatMap((folder) =>
      filesIn(folder, /\.(ts|mjs)$/)
        .filter((path) => !path.startsWith('generated/'))
        .map((path) => ({ file: `${folder}/${path}`, lines: readFileSync(join(root, folder, path), 'utf8').split('\n').length - 1 }))
        .filter(({ lines }) => lines > 300),
    );
    expect(long).toEqual([]);
  });
});
