import { expect, test } from 'vitest';
import { formatBytes, formatError, formatNumber, formatSeconds } from '../dist/cli/format.js';

test('numbers: five digits, no trailing zeros, undefined and infinite ones visible', () => {
  const shown = [
    0,
    1,
    100,
    123_456_789,
    0.5,
    187.0123,
    1.23456789e-7,
    2e-7,
    1 / 3,
    6.4520001e13,
    12539.6,
    10000.4,
    99999.7,
    null,
    undefined,
    'Infinity',
    '-Infinity',
  ] as const;
  expect(shown.map(formatNumber)).toEqual([
    '0',
    '1',
    '100',
    '123456789',
    '0.5',
    '187.01',
    '1.2346e-7',
    '2e-7',
    '0.33333',
    '6.452e13',
    '12540',
    '10000',
    '1e5',
    '-',
    '-',
    '∞',
    '-∞',
  ]);
  expect([0, 0.123, 12.3, -1.84e16, null].map(formatError)).toEqual(['0', '0.12', '12', '-1.8e16', '-']);
});

test('times carry into the next unit', () => {
  const shown = [0.00012, 0.9999, 4.2, 59.99, 200, 3599.7, 18_180, 172_799, 172_800, 1e9];
  expect(shown.map(formatSeconds)).toEqual([
    '0.12 ms',
    '1 s',
    '4.2 s',
    '1 min 0 s',
    '3 min 20 s',
    '1 h 0 min',
    '5 h 3 min',
    '2 days',
    '2 days',
    '11,574 days',
  ]);
});

test('bytes', () => {
  expect([0, 999, 1000, 1.5e9, 1e18].map(formatBytes)).toEqual(['0 B', '999 B', '1 kB', '1.5 GB', '1000 PB']);
});
