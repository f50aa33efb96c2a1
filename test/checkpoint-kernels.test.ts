// A chain saved on one backend between two generations goes on on any other, and what comes out is what an undisturbed chain gives.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FamilyKernel } from '../dist/backend/family-kernel.js';
import type { Slice } from '../dist/backend/job.js';
import type { Kernel } from '../dist/backend/kernel.js';
import { NativeKernel } from '../dist/backend/native.js';
import { NativeNgram, type NgramAddon } from '../dist/backend/ngram-kernel.js';
import { portableKernel } from '../dist/backend/portable.js';
import { resolveSpec } from '../dist/engine/resolve.js';
import { DONE } from '../dist/generated/javascript/layout.js';
import { parseSpec, type SpecInput } from '../dist/spec/spec.js';
import { nativeAddon } from './support/native.js';
import { anySpec } from './support/specs.js';
import { gaussianSpec, widerSpec } from './support/wider-specs.js';

const addon = nativeAddon() as ReturnType<typeof nativeAddon> & NgramAddon;
const fastest = addon.instructionSets[0];
const kernels: [name: string, make: () => Promise<Kernel>][] = [
  ['native', async () => new FamilyKernel(new NativeKernel(addon, fastest), async () => new NativeNgram(addon))],
  ['wasm', () => portableKernel('wasm')],
  ['javascript', () => portableKernel('javascript')],
];

/** What a chain gives: its values, and then its collapse time. */
interface Run {
  values: number[];
  /** States on the way, with how many values came before each. */
  states: { state: Uint8Array; before: number }[];
  time: number;
}

async function run(kernel: Kernel, from?: Uint8Array): Promise<Run> {
  const values: number[] = [];
  const states: Run['states'] = [];
  if (from) kernel.restore(from);
  for (;;) {
    const status = await kernel.advance(1);
    values.push(...kernel.drain());
    if (status === DONE) return { values, states, time: kernel.collapseTimes()[0] };
    const state = kernel.save();
    if (state === undefined) kernel.pause();
    else if (state.length > 0) states.push({ state, before: values.length });
  }
}

/** Saves on each backend, goes on on each; `dirty`: the kernels have simulated another chain before. */
async function check(input: SpecInput, pick: number): Promise<void> {
  const { job } = await resolveSpec(parseSpec(input));
  // Room for one generation's values, so that native stops after each.
  const shape = { job, chainsPerSlice: 1, outCapacity: job.metrics.length / 2 };
  const slice: Slice = { replicate: pick % 7, context: pick % job.contextCount, chains: 1 };
  const loaded = await Promise.all(kernels.map(async ([name, make]) => ({ name, kernel: await make() })));
  const runs: Run[] = [];
  try {
    await loaded[0].kernel.load(shape);
  } catch {
    return; // a training set that is too large
  }
  for (const { kernel } of loaded) {
    await kernel.load(shape);
    kernel.open({ ...slice, replicate: 9 });
    await run(kernel);
    kernel.open(slice);
    runs.push(await run(kernel));
  }
  const [whole] = runs;
  for (const [i, saved] of runs.entries()) {
    expect(saved.values, loaded[i].name).toEqual(whole.values);
    if (saved.states.length === 0) continue;
    const { state, before } = saved.states[pick % saved.states.length];
    for (const { name, kernel } of loaded) {
      kernel.open(slice);
      const rest = await run(kernel, state);
      expect([...saved.values.slice(0, before), ...rest.values], `${loaded[i].name} to ${name}`).toEqual(whole.values);
      expect(rest.time, `${loaded[i].name} to ${name}`).toBe(whole.time);
    }
    for (const { name, kernel } of loaded) {
      kernel.open(slice);
      expect(() => kernel.restore(state.subarray(0, -1)), name).toThrow(/state/);
      expect(await kernel.advance(1), name).toBe(DONE);
    }
  }
}

const settings = { numRuns: 60, seed: 5, endOnFailure: true };
const place = fc.integer({ min: 0, max: 1_000_000 });

describe('a saved chain goes on anywhere', () => {
  test('random categorical specs', () => fc.assert(fc.asyncProperty(anySpec, place, check), settings), 60_000);
  test('custom schedules, weights, errors, verifiers', () => fc.assert(fc.asyncProperty(widerSpec, place, check), settings), 60_000);
  test('Gaussians', () => fc.assert(fc.asyncProperty(gaussianSpec, place, check), settings), 60_000);

  const noises = { noiseReal: 0.25, noiseSynthetic: 0.25 };
  test.each([
    { kind: 'ridge', dimension: 6, spectrum: { kind: 'isotropic' }, ridge: 0.01 },
    { kind: 'ridge', dimension: 60, spectrum: { kind: 'power-law', exponent: 1.2 }, ridge: 0 },
    { kind: 'random-projections', dimension: 8, spectrum: { kind: 'isotropic' }, width: 5, ridge: 0.1 },
  ] as const)('regression: $kind, $dimension dimensions', async (model) => {
    for (const real of ['fixed', 'fresh'] as const) {
      const schedule = { kind: 'mixture', samples: 40, syntheticFraction: 0.5, quality: 0.5, real, ...noises } as const;
      await check({ model, schedule, generations: 9, replicates: 3 } as SpecInput, 4);
    }
  });

  const smoothings = ['none', 'add-k', 'witten-bell', 'kneser-ney'] as const;
  const schedules = [
    { kind: 'replace' },
    { kind: 'most-recent', sampleSize: 900, window: 3 },
    { kind: 'partially-synthetic', real: 300, synthetic: 300 },
    { kind: 'randomly-sampled', sampleSize: 700 },
    { kind: 'accumulate', real: 400, synthetic: 300 },
    { kind: 'accumulate-subsample', corpusSize: 500, rate: 0.5 },
  ] as const;
  test.each(smoothings)('n-gram models, smoothing %s', async (smoothing) => {
    for (const [i, schedule] of schedules.entries()) {
      for (const sampling of [{ kind: 'plain' }, { kind: 'top-k', k: 5 }] as const) {
        const model = { kind: 'ngram', order: 1 + (i % 3), tokens: 'word', corpus: { kind: 'stories', documents: 60 }, smoothing } as const;
        const metrics = ['perplexity', 'vocabulary', 'ngram-types', 'composition:1', 'verbatim'];
        await check({ model, schedule, sampling, generations: 7, replicates: 1, metrics } as SpecInput, 3 + i);
      }
    }
  });
});
