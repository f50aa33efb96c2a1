/** Jumps of fully synthetic training: against exact laws, alone and of two snapshots together, and against training step by step. */
import type { Check } from './check.js';
import { dirichlet, four, pair, uniform, zipf, zipf52 } from './initials.js';
import { jointCountCheck, sameAsForwardCheck } from './jumps.js';
import { countCheck } from './laws.js';
import { meanCheck } from './means.js';
import type { Initial, Situation } from './observe.js';

const situation = (
  regime: string,
  initial: Initial,
  sampleSize: number,
  at: Situation['at'],
  replicates: number,
  slow = false,
): Situation => ({
  ...{ regime: `jump-${regime}`, initial, at, replicates, slow, method: 'jump' },
  schedule: { kind: 'fully-synthetic', sampleSize },
});

const means: [Situation, string[]][] = [
  [situation('n2', pair(0.3), 2, 3, 100_000), ['simpson', 'l2-first', 'support']],
  [situation('n10-zipf52', zipf52, 10, 10, 50_000), ['simpson', 'l2-first', 'l2-truth', 'support', 'probability:0']],
  [situation('n40-zipf52', zipf52, 40, [3, 10, 40, 100], 20_000), ['simpson', 'support']],
  [situation('n100-zipf52', zipf52, 100, [10, 50, 200], 20_000), ['simpson', 'support', 'l2-first']],
  [situation('n513', uniform(30), 513, 40, 20_000), ['simpson', 'support', 'probability:29']],
  [situation('n2000-thousand-tokens', uniform(1000), 2000, [3, 30, 300, 3000], 2000), ['simpson', 'support']],
  [situation('n4096', uniform(100), 4096, 50, 4000), ['simpson', 'l2-first', 'support']],
  [situation('n10000-zipf52', zipf52, 10_000, [10, 1000, 10_000], 10_000), ['simpson', 'support', 'probability:1']],
  [situation('n10000-thousand-tokens', zipf(1000), 10_000, 100, 1000, true), ['simpson', 'l2-truth', 'support']],
  [situation('n1000000', zipf52, 1_000_000, [1000, 100_000], 1000, true), ['simpson', 'l2-first', 'probability:1']],
  [situation('n2147483647', four, 2_147_483_647, 1_000_000_000, 200, true), ['simpson']],
  [situation('twenty-contexts', dirichlet(20, 30), 60, 20, 4000), ['simpson', 'l2-truth', 'support']],
];

const counts: [Situation, number?][] = [
  [situation('n2', pair(0.3), 2, 3, 100_000)],
  [situation('n3', pair(0.4), 3, 4, 100_000)],
  [situation('n6', pair(0.4), 6, 3, 100_000)],
  [situation('n10', pair(0.2), 10, 8, 100_000)],
  [situation('n10-long', pair(0.2), 10, 20, 100_000)],
  [situation('n100', pair(0.5), 100, 30, 100_000)],
  [situation('n100-long', pair(0.5), 100, 150, 100_000)],
  [situation('n512', pair(0.5), 512, 20, 50_000)],
  [situation('n1000-rare-token', pair(0.004), 1000, 30, 100_000)],
  [situation('n1000', pair(0.3), 1000, 300, 50_000, true)],
  // One token against all the others: parents of a token are picked one by one, or divided at once.
  [situation('n30', uniform(40), 30, 4, 100_000), 7],
  [situation('n200', zipf(25), 200, 5, 100_000)],
  [situation('n200-rare-token', zipf(25), 200, 12, 100_000), 12],
  [situation('n600', zipf(25), 600, 30, 50_000), 3],
];

const joint: Situation[] = [
  situation('n4', pair(0.3), 4, [2, 4], 100_000),
  situation('n8', pair(0.4), 8, [3, 6], 100_000),
  situation('first-n8', pair(0.4), 8, [1, 5], 100_000),
  situation('n30', zipf(10), 30, [4, 20], 100_000),
  situation('n100', pair(0.5), 100, [20, 60], 100_000),
];

const forward: [Situation, string][] = [
  [situation('n50-zipf52', zipf52, 50, [1, 30], 20_000), 'entropy'],
  [situation('n1000-zipf52', zipf52, 1000, [1, 20, 300], 5000), 'entropy'],
  [situation('n1000-zipf52', zipf52, 1000, [1, 20, 300], 5000), 'l1-first'],
  [situation('n1000-zipf52', zipf52, 1000, [1, 20, 300], 5000), 'support'],
  [situation('n1000-zipf52', zipf52, 1000, 1000, 5000), 'max'],
  [situation('n5000-zipf', zipf(300), 5000, 400, 2000, true), 'simpson'],
  [situation('n5000-zipf', zipf(300), 5000, 400, 2000, true), 'support'],
];

export const jumpChecks: Check[] = [
  ...means.flatMap(([one, metrics]) => metrics.map((metric) => meanCheck(one, metric))),
  ...counts.map(([one, token]) => countCheck(one, token)),
  ...joint.map(jointCountCheck),
  ...forward.map(([one, metric]) => sameAsForwardCheck(one, metric)),
];
