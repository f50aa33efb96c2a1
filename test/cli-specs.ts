import { expect } from 'vitest';
import type { Ended } from './cli-process.js';

/** A spec that runs at once. */
export const spec = {
  model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 60, support: 20, simpson: 0.1 } },
  schedule: { kind: 'fully-synthetic', sampleSize: 20 },
  generations: 12,
  replicates: 30,
  seed: 7,
  metrics: ['simpson', 'support'],
};
export const small = JSON.stringify(spec);
/** Long enough to be interrupted, on any machine. */
export const endless = JSON.stringify({
  ...spec,
  model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 20_000 } },
  schedule: { kind: 'partially-synthetic', real: 10_000, synthetic: 10_000 },
  generations: [1, 1_000_000],
});

/** Exit 2 with one message and nothing on stdout. */
export function expectRefusal(ended: Ended, message: RegExp): void {
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
}
