// Matrices and Wishart matrices: the same bytes from native, WASM and JavaScript, exact answers, and the right laws.
import { beforeAll, describe, expect, test } from 'vitest';
import { javascriptKernel, moduleKernel, type PortableKernel, wasmKernel } from './support/kernels.js';
import { nativeProbes, type Probes } from './support/native.js';
import { mulberry32 } from './support/oracle.js';
import { ALPHA, chiSquareTail, criticalZ, goodnessOfFit, sameLaw } from './support/statistics.js';

const TABLE_BYTES = 6152;
const POISON = -123.25;
const SIZES = [...Array.from({ length: 17 }, (_, i) => i + 1), 64];

/** Arrays in, the same arrays as they are afterwards, and what the function returned. */
interface Outcome {
  arrays: Float64Array[];
  result: number;
}
type Values = Float64Array | readonly number[];

let portable: PortableKernel[];
let wasm: PortableKernel;
beforeAll(async () => {
  wasm = await wasmKernel();
  portable = [wasm, javascriptKernel(), moduleKernel()];
});

/** Runs `call` on addresses of copies of the arrays, each between guard words. */
function onPortable(kernel: PortableKernel, arrays: readonly Values[], call: (at: number[]) => number | undefined): Outcome {
  let free = kernel.base + TABLE_BYTES;
  const views = arrays.map((values) => {
    const view = new Float64Array(kernel.buffer, free, values.length + 2).fill(POISON);
    view.set(values, 1);
    free += view.byteLength;
    return view;
  });
  const result = call(views.map((view) => view.byteOffset + 8)) ?? 0;
  return { arrays: views.map(guarded), result };
}

function onNative(arrays: readonly Values[], call: (probes: Probes, views: Float64Array[]) => number | undefined): Outcome {
  const all = arrays.map((values) => {
    const view = new Float64Array(values.length + 2).fill(POISON);
    view.set(values, 1);
    return view;
  });
  const views = all.map((view) => view.subarray(1, -1));
  const result = call(nativeProbes(), views) ?? 0;
  return { arrays: all.map(guarded), result };
}

function guarded(all: Float64Array): Float64Array {
  expect([all[0], all[all.length - 1]]).toEqual([POISON, POISON]);
  return all.slice(1, -1);
}

const bytes = ({ arrays, result }: Outcome) =>
  Buffer.concat([...arrays, Float64Array.of(result)].map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)));

/** Native's outcome, after that of the others has been found to be the same. */
function agreed(
  arrays: readonly Values[],
  native: (probes: Probes, views: Float64Array[]) => number | undefined,
  other: (f: PortableKernel['functions'], at: number[]) => number | undefined,
  seed?: number,
): Outcome {
  const expected = onNative(arrays, native);
  for (const kernel of portable) {
    if (seed !== undefined) {
      kernel.functions.buildNormals(kernel.base);
      kernel.functions.seedStream(seed, 0, 0, 0, 0, 0);
    }
    const got = onPortable(kernel, arrays, (at) => other(kernel.functions, at));
    expect(Buffer.compare(bytes(got), bytes(expected)), kernel.name).toBe(0);
  }
  return expected;
}

const poison = (count: number) => new Float64Array(count).fill(POISON);
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
/** A B', all columns counted. */
function timesTranspose(a: Values, b: Values, d: number, columns = d): Float64Array {
  return Float64Array.from({ length: d * d }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += a[(at % d) + k * d] * b[Math.floor(at / d) + k * d];
    return sum;
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

describe('Wishart matrices: law (alpha 1e-6 each)', () => {
  const d = 4;
  // Whole numbers on purpose: Sigma = L L'.
  const factor = Float64Array.of(1, 2, -1, 0, 0, 3, 1, 1, 0, 0, 2, -2, 0, 0, 0, 1);
  const sigma = timesTranspose(factor, factor, d);
  const critical = criticalZ(ALPHA);

  function draws(nu: number, count: number, use: (s: Float64Array, at: number[]) => void): void {
    wasm.functions.buildNormals(wasm.base);
    wasm.functions.seedStream(nu % 1000, 4, 0, 0, 0, 0);
    onPortable(wasm, [factor, poison(16), poison(16)], (at) => {
      const s = new Float64Array(wasm.buffer, at[1], 16);
      for (let r = 0; r < count; r++) {
        wasm.functions.wishart(at[0], d, nu, at[1], at[2]);
        use(s, at);
      }
      return 0;
    });
  }
  const form = (s: Values, a: readonly number[]) =>
    a.reduce((sum, ai, i) => sum + a.reduce((t, aj, j) => t + ai * aj * s[i + j * d], 0), 0);

  test.each([1, 2, 3, 4, 5, 20, 1e6, 1e12])('nu = %d: means nu Sigma, variances nu (Sigma_ij^2 + Sigma_ii Sigma_jj)', (nu) => {
    const R = 40_000;
    const sums = Array.from({ length: 16 }, () => [0, 0, 0]);
    draws(nu, R, (s) => {
      s.forEach((value, k) => {
        const [i, j] = [k % d, Math.floor(k / d)];
        const z = (value - nu * sigma[k]) / Math.sqrt(nu * (sigma[k] ** 2 + sigma[i + i * d] * sigma[j + j * d]));
        sums[k][0] += z / R;
        sums[k][1] += z ** 2 / R;
        sums[k][2] += z ** 4 / R;
      });
    });
    for (const [mean, square, fourth] of sums) {
      expect(Math.abs(mean) * Math.sqrt(R)).toBeLessThan(critical);
      expect(Math.abs(square - 1) / Math.sqrt((fourth - square ** 2) / R)).toBeLessThan(critical);
    }
  });

  const directions = [
    [1, 0, 0, 0],
    [0, 0, 0, 1],
    [1, -2, 3, 1],
    [0, 1, 1, -1],
  ];

  test.each([1, 2, 3, 4, 7, 30])("nu = %d: a'Sa/a'Sigma a is chi-square with nu degrees of freedom", (nu) => {
    const seen = directions.map(() => new Array<number>(50).fill(0));
    draws(nu, 50_000, (s) => {
      directions.forEach((a, i) => {
        const u = chiSquareTail(form(s, a) / form(sigma, a), nu);
        seen[i][Math.min(49, Math.floor(50 * u))]++;
      });
    });
    for (const counts of seen) expect(goodnessOfFit(counts, new Array<number>(50).fill(1 / 50))).toBeGreaterThan(ALPHA);
  });

  test.each([4, 5, 12])("nu = %d: a'Sigma^-1 a/a'S^-1 a is chi-square with nu - 3 degrees of freedom", (nu) => {
    const f = wasm.functions;
    const seen = directions.map(() => new Array<number>(50).fill(0));
    const inverse = (l: number, x: number, a: readonly number[]) => {
      const vector = new Float64Array(wasm.buffer, x, d);
      vector.set(a);
      f.forwardSubstitute(l, d, x);
      return vector.reduce((sum, value) => sum + value ** 2, 0);
    };
    draws(nu, 50_000, (_, at) => {
      f.cholesky(at[1], d, d);
      directions.forEach((a, i) => {
        const x = inverse(at[0], at[2], a) / inverse(at[1], at[2], a);
        seen[i][Math.min(49, Math.floor(50 * chiSquareTail(x, nu - 3)))]++;
      });
    });
    for (const counts of seen) expect(goodnessOfFit(counts, new Array<number>(50).fill(1 / 50))).toBeGreaterThan(ALPHA);
  });

  test.each([2, 3, 6])("nu = %d: joint law of three entries as that of X'X", (nu) => {
    const R = 40_000;
    const cell = (s: Values) => {
      const correlation = s[3] / Math.sqrt(s[0] * s[15]);
      const other = s[6] / Math.sqrt(s[5] * s[10]);
      const size = chiSquareTail(s[5] / sigma[5], nu);
      return [(correlation + 1) / 2, (other + 1) / 2, size].reduce(
        (index, u) => 5 * index + Math.min(4, Math.max(0, Math.floor(5 * u))),
        0,
      );
    };
    const drawn = new Array<number>(125).fill(0);
    draws(nu, R, (s) => drawn[cell(s)]++);
    const direct = new Array<number>(125).fill(0);
    wasm.functions.seedStream(nu, 99, 0, 0, 0, 0);
    for (let r = 0; r < R; r++) {
      const s = new Float64Array(16);
      for (let n = 0; n < nu; n++) {
        const z = Array.from({ length: d }, () => wasm.functions.normal());
        const x = z.map((_, i) => z.reduce((sum, zk, k) => sum + factor[i + k * d] * zk, 0));
        for (let k = 0; k < 16; k++) s[k] += x[k % d] * x[Math.floor(k / d)];
      }
      direct[cell(s)]++;
    }
    expect(sameLaw(drawn, direct)).toBeGreaterThan(ALPHA);
  });
});
