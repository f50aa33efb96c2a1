/** Streams that must not be correlated, and what must hold in every run. */
import type { Check } from './check.js';
import { definitionCheck, noReturnCheck, oneTokenCheck, sameDigestCheck, wholeCountsCheck } from './exact.js';
import { dirichlet, four, pair, uniform, zipf, zipf52 } from './initials.js';
import { definitions } from './learn-tokens.js';
import type { Situation } from './observe.js';
import { contextsCheck, generationsCheck, replicatesCheck, seedsCheck } from './streams.js';

const n20 = { kind: 'fully-synthetic', sampleSize: 20 } as const;
const n1000 = { kind: 'fully-synthetic', sampleSize: 1000 } as const;
const kept = { kind: 'partially-synthetic', real: 20, synthetic: 10 } as const;

const small: Situation = { regime: 'n20', schedule: n20, initial: pair(0.5), at: 3, replicates: 100_000 };
const large: Situation = { regime: 'n1000', schedule: n1000, initial: pair(0.5), at: 2, replicates: 100_000 };

const streams: Check[] = [
  replicatesCheck(small, 1),
  replicatesCheck(small, 2),
  // One block of replicates against the next.
  replicatesCheck({ ...large, regime: 'n1000-blocks' }, 1024),
  replicatesCheck(large, 1),
  generationsCheck({ ...small, at: [1, 2, 3] }),
  generationsCheck({ ...large, at: [4, 5, 6] }),
  generationsCheck({ ...small, regime: 'N20-n10', schedule: { kind: 'accumulate', real: 20, synthetic: 10 }, at: [1, 2, 3] }),
  contextsCheck({ ...small, regime: 'n20-two-contexts', initial: dirichlet(2, 4), at: 60, replicates: 50_000 }),
  seedsCheck(small, 1),
  seedsCheck(large, 2 ** 32),
];

const digests: Situation['schedule'][] = [
  n20,
  { kind: 'fully-synthetic', sampleSize: 600 },
  kept,
  { kind: 'most-recent', sampleSize: 30, window: 3 },
  { kind: 'randomly-sampled', sampleSize: 30 },
  { kind: 'accumulate', real: 20, synthetic: 5 },
  { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5 },
  { kind: 'fresh', real: 20, synthetic: 10 },
];

const exact: Check[] = [
  ...[n20, kept, { kind: 'most-recent', sampleSize: 20, window: 4 } as const].map((schedule) =>
    oneTokenCheck({ regime: 'one-token', schedule, initial: uniform(1), at: 20, replicates: 100 }),
  ),
  wholeCountsCheck({ regime: 'n20', schedule: n20, initial: four, at: 5, replicates: 5000 }, 20, 4),
  wholeCountsCheck({ regime: 'n1000', schedule: n1000, initial: four, at: 5, replicates: 5000 }, 1000, 4),
  wholeCountsCheck(
    { regime: 'n200-pivot-groups', schedule: { ...n20, sampleSize: 200 }, initial: zipf(30), at: 2, replicates: 2000 },
    200,
    30,
  ),
  wholeCountsCheck({ regime: 'N20-n10', schedule: kept, initial: four, at: 5, replicates: 5000 }, 30, 4),
  wholeCountsCheck(
    { regime: 'n30', schedule: { kind: 'randomly-sampled', sampleSize: 30 }, initial: four, at: 9, replicates: 5000 },
    30,
    4,
  ),
  ...Object.keys(definitions).map((metric) =>
    definitionCheck({ regime: 'N20-n10-four-tokens', schedule: kept, initial: four, at: [1, 6], replicates: 2000 }, metric, 4),
  ),
  noReturnCheck({
    regime: 'n50-zipf52',
    schedule: { ...n20, sampleSize: 50 },
    initial: zipf52,
    at: [1, 10, 50, 100, 200],
    replicates: 5000,
  }),
  noReturnCheck({ regime: 'n600', schedule: { ...n20, sampleSize: 600 }, initial: uniform(5), at: [1, 100, 1000], replicates: 500 }),
  ...digests.map((schedule, i) =>
    sameDigestCheck({ regime: i === 1 ? 'n600-zipf52' : 'zipf52', schedule, initial: zipf52, at: [1, 2, 10], replicates: 300 }),
  ),
];

export const exactChecks: Check[] = [...streams, ...exact];
