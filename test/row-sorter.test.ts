import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowSorter } from '../dist/engine/row-sorter.js';

const value = fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY));

test('rows that drift, jump or repeat come out as a sort would have them', () => {
  const jobs = fc.record({
    first: fc.array(value, { minLength: 1, maxLength: 80 }),
    steps: fc.array(fc.record({ drift: fc.double({ min: 0, max: 3, noNaN: true }), at: fc.nat(79), to: value, anew: fc.boolean() }), {
      maxLength: 40,
    }),
  });
  fc.assert(
    fc.property(jobs, ({ first, steps }) => {
      const sorter = new RowSorter(first.length);
      let row = Float64Array.from(first);
      for (const { drift, at, to, anew } of steps) {
        row = row.map((x, i) => (anew ? ((i * 7919) % 101) - x : x + drift * Math.sin(i + x)));
        row[at % row.length] = to;
        expect([...sorter.sort(row.slice())].map((x) => x + 0)).toEqual([...row.slice().sort()].map((x) => x + 0));
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
