// Matrices: the same bytes from native, WASM and JavaScript for every size, and exact answers where numbers are whole.
import { describe, expect, test } from 'vitest';
import { agreed, poison, timesTranspose, type Values } from './support/arrays.js';
import { mulberry32 } from './support/oracle.js';

const SIZES = [...Array.from({ length: 17 }, (_, i) => i + 1), 64];
const random = mulberry32(8);
const reals = (count: number) => Float64Array.from({ length: count }, () => random() * 2 - 1);
const integers = (count: number, most = 4) => Float64Array.from({ length: count }, () => Math.floor(random() * (2 * most + 1)) - most);
/** Keeps the first `columns` columns of the lower triangle; the diagonal is at least 1. */
function lower(values: Float64Array, d: number, columns = d): Float64Array {
  return values.map((x, k) => {
    const [i, j] = [k % d, Math.floor(k / d)];
    if (j >= columns || i < j) return 0;
    return i === j ? Math.abs(x) + 1 : x;
  });
}
const transpose = (a: Values, d: number) => Float64Array.from({ length: d * d }, (_, at) => a[Math.floor(at / d) + (at % d) * d]);
const plain = (a: Float64Array) => Array.from(a, (x) => x + 0);

// Each operation by its two callers.
const factorise = (s: Values, d: number, most = d) =>
  agreed(
    [s],
    (p, [a]) => p.cholesky(a, d, most),
    (f, [a]) => f.cholesky(a, d, most),
  );
const lowerLower = (l: Values, a: Values, d: number, columns: number) =>
  agreed(
    [l, a, poison(d * d)],
    (p, v) => p.lowerTimesLower(v[0], v[1], d, columns, v[2]) as undefined,
    (f, at) => f.lowerTimesLower(at[0], at[1], d, columns, at[2]) as undefined,
  ).arrays[2];
const lowerTranspose = (l: Values, d: number, columns: number) =>
  agreed(
    [l, poison(d * d)],
    (p, v) => p.lowerTimesTranspose(v[0], d, columns, v[1]) as undefined,
    (f, at) => f.lowerTimesTranspose(at[0], d, columns, at[1]) as undefined,
  ).arrays[1];
const substitute = (name: 'forwardSubstitute' | 'backSubstitute', l: Values, x: Values, d: number) =>
  agreed(
    [l, x],
    (p, v) => p[name](v[0], d, v[1]) as undefined,
    (f, at) => f[name](at[0], d, at[1]) as undefined,
  ).arrays[1];
const lowerVector = (l: Values, d: number, columns: number, x: Values) =>
  agreed(
    [l, x, poison(d)],
    (p, v) => p.lowerTimesVector(v[0], d, columns, v[1], v[2]) as undefined,
    (f, at) => f.lowerTimesVector(at[0], d, columns, at[1], at[2]) as undefined,
  ).arrays[2];
const transposedVector = (l: Values, d: number, x: Values) =>
  agreed(
    [l, x, poison(d)],
    (p, v) => p.lowerTransposedTimesVector(v[0], d, v[1], v[2]) as undefined,
    (f, at) => f.lowerTransposedTimesVector(at[0], d, at[1], at[2]) as undefined,
  ).arrays[2];
const logDeterminant = (l: Values, d: number) =>
  agreed(
    [l],
    (p, [a]) => p.logDeterminant(a, d),
    (f, [a]) => f.logDeterminant(a, d),
  ).result;
const addProduct = (c: Values, a: Values, b: Values, rows: number, columns: number, count: number, transposed: boolean, sign: number) =>
  agreed(
    [c, a, b],
    (p, v) => p.addProduct(v[0], v[1], v[2], rows, columns, count, transposed ? 1 : 0, sign) as undefined,
    (f, at) =>
      f.addProduct(
        at[0],
        rows * 8,
        rows,
        columns,
        at[1],
        rows * 8,
        at[2],
        transposed ? columns * 8 : 8,
        transposed ? 8 : count * 8,
        count,
        sign,
      ) as undefined,
  ).arrays[0];
const timesVector = (a: Values, rows: number, columns: number, x: Values) =>
  agreed(
    [a, x, poison(rows)],
    (p, v) => p.timesVector(v[0], rows, columns, v[1], v[2]) as undefined,
    (f, at) => f.timesVector(at[0], rows, columns, at[1], at[2]) as undefined,
  ).arrays[2];
const bartlett = (seed: number, d: number, nu: number) =>
  agreed(
    [poison(d * d)],
    (p, v) => p.bartlett(seed, v[0], d, nu) as undefined,
    (f, at) => f.bartlett(at[0], d, nu) as undefined,
    seed,
  ).arrays[0];
const wishart = (seed: number, l: Values, d: number, nu: number) =>
  agreed(
    [l, poison(d * d), poison(d * d)],
    (p, v) => p.wishart(seed, v[0], d, nu, v[1], v[2]) as undefined,
    (f, at) => f.wishart(at[0], d, nu, at[1], at[2]) as undefined,
    seed,
  ).arrays;

describe.each(SIZES)('d = %d: the same bytes on all backends', (d) => {
  test('whole numbers: exact products, factors and solutions', () => {
    for (const columns of new Set([0, 1, Math.floor(d / 2), d])) {
      const l = lower(integers(d * d), d);
      const a = lower(integers(d * d), d, columns);
      const x = integers(d);
      const square = timesTranspose(a, a, d);
      expect(plain(lowerLower(l, a, d, columns))).toEqual(plain(timesTranspose(l, transpose(a, d), d)));
      expect(plain(lowerTranspose(a, d, columns))).toEqual(plain(square));
      const product = lowerVector(l, d, columns, x.subarray(0, columns));
      expect(plain(product)).toEqual(
        Array.from({ length: d }, (_, i) => x.subarray(0, columns).reduce((s, xk, k) => s + l[i + k * d] * xk, 0)),
      );
      // A trapezoid with positive whole numbers on its diagonal is the factor of its square, whatever the rank.
      const { arrays, result } = factorise(square, d);
      expect(plain(arrays[0])).toEqual(plain(a));
      expect(result).toBe(columns);
    }
    const l = lower(integers(d * d), d);
    const x = integers(d);
    expect(plain(substitute('forwardSubstitute', l, lowerVector(l, d, d, x), d))).toEqual(plain(x));
    expect(plain(substitute('backSubstitute', l, transposedVector(l, d, x), d))).toEqual(plain(x));
    const diagonal = lower(new Float64Array(d * d), d).map((one) => 4 * one);
    expect(logDeterminant(diagonal, d)).toBeCloseTo(2 * d * Math.log(4), 10);
    expect(logDeterminant(lower(diagonal, d, d - 1), d)).toBe(-Infinity);
  });

  test('general products, both signs', () => {
    for (const [rows, columns, count] of [
      [d, d, d],
      [d, 1, d],
      [d + 1, 5, Math.floor(d / 2)],
      [1, d, 3],
    ]) {
      for (const transposed of [false, true]) {
        const [c, a, b] = [integers(rows * columns), integers(rows * count), integers(count * columns)];
        const sign = transposed ? -1 : 1;
        const got = addProduct(c, a, b, rows, columns, count, transposed, sign);
        const expected = c.map((value, at) => {
          const [i, j] = [at % rows, Math.floor(at / rows)];
          let sum = value;
          for (let k = 0; k < count; k++) sum += sign * a[i + k * rows] * (transposed ? b[j + k * columns] : b[k + j * count]);
          return sum;
        });
        expect(plain(got)).toEqual(plain(expected));
        addProduct(reals(rows * columns), reals(rows * count), reals(count * columns), rows, columns, count, transposed, sign);
      }
      const [a, x] = [integers(rows * count), integers(count)];
      const y = Array.from({ length: rows }, (_, i) => x.reduce((sum, xk, k) => sum + a[i + k * rows] * xk, 0));
      expect(plain(timesVector(a, rows, count, x))).toEqual(y.map((value) => value + 0));
    }
  });

  test('real numbers: small residuals; covariances of too few points are factored without NaN', () => {
    const l = lower(reals(d * d), d);
    const x = reals(d);
    lowerLower(l, lower(reals(d * d), d), d, d);
    const solved = substitute('backSubstitute', l, substitute('forwardSubstitute', l, x, d), d);
    const back = timesVector(lowerTranspose(l, d, d), d, d, solved);
    const condition = 1e3 ** Math.min(d, 20);
    back.forEach((value, i) => expect(Math.abs(value - x[i])).toBeLessThan(1e-13 * d * Math.min(condition, 1e9)));
    for (const rank of new Set([1, Math.floor(d / 2), d - 1, d])) {
      if (rank === 0) continue;
      const points = reals(d * d);
      const s = timesTranspose(points, points, d, rank);
      // One row twice: its second pivot is 0 in the middle of the matrix.
      const twice =
        d > 2
          ? timesTranspose(...([0, 1].map(() => points.map((v, k) => (k % d === 1 ? points[k - 1] : v))) as [Values, Values]), d, rank)
          : s;
      for (const matrix of [s, twice]) {
        const most = matrix === twice && d > 2 ? Math.min(rank, d - 1) : rank;
        const { arrays, result } = factorise(matrix, d, most);
        const again = timesTranspose(arrays[0], arrays[0], d);
        expect(Math.max(...again.map((value, k) => Math.abs(value - matrix[k])))).toBeLessThan(1e-12 * d);
        expect(arrays[0].every(Number.isFinite)).toBe(true);
        const columns = Array.from({ length: d }, (_, j) => arrays[0].subarray(j * d, (j + 1) * d).some((value) => value !== 0));
        expect(columns.filter(Boolean).length).toBe(result);
        expect(result).toBe(most);
        // Where the rank is not known, rounding may find more, but no NaN.
        const unknown = factorise(matrix, d);
        expect(unknown.result).toBeGreaterThanOrEqual(most);
        expect(unknown.arrays[0].every(Number.isFinite)).toBe(true);
        const solution = substitute('backSubstitute', arrays[0], substitute('forwardSubstitute', arrays[0], x, d), d);
        expect(solution.every(Number.isFinite)).toBe(true);
      }
    }
    expect(factorise(new Float64Array(d * d), d)).toEqual({ arrays: [new Float64Array(d * d)], result: 0 });
  });

  test('Bartlett factors and Wishart matrices', () => {
    const l = lower(reals(d * d), d);
    for (const nu of new Set([0, 1, d - 1, d, d + 0.5, 3 * d, 1e6, 1e12])) {
      const a = bartlett(d, d, nu);
      const [, s, factor] = wishart(d, l, d, nu);
      expect([...a, ...s, ...factor].every(Number.isFinite)).toBe(true);
      const columns = Math.min(d, nu);
      a.forEach((value, k) => {
        const [i, j] = [k % d, Math.floor(k / d)];
        if (i < j || j >= columns) expect(value).toBe(0);
        else if (i === j) expect(value).toBeGreaterThan(0);
        else expect(Math.abs(value)).toBeLessThan(9);
      });
      expect(Array.from(s)).toEqual(Array.from(transpose(s, d)));
      if (nu < d) expect(factorise(s, d, nu).result).toBe(nu);
    }
  });
});
