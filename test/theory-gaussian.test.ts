/** The Gaussian's scheduleLaws: against an independent Monte Carlo that draws every sample, and against closed forms. */
import { describe, expect, test } from 'vitest';
import { digamma, trigamma } from '../dist/theory/gamma.js';
import { gaussian, goldenRatio, secondMoments } from '../dist/theory/index.js';
import { drawSamples, estimate, type Normal, normal, type Samples, standard } from './support/normals.js';
import { uniforms } from './support/samples.js';
import { scheduleLaws } from './support/schedule-laws.js';

type Training = gaussian.GaussianTraining;

const { gaussianMoments, logDeterminantIncrement, gaussianCollapseTime, collapseRate } = gaussian;
const generations = [1, 2, 3, 4, 5];
const dimension = 2;
const truth = standard(dimension);
const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

interface Case {
  name: string;
  training: Training;
  /** Samples of generation m; `kept` lasts as long as the replicate. */
  train: (m: number, models: Normal[], kept: Samples[], random: () => number) => Samples;
}
const once = (kept: Samples[], key: number, make: () => Samples) => (kept[key] ??= make());
/** Items of a list without replacement. */
const choose = (pool: Samples, size: number, random: () => number) => {
  const left = [...pool];
  return Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)[0]);
};
const replaced = { kind: 'fully-synthetic', sampleSize: 6 } as const;

const cases: Case[] = [
  ...(['mle', 'unbiased'] as const).flatMap((estimator): Case[] => [
    {
      name: `fully synthetic, ${estimator}`,
      training: { schedule: replaced, estimator },
      train: (m, models, _, random) => drawSamples(models[m - 1], 6, random),
    },
    {
      name: `partially synthetic, weighted, ${estimator}`,
      training: {
        schedule: { kind: 'partially-synthetic', real: 4, synthetic: 6 },
        weighting: { kind: 'real-weight', weight: 2 },
        estimator,
      },
      train: (m, models, kept, random) => {
        const real = once(kept, 0, () => drawSamples(truth, 4, random, 2));
        return m === 1 ? real : [...real, ...drawSamples(models[m - 1], 6, random)];
      },
    },
    {
      name: `fresh, ${estimator}`,
      training: { schedule: { kind: 'fresh', real: 4, synthetic: 6 }, estimator },
      train: (m, models, _, random) => [...drawSamples(truth, 4, random), ...(m === 1 ? [] : drawSamples(models[m - 1], 6, random))],
    },
    {
      name: `accumulate, ${estimator}`,
      training: { schedule: { kind: 'accumulate', real: 5, synthetic: 3 }, estimator },
      train: (m, models, kept, random) => [
        ...once(kept, 0, () => drawSamples(truth, 5, random)),
        ...range(1, m - 1).flatMap((t) => once(kept, t, () => drawSamples(models[t], 3, random))),
      ],
    },
    {
      name: `most recent, ${estimator}`,
      training: { schedule: { kind: 'most-recent', sampleSize: 6, window: 2 }, estimator },
      train: (m, models, _, random) => range(Math.max(0, m - 2), m - 1).flatMap((t) => drawSamples(models[t], 3, random)),
    },
    {
      name: `randomly sampled, weighted, ${estimator}`,
      training: { schedule: { kind: 'randomly-sampled', sampleSize: 6 }, weighting: { kind: 'real-weight', weight: 3 }, estimator },
      train: (m, models, _, random) =>
        range(1, 6).flatMap(() => {
          const t = Math.floor(random() * m);
          return drawSamples(models[t], 1, random, t === 0 ? 3 : 1);
        }),
    },
    {
      name: `accumulate-subsample, weighted, ${estimator}`,
      training: {
        schedule: { kind: 'accumulate-subsample', corpusSize: 6, batch: 4 },
        weighting: { kind: 'real-weight', weight: 2 },
        estimator,
      },
      train: (m, models, kept, random) =>
        choose(
          [
            ...once(kept, 0, () => drawSamples(truth, 6, random, 2)),
            ...range(1, m - 1).flatMap((t) => once(kept, t, () => drawSamples(models[t], 4, random))),
          ],
          6,
          random,
        ),
    },
  ]),
  {
    name: 'accumulate at temperature 1.4, a custom rule',
    training: {
      schedule: {
        kind: 'custom',
        sources: [
          { from: 'real', size: 5 },
          { from: 'past', size: 3, draw: 'kept' },
        ],
      },
      estimator: 'unbiased',
      temperature: 1.4,
    },
    train: (m, models, kept, random) => [
      ...once(kept, 0, () => drawSamples(truth, 5, random)),
      ...range(1, m - 1).flatMap((t) => once(kept, t, () => drawSamples(models[t], 3, random, 1, 1.4))),
    ],
  },
  {
    name: 'fully synthetic at temperature 0.8',
    training: { schedule: replaced, estimator: 'mle', temperature: 0.8 },
    train: (m, models, _, random) => drawSamples(models[m - 1], 6, random, 1, m === 1 ? 1 : 0.8),
  },
];

describe('mean variance and mean shift against a Monte Carlo of every sample', () => {
  // 16 cases x 5 generations x 2 means at 5 standard errors: one false alarm in 10,000 runs, if the seeds were new.
  test.each(cases.map((each, i): [string, Case, number] => [each.name, each, i]))('%s', (_, { training, train }, i) => {
    const replicates = 4000;
    const random = uniforms(900 + i);
    const sums = generations.map(() => [0, 0, 0, 0]);
    for (let r = 0; r < replicates; r++) {
      const models = [truth];
      const kept: Samples[] = [];
      for (const m of generations) {
        const model = estimate(train(m, models, kept, random), training.estimator === 'unbiased');
        models.push(model);
        const variance = model.covariance.reduce((sum, row, j) => sum + row[j], 0) / dimension;
        const shift = model.mean.reduce((sum, x) => sum + x * x, 0) / dimension;
        [variance, variance ** 2, shift, shift ** 2].forEach((value, k) => (sums[m - 1][k] += value / replicates));
      }
    }
    const { variance, meanShift } = gaussianMoments(training, generations);
    sums.forEach(([v, v2, s, s2], g) => {
      const error = (mean: number, square: number) => 5 * Math.sqrt((square - mean * mean) / replicates);
      expect(Math.abs(v - variance[g]), `variance ${g + 1}: ${v} against ${variance[g]}`).toBeLessThanOrEqual(error(v, v2));
      expect(Math.abs(s - meanShift[g]), `shift ${g + 1}: ${s} against ${meanShift[g]}`).toBeLessThanOrEqual(error(s, s2));
    });
  });
});

describe('closed forms', () => {
  test('digamma and trigamma', () => {
    const gamma = 0.5772156649015329;
    expect(digamma(1)).toBeCloseTo(-gamma, 14);
    expect(digamma(0.5)).toBeCloseTo(-gamma - 2 * Math.LN2, 14);
    expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 14);
    expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 13);
    for (const x of [0.1, 3.7, 15.9, 16, 40]) {
      expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 13);
      expect(trigamma(x) - trigamma(x + 1)).toBeCloseTo(1 / (x * x), 12);
    }
  });

  test('the maximum-likelihood Gaussian moves as the categorical second moments do, under every schedule', () => {
    const far = [1, 2, 7, 60];
    for (const schedule of scheduleLaws) {
      const { variance, meanShift } = gaussianMoments({ schedule, estimator: 'mle' }, far);
      secondMoments.scheduleSquaredDrift(schedule, far, 0.5, 0).forEach((drift, i) => {
        expect(meanShift[i]).toBeCloseTo(2 * drift, 12);
        expect(variance[i]).toBeCloseTo(1 - 2 * drift, 12);
      });
    }
  });

  test('accumulate stays below pi^2/6 times the first shift, for both estimators', () => {
    for (const n of [2, 10, 1000]) {
      const law = { kind: 'accumulate', real: n, synthetic: n } as const;
      const { meanShift } = gaussianMoments({ schedule: law, estimator: 'mle' }, [1, 20_000]);
      expect(meanShift[0]).toBeCloseTo(1 / n, 14);
      expect(meanShift[1]).toBeLessThan((Math.PI ** 2 / 6) * meanShift[0]);
      const unbiased = gaussianMoments({ schedule: law, estimator: 'unbiased' }, [20_000]);
      expect(unbiased.meanShift[0]).toBeLessThan((Math.PI ** 2 / 6) * meanShift[0]);
      expect(unbiased.meanShift[0]).toBeGreaterThan(meanShift[1]);
    }
  });

  test('fully synthetic: (1 - 1/n)^m or 1, for n up to 1e12', () => {
    const far = [1, 5, 1e6];
    const mle = gaussianMoments({ schedule: { kind: 'fully-synthetic', sampleSize: 1e12 }, estimator: 'mle' }, far);
    expect(mle.meanShift[2] / 1e-6).toBeCloseTo(1, 6);
    expect(1 - mle.variance[2]).toBeCloseTo(-Math.expm1(-1e-6), 14);
    const unbiased = gaussianMoments({ schedule: replaced, estimator: 'unbiased' }, far);
    expect(unbiased.variance).toEqual([1, 1, 1]);
    expect(unbiased.meanShift).toEqual([1 / 6, 5 / 6, 1e6 / 6]);
  });
});

describe('determinants and collapse, fully synthetic', () => {
  test.each([
    ['mle', 1, 5],
    ['unbiased', 2, 6],
    ['mle', 3, 4],
  ] as const)('log increments: %s, d = %i, n = %i', (estimator, d, n) => {
    // Ten independent increments a replicate; mean and variance at 5 standard errors.
    const random = uniforms(40 + d);
    const values: number[] = [];
    for (let r = 0; r < 4000; r++) {
      let model = standard(d);
      for (let m = 1; m <= 3; m++) {
        const next = estimate(drawSamples(model, n, random), estimator === 'unbiased');
        const log = ({ root }: Normal) => root.reduce((sum, row, i) => sum + 2 * Math.log(row[i]), 0);
        values.push(log(next) - log(model));
        model = next;
      }
    }
    const law = logDeterminantIncrement(n, d, estimator);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    const squares = values.map((x) => (x - law.mean) ** 2);
    const variance = squares.reduce((sum, x) => sum + x, 0) / values.length;
    const spread = Math.sqrt(squares.reduce((sum, x) => sum + (x - variance) ** 2, 0) / values.length);
    expect(Math.abs(mean - law.mean)).toBeLessThan(5 * Math.sqrt(law.variance / values.length));
    expect(Math.abs(variance - law.variance)).toBeLessThan((5 * spread) / Math.sqrt(values.length));
  });

  test('the rate is that of one dimension, positive for the unbiased estimator too, and about 2/n or 1/n', () => {
    expect(collapseRate(7, 'mle')).toBeCloseTo(-logDeterminantIncrement(7, 1, 'mle').mean, 14);
    expect(collapseRate(1e12, 'mle') * 1e12).toBeCloseTo(2, 9);
    expect(collapseRate(1e12, 'unbiased') * 1e12).toBeCloseTo(1, 9);
    expect(collapseRate(1e12, 'mle', 1.5)).toBeLessThan(0);
    // The trace of three dimensions, once the first axis is far above the others.
    const random = uniforms(77);
    const logTrace = ({ covariance }: Normal) => Math.log(covariance.reduce((sum, row, i) => sum + row[i], 0));
    const rates = range(1, 400).map(() => {
      let model = standard(3);
      let early = 0;
      for (let m = 1; m <= 70; m++) {
        model = estimate(drawSamples(model, 8, random), false);
        if (m === 40) early = logTrace(model);
      }
      return (early - logTrace(model)) / 30;
    });
    const mean = rates.reduce((sum, x) => sum + x, 0) / rates.length;
    const error = Math.sqrt(rates.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / rates.length;
    expect(Math.abs(mean - collapseRate(8, 'mle'))).toBeLessThan(5 * error);
  });

  test.each([
    ['mle', 5, 0.001, 1],
    ['mle', 30, 0.01, 1],
    ['unbiased', 10, 0.001, 1],
    ['mle', 10, 0.01, 0.7],
  ] as const)('collapse time in one dimension: %s, n = %i, below %d, temperature %d', (estimator, n, threshold, temperature) => {
    const random = uniforms(60 + n);
    const times = range(1, 4000).map(() => {
      let variance = 1;
      let m = 0;
      while (variance >= threshold) {
        let chi = 0;
        for (let i = 1; i < n; i++) chi += normal(random) ** 2;
        variance *= (chi / (estimator === 'mle' ? n : n - 1)) * (m === 0 ? 1 : temperature);
        m++;
      }
      return m;
    });
    const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
    const error = Math.sqrt(times.reduce((sum, t) => sum + (t - mean) ** 2, 0)) / times.length;
    const time = gaussianCollapseTime(n, estimator, threshold, temperature)!;
    expect(mean).toBeGreaterThan(time.lower - 5 * error);
    expect(mean).toBeLessThan(time.upper + 5 * error);
    expect(Math.abs(mean - time.mean), `${mean} +- ${error}, law ${JSON.stringify(time)}`).toBeLessThan(5 * error);
  });

  test('bad input', () => {
    expect(() => logDeterminantIncrement(3, 3, 'mle')).toThrow(/^sampleSize: got 3; allowed: above the dimension, 3/);
    expect(() => gaussianMoments({ schedule: { kind: 'fully-synthetic', sampleSize: 1 }, estimator: 'unbiased' }, [1])).toThrow(
      /sampleSize: got 1/,
    );
    const one = { kind: 'fresh', real: 1, synthetic: 1 } as const;
    expect(() => gaussianMoments({ schedule: one, estimator: 'unbiased' }, [1])).toThrow(/^estimator: got "unbiased"/);
    expect(gaussianCollapseTime(10, 'mle', 0.01, 1.5)).toBeUndefined();
  });
});

describe('golden-ratio weighting', () => {
  test('the golden share is the optimum of the law for fresh data, in the limit; the exact one is the optimum for every n', () => {
    for (const [real, synthetic] of [
      [10, 10],
      [50, 7],
      [3, 90],
      [1e6, 2e6],
    ]) {
      const drift = (share: number) => goldenRatio.freshStationary(real, synthetic, share).drift;
      const best = goldenRatio.bestFreshShare(real, synthetic);
      const least = drift(best);
      for (let i = 1; i <= 999; i++) expect(drift(i / 1000)).toBeGreaterThanOrEqual(least * (1 - 1e-14));
      const golden = goldenRatio.goldenShare(real / synthetic);
      expect(Math.abs(golden - best)).toBeLessThan(0.5 / Math.min(real, synthetic));
    }
    expect(goldenRatio.goldenShare(1)).toBeCloseTo((Math.sqrt(5) - 1) / 2, 15);
    expect(goldenRatio.bestFreshShare(1e12, 1e12)).toBeCloseTo(goldenRatio.goldenShare(1), 11);
  });

  test('the long run is where the recursions lead, fresh and fixed, both estimators', () => {
    for (const share of [0.3, 0.618, 0.9]) {
      for (const estimator of ['mle', 'unbiased'] as const) {
        const weighting = { kind: 'real-share', share } as const;
        const fresh = gaussianMoments({ schedule: { kind: 'fresh', real: 7, synthetic: 12 }, weighting, estimator }, [2000]);
        const law = goldenRatio.freshStationary(7, 12, share, estimator);
        expect(fresh.meanShift[0]).toBeCloseTo(law.drift, 12);
        expect(fresh.variance[0]).toBeCloseTo(law.variance, 12);
      }
      const schedule = { kind: 'partially-synthetic', real: 7, synthetic: 12 } as const;
      const fixed = gaussianMoments({ schedule, weighting: { kind: 'real-share', share }, estimator: 'mle' }, [2000]);
      expect(fixed.meanShift[0]).toBeCloseTo(goldenRatio.fixedStationary(7, 12, share).drift, 12);
    }
  });

  test('with fixed real data every share is worse than the real data alone', () => {
    const drifts = [0.2, 0.4, 0.618, 0.8, 0.99, 1].map((share) => goldenRatio.fixedStationary(20, 20, share).drift);
    for (let i = 1; i < drifts.length; i++) expect(drifts[i]).toBeLessThan(drifts[i - 1]);
    expect(drifts[5]).toBe(1 / 20);
    // Fresh: better than a new real sample alone.
    expect(goldenRatio.freshStationary(20, 20, goldenRatio.goldenShare(1)).drift).toBeLessThan(1 / 20);
  });
});
