/** Wang et al.: how errors of each generation accumulate, against the closed forms of the paper computed the long way. */
import { describe, expect, test } from 'vitest';
import { errorAccumulation } from '../dist/theory/index.js';
import { uniforms } from './support/samples.js';

const { replaceErrors, accumulateSubsampleErrors, replaceWeight, accumulateSubsampleWeight, accumulateSubsampleExponent } =
  errorAccumulation;

const corpus = [0.76, 0.05, 0.19];

function randomErrors(models: number, seed: number): number[][] {
  const random = uniforms(seed);
  return Array.from({ length: models }, () => corpus.map(() => random() / 10));
}

const total = (errors: readonly number[]) => errors.reduce((sum, alpha) => sum + alpha, 0);

describe('replace', () => {
  test('is the closed form: the corpus and all errors so far, each with its own factor', () => {
    const errors = randomErrors(12, 1);
    const { models, realWeight } = replaceErrors(corpus, errors);
    for (let n = 1; n <= errors.length; n++) {
      const growth = errors.slice(0, n).reduce((product, alpha) => product * (1 + total(alpha)), 1);
      corpus.forEach((q, i) => {
        let sum = q;
        let before = 1;
        for (const alpha of errors.slice(0, n)) {
          sum += alpha[i] * before;
          before *= 1 + total(alpha);
        }
        expect(models[n - 1][i]).toBeCloseTo(sum / growth, 14);
      });
      expect(realWeight[n - 1]).toBeCloseTo(1 / growth, 14);
      expect(models[n - 1].reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 14);
    }
  });

  test('the weight of the corpus falls geometrically', () => {
    const { realWeight } = replaceErrors(
      corpus,
      Array.from({ length: 200 }, () => [0.01, 0.02, 0.02]),
    );
    realWeight.forEach((weight, i) => {
      expect(weight / replaceWeight(i + 1, 0.05)).toBeCloseTo(1, 12);
    });
    expect(replaceWeight(1000, 0.05)).toBeLessThan(1e-21);
  });
});

describe('accumulate-subsample', () => {
  test.each([0.25, 1, 3])('rate %s: the training set is that of the whole pool', (rate) => {
    const errors = randomErrors(15, 2);
    const { models } = accumulateSubsampleErrors(corpus, errors, rate);
    // The pool itself: one corpus, and `rate` corpus sizes of every model.
    let pool = [...corpus];
    let size = 1;
    errors.forEach((alpha, j) => {
      corpus.forEach((_, i) => {
        expect(models[j][i]).toBeCloseTo((pool[i] / size + alpha[i]) / (1 + total(alpha)), 14);
      });
      pool = pool.map((amount, i) => amount + rate * models[j][i]);
      size += rate;
    });
  });

  test('the weight of the corpus is the product of the paper, and falls like a power of the generation', () => {
    const errors = Array.from({ length: 400 }, () => [0.1, 0.2, 0.2]);
    for (const rate of [0.25, 1, 3]) {
      const { realWeight } = accumulateSubsampleErrors(corpus, errors, rate);
      let product = 1;
      for (let n = 1; n <= errors.length; n++) {
        expect(realWeight[n - 1] / (product / 1.5)).toBeCloseTo(1, 12);
        expect(accumulateSubsampleWeight(n, 0.5, rate) / realWeight[n - 1]).toBeCloseTo(1, 11);
        product *= 1 - (rate * 0.5) / (1.5 * (1 + rate * n));
      }
      const slope = Math.log(accumulateSubsampleWeight(2e9, 0.5, rate) / accumulateSubsampleWeight(1e9, 0.5, rate)) / Math.log(2);
      expect(slope).toBeCloseTo(-accumulateSubsampleExponent(0.5), 8);
    }
    expect(accumulateSubsampleExponent(0.5)).toBeCloseTo(1 / 3, 15);
  });

  test('it forgets later than replace, but forgets: the word drifts to what the errors say', () => {
    const errors = Array.from({ length: 3000 }, () => [0.01, 0.03, 0.01]);
    const kept = accumulateSubsampleErrors(corpus, errors, 1);
    const replaced = replaceErrors(corpus, errors);
    expect(replaced.models[299][1]).toBeCloseTo(0.6, 5);
    expect(kept.models[299][1]).toBeLessThan(0.3);
    expect(kept.models[2999][1]).toBeGreaterThan(kept.models[299][1]);
  });
});

test('bad input is refused', () => {
  expect(() => replaceErrors(corpus, [[0.1, 0.1]])).toThrow(/^errors\[0\]: got "2 numbers"/);
  expect(() => replaceErrors(corpus, [[0.1, -0.1, 0]])).toThrow(/^errors\[0\]\[1\]: got -0.1/);
  expect(() => accumulateSubsampleErrors(corpus, [], 0)).toThrow(/^rate: got 0/);
  expect(() => accumulateSubsampleWeight(0, 0.1, 1)).toThrow(/^generations: got 0/);
});
