/** Custom schedules, weights, errors and verifiers: against second moments, exact chains and pick by pick. */
import type { Check } from './check.js';
import { definitionCheck, noReturnCheck, sameDigestCheck } from './exact.js';
import { pair, zipf52 } from './initials.js';
import { countCheck, outsideCountCheck } from './laws.js';
import { definitions } from './learn-tokens.js';
import { meanCheck } from './means.js';
import type { Initial, Situation } from './observe.js';
import { customs, mixed, named, type ScheduleInput, withBoth } from './schedules.js';
import { slowCopyCheck } from './slow-copies.js';
import { wangCheck } from './wang.js';

type Axes = Pick<Situation, 'weighting' | 'error' | 'sampling'>;

/** Ten tokens, of which the truth lacks two. */
const lacking: Initial = { kind: 'explicit', p: [0.3, 0.2, 0.15, 0.1, 0.1, 0.05, 0.05, 0.05, 0, 0] };

const weights: [string, Situation['weighting']][] = [
  ['weight3', { kind: 'real-weight', weight: 3 }],
  ['weight0.25', { kind: 'real-weight', weight: 0.25 }],
];
const shares: [string, Situation['weighting']][] = [
  ['share0.7', { kind: 'real-share', share: 0.7 }],
  ['golden', { kind: 'golden-ratio' }],
];
const errors: [string, Axes][] = [
  ['outside0.1', { error: { size: 0.1 } }],
  ['support0.5', { error: { size: 0.5, tokens: 'support' } }],
  ['vocabulary-list', { error: { size: [0.3, 0, 0.05], tokens: 'vocabulary' } }],
];
const reachingOutside = errors.filter(([name]) => !name.startsWith('support'));
/** A verifier that keeps nothing outside, or changes nothing: moments stay linear. */
const verifiers: [string, Axes][] = [
  [
    'verifier-strict',
    { error: { size: [0.2, 0.1], tokens: 'vocabulary' }, sampling: { kind: 'verifier', keepInside: 0.5, keepOutside: 0 } },
  ],
  ['verifier-outside', { error: { size: 0.3 }, sampling: { kind: 'verifier', keepOutside: 0 } }],
  ['verifier-no-error', { sampling: { kind: 'verifier', keepOutside: 0.1 } }],
];
/** What has no closed form. */
const nonlinear: [string, Axes][] = [
  ['verifier0.2', { error: { size: 0.2 }, sampling: { kind: 'verifier', keepInside: 0.8, keepOutside: 0.16 } }],
  [
    'error-weight',
    { error: { size: 0.1, tokens: 'vocabulary' }, weighting: { kind: 'real-weight', weight: 4 }, sampling: { kind: 'top-k', k: 9 } },
  ],
];

type Line = Pick<Situation, 'at' | 'replicates' | 'slow'> & { initial?: Initial };

/** Checks of means of each schedule with each of the axes. */
function means(list: [string, ScheduleInput][], axes: [string, Axes][], metrics: string[], line: Line): Check[] {
  return list.flatMap(([size, schedule]) =>
    axes.flatMap(([name, axis]) => {
      const regime = name === '' ? size : `${name}-${size}`;
      return metrics.map((metric) => meanCheck({ initial: lacking, ...line, regime, schedule, ...axis }, metric));
    }),
  );
}

function copies(list: [string, ScheduleInput][], axes: [string, Axes][], metrics: string[], replicates: number): Check[] {
  return list.flatMap(([size, schedule]) =>
    axes.flatMap(([name, axis]) => {
      const regime = `copy-${name === '' ? size : `${name}-${size}`}`;
      return metrics.map((metric) => slowCopyCheck({ regime, schedule, initial: lacking, at: 5, replicates, ...axis }, metric));
    }),
  );
}

const axesOf = (list: [string, Situation['weighting']][]): [string, Axes][] => list.map(([name, weighting]) => [name, { weighting }]);
const curve = { at: [2, 3, 4, 6, 9], replicates: 10_000 };
const one = { at: 6, replicates: 20_000 };

const chains: Check[] = [
  countCheck({
    regime: 'weight2-N6-n4',
    schedule: { kind: 'partially-synthetic', real: 6, synthetic: 4 },
    weighting: { kind: 'real-weight', weight: 2 },
    initial: pair(0.3),
    at: 6,
    replicates: 100_000,
  }),
  countCheck({
    regime: 'weight3-N5-n9',
    schedule: { kind: 'fresh', real: 5, synthetic: 9 },
    weighting: { kind: 'real-weight', weight: 3 },
    initial: pair(0.3),
    at: 8,
    replicates: 100_000,
  }),
  countCheck({
    regime: 'weight2-N6-n3',
    schedule: { kind: 'accumulate', real: 6, synthetic: 3 },
    weighting: { kind: 'real-weight', weight: 2 },
    initial: pair(0.3),
    at: 6,
    replicates: 100_000,
  }),
  ...[0.7, 1.5].flatMap((temperature) => [
    countCheck({
      regime: `temperature${temperature}-n20`,
      schedule: { kind: 'fully-synthetic', sampleSize: 20 },
      sampling: { kind: 'temperature', temperature },
      initial: pair(0.3),
      at: 6,
      replicates: 100_000,
    }),
    countCheck({
      regime: `temperature${temperature}-N6-n9`,
      schedule: { kind: 'partially-synthetic', real: 6, synthetic: 9 },
      sampling: { kind: 'temperature', temperature },
      initial: pair(0.3),
      at: 6,
      replicates: 100_000,
    }),
  ]),
  ...named
    .filter(([, { kind }]) => ['fully-synthetic', 'partially-synthetic', 'accumulate', 'fresh'].includes(kind))
    .flatMap(([size, schedule]) => [
      outsideCountCheck({ regime: `error-${size}`, schedule, initial: lacking, error: { size: [0.3, 0.1] }, at: 5, replicates: 50_000 }),
      outsideCountCheck({
        regime: `verifier0.3-${size}`,
        schedule,
        initial: lacking,
        error: { size: [0.3, 0.1] },
        sampling: { kind: 'verifier', keepInside: 0.9, keepOutside: 0.27 },
        at: 5,
        replicates: 50_000,
      }),
    ]),
];

const small: Line = { at: [1, 3, 6], replicates: 2000 };
const weighted: ScheduleInput = { kind: 'fresh', real: 30, synthetic: 40 };

const exact: Check[] = [
  ...Object.keys(definitions).map((metric) =>
    definitionCheck(
      {
        regime: 'error-weight-N20-n10',
        schedule: { kind: 'partially-synthetic', real: 20, synthetic: 10 },
        initial: lacking,
        error: { size: 0.2, tokens: 'vocabulary' },
        weighting: { kind: 'real-weight', weight: 2.5 },
        at: [1, 6],
        replicates: 2000,
      },
      metric,
      10,
    ),
  ),
  noReturnCheck({
    regime: 'verifier-n50-zipf52',
    schedule: { kind: 'fully-synthetic', sampleSize: 50 },
    sampling: { kind: 'verifier', keepOutside: 0 },
    initial: zipf52,
    at: [1, 10, 50],
    replicates: 2000,
  }),
  ...mixed.map(([regime, schedule]) =>
    sameDigestCheck({
      regime: `${regime}-error`,
      schedule,
      initial: zipf52,
      ...small,
      replicates: 300,
      error: { size: [0.1, 0, 0.05] },
      weighting: { kind: 'real-weight', weight: 0.3 },
    }),
  ),
  sameDigestCheck({
    regime: 'golden-verifier',
    schedule: weighted,
    initial: zipf52,
    ...small,
    replicates: 300,
    error: { size: 0.1 },
    weighting: { kind: 'golden-ratio' },
    sampling: { kind: 'verifier', keepOutside: 0.2 },
  }),
];

export const trainingChecks: Check[] = [
  ...means(customs, [['', {}]], ['simpson', 'l2-first', 'l2-truth', 'probability:1'], { ...one, at: 7 }),
  ...means([['table-one-row', { kind: 'custom', table: [[9]] }]], [['', {}]], ['simpson', 'probability:1'], one),
  ...means(customs, [['curve', {}]], ['simpson'], curve),
  ...means(mixed, [['large', {}]], ['l2-truth'], { at: 60, replicates: 4000, initial: zipf52 }),
  ...means([...named, ...mixed], axesOf([weights[0]]), ['simpson', 'l2-first', 'l2-truth'], one),
  ...means([...named, ...mixed], axesOf([weights[1]]), ['simpson', 'l2-first', 'l2-truth'], { ...one, slow: true }),
  ...means(withBoth, axesOf(shares), ['simpson', 'l2-first', 'l2-truth', 'probability:1'], one),
  ...means(withBoth, axesOf([['golden-long', { kind: 'golden-ratio' }]]), ['l2-truth'], { at: 100, replicates: 20_000 }),
  ...means([...named, ...mixed], errors, ['simpson', 'l2-first', 'probability:1'], { ...one, replicates: 10_000 }),
  ...means([...named, ...mixed], reachingOutside, ['l2-truth', 'outside-truth'], { ...one, replicates: 10_000 }),
  ...means(named, [['errors-curve', { error: { size: [0.05, 0.2, 0.1], tokens: 'vocabulary' } }]], ['outside-truth'], curve),
  ...means([...named, ...mixed], verifiers, ['simpson', 'l2-truth'], { ...one, replicates: 10_000, slow: true }),
  ...means(
    [
      ['n1000000', { kind: 'fully-synthetic', sampleSize: 1e6 }],
      ['N1000000-n1000000', { kind: 'fresh', real: 1e6, synthetic: 1e6 }],
    ],
    [
      ['error', { error: { size: 0.01 } }],
      ['weight5', { weighting: { kind: 'real-weight', weight: 5 } }],
    ],
    ['l2-truth'],
    { at: 10, replicates: 4000, initial: zipf52 },
  ),
  ...means([['N15-n5', { kind: 'accumulate', real: 15, synthetic: 5 }]], [['', {}]], ['support'], one),
  ...means(
    [['N20-n10', { kind: 'partially-synthetic', real: 20, synthetic: 10 }]],
    [['weight3', { weighting: { kind: 'real-weight', weight: 3 } }]],
    ['support'],
    one,
  ),
  ...['fully-synthetic', 'accumulate-subsample'].flatMap((kind) => [2, 10, 100].map((at) => wangCheck(kind as 'fully-synthetic', at))),
  ...chains,
  ...copies(customs, [['', {}]], ['entropy', 'l1-first'], 4000),
  ...copies([...named, ...mixed], axesOf([weights[0]]), ['max', 'l1-truth'], 4000),
  ...copies([...named, ...mixed], nonlinear, ['simpson', 'l1-first', 'outside-truth'], 4000),
  ...copies(withBoth, axesOf([shares[1]]), ['kl-truth', 'support'], 4000),
  ...copies(named.slice(0, 2), [errors[1]], ['kl-truth', 'entropy'], 4000),
  ...exact,
];
