// The law of multinomial draws from Poisson rows at a rate, for counts on both sides of every threshold: sums over any
// set of tokens are binomial. Every test has alpha = 1e-6.
import { beforeAll, describe, expect, test } from 'vitest';
import { type PortableKernel, prepareRows, wasmKernel } from './support/kernels.js';
import { ALPHA, binomialLaw, compositions, criticalZ, goodnessOfFit, multinomialProbability } from './support/statistics.js';

let kernel: PortableKernel;
beforeAll(async () => {
  kernel = await wasmKernel();
});

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, x) => total + x, 0);

/** Draws n of `counts` `draws` times, and hands each result over. */
function drawMany(n: number, counts: readonly number[], draws: number, use: (drawn: Uint32Array) => void): void {
  const total = sum(counts);
  const { free } = prepareRows(kernel, [n / total]);
  const live = counts.length;
  const [at, drawnAt, starts] = [free, free + 4 * live, free + 8 * live];
  new Uint32Array(kernel.buffer, at, live).set(counts);
  const drawn = new Uint32Array(kernel.buffer, drawnAt, live);
  kernel.functions.seedStream(n, live, 0, 0, 0, 0);
  expect(Boolean(kernel.functions.openRate(n, total))).toBe(true);
  let wrong = 0;
  for (let r = 0; r < draws; r++) {
    drawn.fill(0xdeadbeef);
    kernel.functions.poissonised(n, at, live, total, drawnAt, starts);
    if (sum(drawn) !== n) wrong++;
    use(drawn);
  }
  expect(wrong).toBe(0);
}

const ones = (length: number, value = 1) => new Array<number>(length).fill(value);

test.each([
  { n: 5, counts: [1, 1, 1, 1, 1] },
  { n: 3, counts: [1, 1, 1, 1, 1, 1] },
  { n: 6, counts: [3, 1, 2, 1, 5] },
  { n: 1, counts: [1, 2, 3, 4, 5, 6] },
  { n: 2, counts: [65536, 65535, 4096, 4095, 513, 512] },
  { n: 3, counts: [100_000, 1, 1, 70_000, 1, 60_000, 2] },
  { n: 4, counts: [3, 2] },
  { n: 7, counts: [4] },
])('all outcomes of $n of $counts', ({ n, counts }) => {
  const p = counts.map((x) => x / sum(counts));
  const outcomes = compositions(n, counts.length);
  const index = new Map(outcomes.map((outcome, i) => [outcome.join(), i]));
  const seen = new Array<number>(outcomes.length).fill(0);
  drawMany(n, counts, 60_000, (drawn) => seen[index.get(drawn.join()) as number]++);
  expect(
    goodnessOfFit(
      seen,
      outcomes.map((outcome) => multinomialProbability(outcome, p)),
    ),
  ).toBeGreaterThan(ALPHA);
});

const cases: { name: string; n?: number; counts: number[] }[] = [
  { name: 'by halves, L = 5', counts: [130, 128, 128, 127, 100] },
  { name: 'by halves, two digits', counts: [600, 513, 512, 511, 576, 640, 64, 1, 700, 900, 3] },
  { name: 'by halves, the last token has more than half', counts: [1, 2, 3, 4, 5, 6, 2000] },
  {
    name: 'by halves, three digits, and tokens without rows',
    counts: [90_000, 65_536, 65_535, 8192, 4096, 4095, 4097, 12_345, 700, 1, 1, 1],
  },
  { name: 'few beside a huge one', counts: [300_000, 40, 30, 20, 10, 5, 4, 3, 2, 1] },
  { name: 'put right, all ones', counts: ones(700) },
  { name: 'put right, L = 61 (not a multiple of 16)', counts: [40, ...ones(60, 9)] },
  { name: 'put right, beside tokens without rows', counts: [66_000, ...ones(400, 3), 70_000, ...ones(17, 11)] },
  { name: 'a third of them', n: 400, counts: [300, ...ones(30, 30)] },
  { name: 'a hundredth', n: 50, counts: [1000, 900, 800, 700, 600, 500, 400, 100] },
  { name: 'all but one', n: 999, counts: [...ones(9, 100), 60, 40] },
];

describe.each(cases)('$name', ({ counts, n = sum(counts) }) => {
  const whole = sum(counts);
  const live = counts.length;
  const draws = 10_000;

  test('sums over sets of tokens are binomial; means and a covariance', () => {
    const sets = [
      (i: number) => i === 0,
      (i: number) => i === live - 1,
      (i: number) => i === live >> 1,
      (i: number) => 2 * i < live,
      (i: number) => i % 2 === 0,
      (i: number) => i % 3 === 1,
    ];
    const seen = sets.map(() => new Array<number>(n + 1).fill(0));
    const means = new Float64Array(live);
    let products = 0;
    drawMany(n, counts, draws, (drawn) => {
      const sums = sets.map(() => 0);
      for (let i = 0; i < live; i++) {
        means[i] += drawn[i] / draws;
        sets.forEach((has, k) => {
          if (has(i)) sums[k] += drawn[i];
        });
      }
      sums.forEach((value, k) => seen[k][value]++);
      products += (drawn[0] * drawn[live - 1]) / draws;
    });
    sets.forEach((has, k) => {
      const share = sum(counts.filter((_, i) => has(i))) / whole;
      expect(goodnessOfFit(seen[k], binomialLaw(n, share))).toBeGreaterThan(ALPHA);
    });
    const critical = criticalZ(ALPHA / live);
    counts.forEach((c, i) => {
      const p = c / whole;
      expect(Math.abs(means[i] - n * p) / Math.sqrt((n * p * (1 - p)) / draws)).toBeLessThan(critical);
    });
    const [a, b] = [(n * counts[0]) / whole, (n * counts[live - 1]) / whole];
    expect(Math.abs(products - (a * b * (n - 1)) / n) / Math.sqrt((a * b * (a + b + 1)) / draws)).toBeLessThan(criticalZ(ALPHA));
  });
});

test('2^31 samples: means and variances of tokens of all sizes', () => {
  const small = [65_535, 65_536, 4096, 4095, 513, 512, 100, 10, 1, 1, ...ones(20, 5000)];
  const counts = [2 ** 30, 2 ** 30 - sum(small), ...small];
  const n = 2 ** 31;
  const draws = 10_000;
  const first = new Float64Array(counts.length);
  const second = new Float64Array(counts.length);
  drawMany(n, counts, draws, (drawn) =>
    drawn.forEach((x, i) => {
      first[i] += (x - counts[i]) / draws;
      second[i] += (x - counts[i]) ** 2 / draws;
    }),
  );
  const critical = criticalZ(ALPHA / counts.length);
  counts.forEach((c, i) => {
    const variance = c * (1 - c / n);
    expect(Math.abs(first[i]) / Math.sqrt(variance / draws)).toBeLessThan(critical);
    // The fourth moment of a nearly Poisson number is variance + 3 variance^2.
    expect(Math.abs(second[i] - variance) / Math.sqrt((variance + 2 * variance ** 2) / draws)).toBeLessThan(critical);
  });
});
