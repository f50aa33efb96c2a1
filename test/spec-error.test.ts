/** The error of a categorical model: the tokens that it reaches, and its shares. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InputError } from '../dist/errors.js';
import { resolveTruth } from '../dist/models/categorical.js';
import { withError } from '../dist/models/error.js';
import { errorSizesOf, type ModelError } from '../dist/spec/model.js';
import { parseSpec } from '../dist/spec/spec.js';

const truthOf = (initial: object) =>
  resolveTruth(parseSpec({ model: { kind: 'categorical', initial }, schedule: { kind: 'fully-synthetic', sampleSize: 5 } }));
const gaps = { kind: 'explicit', p: [0, 0.5, 0, 0.25, 0.25, 0] };
const over = (tokens: ModelError['tokens']): ModelError => ({ size: 0.1, tokens });

test('outside: the missing tokens come last, with probability 0', async () => {
  const truth = await truthOf(gaps);
  const { truth: extended, shares } = withError(truth, over('outside'));
  const [context] = extended.contexts;
  expect([...context.tokens]).toEqual([1, 3, 4, 0, 2, 5]);
  expect([...context.p]).toEqual([0.5, 0.25, 0.25, 0, 0, 0]);
  expect([...shares[0]]).toEqual([0, 0, 0, 1 / 3, 1 / 3, 1 / 3]);
  expect([...truth.contexts[0].tokens]).toEqual([1, 3, 4]);
  expect(extended).toMatchObject({ vocabulary: 6, contexts: [{ label: '0', weight: 1 }] });
});

test('vocabulary and support', async () => {
  const truth = await truthOf(gaps);
  const all = withError(truth, over('vocabulary'));
  expect([...all.truth.contexts[0].tokens]).toEqual([1, 3, 4, 0, 2, 5]);
  expect([...all.shares[0]]).toEqual(new Array(6).fill(1 / 6));
  const own = withError(truth, over('support'));
  expect(own.truth).toBe(truth);
  expect([...own.shares[0]]).toEqual(new Array(3).fill(1 / 3));
});

test('refuses an error that has nowhere to go', async () => {
  const full = await truthOf({ kind: 'uniform', vocabulary: 4 });
  expect(() => withError(full, over('outside'))).toThrow(InputError);
  expect(() => withError(full, over('outside'))).toThrow(
    /^model\.error\.tokens: got "outside"; allowed: "support" or "vocabulary", because this truth lacks no token/,
  );
  expect([...withError(full, over('vocabulary')).shares[0]]).toEqual([0.25, 0.25, 0.25, 0.25]);
  const drawn = await truthOf({ kind: 'dirichlet', vocabulary: 3, concentration: 5, contexts: 2 });
  expect(() => withError(drawn, over('outside'))).toThrow(/because context "0" of this truth lacks no token/);
});

test('of a text: every type of the corpus that does not follow the context', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'model-collapse-error-'));
  const path = join(folder, 'text.txt');
  await writeFile(path, 'abcabd');
  const truth = await truthOf({ kind: 'text', path, tokens: 'char', context: 1 });
  await rm(folder, { recursive: true });
  const { truth: extended, shares } = withError(truth, over('outside'));
  expect(extended.contexts.map(({ label, tokens }) => [label, ...tokens])).toEqual([
    ['a', 1, 0, 2, 3],
    ['b', 2, 3, 0, 1],
    ['c', 0, 1, 2, 3],
  ]);
  expect(shares.map((share) => [...share])).toEqual([
    [0, 1 / 3, 1 / 3, 1 / 3],
    [0, 0, 1 / 2, 1 / 2],
    [0, 1 / 3, 1 / 3, 1 / 3],
  ]);
});

test('refuses lists that would fill the memory', () => {
  const context = { label: '0', weight: 1e-3, tokens: Int32Array.of(0), p: Float64Array.of(1) };
  const truth = { vocabulary: 1e6, contexts: new Array(1000).fill(context) };
  expect(() => withError(truth, over('outside'))).toThrow(/"support", or a truth of at most 100000000 probabilities .*it has 1000000000/);
});

test('sizes by generation', () => {
  expect(errorSizesOf({ size: 0.5, tokens: 'outside' })).toEqual([0.5]);
  expect(errorSizesOf({ size: [0.5, 0], tokens: 'outside' })).toEqual([0.5, 0]);
});

test('a Gaussian has no such truth', async () => {
  const spec = parseSpec({ model: { kind: 'gaussian' }, schedule: { kind: 'fully-synthetic', sampleSize: 5 } });
  await expect(resolveTruth(spec)).rejects.toThrow(/^model\.kind: got "gaussian"; allowed: "categorical"/);
});
