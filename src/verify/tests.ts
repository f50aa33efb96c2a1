/** Tests: from what was measured and what was predicted to a statistic, a p-value and the smallest effect that can be seen. */
import { FALSE_ALARM_RATE, type Measurement } from './check.js';
import { binomialTest, chiSquareCritical, chiSquareTail, fisherTail, studentCritical, studentTail } from './tails.js';

/** Standard errors beyond the limit at which an effect is seen 99.87 % of the time. */
const MARGIN = 3;
const criticalZ = Math.sqrt(chiSquareCritical(FALSE_ALARM_RATE, 1));

/** Values whose spread is below this part of them differ by rounding only. */
const ROUNDING = 1e-12;

export interface Sample {
  mean: number;
  /** Of the mean. */
  standardError: number;
  size: number;
}

/** Mean and standard error of independent values. */
export function sampleOf(values: ArrayLike<number>): Sample {
  const size = values.length;
  let mean = 0;
  for (let i = 0; i < size; i++) mean += values[i] / size;
  let squares = 0;
  for (let i = 0; i < size; i++) squares += (values[i] - mean) ** 2;
  return { mean, standardError: Math.sqrt(squares / (size - 1) / size), size };
}

function z(difference: number, standardError: number, scale: number): number {
  if (standardError > ROUNDING * scale) return difference / standardError;
  // Without any spread nothing is left to chance.
  return Math.abs(difference) <= ROUNDING * scale ? 0 : Math.sign(difference) * Number.POSITIVE_INFINITY;
}

/** Student's t: with few replicates the limit law would raise too many alarms. */
function student(statistic: number, size: number): Pick<Measurement, 'statistic' | 'pValue'> {
  return { statistic, pValue: studentTail(statistic, size - 1) };
}

/** Standard errors that an effect needs to be seen. */
function visibleErrors(size: number): number {
  return studentCritical(FALSE_ALARM_RATE, size - 1) + MARGIN;
}

/** Is the mean of `values` the predicted one? Two-sided. `scale`: what the smallest effect is relative to. */
export function meanTest(values: ArrayLike<number>, predicted: number, scale = Math.abs(predicted)): Measurement {
  const { mean, standardError, size } = sampleOf(values);
  const statistic = z(mean - predicted, standardError, Math.abs(predicted));
  const smallestEffect = (visibleErrors(size) * standardError) / scale;
  return { ...student(statistic, size), smallestEffect, predicted, measured: mean, replicates: size };
}

/** Have two independent samples the same mean? */
export function sameMeanTest(a: ArrayLike<number>, b: ArrayLike<number>): Measurement {
  const [one, other] = [sampleOf(a), sampleOf(b)];
  const standardError = Math.hypot(one.standardError, other.standardError);
  const statistic = z(one.mean - other.mean, standardError, Math.abs(other.mean));
  const smallestEffect = (visibleErrors(one.size) * standardError) / Math.abs(other.mean);
  return { ...student(statistic, one.size), smallestEffect, predicted: other.mean, measured: one.mean, replicates: one.size };
}

/** Cells of `sameLawTest`. */
const SAME_LAW_CELLS = 20;

/** Have two independent samples of equal size the same law? Chi-square over cells that together hold equal parts of both. */
export function sameLawTest(a: ArrayLike<number>, b: ArrayLike<number>): Measurement {
  const both = Float64Array.from([...Array.from(a), ...Array.from(b)]).sort();
  const cuts = Array.from({ length: SAME_LAW_CELLS - 1 }, (_, i) => both[Math.round(((i + 1) * both.length) / SAME_LAW_CELLS)]);
  const edges = [...new Set(cuts)];
  const counts = [a, b].map((values) => {
    const cells = new Float64Array(edges.length + 1);
    for (let i = 0; i < values.length; i++) cells[edges.filter((edge) => edge <= values[i]).length]++;
    return cells;
  });
  let statistic = 0;
  counts[0].forEach((count, i) => {
    if (count + counts[1][i] > 0) statistic += (count - counts[1][i]) ** 2 / (count + counts[1][i]);
  });
  const size = a.length;
  const wrong = Array.from(both).some((value) => Number.isNaN(value));
  return {
    statistic: wrong ? Number.NaN : statistic,
    pValue: wrong ? Number.NaN : chiSquareTail(statistic, edges.length),
    // Of the difference between the two, which has twice the variance.
    smallestEffect: Math.sqrt((2 * visible(edges.length)) / size),
    replicates: size,
  };
}

/** Did `successes` of `trials` have the predicted probability? Exact, randomised by `u`. */
export function proportionTest(successes: number, trials: number, predicted: number, u: number): Measurement {
  const error = Math.sqrt((predicted * (1 - predicted)) / trials);
  return {
    statistic: (successes / trials - predicted) / error,
    pValue: binomialTest(successes, trials, predicted, u),
    smallestEffect: ((criticalZ + MARGIN) * error) / predicted,
    predicted,
    measured: successes / trials,
    replicates: trials,
  };
}

/** Cells that expect fewer than this are put together: the chi-square law is a limit. */
const LEAST_EXPECTED = 25;

/** Have counts of outcomes the predicted probabilities? Pearson's chi-square. */
export function lawTest(observed: ArrayLike<number>, probability: ArrayLike<number>): Measurement & { pValue: number } {
  let size = 0;
  for (let i = 0; i < observed.length; i++) size += observed[i];
  let statistic = 0;
  let cells = 0;
  let [restObserved, restExpected] = [0, 0];
  let impossible = 0;
  const addCell = (count: number, expected: number) => {
    statistic += (count - expected) ** 2 / expected;
    cells++;
  };
  for (let i = 0; i < Math.max(observed.length, probability.length); i++) {
    const count = observed[i] ?? 0;
    const expected = (probability[i] ?? 0) * size;
    if (!(expected > 0)) impossible += count;
    else if (expected >= LEAST_EXPECTED) addCell(count, expected);
    else {
      restObserved += count;
      restExpected += expected;
      if (restExpected < LEAST_EXPECTED) continue;
      addCell(restObserved, restExpected);
      [restObserved, restExpected] = [0, 0];
    }
  }
  // What is left expects too little for the limit law; 60 more than that (under 25) are no chance event.
  if (restObserved > restExpected + 60) impossible += restObserved;
  if (impossible > 0) statistic = Number.POSITIVE_INFINITY;
  const degrees = Math.max(1, cells - 1);
  return { statistic, pValue: chiSquareTail(statistic, degrees), smallestEffect: Math.sqrt(visible(degrees) / size), replicates: size };
}

/** Visits that a row needs to be tested by itself. */
const LEAST_VISITS = 1600;

/**
 * Have the cells of every row the predicted probabilities? Each row has a chi-square test; the p-value is that of the smallest of
 * theirs. Rows with few visits are put together.
 */
export function rowsTest(rows: readonly Float64Array[], probability: readonly number[]): Measurement {
  const visits = (row: Float64Array) => row.reduce((sum, count) => sum + count, 0);
  const rest = new Float64Array(probability.length);
  const tested = rows.filter((row) => {
    const enough = visits(row) >= LEAST_VISITS;
    if (!enough) row.forEach((count, i) => (rest[i] += count));
    return enough;
  });
  if (visits(rest) >= LEAST_VISITS) tested.push(rest);
  const total = tested.reduce((sum, row) => sum + visits(row), 0);
  const found = tested.map((row) => lawTest(row, probability));
  const { statistic, pValue } = found.reduce((least, one) => (one.pValue < least.pValue ? one : least));
  // Of one row, visited as often as the average row.
  const smallestEffect = Math.sqrt((visible(probability.length - 1, FALSE_ALARM_RATE / tested.length) * tested.length) / total);
  return { statistic, pValue: -Math.expm1(tested.length * Math.log1p(-pValue)), smallestEffect, replicates: total };
}

/** The non-centrality of a chi-square statistic that is seen 99.87 % of the time (by its mean and variance). */
function visible(degrees: number, alarm = FALSE_ALARM_RATE): number {
  const critical = chiSquareCritical(alarm, degrees);
  let low = 0;
  let high = 10 * critical + 100;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (degrees + middle - MARGIN * Math.sqrt(2 * (degrees + 2 * middle)) < critical) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Is a whole curve the predicted one? Hotelling's T^2 of the means of several values a replicate (row-major).
 */
export function curveTest(values: ArrayLike<number>, predicted: readonly number[]): Measurement {
  const columns = predicted.length;
  const rows = values.length / columns;
  const mean = new Float64Array(columns);
  for (let r = 0; r < rows; r++) for (let k = 0; k < columns; k++) mean[k] += values[r * columns + k] / rows;
  const covariance = predicted.map(() => new Float64Array(columns));
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < columns; i++) {
      const a = values[r * columns + i] - mean[i];
      for (let j = 0; j <= i; j++) covariance[i][j] += (a * (values[r * columns + j] - mean[j])) / (rows - 1);
    }
  }
  const difference = predicted.map((value, k) => mean[k] - value);
  const statistic = rows * squaredNorm(covariance, difference);
  const perUnit = squaredNorm(covariance, predicted);
  return {
    statistic,
    pValue: fisherTail((statistic * (rows - columns)) / (columns * (rows - 1)), columns, rows - columns),
    // The same relative error everywhere on the curve.
    smallestEffect: Math.sqrt(visible(columns) / (rows * perUnit)),
    replicates: rows,
  };
}

/** x' S^-1 x by Cholesky's decomposition of S (its lower half); Infinity where S is singular and x is not 0. */
function squaredNorm(s: readonly Float64Array[], x: readonly number[]): number {
  const lower = s.map((row) => row.slice());
  const solved: number[] = [];
  let norm = 0;
  for (let i = 0; i < x.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = s[i][j];
      for (let k = 0; k < j; k++) sum -= lower[i][k] * lower[j][k];
      lower[i][j] = i === j ? Math.sqrt(Math.max(0, sum)) : sum / lower[j][j];
    }
    let rest = x[i];
    for (let k = 0; k < i; k++) rest -= lower[i][k] * solved[k];
    solved[i] = rest === 0 ? 0 : rest / lower[i][i];
    norm += solved[i] ** 2;
  }
  return norm;
}

/** Are pairs of values uncorrelated? The mean product of their deviations against its standard error. Values without spread fail. */
export function uncorrelatedTest(a: ArrayLike<number>, b: ArrayLike<number>): Measurement {
  const n = a.length;
  const [one, other] = [sampleOf(a), sampleOf(b)];
  const products = new Float64Array(n);
  for (let i = 0; i < n; i++) products[i] = (a[i] - one.mean) * (b[i] - other.mean);
  const { mean, standardError } = sampleOf(products);
  const spread = one.standardError * other.standardError * n;
  const statistic = spread > 0 ? mean / standardError : Number.POSITIVE_INFINITY;
  // As a correlation: that is relative to the spread already.
  const smallestEffect = spread > 0 ? (visibleErrors(n) * standardError) / spread : 1;
  return {
    ...student(statistic, n),
    smallestEffect,
    predicted: 0,
    measured: spread > 0 ? mean / spread : 1,
    replicates: n,
  };
}

/** A check that nothing is left to chance in: how many of the cases looked at were wrong. */
export function violations(wrong: number, cases: number): Measurement {
  return { statistic: wrong, pValue: null, smallestEffect: 0, replicates: cases };
}
