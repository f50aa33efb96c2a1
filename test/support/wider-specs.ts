// Random specs of everything that test/support/specs.ts leaves out: custom schedules, weights, errors, verifiers, Gaussians.
import fc from 'fast-check';
import { gaussianMetrics, metricNames } from '../../dist/metrics/registry.js';
import type { SpecInput } from '../../dist/spec/spec.js';
import { generations, initial, sampling, schedule, seed } from './specs.js';

type Custom = Extract<SpecInput['schedule'], { kind: 'custom' }>;
type Source = NonNullable<Custom['sources']>[number];

const size = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 90 }) }, { weight: 1, arbitrary: fc.constantFrom(513, 4096) });
const weight = fc.constantFrom(1e-6, 0.25, 1, 1, 1, 3, 1e6);

const source: fc.Arbitrary<Source> = fc.oneof(
  fc.record({ from: fc.constant('real' as const), size, draw: fc.constantFrom('fixed' as const, 'fresh' as const), weight }),
  fc.record({
    from: fc.constant('model' as const),
    back: fc.integer({ min: 1, max: 5 }),
    size,
    draw: fc.constantFrom('redrawn' as const, 'kept' as const),
    weight,
  }),
  fc.record({
    from: fc.constant('last' as const),
    window: fc.integer({ min: 1, max: 6 }),
    size,
    draw: fc.constantFrom('redrawn' as const, 'kept' as const),
    weight,
  }),
  fc.record({ from: fc.constant('past' as const), size, draw: fc.constantFrom('redrawn' as const, 'kept' as const), weight }),
);

/** At most one source that is fixed and one that is kept, and samples for every generation. */
const rule: fc.Arbitrary<Custom> = fc.tuple(fc.array(source, { minLength: 1, maxLength: 4 }), size).map(([drawn, first]) => {
  const sources = drawn.map((entry, i): Source => {
    const earlier = drawn.slice(0, i).some(({ draw }) => draw === entry.draw);
    if (!earlier) return entry;
    return entry.from === 'real' ? { ...entry, draw: 'fresh' } : { ...entry, draw: 'redrawn' };
  });
  if (sources.some(({ from }) => from === 'real')) return { kind: 'custom', sources };
  const late = sources.every((entry) => entry.from === 'model' && (entry.back ?? 1) > 1);
  return { kind: 'custom', sources: late ? [...sources, { from: 'model', size: first }] : sources, first };
});

const table: fc.Arbitrary<Custom> = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    sizes: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 21, maxLength: 21 }),
    real: fc.constantFrom('fixed' as const, 'fresh' as const),
    synthetic: fc.constantFrom('redrawn' as const, 'kept' as const),
    batch: fc.integer({ min: 1, max: 50 }),
  })
  .map(({ rows, sizes, real, synthetic, batch }) => {
    const table = Array.from({ length: rows }, (_, i) => {
      const row = sizes.slice((i * (i + 1)) / 2, ((i + 1) * (i + 2)) / 2).map((n) => (n < 12 ? 0 : n));
      const shown = row.map((n, t) => ((t === 0 ? real === 'fixed' : synthetic === 'kept') && n > 0 ? batch : n));
      return shown.every((n) => n === 0) ? shown.map(() => batch) : shown;
    });
    return { kind: 'custom' as const, table, real, synthetic };
  });

/** Every custom schedule. */
export const custom = fc.oneof(rule, table);

const anySchedule = fc.oneof({ weight: 2, arbitrary: custom }, { weight: 1, arbitrary: schedule });

function weighting(kind: string): fc.Arbitrary<NonNullable<SpecInput['weighting']>> {
  const always = [fc.constant({ kind: 'plain' as const }), weight.map((w) => ({ kind: 'real-weight' as const, weight: w }))];
  if (kind !== 'partially-synthetic' && kind !== 'fresh') return fc.oneof(...always);
  const shares = fc.constantFrom(0.01, 0.5, 0.9).map((share) => ({ kind: 'real-share' as const, share }));
  return fc.oneof(...always, shares, fc.constant({ kind: 'golden-ratio' as const }));
}

const verifier = fc.record({
  kind: fc.constant('verifier' as const),
  keepInside: fc.constantFrom(0.5, 1),
  keepOutside: fc.constantFrom(0, 0.1, 1),
});

const errorSize = fc.constantFrom(0, 1e-3, 0.05, 0.7, 1000);

/** The truths of `initial` have tokens outside their support where they are Zipf's. */
function error(kind: string) {
  const tokens =
    kind === 'zipf'
      ? fc.constantFrom('outside' as const, 'support' as const, 'vocabulary' as const)
      : fc.constantFrom('support' as const, 'vocabulary' as const);
  return fc.record({ size: fc.oneof(errorSize, fc.array(errorSize, { minLength: 1, maxLength: 4 })), tokens });
}

const until = (asked: SpecInput['generations']) => (asked === 'until-collapse' ? { maxGenerations: 40 } : {});
const replicates = fc.integer({ min: 1, max: 20 });
const metrics = fc.uniqueArray(fc.constantFrom(...metricNames('categorical'), 'probability:0'), { minLength: 1 });

/** Categorical specs with the new parts. */
export const widerSpec: fc.Arbitrary<SpecInput> = fc
  .record({ initial, schedule: anySchedule, generations, seed, replicates, metrics })
  .chain((given) =>
    fc
      .record({
        error: fc.option(error(given.initial.kind), { nil: undefined }),
        weighting: weighting(given.schedule.kind),
        sampling: fc.oneof(sampling, verifier),
      })
      .map(({ error, weighting, sampling }): SpecInput => {
        const { initial, ...rest } = given;
        const model = { kind: 'categorical' as const, initial, ...(error && { error }) };
        return { ...rest, ...until(rest.generations), model, weighting, sampling } as SpecInput;
      }),
  );

/** Gaussian specs; sample sizes stay small enough to draw sample by sample. */
export const gaussianSpec: fc.Arbitrary<SpecInput> = fc
  .record({
    dimension: fc.integer({ min: 1, max: 6 }),
    schedule: fc.oneof(
      custom,
      size.map((sampleSize) => ({ kind: 'fully-synthetic' as const, sampleSize })),
      fc.record({
        kind: fc.constantFrom('partially-synthetic' as const, 'accumulate' as const, 'fresh' as const),
        real: size,
        synthetic: size,
      }),
      fc.record({ kind: fc.constant('accumulate-subsample' as const), corpusSize: size, rate: fc.constant(1), replacement: fc.boolean() }),
      size.map((n) => ({ kind: 'most-recent' as const, sampleSize: 4 * n, window: 3 })),
      size.map((sampleSize) => ({ kind: 'randomly-sampled' as const, sampleSize })),
    ),
    sampling: fc.constantFrom({ kind: 'plain' as const }, { kind: 'temperature' as const, temperature: 0.7 }),
    metrics: fc.uniqueArray(fc.constantFrom(...gaussianMetrics.map(({ name }) => name)), { minLength: 1 }),
    ...{ generations, seed, replicates },
  })
  .chain(({ dimension, ...rest }) =>
    weighting(rest.schedule.kind).map(
      (weighting) => ({ model: { kind: 'gaussian', dimension }, ...rest, ...until(rest.generations), weighting }) as SpecInput,
    ),
  );
