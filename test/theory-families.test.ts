/** Predictions by metric name for weights, errors, verifiers, custom schedules and the Gaussian; and from specs to laws. */
import { describe, expect, test } from 'vitest';
import { predictSpec } from '../dist/cli/theory/predict.js';
import { distribution, errorAccumulation, gaussian, gaussianPrediction, prediction, training } from '../dist/theory/index.js';

const { predict } = prediction;
const { predictGaussian } = gaussianPrediction;
const p = [0.4, 0.3, 0.2, 0.1];
const other = [0.5, 0.3, 0.2];
const generations = [1, 2, 7];
const metrics = ['simpson', 'max', 'support', 'l2-first', 'l2-truth', 'outside-truth', 'probability:0', 'probability:5'];
const question = { generations, metrics };
const watched = { 'probability:0': 0.4, 'probability:5': 0 };
const replaced = { kind: 'fully-synthetic', sampleSize: 20 } as const;
const partial = { kind: 'partially-synthetic', real: 10, synthetic: 10 } as const;

describe('categorical', () => {
  const context = { p, weight: 1, vocabulary: 6, watched };

  test('without errors shares stay where they are and nothing is outside', () => {
    const { expected } = predict([{ ...context, law: replaced }], question);
    expect(Object.keys(expected)).toEqual(metrics.filter((name) => name !== 'max'));
    expect(expected['outside-truth']).toEqual([0, 0, 0]);
    expect(expected['probability:0']).toEqual([0.4, 0.4, 0.4]);
    expect(expected['probability:5']).toEqual([0, 0, 0]);
  });

  test('with errors: their laws, and no law of collapse, support or bound', () => {
    const error = { size: 0.1 };
    const answer = predict([{ ...context, law: replaced, error }], question);
    expect(Object.keys(answer.expected)).toEqual(metrics.filter((name) => name !== 'max' && name !== 'support'));
    expect(answer).not.toHaveProperty('collapseTime');
    expect(answer.bounds).toEqual({});
    const weights = generations.map((m) => errorAccumulation.replaceWeight(m, 0.1));
    weights.forEach((weight, i) => {
      expect(answer.expected['outside-truth'][i]).toBeCloseTo(1 - weight, 13);
      expect(answer.expected['probability:0'][i]).toBeCloseTo(0.4 * weight, 13);
      expect(answer.expected['probability:5'][i]).toBeCloseTo((1 - weight) / 2, 13);
    });
    // No tokens outside: no error.
    expect(predict([{ ...context, vocabulary: 4, law: replaced, error }], question)).toHaveProperty('collapseTime');
    const half = { keepInside: 1, keepOutside: 0.5 };
    expect(predict([{ ...context, law: replaced, error, verifier: half }], question).expected).toEqual({});
  });

  test('weights: none under fully synthetic training; elsewhere no bound of the papers, but the types of kept real data', () => {
    const weighting = { kind: 'real-weight', weight: 3 } as const;
    expect(predict([{ ...context, law: replaced, weighting }], question)).toEqual(predict([{ ...context, law: replaced }], question));
    const [plain, weighted] = [undefined, weighting].map((each) => predict([{ ...context, law: partial, weighting: each }], question));
    expect(weighted.expected.support).toEqual(plain.expected.support);
    expect(weighted.expected['l2-truth'][2]).toBeLessThan(plain.expected['l2-truth'][2]);
    expect(plain.bounds).toHaveProperty('l1-first');
    expect(weighted.bounds).toEqual({});
  });

  test('a custom schedule that is fully synthetic has its law of collapse', () => {
    const law = { kind: 'custom', sources: [{ from: 'model', size: 20 }], first: 20 } as const;
    expect(predict([{ ...context, law }], question)).toEqual(predict([{ ...context, law: replaced }], question));
    const later = predict([{ ...context, law: { ...law, first: 30 } }], question);
    expect(later).not.toHaveProperty('collapseTime');
    expect(later.expected.simpson[0]).toBeCloseTo(1 - (1 - distribution.simpson(p)) * (1 - 1 / 30), 14);
  });

  test('contexts of different supports are averaged by weight', () => {
    const law = { kind: 'accumulate', real: 6, synthetic: 4 } as const;
    const error = { size: 0.3, tokens: 'vocabulary' } as const;
    const parts = [
      { law, error, p, weight: 0.3, vocabulary: 6, watched },
      { law, error, p: other, weight: 0.7, vocabulary: 6, watched: { 'probability:0': 0.5, 'probability:5': 0 } },
    ];
    const all = predict(parts, question).expected;
    const each = parts.map((part) => predict([{ ...part, weight: 1 }], question).expected);
    for (const name of Object.keys(all)) {
      all[name].forEach((value, i) => {
        expect(value).toBeCloseTo(0.3 * each[0][name][i] + 0.7 * each[1][name][i], 13);
      });
    }
    expect(Object.keys(all)).toHaveLength(6);
  });

  test('what would take minutes is left out', () => {
    const law = { kind: 'randomly-sampled', sampleSize: 1e12 } as const;
    const weighting = { kind: 'real-weight', weight: 2 } as const;
    expect(predict([{ ...context, law, weighting }], { generations: [1e5], metrics }).expected).toEqual({});
  });
});

describe('Gaussian', () => {
  const one = { schedule: replaced, estimator: 'mle', dimension: 1, collapseVariance: 0.001 } as const;
  const names = ['variance', 'log-determinant', 'mean-shift', 'kl-truth', 'log-increment'];

  test('fully synthetic: everything, and the collapse time with its error', () => {
    const { expected, collapseTime } = predictGaussian(one, { generations, metrics: names });
    expect(Object.keys(expected)).toEqual(names);
    const step = gaussian.logDeterminantIncrement(20, 1, 'mle').mean;
    expect(expected['log-determinant'][2]).toBeCloseTo(7 * step, 13);
    expect(expected['kl-truth'][2]).toBeCloseTo(-3.5 * step, 13);
    expect(collapseTime).toMatchObject({ approximation: 'wald' });
    expect(collapseTime?.relativeError).toBeLessThan(0.05);
    expect(predictGaussian({ ...one, dimension: 2 }, { generations, metrics: names })).not.toHaveProperty('collapseTime');
  });

  test('singular from the start; and other schedules have means only', () => {
    const flat = predictGaussian({ ...one, dimension: 30 }, { generations, metrics: names }).expected;
    expect(flat['log-determinant']).toEqual([-Infinity, -Infinity, -Infinity]);
    expect(flat['kl-truth']).toEqual([Infinity, Infinity, Infinity]);
    expect(flat).not.toHaveProperty('log-increment');
    const fresh = predictGaussian({ ...one, schedule: { kind: 'fresh', real: 5, synthetic: 5 } }, { generations, metrics: names });
    expect(Object.keys(fresh.expected)).toEqual(['variance', 'mean-shift']);
    expect(() => predictGaussian(one, { generations: 'until-collapse', metrics: names })).toThrow(/^generations: got "until-collapse"/);
  });
});

describe('from a spec', () => {
  const truth = {
    vocabulary: 6,
    contexts: [{ label: '0', weight: 1, count: 30, tokens: Int32Array.of(0, 1, 2, 3), p: Float64Array.from(p) }],
  };
  const spec = (fields: object): never =>
    ({ model: { kind: 'categorical' }, schedule: replaced, sampling: { kind: 'plain' }, generations: 3, metrics, ...fields }) as never;

  test('schedule, weighting, error and verifier reach the laws', () => {
    const fields = {
      model: { kind: 'categorical', error: { size: [0.1, 0.2], tokens: 'vocabulary' } },
      schedule: {
        kind: 'custom',
        sources: [
          { from: 'real', size: 'corpus', draw: 'fresh' },
          { from: 'model', back: 1, size: 12 },
        ],
      },
      weighting: { kind: 'real-weight', weight: 2 },
      sampling: { kind: 'verifier', keepInside: 0.5, keepOutside: 0 },
    };
    const { prediction: answer, absent } = predictSpec(spec(fields), truth);
    const law = {
      schedule: { kind: 'fresh', real: 30, synthetic: 12 },
      weighting: { kind: 'real-weight', weight: 2 },
      error: { size: [0.1, 0.2], tokens: 'vocabulary' },
      verifier: { keepInside: 0.5, keepOutside: 0 },
    } as const;
    const moments = training.trainingMoments(law, { simpson0: distribution.simpson(p), support: 4, vocabulary: 6 }, [1, 2, 3])!;
    expect(answer.expected.simpson).toEqual(moments.simpson);
    expect(answer.expected['outside-truth']).toEqual(moments.outside);
    expect(absent).toEqual(['max', 'support']);
  });

  test('under other sampling rules only what no rule can bring', () => {
    const hot = { sampling: { kind: 'temperature', temperature: 2 } };
    expect(predictSpec(spec(hot), truth).prediction.expected).toEqual({ 'outside-truth': [0, 0, 0] });
    const both = { ...hot, model: { kind: 'categorical', error: { size: 0.1 } } };
    expect(predictSpec(spec(both), truth).prediction.expected).toEqual({});
    expect(() => predictSpec(spec(both), { ...truth, vocabulary: 4 })).toThrow(/^model\.error\.tokens: got "outside"; allowed: "support"/);
  });

  test('a Gaussian needs no truth', () => {
    const model = { kind: 'gaussian', dimension: 2, estimator: 'unbiased', collapseVariance: 0.01 };
    const fields = { model, sampling: { kind: 'temperature', temperature: 0.5 }, metrics: ['variance', 'max'] };
    const { prediction: answer, absent } = predictSpec(spec(fields));
    answer.expected.variance.forEach((value, i) => {
      expect(value).toBeCloseTo(0.5 ** i, 14);
    });
    expect(absent).toEqual(['max']);
  });
});
