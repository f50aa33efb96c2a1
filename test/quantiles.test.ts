/** Exact quantiles of many replicates, by the order statistics of rows, against sorting. */
import { type SpecInput, simulate } from 'model-collapse';
import { describe, expect, test } from 'vitest';
import { OrderStatistics } from '../dist/engine/order-statistics.js';
import { Quantiles } from '../dist/engine/quantiles.js';

let state = 1;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;

const laws: Record<string, (i: number) => number> = {
  'all different': random,
  'few values': () => Math.floor(5 * random()),
  'nearly all the same': () => (random() < 0.999 ? 1 : random()),
  increasing: (i) => i,
  decreasing: (i) => -i,
  // The sample of every few numbers sees one kind only.
  'in step with a sample': (i) => (i % 2 === 0 ? random() : 100 + random()),
  infinite: () => (random() < 0.3 ? Number.NEGATIVE_INFINITY : random() < 0.3 ? Number.POSITIVE_INFINITY : random()),
  same: () => 7,
};

describe('order statistics are those of the sorted row', () => {
  const sizes = [1, 2, 3, 1024, 1025, 2048, 5000, 20_001];
  test.each(Object.entries(laws))('%s', (_, law) => {
    for (const n of sizes) {
      for (const copies of [0, 1, n, 10 * n]) {
        const row = Float64Array.from({ length: n }, (_unused, i) => law(i));
        const value = row[Math.floor(n / 2)];
        const sorted = Float64Array.from([...row, ...new Array<number>(copies).fill(value)]).sort();
        const statistics = new OrderStatistics();
        statistics.open(row, copies, value);
        const last = sorted.length - 1;
        for (const p of [0, 0.05, 0.5, 0.95, 0.999, 1]) {
          const first = Math.floor(p * last);
          const second = Math.min(first + 1, last);
          expect(statistics.pair(first, second)).toEqual([sorted[first], sorted[second]]);
        }
      }
    }
  });

  test('of rows that lose their last values', () => {
    const statistics = new OrderStatistics();
    let row = Float64Array.from({ length: 3000 }, random);
    while (row.length > 1) {
      const sorted = row.slice().sort();
      statistics.open(row.slice(), 0, 0);
      const middle = (row.length - 1) >> 1;
      expect(statistics.pair(middle, middle + 1)).toEqual([sorted[middle], sorted[middle + 1]]);
      row = row.map((value) => value + 0.1 * random()).subarray(0, Math.floor(0.8 * row.length));
    }
  });
});

describe('quantiles of replicates of different lengths', () => {
  test.each([
    ['that end with the same values', 5, true],
    ['that end with the same values, many', 3000, true],
    ['that end with values of their own', 5, false],
    ['that end with values of their own, many', 3000, false],
  ])('%s', (_, replicates, same) => {
    const columns = 2;
    const quantiles = new Quantiles(columns);
    const all: Float64Array[] = [];
    // Three in an array, as slices have them.
    for (let r = 0; r < replicates; r += 3) {
      const parts = Array.from({ length: Math.min(3, replicates - r) }, () => {
        const rows = 1 + Math.floor(40 * random() ** 2);
        return Float64Array.from({ length: columns * rows }, (_unused, i) =>
          same && i >= columns * (rows - 1) ? 9 + (i % columns) : random(),
        );
      });
      const values = Float64Array.from(parts.flatMap((part) => [...part]));
      let at = 0;
      for (const part of parts) quantiles.add(values, at, (at += part.length));
      all.push(...parts);
    }
    const longest = Math.max(...all.map(({ length }) => length / columns));
    quantiles.columnsByRow().forEach((byProbability, k) => {
      for (const [p, list] of Object.entries(byProbability)) {
        expect(list).toHaveLength(longest);
        list.forEach((value, row) => {
          const sorted = all.map((part) => part[Math.min(columns * row, part.length - columns) + k]).sort((a, b) => a - b);
          const at = (sorted.length - 1) * Number(p);
          const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
          expect(value).toBeCloseTo(low + (at - Math.floor(at)) * (high - low), 12);
        });
      }
    });
  });
});

test('of the first replicates, all as long as the longest; of none', () => {
  const some = new Quantiles(1, 10);
  some.add(Float64Array.of(1, 2, 3, 4), 0, 4);
  some.add(Float64Array.of(3, 4, 5, 6), 0, 4);
  some.add(Float64Array.of(7, 7, 7), 0, 3);
  expect(some.replicates).toBe(2);
  expect(some.columnsByRow()).toEqual([expect.objectContaining({ '0.5': [2, 3, 4, 5] })]);
  const none = new Quantiles(1, 2);
  none.add(Float64Array.of(1, 2, 3), 0, 3);
  none.add(Float64Array.of(1), 0, 1);
  expect(none.columnsByRow()).toEqual([{ '0.05': [null, null, null], '0.5': [null, null, null], '0.95': [null, null, null] }]);
});

test('of the first replicates alone: memory that is used again holds none of theirs', async () => {
  const spec: SpecInput = {
    model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 10 } },
    schedule: { kind: 'partially-synthetic', real: 20, synthetic: 20 },
    generations: 1000,
    replicates: 12_000,
    metrics: ['simpson'],
  };
  const used = await simulate(spec, { threads: 2 });
  // Whoever takes the chains keeps them.
  const kept = await simulate(spec, { threads: 2, onChains: () => {} });
  expect(used.quantilesFrom).toEqual({ replicates: 10_000 });
  expect(used.metrics).toEqual(kept.metrics);
}, 30_000);
