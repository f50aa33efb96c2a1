// Wishart matrices: exact laws of their entries, of quadratic forms and of those of the inverse, and the joint law of X'X.
import { beforeAll, describe, expect, test } from 'vitest';
import { onPortable, poison, timesTranspose, type Values } from './support/arrays.js';
import { type PortableKernel, wasmKernel } from './support/kernels.js';
import { ALPHA, chiSquareTail, criticalZ, goodnessOfFit, sameLaw } from './support/statistics.js';

describe('Wishart matrices: law (alpha 1e-6 each)', () => {
  let wasm: PortableKernel;
  beforeAll(async () => {
    wasm = await wasmKernel();
  });
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
