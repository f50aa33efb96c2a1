// Small specs of every family and way of drawing: what the proofs run. All pinned digests, and what those leave out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.mjs';

const { simulate } = await import(join(root, 'dist/index.js'));

const zipf = { kind: 'zipf', vocabulary: 60, support: 30, exponent: 1 };
const categorical = { kind: 'categorical', initial: zipf };
const gaussian = { kind: 'gaussian', dimension: 5 };
const parts = { kind: 'partially-synthetic', real: 20, synthetic: 40 };
const kept = [
  { from: 'real', size: 20, draw: 'fixed', weight: 3 },
  { from: 'last', window: 3, size: 15, draw: 'kept', weight: 0.25 },
];
const custom = { kind: 'custom', sources: kept };
const more = {
  'errors, real data weighted': {
    model: { ...categorical, error: { size: 0.05, tokens: 'outside' } },
    schedule: parts,
    weighting: { kind: 'real-weight', weight: 3 },
  },
  'batches kept, a verifier': { model: categorical, schedule: custom, sampling: { kind: 'verifier', keepInside: 1, keepOutside: 0.1 } },
  'nucleus sampling until collapse': {
    model: categorical,
    schedule: { kind: 'fully-synthetic', sampleSize: 30 },
    sampling: { kind: 'top-p', p: 0.95 },
    generations: 'until-collapse',
  },
  'Gaussian, accumulating': { model: gaussian, schedule: { kind: 'accumulate', real: 20, synthetic: 10 } },
  'Gaussian, batches kept': { model: gaussian, schedule: custom },
  'Gaussian, a pool subsampled': {
    model: { ...gaussian, estimator: 'unbiased' },
    schedule: { kind: 'accumulate-subsample', corpusSize: 40, rate: 1, replacement: false },
    sampling: { kind: 'temperature', temperature: 0.7 },
  },
  'Gaussian, randomly sampled': { model: gaussian, schedule: { kind: 'randomly-sampled', sampleSize: 30 } },
};
const pinned = JSON.parse(readFileSync(join(root, 'test/vectors/digests.json'), 'utf8')).digests;
const others = Object.entries(more).map(([name, spec]) => ({ name, spec: { generations: 12, replicates: 40, seed: 3, ...spec } }));

/** Names, specs, and the digests that the library gives for them here. */
export async function specsWithDigests() {
  const made = await Promise.all(others.map(async ({ name, spec }) => ({ name, spec, digest: (await simulate(spec)).digest })));
  return [...pinned, ...made];
}
