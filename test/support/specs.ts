// Random specs for differential tests: all schedules, all kinds of initial distribution that need no file.
import fc from 'fast-check';
import { defaultMetrics } from '../../dist/metrics/registry.js';
import type { SpecInput } from '../../dist/spec/spec.js';

/** 1 to 257 mostly, and sizes around the limits of the methods. */
const anySize = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 257 }) },
  { weight: 4, arbitrary: fc.constantFrom(1, 2, 3, 511, 512, 513, 4096, 1e6, 2 ** 31) },
);

const support = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: 700 }));
const concentration = fc.constantFrom(1e-3, 0.1, 1, 5);

export const initial = fc.oneof(
  support.chain((s) =>
    fc.record({
      kind: fc.constant('zipf' as const),
      vocabulary: fc.constant(s + 3),
      support: fc.constant(s),
      exponent: fc.double({ min: 0, max: 3, noNaN: true }),
    }),
  ),
  support.map((s) => ({ kind: 'uniform' as const, vocabulary: s })),
  fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 12 }).map((weights) => {
    weights[0]++;
    const sum = weights.reduce((total, w) => total + w, 0);
    return { kind: 'explicit' as const, p: weights.map((w) => w / sum) };
  }),
  fc.record({
    kind: fc.constant('dirichlet' as const),
    vocabulary: fc.integer({ min: 1, max: 80 }),
    concentration,
    contexts: fc.integer({ min: 1, max: 7 }),
  }),
);

const fullySynthetic = anySize.map((sampleSize) => ({ kind: 'fully-synthetic' as const, sampleSize }));
const partiallySynthetic = fc
  .record({ kind: fc.constant('partially-synthetic' as const), real: anySize, synthetic: anySize })
  .filter(({ real, synthetic }) => real + synthetic <= 2 ** 31);
const mostRecent = anySize.chain((sampleSize) =>
  fc.integer({ min: 1, max: Math.min(9, sampleSize) }).map((window) => ({ kind: 'most-recent' as const, sampleSize, window })),
);
const randomlySampled = anySize.map((sampleSize) => ({ kind: 'randomly-sampled' as const, sampleSize }));
const accumulate = fc.record({
  kind: fc.constant('accumulate' as const),
  real: fc.integer({ min: 1, max: 1e6 }),
  synthetic: fc.integer({ min: 1, max: 1e6 }),
});
const fresh = fc
  .record({ kind: fc.constant('fresh' as const), real: anySize, synthetic: anySize })
  .filter(({ real, synthetic }) => real + synthetic <= 2 ** 31);
const accumulateSubsample = fc.record({
  kind: fc.constant('accumulate-subsample' as const),
  corpusSize: anySize,
  rate: fc.constantFrom(0.5, 1, 0.75),
  replacement: fc.boolean(),
});
export const schedule = fc.oneof(fullySynthetic, partiallySynthetic, mostRecent, randomlySampled, accumulate, fresh, accumulateSubsample);

export const sampling = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'plain' as const }) },
  { weight: 1, arbitrary: fc.constantFrom(0.3, 0.9, 1, 1.4).map((temperature) => ({ kind: 'temperature' as const, temperature })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 30 }).map((k) => ({ kind: 'top-k' as const, k })) },
  { weight: 1, arbitrary: fc.constantFrom(1e-9, 0.5, 0.95, 1).map((p) => ({ kind: 'top-p' as const, p })) },
);

export const generations = fc.oneof(
  fc.integer({ min: 1, max: 25 }),
  fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }).map((list) => list.sort((a, b) => a - b)),
  fc.constant('until-collapse' as const),
);
const metrics = fc.uniqueArray(fc.constantFrom(...defaultMetrics({ kind: 'categorical' }), 'probability:0'), { minLength: 1 });
export const seed = fc.oneof(fc.maxSafeNat(), fc.constantFrom(0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER));

export const anySpec: fc.Arbitrary<SpecInput> = fc
  .record({
    initial,
    schedule,
    sampling,
    generations,
    metrics,
    seed,
    replicates: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 1, max: 40 }) },
      { weight: 1, arbitrary: fc.constantFrom(1023, 1024, 1025, 2050) },
    ),
  })
  .map(({ initial, schedule, sampling, generations, metrics, seed, replicates }) => {
    const samples = Math.max(...Object.values(schedule).filter((value): value is number => typeof value === 'number'));
    const few = samples > 257 ? Math.min(replicates, 3) : replicates;
    const until = generations === 'until-collapse' ? { maxGenerations: few > 1000 ? 8 : 60 } : {};
    return {
      model: { kind: 'categorical', initial },
      schedule,
      sampling,
      generations,
      ...until,
      metrics,
      seed,
      replicates: few,
    } as SpecInput;
  });
