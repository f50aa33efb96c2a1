/** Fully synthetic training: every way a multinomial is drawn, small n to 2^31, one to 10^5 tokens, short chains and long. */
import type { Check } from './check.js';
import { type CollapseSituation, collapseCdfCheck, collapseLawCheck, collapseMeanCheck } from './collapse.js';
import { dirichlet, four, pair, uniform, zipf, zipf52 } from './initials.js';
import { countCheck, truthCheck, twoTypeCollapseCheck } from './laws.js';
import { meanCheck } from './means.js';
import type { Initial, Situation } from './observe.js';
import { transitionCheck } from './transitions.js';

type Extra = Partial<Situation>;

const situation = (
  regime: string,
  initial: Initial,
  sampleSize: number,
  at: Situation['at'],
  replicates: number,
  extra: Extra = {},
): Situation => ({
  ...{ regime, initial, at, replicates, schedule: { kind: 'fully-synthetic', sampleSize } as const },
  ...extra,
});

const means: [Situation, string[]][] = [
  [situation('n2', pair(0.3), 2, 2, 100_000), ['simpson', 'l2-truth', 'support']],
  [situation('n3-five-tokens', uniform(5), 3, 3, 100_000), ['simpson', 'l2-first', 'support']],
  [situation('n10-zipf52', zipf52, 10, 10, 50_000), ['simpson', 'l2-first', 'l2-truth', 'support', 'probability:0']],
  [situation('n50-ten-tokens', uniform(10), 50, 25, 50_000), ['simpson', 'l2-first', 'support']],
  [situation('n100-zipf52', zipf52, 100, 50, 50_000), ['simpson', 'l2-first', 'l2-truth', 'support', 'probability:3']],
  [situation('n100-zipf52', zipf52, 100, [1, 10, 50, 200], 20_000), ['simpson', 'support']],
  // Direct picks while n < 4 (L - 1), then pivot groups, then a single pivot.
  [situation('n300-hundred-tokens', uniform(100), 300, 30, 20_000), ['simpson', 'support', 'probability:99']],
  // Pivot groups from the first step on.
  [situation('n400-pivot-groups', zipf52, 400, 40, 20_000), ['simpson', 'l2-first', 'support', 'probability:20']],
  [situation('n512-poisson-rows', uniform(30), 512, 40, 20_000), ['simpson', 'support']],
  [situation('n513-binomials', uniform(30), 513, 40, 20_000), ['simpson', 'support']],
  [situation('n4096', uniform(100), 4096, 50, 4000), ['simpson', 'l2-first', 'support']],
  [situation('n10000-thousand-tokens', zipf(1000), 10_000, 20, 1000, { slow: true }), ['simpson', 'l2-truth', 'support']],
  [situation('n1000000', zipf52, 1_000_000, 10, 4000), ['simpson', 'l2-first', 'probability:1']],
  // As many as there can be: the truth as well as the model by conditional binomials.
  [situation('n2147483647', four, 2_147_483_647, 3, 20_000), ['l2-truth', 'l2-first']],
  [situation('hundred-thousand-tokens', uniform(100_000), 100_000, 3, 100), ['simpson', 'support']],
  [situation('hundred-thousand-tokens-few-samples', zipf(100_000), 1000, 20, 2000), ['simpson', 'support']],
  // The truth by alias picks below 16 samples a token, by binomials from there on.
  [situation('n159-truth-alias', uniform(10), 159, 1, 100_000), ['simpson', 'probability:9']],
  [situation('n160-truth-binomials', uniform(10), 160, 1, 100_000), ['simpson', 'probability:9']],
  [situation('long-chain-n100', four, 100, 200, 50_000), ['simpson', 'probability:1']],
  [situation('long-chain-n2000', pair(0.3), 2000, 2000, 2000, { slow: true }), ['simpson', 'support']],
  [situation('twenty-contexts', dirichlet(20, 30), 60, 20, 4000), ['simpson', 'l2-truth', 'support']],
];

const counts: [Situation, number?][] = [
  [situation('n2', pair(0.3), 2, 1, 100_000)],
  [situation('n3', pair(0.4), 3, 4, 100_000)],
  [situation('n10', pair(0.2), 10, 8, 100_000)],
  [situation('n100', pair(0.5), 100, 30, 100_000)],
  [situation('n512', pair(0.5), 512, 20, 50_000)],
  [situation('n513', pair(0.5), 513, 20, 50_000)],
  // A mean below 10: binomials by inversion; then rejection with a squeeze.
  [situation('n1000-rare-token', pair(0.004), 1000, 3, 100_000)],
  [situation('n4096', pair(0.3), 4096, 5, 50_000)],
  [situation('n1000000', pair(0.5), 1_000_000, 1, 50_000)],
  // Lumped: one token against all the others, in each method of drawing many tokens.
  [situation('n30-direct-picks', uniform(40), 30, 2, 100_000), 7],
  [situation('n50-single-pivot', zipf(10), 50, 2, 100_000)],
  [situation('n50-beside-pivot', zipf(10), 50, 3, 100_000), 4],
  [situation('n200-pivot-groups', zipf(25), 200, 2, 100_000)],
  [situation('n200-beside-pivot-groups', zipf(25), 200, 2, 100_000), 12],
  [situation('n500-large-rows', zipf(6), 500, 2, 50_000), 1],
  [situation('n600-binomials', zipf(25), 600, 3, 50_000), 3],
  [situation('n64-truth-alias', zipf(5), 64, 1, 100_000), 1],
  [situation('n80-truth-binomials', zipf(5), 80, 1, 100_000), 1],
];

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** Tables of Poisson rows, picks and binomials, each entry by itself: situation, sample size, token. */
const transitions: [Situation, number, number?][] = [
  [situation('n3', four, 3, upTo(4), 20_000), 3],
  [situation('n10', pair(0.5), 10, upTo(20), 200_000), 10],
  [situation('n60', pair(0.5), 60, upTo(60), 150_000), 60],
  [situation('n60-ten-tokens', uniform(10), 60, upTo(60), 60_000), 60, 9],
  [situation('n200-pivot-groups', zipf(25), 200, upTo(12), 100_000), 200, 0],
  [situation('n200-direct-picks', uniform(60), 200, upTo(5), 100_000), 200, 11],
  [situation('n512', pair(0.5), 512, upTo(60), 100_000), 512],
  [situation('n1000-binomials', pair(0.02), 1000, upTo(60), 20_000), 1000],
];

const collapse = (regime: string, initial: Initial, sampleSize: number, replicates: number, slow = false): CollapseSituation => ({
  ...{ regime, initial, sampleSize, replicates, slow },
});

const times = {
  n2: collapse('n2', pair(0.3), 2, 100_000),
  n3: collapse('n3', four, 3, 100_000),
  n10: collapse('n10-zipf52', zipf52, 10, 100_000),
  n50: collapse('n50-uniform', uniform(10), 50, 50_000),
  n100: collapse('n100-zipf52', zipf52, 100, 50_000),
  n400: collapse('n400-zipf52', zipf52, 400, 10_000),
  n512: collapse('n512', uniform(4), 512, 10_000),
  n513: collapse('n513', uniform(4), 513, 10_000),
  n2000: collapse('n2000-thousand-tokens', uniform(1000), 2000, 1500, true),
};

export const fullySyntheticChecks: Check[] = [
  ...means.flatMap(([one, metrics]) => metrics.map((metric) => meanCheck(one, metric))),
  ...counts.map(([one, token]) => countCheck(one, token)),
  ...transitions.map(([one, sampleSize, token]) => transitionCheck(one, sampleSize, token)),
  ...Object.values(times).map(collapseMeanCheck),
  ...[times.n2, times.n10, times.n100, times.n513].map((one) => collapseCdfCheck(one, 0.1)),
  ...[times.n50, times.n400].map((one) => collapseCdfCheck(one, 0.5)),
  ...[times.n3, times.n100, times.n512].map((one) => collapseCdfCheck(one, 0.9)),
  ...[times.n3, times.n10, times.n100, times.n400].map(collapseLawCheck),
  truthCheck(situation('n50-alias', zipf(40), 50, 1, 20_000), 50, 40),
  truthCheck(situation('n1-dirichlet-alias', dirichlet(1, 30), 1, 1, 100_000), 1, 30),
  truthCheck(situation('n640-binomials', zipf(40), 640, 1, 20_000), 640, 40),
  truthCheck(situation('n100000-binomials', zipf(30, 2), 100_000, 1, 5000), 100_000, 30),
  twoTypeCollapseCheck(situation('two-types-n20', pair(0.3), 20, 60, 100_000)),
];
