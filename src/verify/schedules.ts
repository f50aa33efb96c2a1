/** Small data schedules, which checks of weights, errors and models go through: size, schedule. */
import type { SpecInput } from '../spec/spec.js';

export type ScheduleInput = SpecInput['schedule'];
type Custom = Omit<Extract<ScheduleInput, { kind: 'custom' }>, 'kind'>;

const custom = (parts: Custom): ScheduleInput => ({ kind: 'custom', ...parts });

/** Custom schedules: every source, every draw, weights. */
export const customs: [string, ScheduleInput][] = [
  [
    'last3-real20',
    custom({
      sources: [
        { from: 'real', size: 20 },
        { from: 'last', window: 3, size: 10 },
      ],
    }),
  ],
  [
    'back2-real10',
    custom({
      sources: [
        { from: 'real', size: 10 },
        { from: 'model', back: 2, size: 20 },
      ],
    }),
  ],
  [
    'past-fresh10',
    custom({
      sources: [
        { from: 'real', size: 10, draw: 'fresh' },
        { from: 'past', size: 5 },
      ],
    }),
  ],
  [
    'past-kept-real10',
    custom({
      sources: [
        { from: 'real', size: 10 },
        { from: 'past', size: 6, draw: 'kept' },
      ],
    }),
  ],
  [
    'last2-kept-fresh8',
    custom({
      sources: [
        { from: 'real', size: 8, draw: 'fresh' },
        { from: 'last', window: 2, size: 9, draw: 'kept' },
      ],
    }),
  ],
  [
    'back1-back3-first15',
    custom({
      sources: [
        { from: 'model', size: 12 },
        { from: 'model', back: 3, size: 8 },
      ],
      first: 15,
    }),
  ],
  ['past-redrawn-first10', custom({ sources: [{ from: 'past', size: 7 }], first: 10 })],
  ['past-kept-first10', custom({ sources: [{ from: 'past', size: 7, draw: 'kept' }], first: 10 })],
  [
    'weights',
    custom({
      sources: [
        { from: 'real', size: 8, weight: 3 },
        { from: 'real', size: 6, draw: 'fresh', weight: 0.5 },
        { from: 'model', size: 10, weight: 2 },
        { from: 'past', size: 4, draw: 'kept', weight: 0.25 },
      ],
    }),
  ],
  ['table', custom({ table: [[12], [0, 15], [12, 0, 8], [12, 4, 5, 6]] })],
  ['table-kept', custom({ table: [[10], [10, 8], [10, 8, 8], [0, 8, 8, 8]], synthetic: 'kept' })],
  ['table-fresh', custom({ table: [[9], [3, 7], [5, 0, 11]], real: 'fresh' })],
  ['table-fresh-kept', custom({ table: [[9], [3, 7], [4, 7, 7]], real: 'fresh', synthetic: 'kept' })],
];

/** Small versions of the named schedules. */
export const named: [string, ScheduleInput][] = [
  ['n30', { kind: 'fully-synthetic', sampleSize: 30 }],
  ['N20-n10', { kind: 'partially-synthetic', real: 20, synthetic: 10 }],
  ['n30', { kind: 'most-recent', sampleSize: 30, window: 3 }],
  ['n30', { kind: 'randomly-sampled', sampleSize: 30 }],
  ['N15-n5', { kind: 'accumulate', real: 15, synthetic: 5 }],
  ['C20', { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5 }],
  ['C20', { kind: 'accumulate-subsample', corpusSize: 20, rate: 0.5, replacement: true }],
  ['N10-n20', { kind: 'fresh', real: 10, synthetic: 20 }],
];
/** Some of the custom ones. */
export const mixed = customs.filter(([regime]) => ['last3-real20', 'past-kept-real10', 'weights', 'table-kept'].includes(regime));

/** Those that have shares of real samples. */
export const withBoth = named.filter(([, { kind }]) => kind === 'partially-synthetic' || kind === 'fresh');
