import type { secondMoments } from '../../dist/theory/index.js';

/** One law of each named schedule with closed second moments. */
export const scheduleLaws: secondMoments.ScheduleLaw[] = [
  { kind: 'fully-synthetic', sampleSize: 9 },
  { kind: 'partially-synthetic', real: 8, synthetic: 10 },
  { kind: 'fresh', real: 8, synthetic: 10 },
  { kind: 'accumulate', real: 8, synthetic: 10 },
  { kind: 'most-recent', sampleSize: 20, window: 4 },
  { kind: 'randomly-sampled', sampleSize: 10 },
  { kind: 'accumulate-subsample', corpusSize: 20, batch: 7 },
  { kind: 'accumulate-subsample', corpusSize: 20, batch: 7, replacement: true },
];
