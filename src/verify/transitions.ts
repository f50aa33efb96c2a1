/** One generation to the next: given a token's count c, the next count is Binomial(n, c/n), in every row c. */
import { type Check, checkOf } from './check.js';
import { observe, type Situation, specOf } from './observe.js';
import { FairBits } from './random.js';
import { binomialMass } from './tails.js';
import { rowsTest } from './tests.js';

/**
 * Where the cells of a row end: sixteenths, the outer ones halved six times, since an entry of a table that is wrong by a bit changes
 * the law by 2^-9, which only a rare value shows.
 */
const EDGES = cellEdges(16, 6);
const SHARES = EDGES.map((edge, i) => edge - (EDGES[i - 1] ?? 0));

/**
 * Fully synthetic training, `at` being generations in a row. Every step x given c becomes P(X < x) + u P(X = x), which is uniform and
 * independent of all other steps; each row c is tested by itself, so that one wrong entry of one row's table is seen.
 */
export function transitionCheck(situation: Situation, sampleSize: number, token = 0): Check {
  return checkOf(situation, `transition${token === 0 ? '' : `:${token}`}`, 'binomial steps, row by row', async (seed, context) => {
    const { spec, values } = await observe(specOf(situation, seed, [`probability:${token}`], context), context);
    const generations = (spec.generations as number[]).length;
    const bits = new FairBits(seed);
    const rows = Array.from({ length: sampleSize + 1 }, () => new Float64Array(EDGES.length));
    const laws = new Map<number, Float64Array>();
    for (let i = 1; i < values.length; i++) {
      const before = Math.round(values[i - 1] * sampleSize);
      if (i % generations === 0 || before === 0 || before === sampleSize) continue;
      let law = laws.get(before);
      if (!law) laws.set(before, (law = cumulative(sampleSize, before / sampleSize)));
      const x = Math.round(values[i] * sampleSize);
      const u = law[x] + bits.uniform() * (law[x + 1] - law[x]);
      const cell = EDGES.findIndex((edge) => u < edge);
      rows[before][cell < 0 ? EDGES.length - 1 : cell]++;
    }
    return rowsTest(rows, SHARES);
  });
}

function cellEdges(cells: number, halvings: number): number[] {
  const inner = Array.from({ length: cells - 1 }, (_, i) => (i + 1) / cells);
  const outer = Array.from({ length: halvings }, (_, i) => 2 ** -(i + 1) / cells);
  return [...outer, ...inner, ...outer.map((edge) => 1 - edge), 1].sort((a, b) => a - b);
}

/** P(X < x), x = 0 ... n + 1. */
function cumulative(n: number, p: number): Float64Array {
  const sums = new Float64Array(n + 2);
  for (let x = 0; x <= n; x++) sums[x + 1] = sums[x] + binomialMass(x, n, p);
  return sums;
}
