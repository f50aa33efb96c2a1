/** Figure 1 for a text: from the corpus to the report, its law, and what it refuses. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reproduce } from '../dist/experiments/reproduce.js';
import { gridLaw, largestAffordable } from '../dist/experiments/text-law.js';
import { expectedCollapseTime } from '../dist/theory/coalescent.js';
import { collapseLaw } from '../dist/theory/collapse-law.js';
import { cli } from './cli-process.js';

let folder: string;
let corpus: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'figures-text-'));
  corpus = join(folder, 'words.txt.gz');
  await writeFile(corpus, gzipSync(words(800)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A text of so many words, the same every time. */
function words(count: number): string {
  const list = ['to', 'be', 'or', 'not', 'that', 'is', 'the', 'question', 'whether', 'tis', 'nobler', 'in', 'mind', 'suffer'];
  let state = 7;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return list[Math.floor((list.length * state) / 2147483648)];
  }).join(' ');
}

describe('the law on a grid', () => {
  const contexts = [
    { sampleSize: 1, p: [0.5, 0.5] },
    { sampleSize: 40, p: [0.5, 0.3, 0.2] },
    { sampleSize: 300, p: [0.9, 0.05, 0.05] },
    { sampleSize: 300, p: [0.2, 0.2, 0.6] },
    { sampleSize: 2500, p: [0.25, 0.75] },
    { sampleSize: 70, p: [1] },
  ];
  const at = [1, 3, 10, 100, 1000, 5000];

  it('is the one that walks through every generation', async () => {
    const jumps = await gridLaw(contexts, at);
    const walk = collapseLaw(
      contexts.map((context) => ({ ...context, weight: 1 })),
      { generations: at },
    );
    for (const [i, m] of at.entries()) {
      const g = jumps.generation.indexOf(m);
      expect(jumps.collapsed[g]).toBeCloseTo(walk.collapsed[i], 11);
      expect(jumps.cdf[g]).toBeCloseTo(walk.cdf[i], 11);
      expect(jumps.variance[g]).toBeLessThanOrEqual(contexts.length / 4);
    }
    expect(jumps.mean / walk.mean).toBeCloseTo(1, 4);
  });

  it('has the exact mean of a single context', async () => {
    const { mean } = await gridLaw([contexts[2]], []);
    expect(mean / expectedCollapseTime(300, contexts[2].p)).toBeCloseTo(1, 4);
  });

  it('leaves out what would take too long, and stops when told to', async () => {
    expect(largestAffordable([10, 1e5])).toBe(Number.POSITIVE_INFINITY);
    expect(largestAffordable([10, 5000, 1e7])).toBe(1e7 - 1);
    await expect(gridLaw(contexts, at, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

describe('figure 1 for a text', () => {
  it('simulates every context, tests the claims and writes everything', async () => {
    const out = join(folder, 'report');
    const report = await reproduce({ figures: ['seddik-1-text'], corpus, out });
    expect(report.figures.map(({ id }) => id)).toEqual(['seddik-1-text']);
    const [{ claims, files, simulations }] = report.figures;
    expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    expect(claims.length).toBeGreaterThanOrEqual(8);
    for (const length of ['one character', 'two characters']) {
      for (const start of ['collapsed of', 'mean T until all', 'mean Simpson', 'no token is preferred'])
        expect(claims.some(({ claim }) => claim.startsWith(start) && claim.includes(length))).toBe(true);
    }
    expect(simulations.length).toBe(4);
    for (const path of ['index.html', 'report.json', ...Object.values(files)])
      expect((await stat(join(out, path))).size).toBeGreaterThan(100);

    const lines = (await readFile(join(out, files.data), 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toBe('part,context-length,context,sample-size,run,generation,first,second,others,collapsed,standard-error,exact');
    const rows = lines.slice(1).map((line) => line.split(','));
    const shares = rows.filter(([part]) => part === 'context').map((row) => row.slice(6, 9).map(Number));
    expect(shares.length % 5).toBe(0);
    for (const parts of shares) expect(parts[0] + parts[1] + parts[2]).toBeCloseTo(1, 9);
    expect(rows.filter(([part, length]) => part === 'all-collapsed' && length === '2').length).toBe(20);

    const results = JSON.parse(await readFile(join(out, files.results), 'utf8'));
    const { generation, contexts, metrics } = results[1].result;
    expect(generation.length).toBeLessThan(40);
    expect(contexts.collapsed.at(-1)).toBe(contexts.total);
    expect(contexts.collapsed.length).toBe(generation.length);
    expect(metrics.support.mean.length).toBe(generation.length);
  });

  it('takes a text with nothing left to lose', async () => {
    const path = join(folder, 'abc.txt');
    await writeFile(path, 'abc');
    const report = await reproduce({ figures: ['text'], corpus: path, out: join(folder, 'abc') });
    expect(report.passed).toBe(true);
  });

  it('refuses a missing, unusable or useless text before anything is written', async () => {
    const out = join(folder, 'none');
    const short = join(folder, 'short.txt');
    await writeFile(short, 'ab');
    await expect(reproduce({ figures: ['text'], out })).rejects.toThrow(/--corpus: got nothing; .*seddik-1-text/);
    await expect(reproduce({ figures: ['seddik-2'], corpus, out })).rejects.toThrow(/--corpus: got .*seddik-1-text/);
    await expect(reproduce({ corpus: short, out })).rejects.toThrow(/has 2 tokens/);
    const { status, stderr } = await cli(['reproduce', '--corpus', join(folder, 'missing.txt'), '--out', out]);
    expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
    expect(stderr).toMatch(/model.initial.path: .*missing.txt" does not exist/);
    expect(await readdir(folder)).not.toContain('none');
  });

  it('without a figure draws all that can be drawn from a text', async () => {
    const stop = new AbortController();
    const seen: [string, number][] = [];
    const onProgress = ({ figure, ofFigures }: { figure: string; ofFigures: number }) => {
      seen.push([figure, ofFigures]);
      stop.abort(new Error('enough'));
    };
    await writeFile(join(folder, 'pair.txt'), 'a b c d e f g h\n\n'.repeat(20));
    const given = { corpus: join(folder, 'pair.txt'), out: join(folder, 'all'), signal: stop.signal, onProgress };
    await expect(reproduce(given)).rejects.toThrow('enough');
    expect(seen[0]).toEqual(['seddik-1-text', 4]);
  });

  it('is not among the figures that need no text', async () => {
    const { defaultSet, findExperiments } = await import('../dist/experiments/registry.js');
    expect(defaultSet.map(({ id }) => id)).not.toContain('seddik-1-text');
    expect(findExperiments(['seddik']).map(({ id }) => id)).not.toContain('seddik-1-text');
    expect(findExperiments(['TEXT']).map(({ id }) => id)).toEqual(['seddik-1-text']);
  });
});
