// The law of one multinomial draw by each method: against exact probabilities where all outcomes can be listed, else by
// exact marginals, moments and a slow simulator that picks one sample at a time. Every test has alpha = 1e-6.
import { beforeAll, describe, expect, test } from 'vitest';
import { type PortableKernel, prepareRows, wasmKernel } from './support/kernels.js';
import { mulberry32, slowMultinomial } from './support/oracle.js';
import { ALPHA, binomialLaw, compositions, criticalZ, goodnessOfFit, multinomialProbability, sameLaw } from './support/statistics.js';

/** Draws n samples of counts into the first cells of `drawn`. */
type Draw = (n: number) => void;
interface Method {
  name: string;
  /** Needs n = sum of counts. */
  sameSize: boolean;
  prepare(counts: readonly number[]): { draw: Draw; drawn: Uint32Array };
}

let kernel: PortableKernel;
let table: { rows: number; free: number };
const methods: Method[] = [];

beforeAll(async () => {
  kernel = await wasmKernel();
  table = prepareRows(kernel);
});

const SPACE = 1 << 16;

function method(
  name: string,
  sameSize: boolean,
  call: (a: { n: number; live: number; total: number; counts: number; weights: number; drawn: number; room: number }) => void,
): void {
  methods.push({
    name,
    sameSize,
    prepare(values) {
      const [counts, weights, drawn, room] = [0, 1, 2, 3].map((k) => table.free + k * SPACE);
      new Uint32Array(kernel.buffer, counts, values.length).set(values);
      new Float64Array(kernel.buffer, weights, values.length).set(values);
      const total = values.reduce((sum, x) => sum + x, 0);
      return {
        draw: (n) => call({ n, live: values.length, total, counts, weights, drawn, room }),
        drawn: new Uint32Array(kernel.buffer, drawn, values.length),
      };
    },
  });
}

method('direct picks from slots', true, ({ n, live, counts, room, drawn }) =>
  kernel.functions.directFromSlots(n, counts, live, room, drawn),
);
method('direct picks from weights', false, ({ n, live, total, weights, room, drawn }) =>
  kernel.functions.directFromWeights(n, weights, live, total, room, drawn, false),
);
method('Poisson products', true, ({ n, live, counts, drawn }) => {
  kernel.functions.buildRows(n >> 1);
  kernel.functions.poissonProduct(n, counts, live, table.rows, drawn);
});
method('a run of one generation', true, ({ n, live, counts, room, drawn }) => {
  const words = new Int32Array(kernel.buffer);
  const [from, list, tokens, spare] = [counts, room, room + SPACE / 4, room + SPACE / 2].map((at) => at >> 2);
  for (let i = 0; i < live; i++) {
    words[list + i] = words[from + i];
    words[tokens + i] = i;
    words[(drawn >> 2) + i] = 0;
  }
  const left = kernel.functions.runRows(n, tokens << 2, list << 2, spare << 2, live, 1, 0);
  for (let i = 0; i < left; i++) words[(drawn >> 2) + words[tokens + i]] = words[list + i];
});
method('conditional binomials', false, ({ n, live, total, weights, drawn }) =>
  kernel.functions.conditionalBinomials(n, weights, live, total, drawn),
);

const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);

describe.each(methods)('$name', ({ sameSize, prepare }) => {
  const small = [
    [1, 1],
    [3, 2, 1],
    [5, 1, 1, 1],
    [2, 2, 2],
    [9, 3],
    [40, 2],
  ];

  test.each(small.map((counts) => ({ counts })))('all outcomes of $counts', ({ counts }) => {
    for (const n of sameSize ? [sum(counts)] : [sum(counts), 4, 7]) {
      const p = counts.map((x) => x / sum(counts));
      const outcomes = compositions(n, counts.length);
      const index = new Map(outcomes.map((outcome, i) => [outcome.join(), i]));
      const seen = new Array<number>(outcomes.length).fill(0);
      kernel.functions.seedStream(n, 2, 0, 0, 0, 0);
      const { draw, drawn } = prepare(counts);
      for (let i = 0; i < 60_000; i++) {
        draw(n);
        seen[index.get(drawn.join()) as number]++;
      }
      expect(
        goodnessOfFit(
          seen,
          outcomes.map((outcome) => multinomialProbability(outcome, p)),
        ),
      ).toBeGreaterThan(ALPHA);
    }
  });

  const large: { name: string; counts: number[] }[] = [
    { name: 'L = 19, no group', counts: [14, ...Array.from({ length: 18 }, (_, i) => 1 + (i % 7))] },
    { name: 'L = 20, one group', counts: [30, ...Array.from({ length: 19 }, (_, i) => 1 + (i % 5))] },
    { name: 'L = 20, the pivot has half', counts: [50, ...Array.from({ length: 19 }, (_, i) => 1 + (i % 3))] },
    { name: 'L = 52, nested groups', counts: [20, ...Array.from({ length: 51 }, (_, i) => 1 + Math.floor(80 / (i + 5)))] },
    { name: 'L = 128 ones', counts: new Array<number>(128).fill(1) },
    { name: 'L = 100, sum 512', counts: [62, ...Array.from({ length: 99 }, (_, i) => (i < 54 ? 5 : 4))] },
  ];

  test.each(large)('$name: marginals, moments, and a slow simulator', ({ counts }) => {
    const n = sum(counts);
    const live = counts.length;
    const draws = 20_000;
    kernel.functions.seedStream(n, live, 0, 0, 0, 0);
    const { draw, drawn } = prepare(counts);
    const watched = [0, 1, Math.floor(live / 2), live - 1];
    const marginals = watched.map(() => new Array<number>(n + 1).fill(0));
    const firstHalf = new Array<number>(n + 1).fill(0);
    const statistics = [[], [], []] as number[][];
    const means = new Float64Array(live);
    let products = 0;
    let wrong = 0;
    for (let r = 0; r < draws; r++) {
      draw(n);
      let total = 0;
      let half = 0;
      for (let i = 0; i < live; i++) {
        total += drawn[i];
        means[i] += drawn[i] / draws;
        if (2 * i < live) half += drawn[i];
      }
      if (total !== n) wrong++;
      watched.forEach((i, k) => marginals[k][drawn[i]]++);
      firstHalf[half]++;
      products += (drawn[0] * drawn[live - 1]) / draws;
      tally(statistics, drawn);
    }
    expect(wrong).toBe(0);
    watched.forEach((i, k) => expect(goodnessOfFit(marginals[k], binomialLaw(n, counts[i] / n))).toBeGreaterThan(ALPHA));
    const share = sum(counts.filter((_, i) => 2 * i < live)) / n;
    expect(goodnessOfFit(firstHalf, binomialLaw(n, share))).toBeGreaterThan(ALPHA);

    const critical = criticalZ(ALPHA / live);
    counts.forEach((c, i) => expect(Math.abs(means[i] - c) / Math.sqrt((c * (1 - c / n)) / draws)).toBeLessThan(critical));
    // E[x_i x_j] = n (n - 1) p_i p_j; the product's deviation is bounded by that of independent Poisson variables.
    const [a, b] = [counts[0], counts[live - 1]];
    expect(Math.abs(products - (a * b * (n - 1)) / n) / Math.sqrt((a * b * (a + b + 1)) / draws)).toBeLessThan(criticalZ(ALPHA));

    const random = mulberry32(n + live);
    const slow = [[], [], []] as number[][];
    for (let r = 0; r < 4000; r++) tally(slow, slowMultinomial(n, counts, random));
    statistics.forEach((list, k) => expect(sameLaw(list, slow[k])).toBeGreaterThan(ALPHA));
  });
});

/** Counts of: tokens that live on, the largest count, the sum of squares in steps of 20. */
function tally(lists: number[][], drawn: ArrayLike<number>): void {
  let support = 0;
  let most = 0;
  let squares = 0;
  for (let i = 0; i < drawn.length; i++) {
    if (drawn[i] > 0) support++;
    if (drawn[i] > most) most = drawn[i];
    squares += drawn[i] ** 2;
  }
  [support, most, Math.floor(squares / 20)].forEach((value, k) => (lists[k][value] = (lists[k][value] ?? 0) + 1));
}

test('a draw writes its own cells only', () => {
  const counts = [30, ...new Array<number>(24).fill(2)];
  for (const { name, prepare } of methods) {
    const { draw, drawn } = prepare(counts);
    const guarded = new Uint32Array(kernel.buffer, drawn.byteOffset - 64, counts.length + 32);
    guarded.fill(0xdeadbeef);
    draw(sum(counts));
    const outside = [...guarded.subarray(0, 16), ...guarded.subarray(16 + counts.length)];
    expect(
      outside.every((word) => word === 0xdeadbeef),
      name,
    ).toBe(true);
    expect(sum([...drawn]), name).toBe(sum(counts));
  }
});
