/** The other schedules: a schedule is a line here, and is checked against second moments, exact laws and pick by pick. */
import type { Check } from './check.js';
import { dirichlet, four, pair, uniform, zipf, zipf52 } from './initials.js';
import { countCheck, twoTypeCollapseCheck } from './laws.js';
import { meanCheck } from './means.js';
import type { Initial, Situation } from './observe.js';
import { slowCopyCheck } from './slow-copies.js';

type ScheduleInput = Situation['schedule'];

const moments = ['simpson', 'l2-first', 'l2-truth', 'probability:1'];

/** Regime, schedule, truth, generation, replicates, metrics. */
type Line = [string, ScheduleInput, Initial, Situation['at'], number, string[]?];

const means: Line[] = [
  ['N20-n10-zipf52', { kind: 'partially-synthetic', real: 20, synthetic: 10 }, zipf52, 30, 50_000],
  ['N3-n2', { kind: 'partially-synthetic', real: 3, synthetic: 2 }, four, 5, 100_000, ['simpson', 'l2-first']],
  ['N20-n400', { kind: 'partially-synthetic', real: 20, synthetic: 400 }, four, 200, 10_000, ['simpson', 'l2-first']],
  ['N100-n50-curve', { kind: 'partially-synthetic', real: 100, synthetic: 50 }, zipf52, [1, 2, 5, 50], 20_000, ['simpson']],
  ['N10000-n10000', { kind: 'partially-synthetic', real: 10_000, synthetic: 10_000 }, zipf(1000), 20, 500, ['simpson', 'l2-first']],
  ['n2-window2', { kind: 'most-recent', sampleSize: 2, window: 2 }, pair(0.3), 4, 100_000, ['simpson', 'l2-first']],
  ['n11-window2', { kind: 'most-recent', sampleSize: 11, window: 2 }, zipf52, 20, 50_000],
  ['n100-window5', { kind: 'most-recent', sampleSize: 100, window: 5 }, zipf52, 40, 10_000],
  ['n100-window5-curve', { kind: 'most-recent', sampleSize: 100, window: 5 }, zipf52, [2, 5, 6, 40], 10_000, ['simpson']],
  ['n400-window20', { kind: 'most-recent', sampleSize: 400, window: 20 }, uniform(50), 60, 2000, ['simpson', 'l2-first']],
  ['n10000-window3', { kind: 'most-recent', sampleSize: 10_000, window: 3 }, zipf(200), 15, 2000, ['simpson', 'l2-truth']],
  ['n20-window1', { kind: 'most-recent', sampleSize: 20, window: 1 }, uniform(10), 15, 50_000, ['simpson']],
  ['n3', { kind: 'randomly-sampled', sampleSize: 3 }, pair(0.3), 6, 100_000, ['simpson', 'l2-first']],
  ['n10-zipf52', { kind: 'randomly-sampled', sampleSize: 10 }, zipf52, 40, 50_000],
  ['n10-curve', { kind: 'randomly-sampled', sampleSize: 10 }, zipf52, [1, 3, 10, 100], 20_000, ['simpson']],
  ['n1000', { kind: 'randomly-sampled', sampleSize: 1000 }, zipf52, 30, 5000, ['simpson', 'l2-first']],
  ['n50000', { kind: 'randomly-sampled', sampleSize: 50_000 }, zipf52, 10, 2000, ['simpson', 'l2-truth']],
  ['long-chain-n10', { kind: 'randomly-sampled', sampleSize: 10 }, four, 1000, 5000, ['simpson', 'probability:0']],
  ['N10-n5', { kind: 'accumulate', real: 10, synthetic: 5 }, zipf52, 20, 50_000],
  ['N3-n1', { kind: 'accumulate', real: 3, synthetic: 1 }, four, 5, 100_000, ['simpson', 'l2-first']],
  ['N50-n50-curve', { kind: 'accumulate', real: 50, synthetic: 50 }, zipf52, [1, 2, 10, 40], 20_000, ['simpson']],
  ['N1000-n2000', { kind: 'accumulate', real: 1000, synthetic: 2000 }, uniform(100), 15, 2000, ['simpson', 'l2-first']],
  ['long-chain-N10-n10', { kind: 'accumulate', real: 10, synthetic: 10 }, four, 400, 5000, ['simpson']],
  ['C20-half', { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5 }, zipf52, 20, 50_000],
  ['C12-quarter', { kind: 'accumulate-subsample', corpusSize: 12, rate: 0.25 }, four, 30, 50_000, ['simpson']],
  ['C30-double', { kind: 'accumulate-subsample', corpusSize: 30, rate: 2 }, zipf52, [1, 2, 10, 40], 10_000, ['simpson']],
  ['C1000', { kind: 'accumulate-subsample', corpusSize: 1000, rate: 1 }, uniform(100), 10, 2000, ['simpson', 'l2-truth']],
  ['C20-half', { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5, replacement: true }, zipf52, 20, 50_000, ['simpson', 'l2-truth']],
  ['N10-n20', { kind: 'fresh', real: 10, synthetic: 20 }, zipf52, 30, 50_000],
  ['N1-n9', { kind: 'fresh', real: 1, synthetic: 9 }, four, 50, 50_000, ['simpson', 'l2-first']],
  ['N100-n400-curve', { kind: 'fresh', real: 100, synthetic: 400 }, zipf52, [1, 2, 5, 50], 10_000, ['simpson']],
  ['N10000-n10000', { kind: 'fresh', real: 10_000, synthetic: 10_000 }, zipf(1000), 10, 500, ['simpson', 'l2-truth']],
  ['ten-contexts', { kind: 'partially-synthetic', real: 30, synthetic: 30 }, dirichlet(10, 20), 20, 5000, ['simpson', 'l2-first']],
  ['ten-contexts', { kind: 'randomly-sampled', sampleSize: 20 }, dirichlet(10, 20), 20, 5000, ['simpson', 'l2-truth']],
];

/** Two types or one token against the rest: the whole law of a count. */
const laws: [string, ScheduleInput, Initial, number, number][] = [
  ['N6-n4', { kind: 'partially-synthetic', real: 6, synthetic: 4 }, pair(0.3), 6, 100_000],
  ['N20-n40', { kind: 'partially-synthetic', real: 20, synthetic: 40 }, zipf(20), 10, 50_000],
  ['n6', { kind: 'most-recent', sampleSize: 6, window: 2 }, pair(0.3), 5, 100_000],
  ['n31', { kind: 'most-recent', sampleSize: 31, window: 2 }, zipf(12), 8, 50_000],
  ['n5', { kind: 'randomly-sampled', sampleSize: 5 }, pair(0.3), 6, 100_000],
  ['n40', { kind: 'randomly-sampled', sampleSize: 40 }, zipf(12), 8, 50_000],
  ['N6-n3', { kind: 'accumulate', real: 6, synthetic: 3 }, pair(0.3), 5, 100_000],
  ['N40-n40', { kind: 'accumulate', real: 40, synthetic: 40 }, zipf(12), 10, 50_000],
  ['C8-half', { kind: 'accumulate-subsample', corpusSize: 8, rate: 0.5 }, pair(0.3), 6, 100_000],
  ['C40', { kind: 'accumulate-subsample', corpusSize: 40, rate: 1 }, zipf(12), 6, 50_000],
  ['C8-half', { kind: 'accumulate-subsample', corpusSize: 8, rate: 0.5, replacement: true }, pair(0.3), 6, 100_000],
  ['N2-n8', { kind: 'fresh', real: 2, synthetic: 8 }, pair(0.3), 10, 100_000],
  ['N30-n60', { kind: 'fresh', real: 30, synthetic: 60 }, zipf(12), 10, 50_000],
];

const collapses: [string, ScheduleInput, number][] = [
  ['N4-n4', { kind: 'partially-synthetic', real: 4, synthetic: 4 }, 3],
  ['n10', { kind: 'most-recent', sampleSize: 10, window: 2 }, 60],
  ['n4', { kind: 'randomly-sampled', sampleSize: 4 }, 20],
  ['N3-n3', { kind: 'accumulate', real: 3, synthetic: 3 }, 3],
  ['C6', { kind: 'accumulate-subsample', corpusSize: 6, rate: 0.5 }, 20],
  ['N1-n5', { kind: 'fresh', real: 1, synthetic: 5 }, 30],
];

const copied = ['max', 'support', 'entropy', 'l1-first', 'l1-truth', 'kl-truth'];
const copies: [string, ScheduleInput][] = [
  ['n30-ten-tokens', { kind: 'fully-synthetic', sampleSize: 30 }],
  ['N20-n10-ten-tokens', { kind: 'partially-synthetic', real: 20, synthetic: 10 }],
  ['n30-ten-tokens', { kind: 'most-recent', sampleSize: 30, window: 3 }],
  ['n30-ten-tokens', { kind: 'randomly-sampled', sampleSize: 30 }],
  ['N20-n5-ten-tokens', { kind: 'accumulate', real: 20, synthetic: 5 }],
  ['C20-ten-tokens', { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5 }],
  ['N10-n20-ten-tokens', { kind: 'fresh', real: 10, synthetic: 20 }],
];

const rules: [string, Situation['sampling']][] = [
  ['temperature', { kind: 'temperature', temperature: 1.5 }],
  ['cold', { kind: 'temperature', temperature: 0.8 }],
  ['top-k', { kind: 'top-k', k: 4 }],
  ['top-p', { kind: 'top-p', p: 0.85 }],
];

/** Few replicates: each takes long. */
const COSTLY_BELOW = 1000;

export const scheduleChecks: Check[] = [
  ...means.flatMap(([regime, schedule, initial, at, replicates, metrics = moments]) =>
    metrics.map((metric) => meanCheck({ regime, schedule, initial, at, replicates, slow: replicates < COSTLY_BELOW }, metric)),
  ),
  ...laws.map(([regime, schedule, initial, at, replicates]) => countCheck({ regime, schedule, initial, at, replicates })),
  ...collapses.map(([regime, schedule, at]) =>
    twoTypeCollapseCheck({ regime: `two-types-${regime}`, schedule, at, initial: pair(0.3), replicates: 100_000 }),
  ),
  ...copies.flatMap(([regime, schedule]) =>
    copied.map((metric) => slowCopyCheck({ regime, schedule, initial: zipf(10), at: 8, replicates: 10_000 }, metric)),
  ),
  ...rules.flatMap(([rule, sampling]) =>
    copies.flatMap(([regime, schedule]) =>
      ['simpson', 'l1-first'].map((metric) =>
        slowCopyCheck({ regime: `${rule}-${regime}`, schedule, sampling, initial: zipf(10), at: 5, replicates: 5000 }, metric),
      ),
    ),
  ),
];
