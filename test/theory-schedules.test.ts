/** The second moments of every schedule, from every generation, against a small simulator of its own. */
import { describe, expect, test } from 'vitest';
import { distribution, fresh, fullySynthetic, partiallySynthetic, secondMoments } from '../dist/theory/index.js';
import { draw, mix, sample, uniforms, withoutReplacement } from './support/samples.js';

type Law = secondMoments.ScheduleLaw;
type Random = () => number;

const { scheduleSimpson, scheduleSquaredDrift } = secondMoments;
const p = [0.4, 0.3, 0.2, 0.1];
const simpson0 = distribution.simpson(p);
const last = 5;
const replicates = 20_000;

/** p^(0) ... p^(last) of one replicate. */
type Chain = (random: Random) => number[][];

function chain(next: (past: number[][], random: Random) => number[]): Chain {
  return (random) => {
    const past = [p];
    while (past.length <= last) past.push(next(past, random));
    return past;
  };
}

function accumulating(real: number, synthetic: number): Chain {
  return chain((past, random) => {
    const m = past.length;
    if (m === 1) return sample(p, real, random);
    const pool = real + (m - 2) * synthetic;
    return mix([
      [past[m - 1], pool],
      [sample(past[m - 1], synthetic, random), synthetic],
    ]);
  });
}

function subsampling(corpusSize: number, batch: number, replacement: boolean): Chain {
  return (random) => {
    const past = [p];
    const pool = sample(p, corpusSize, random).map((share) => Math.round(share * corpusSize));
    while (past.length <= last) {
      const items = pool.reduce((sum, count) => sum + count, 0);
      const shares = pool.map((count) => count / items);
      past.push(replacement ? sample(shares, corpusSize, random) : withoutReplacement(pool, corpusSize, random));
      for (let i = 0; i < batch; i++) pool[draw(past[past.length - 1], random)]++;
    }
    return past;
  };
}

function freshly(real: number, synthetic: number): Chain {
  return chain((past, random) => {
    const drawn = sample(p, real, random);
    if (past.length === 1) return drawn;
    return mix([
      [drawn, real],
      [sample(past[past.length - 1], synthetic, random), synthetic],
    ]);
  });
}

function partially(real: number, synthetic: number): Chain {
  return chain((past, random) => {
    if (past.length === 1) return sample(p, real, random);
    return mix([
      [past[1], real],
      [sample(past[past.length - 1], synthetic, random), synthetic],
    ]);
  });
}

function recent(size: number, window: number): Chain {
  const batch = Math.floor(size / window);
  return chain((past, random) => mix(past.slice(-window).map((source) => [sample(source, batch, random), batch])));
}

const cases: [Law, Chain][] = [
  [{ kind: 'fully-synthetic', sampleSize: 10 }, chain((past, random) => sample(past[past.length - 1], 10, random))],
  [{ kind: 'partially-synthetic', real: 8, synthetic: 10 }, partially(8, 10)],
  [{ kind: 'partially-synthetic', real: 3, synthetic: 1 }, partially(3, 1)],
  [{ kind: 'most-recent', sampleSize: 10, window: 2 }, recent(10, 2)],
  [{ kind: 'most-recent', sampleSize: 10, window: 3 }, recent(10, 3)],
  [
    { kind: 'randomly-sampled', sampleSize: 10 },
    chain((past, random) => {
      const counts = p.map(() => 0);
      for (let i = 0; i < 10; i++) counts[draw(past[Math.floor(random() * past.length)], random)]++;
      return counts.map((c) => c / 10);
    }),
  ],
  [{ kind: 'accumulate', real: 8, synthetic: 10 }, accumulating(8, 10)],
  [{ kind: 'accumulate', real: 5, synthetic: 1 }, accumulating(5, 1)],
  [{ kind: 'accumulate-subsample', corpusSize: 10, batch: 5 }, subsampling(10, 5, false)],
  [{ kind: 'accumulate-subsample', corpusSize: 6, batch: 18, replacement: false }, subsampling(6, 18, false)],
  [{ kind: 'accumulate-subsample', corpusSize: 10, batch: 5, replacement: true }, subsampling(10, 5, true)],
  [{ kind: 'accumulate-subsample', corpusSize: 1, batch: 1 }, subsampling(1, 1, false)],
  [{ kind: 'fresh', real: 8, synthetic: 10 }, freshly(8, 10)],
  [{ kind: 'fresh', real: 2, synthetic: 30 }, freshly(2, 30)],
];

describe('simpson and drift from every generation, within 4.5 standard errors of 20,000 replicates', () => {
  cases.forEach(([law, simulate], index) => {
    test(JSON.stringify(law), () => {
      const random = uniforms(4000 + index);
      const pairs = Array.from({ length: last + 1 }, (_, u) => Array.from({ length: last - u }, (_, i) => [u + i + 1, u])).flat();
      const names = [...pairs.map(([m, u]) => `drift(${m}, ${u})`), ...Array.from({ length: last }, (_, i) => `S_${i + 1}`)];
      const expected = [
        ...pairs.map(([m, u]) => scheduleSquaredDrift(law, [m], simpson0, u)[0]),
        ...scheduleSimpson(law, [1, 2, 3, 4, 5], simpson0),
      ];
      const sums = new Float64Array(names.length);
      const squares = new Float64Array(names.length);
      for (let r = 0; r < replicates; r++) {
        const path = simulate(random);
        names.forEach((_, k) => {
          let value = 0;
          const [m, u] = k < pairs.length ? pairs[k] : [k - pairs.length + 1, -1];
          for (let i = 0; i < p.length; i++) value += (path[m][i] - (u < 0 ? 0 : path[u][i])) ** 2;
          sums[k] += value;
          squares[k] += value * value;
        });
      }
      names.forEach((name, k) => {
        const mean = sums[k] / replicates;
        const error = Math.sqrt(Math.max(0, squares[k] / replicates - mean * mean) / replicates);
        expect(Math.abs(mean - expected[k]), `${name}: ${mean} against ${expected[k]}`).toBeLessThanOrEqual(4.5 * error + 1e-12);
      });
    });
  });
});

describe('what the laws say in the long run', () => {
  const far = 100_000;

  test('accumulate keeps its diversity: 1 - S_m is the product of 1 - n/(M+n)^2, above 0', () => {
    let product = 1 - scheduleSimpson({ kind: 'accumulate', real: 20, synthetic: 10 }, [1], simpson0)[0];
    for (let m = 2; m <= far; m++) product *= 1 - 10 / (20 + (m - 1) * 10) ** 2;
    const [s] = scheduleSimpson({ kind: 'accumulate', real: 20, synthetic: 10 }, [far], simpson0);
    expect((1 - s) / product).toBeCloseTo(1, 10);
    expect(1 - s).toBeGreaterThan(0.9 * (1 - simpson0) * 0.95);
  });

  test('sampling noise alone does not collapse accumulate-subsample either, and replace always collapses', () => {
    const law: Law = { kind: 'accumulate-subsample', corpusSize: 20, batch: 10 };
    const [near, later] = scheduleSimpson(law, [far / 2, far], simpson0);
    expect(later - near).toBeLessThan(1e-4);
    expect(1 - later).toBeGreaterThan(0.5 * (1 - simpson0));
    expect(scheduleSimpson({ kind: 'fully-synthetic', sampleSize: 20 }, [far], simpson0)[0]).toBeCloseTo(1, 12);
  });

  test('fresh data settles where new real samples and forgetting balance', () => {
    const [s] = scheduleSimpson({ kind: 'fresh', real: 8, synthetic: 10 }, [far], simpson0);
    const alpha = 10 / 18;
    expect(s - simpson0).toBeCloseTo((1 - simpson0) / 18 / (1 - alpha ** 2 * 0.9), 14);
    expect(fresh.expectedSimpson([0, 1], 8, 10, simpson0)[1]).toBeCloseTo(simpson0 + (1 - simpson0) / 8, 15);
  });

  test('accumulate-subsample with one whole corpus a generation, first steps by hand', () => {
    // C = 20, k = 1/2: S_1 = Q_1, Q_2 as the mixture of 20 fixed items and 10 draws of them.
    const s1 = 1 / 20 + (19 / 20) * simpson0;
    const q2 = (400 * s1 + 400 * s1 + 100 * (1 / 10 + (9 / 10) * s1)) / 900;
    const s2 = 1 / 20 + ((19 / 20) * (30 * q2 - 1)) / 29;
    const law: Law = { kind: 'accumulate-subsample', corpusSize: 20, batch: 10 };
    const values = scheduleSimpson(law, [1, 2], simpson0);
    expect(values[0]).toBeCloseTo(s1, 14);
    expect(values[1]).toBeCloseTo(s2, 14);
  });

  test('small drifts keep their digits: one new sample beside 1e12', () => {
    const [accumulated] = scheduleSquaredDrift({ kind: 'accumulate', real: 1e12, synthetic: 1 }, [2], 0.5);
    expect(accumulated / 0.5e-24).toBeCloseTo(1, 9);
    const [partial] = scheduleSquaredDrift({ kind: 'partially-synthetic', real: 1e12, synthetic: 1 }, [2], 0.5);
    expect(partial / 0.5e-24).toBeCloseTo(1, 9);
    const [renewed] = scheduleSquaredDrift({ kind: 'fresh', real: 1e6, synthetic: 1e12 }, [2], 0.5);
    // (1 - S_0) (a^2/n + 2 (1 - a)^2/N) to leading order: the draw itself, and new real data in the place of old.
    expect(renewed / (0.5 * (1e-12 + 2e-18))).toBeCloseTo(1, 5);
  });

  test('a closed form for each generation agrees with itself over many', () => {
    const many = [1, 2, 10, 1000];
    expect(fullySynthetic.expectedSquaredDrift(many, 50, 0.2, 1)).toEqual(
      many.map((m) => fullySynthetic.expectedSquaredDrift([m], 50, 0.2)[0]),
    );
    expect(partiallySynthetic.expectedSquaredDrift([7, 7], 50, 10, 0.2, 7)).toEqual([0, 0]);
  });

  test('a hundred thousand generations of every schedule in a moment', () => {
    const started = performance.now();
    for (const [law] of cases) for (const value of scheduleSimpson(law, [far, 10], simpson0)) expect(value).toBeLessThanOrEqual(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('bad input is refused', () => {
    expect(() => scheduleSquaredDrift({ kind: 'fresh', real: 0, synthetic: 5 }, [1], 0.1)).toThrow(/^real: got 0/);
    expect(() => scheduleSquaredDrift({ kind: 'accumulate', real: 1, synthetic: 1.5 }, [1], 0.1)).toThrow(/^synthetic: got 1.5/);
    expect(() => scheduleSquaredDrift({ kind: 'accumulate-subsample', corpusSize: 4, batch: 0 }, [1], 0.1)).toThrow(/^batch: got 0/);
    expect(() => scheduleSquaredDrift({ kind: 'randomly-sampled', sampleSize: 4 }, [3], 0.1, 4)).toThrow(/^generations: got 3/);
  });
});
