/** The Gaussian: schedules x estimators x dimensions, small samples to 10^6, n <= d, long chains. */
import type { Check } from './check.js';
import { gaussianDigestCheck } from './exact.js';
import {
  accumulateBoundCheck,
  collapseBracketCheck,
  collapseDefinitionCheck,
  firstLawCheck,
  gaussianCorrelationCheck,
  gaussianDefinitionCheck,
  gaussianMeanCheck,
  incrementLawCheck,
  incrementVarianceCheck,
  singularCheck,
} from './gaussian.js';
import type { GaussianSituation } from './observe.js';
import { customs, mixed, named, type ScheduleInput, withBoth } from './schedules.js';
import { slowGaussianCheck } from './slow-copies.js';

type Axes = Partial<GaussianSituation>;

const replace = (sampleSize: number): ScheduleInput => ({ kind: 'fully-synthetic', sampleSize });
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

/** A situation whose regime says size, dimension and estimator. */
function situation(
  size: string,
  schedule: ScheduleInput,
  dimension: number,
  rest: Pick<GaussianSituation, 'at' | 'replicates'> & Axes,
): GaussianSituation {
  const estimator = rest.estimator ?? 'mle';
  return { schedule, dimension, ...rest, estimator, regime: `${size}-d${dimension}-${estimator}` };
}

/** Dimension, sample size, generations, replicates: increments are independent in all generations. */
const increments: [number, number, number, number][] = [
  [1, 2, 5, 20_000],
  [1, 5, 5, 20_000],
  [1, 30, 5, 20_000],
  [2, 3, 5, 20_000],
  [2, 10, 5, 20_000],
  [5, 6, 5, 20_000],
  [5, 12, 5, 20_000],
  [5, 100, 5, 20_000],
  [1, 1e6, 5, 20_000],
  [5, 1e6, 5, 20_000],
  [20, 25, 5, 1000],
];

const determinants: Check[] = increments.flatMap(([dimension, n, last, replicates]) =>
  (['mle', 'unbiased'] as const).flatMap((estimator) => {
    const one = situation(`n${n}`, replace(n), dimension, { at: upTo(last), replicates, estimator, slow: dimension > 5 });
    return [
      incrementLawCheck(one),
      incrementVarianceCheck(one),
      gaussianMeanCheck({ ...one, at: last }, 'log-increment'),
      gaussianMeanCheck({ ...one, at: last }, 'log-determinant'),
    ];
  }),
);

/** As many dimensions as there can be. */
const most = situation('n80', replace(80), 64, { at: upTo(3), replicates: 400, slow: true });

/** Long chains: the log determinant stays on its line, long after the condition number has passed 10^16. */
const long: Check[] = [
  ...(['mle', 'unbiased'] as const).flatMap((estimator) => {
    const five = situation('long-chain-n12', replace(12), 5, { at: [100, 200, 300, 400], replicates: 2000, estimator });
    return [
      gaussianMeanCheck(five, 'log-determinant'),
      incrementLawCheck({ ...five, regime: `${five.regime}-increments` }),
      incrementVarianceCheck(five),
      gaussianCorrelationCheck({ ...five, at: [399, 400], replicates: 5000 }, 'generations'),
      singularCheck(five, false),
    ];
  }),
  gaussianMeanCheck(situation('long-chain-n100', replace(100), 2, { at: [100, 500, 1000], replicates: 1000 }), 'log-determinant'),
  gaussianMeanCheck(situation('long-chain-n3', replace(3), 1, { at: [50, 100, 300], replicates: 2000 }), 'log-determinant'),
  gaussianMeanCheck(situation('long-chain', { kind: 'fresh', real: 20, synthetic: 20 }, 2, { at: 500, replicates: 2000 }), 'variance'),
  gaussianMeanCheck(
    situation('long-chain', { kind: 'partially-synthetic', real: 20, synthetic: 20 }, 2, { at: 500, replicates: 2000 }),
    'mean-shift',
  ),
];

const both = ['variance', 'mean-shift'];
const means = (size: string, schedule: ScheduleInput, dimension: number, axes: Axes, metrics = both) =>
  metrics.map((metric) => gaussianMeanCheck(situation(size, schedule, dimension, { at: 5, replicates: 10_000, ...axes }), metric));

const moments: Check[] = [
  ...[...named, ...customs].flatMap(([size, schedule]) => [
    ...means(size, schedule, 2, {}),
    ...means(size, schedule, 1, { estimator: 'unbiased' }),
  ]),
  ...[...named, ...mixed].flatMap(([size, schedule]) => [
    ...means(size, schedule, 5, { slow: true }),
    ...means(`weight3-${size}`, schedule, 2, { weighting: { kind: 'real-weight', weight: 3 } }),
    ...means(`weight0.25-${size}`, schedule, 1, { estimator: 'unbiased', weighting: { kind: 'real-weight', weight: 0.25 }, slow: true }),
    ...means(`temperature0.7-${size}`, schedule, 1, { sampling: { kind: 'temperature', temperature: 0.7 } }),
    ...means(`temperature1.2-${size}`, schedule, 2, {
      estimator: 'unbiased',
      sampling: { kind: 'temperature', temperature: 1.2 },
      slow: true,
    }),
    gaussianMeanCheck(situation(size, schedule, 1, { at: [1, 2, 3, 4, 6, 9], replicates: 10_000 }), 'mean-shift'),
  ]),
  ...withBoth.flatMap(([size, schedule]) => [
    ...means(`golden-${size}`, schedule, 1, { estimator: 'unbiased', weighting: { kind: 'golden-ratio' } }),
    ...means(`golden-long-${size}`, schedule, 2, { at: 60, replicates: 10_000, weighting: { kind: 'golden-ratio' } }),
    ...means(`share0.7-${size}`, schedule, 2, { weighting: { kind: 'real-share', share: 0.7 } }),
  ]),
  // Fewer samples than dimensions.
  ...means('n4', replace(4), 5, {}),
  ...means('n2', replace(2), 3, { at: 3, replicates: 50_000 }),
  ...means('N3-n3', { kind: 'partially-synthetic', real: 3, synthetic: 3 }, 5, {}),
  ...means('N3-n3', { kind: 'fresh', real: 3, synthetic: 3 }, 5, {}),
  ...means('C4', { kind: 'accumulate-subsample', corpusSize: 4, rate: 0.5 }, 5, {}),
  // Large samples.
  ...means('n1000000', replace(1e6), 2, { at: 10, estimator: 'unbiased' }),
  ...means('N1000000-n1000', { kind: 'accumulate', real: 1e6, synthetic: 1000 }, 2, { at: 10 }),
  ...means('n1000000', { kind: 'randomly-sampled', sampleSize: 1e6 }, 1, { at: 6, replicates: 4000 }),
  ...means('C2000', { kind: 'accumulate-subsample', corpusSize: 2000, rate: 0.5 }, 2, { at: 4, replicates: 500 }),
  ...[10, 200].flatMap((n) =>
    (['mle', 'unbiased'] as const).map((estimator) =>
      gaussianMeanCheck(situation(`n${n}`, replace(n), 2, { at: 6, replicates: 20_000, estimator }), 'kl-truth'),
    ),
  ),
  gaussianMeanCheck(
    situation('temperature0.9-n20', replace(20), 2, { at: 6, replicates: 20_000, sampling: { kind: 'temperature', temperature: 0.9 } }),
    'kl-truth',
  ),
  gaussianMeanCheck(
    situation('temperature0.9-n20', replace(20), 2, {
      at: [1, 2, 6],
      replicates: 20_000,
      sampling: { kind: 'temperature', temperature: 0.9 },
    }),
    'log-determinant',
  ),
];

const firsts: [string, ScheduleInput, number][] = [
  ['n2', replace(2), 2],
  ['n30', replace(30), 30],
  ['n1000000', replace(1e6), 1e6],
  ['N20-n10', { kind: 'partially-synthetic', real: 20, synthetic: 10 }, 20],
  ['C20', { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5 }, 20],
  ['last3-real20', customs[0][1], 20],
];

const laws: Check[] = firsts.flatMap(([size, schedule, real]) =>
  [1, 5].flatMap((dimension) => {
    const one = situation(size, schedule, dimension, { at: 1, replicates: 50_000, estimator: dimension === 1 ? 'unbiased' : 'mle' });
    return [firstLawCheck(one, 'variance', real), firstLawCheck(one, 'mean-shift', real)];
  }),
);

/** Pick by pick, for which every sample is drawn. */
const copies: Check[] = [
  ...[...named, ...mixed].flatMap(([size, schedule]) => {
    const two = situation(`copy-${size}`, schedule, 2, { at: 4, replicates: 3000 });
    const one = situation(`copy-weight4-${size}`, schedule, 1, {
      at: 4,
      replicates: 3000,
      estimator: 'unbiased',
      weighting: { kind: 'real-weight', weight: 4 },
    });
    return [
      slowGaussianCheck(two, 'log-determinant'),
      slowGaussianCheck(two, 'variance', true),
      slowGaussianCheck(one, 'kl-truth'),
      slowGaussianCheck(one, 'log-increment', true),
      slowGaussianCheck(
        {
          ...one,
          regime: `copy-temperature-${size}-d1`,
          weighting: undefined,
          sampling: { kind: 'temperature', temperature: 0.6 },
          slow: true,
        },
        'log-determinant',
      ),
    ];
  }),
  slowGaussianCheck(situation('copy-n4', replace(4), 5, { at: 3, replicates: 5000 }), 'variance', true),
  slowGaussianCheck(
    situation('copy-N3-n3', { kind: 'fresh', real: 3, synthetic: 3 }, 5, { at: 3, replicates: 5000 }),
    'log-determinant',
    true,
  ),
  slowGaussianCheck(
    situation('copy-C7', { kind: 'accumulate-subsample', corpusSize: 7, rate: 0.5 }, 5, { at: 3, replicates: 5000 }),
    'log-determinant',
    true,
  ),
];

const exact: Check[] = [
  ...[
    replace(4),
    { kind: 'partially-synthetic', real: 4, synthetic: 9 } as const,
    { kind: 'accumulate', real: 3, synthetic: 5 } as const,
  ].map((schedule) => singularCheck(situation('flat', schedule, 5, { at: [1, 2, 3, 30], replicates: 500 }), true)),
  ...[...named, ...mixed].map(([size, schedule]) =>
    singularCheck(situation(size, schedule, 5, { at: [1, 2, 3, 30], replicates: 200 }), false),
  ),
  ...[...named, ...mixed].map(([size, schedule]) =>
    gaussianDefinitionCheck(situation(size, schedule, 3, { at: upTo(12), replicates: 200 })),
  ),
  collapseDefinitionCheck(situation('n10', replace(10), 2, { at: upTo(40), replicates: 1000, collapseVariance: 0.05 })),
  accumulateBoundCheck(
    situation('N5-n5', { kind: 'accumulate', real: 5, synthetic: 5 }, 2, { at: [1, 10, 100, 400], replicates: 4000 }),
    5,
  ),
  accumulateBoundCheck(
    situation('N5-n5', { kind: 'accumulate', real: 5, synthetic: 5 }, 1, {
      at: [1, 10, 100, 400],
      replicates: 4000,
      estimator: 'unbiased',
    }),
    5,
  ),
  ...(['mle', 'unbiased'] as const).map((estimator) =>
    collapseBracketCheck(situation('n10', replace(10), 1, { at: 1, replicates: 20_000, estimator })),
  ),
  collapseBracketCheck(
    situation('temperature0.9-n50', replace(50), 1, { at: 1, replicates: 5000, sampling: { kind: 'temperature', temperature: 0.9 } }),
  ),
  ...[...named, ...mixed].map(([size, schedule]) =>
    gaussianDigestCheck(situation(size, schedule, 3, { at: [1, 2, 10], replicates: 100, weighting: { kind: 'real-weight', weight: 0.3 } })),
  ),
];

const streams: Check[] = [1, 3].flatMap((dimension) => {
  const one = situation('n8', replace(8), dimension, { at: 1, replicates: 50_000 });
  return [
    gaussianCorrelationCheck(one, 'replicates'),
    gaussianCorrelationCheck(one, 'moments'),
    gaussianCorrelationCheck({ ...one, at: [2, 3] }, 'generations'),
  ];
});

export const gaussianChecks: Check[] = [
  ...determinants,
  incrementLawCheck(most),
  ...long,
  ...moments,
  ...laws,
  ...copies,
  ...exact,
  ...streams,
];
