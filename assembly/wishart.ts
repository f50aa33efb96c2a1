// Wishart matrices without the data: X'X of nu rows from N(0, S) is W_d(nu, S), drawn at a cost that does not depend
// on nu (Bartlett 1933; Smith & Hocking 1972), docs/MATH.md#wishart.
import { chi } from './chi-squared';
import { fillZeros, lowerTimesLower, lowerTimesTranspose } from './matrix';
import { fillNormals } from './normal';
import { multiply, storeF64, toI32 } from './primitives';

/** Columns of a Bartlett factor that are not 0: min(nu, d). */
export function bartlettColumns(d: i32, nu: f64): i32 {
  const size: f64 = d;
  return nu < size ? toI32(nu) : d;
}

/**
 * A lower triangular d x d matrix A with A A' ~ W_d(nu, I); nu >= 0, a whole number where it is below d. Chi variates
 * with nu, nu - 1, ... degrees of freedom on the diagonal, normals below; drawn column by column.
 */
export function bartlett(a: i32, d: i32, nu: f64): void {
  const columns: i32 = bartlettColumns(d, nu);
  fillZeros(a, multiply(d, d));
  for (let j: i32 = 0; j < columns; j++) {
    const at: i32 = (a + (multiply(j, (d + 1) | 0) << 3)) | 0;
    const before: f64 = j;
    storeF64(at, chi(nu - before));
    fillNormals(at + 8, (d - j - 1) | 0);
  }
}

/** S ~ W_d(nu, L L') for a lower triangular L, all of it written; `factor` has room for a d x d matrix T: S = T T'. */
export function wishart(l: i32, d: i32, nu: f64, s: i32, factor: i32): void {
  const columns: i32 = bartlettColumns(d, nu);
  bartlett(s, d, nu);
  lowerTimesLower(l, s, d, columns, factor);
  lowerTimesTranspose(factor, d, columns, s);
}
