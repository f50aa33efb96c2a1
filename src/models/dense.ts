/** Dense matrices in row order, for fits of a few thousand unknowns. Sums run in one order everywhere, so that results are the same on every machine. */

/** A matrix: element (i, j) is `data[i * columns + j]`. */
export interface Matrix {
  rows: number;
  columns: number;
  data: Float64Array;
}

export function matrix(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) };
}

/** The lower triangle of G += F'F over rows `from` ... `to` - 1 of F, four rows at a time. */
export function addGram(g: Matrix, f: Matrix, from: number, to: number): void {
  const width = g.columns;
  const { data } = f;
  for (let row = from; row < to; row += 4) {
    const [p, q, r, s] = [0, 1, 2, 3].map((k) => Math.min(row + k, to - 1) * f.columns);
    const used = to - row;
    for (let i = 0; i < width; i++) {
      const a = data[p + i];
      const b = used > 1 ? data[q + i] : 0;
      const c = used > 2 ? data[r + i] : 0;
      const d = used > 3 ? data[s + i] : 0;
      if (a === 0 && b === 0 && c === 0 && d === 0) continue;
      const at = i * width;
      for (let j = 0; j <= i; j++) g.data[at + j] += a * data[p + j] + b * data[q + j] + c * data[r + j] + d * data[s + j];
    }
  }
}

/**
 * The lower triangle L of G + ridge I = L L', in a matrix of its own, by rows. The factor of a leading block is the leading block
 * of the factor.
 * @throws RangeError where G + ridge I is not positive definite in doubles
 */
export function cholesky(g: Matrix, ridge: number): Matrix {
  const size = g.columns;
  const l = matrix(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = g.data[i * size + j] + (i === j ? ridge : 0) - dot(l.data, i * size, j * size, j);
      if (i !== j) l.data[i * size + j] = rest / l.data[j * size + j];
      else if (rest > 0) l.data[i * size + i] = Math.sqrt(rest);
      else throw new RangeError('cholesky: not positive definite');
    }
  }
  return l;
}

/** Four running sums: one would wait for itself. */
function dot(data: Float64Array, a: number, b: number, count: number): number {
  const [whole, sums] = [count - (count % 4), [0, 0, 0, 0]];
  let [s0, s1, s2, s3] = sums;
  for (let k = 0; k < whole; k += 4) {
    s0 += data[a + k] * data[b + k];
    s1 += data[a + k + 1] * data[b + k + 1];
    s2 += data[a + k + 2] * data[b + k + 2];
    s3 += data[a + k + 3] * data[b + k + 3];
  }
  for (let k = whole; k < count; k++) s0 += data[a + k] * data[b + k];
  return s0 + s1 + (s2 + s3);
}

/** Solves L Z = B in place for every column of B. */
export function forwardSolve(l: Matrix, b: Matrix): void {
  const { columns } = b;
  for (let i = 0; i < l.columns; i++) {
    const at = i * columns;
    for (let k = 0; k < i; k++) subtractRow(b.data, at, k * columns, l.data[i * l.columns + k], columns);
    scaleRow(b.data, at, 1 / l.data[i * l.columns + i], columns);
  }
}

/** Solves L'W = Z for the leading `size` unknowns; Z is left as it is. */
export function backSolve(l: Matrix, z: Matrix, size: number): Matrix {
  const { columns } = z;
  const w: Matrix = { rows: size, columns, data: z.data.slice(0, size * columns) };
  for (let i = size - 1; i >= 0; i--) {
    const at = i * columns;
    scaleRow(w.data, at, 1 / l.data[i * l.columns + i], columns);
    for (let k = 0; k < i; k++) subtractRow(w.data, k * columns, at, l.data[i * l.columns + k], columns);
  }
  return w;
}

function subtractRow(data: Float64Array, to: number, from: number, factor: number, count: number): void {
  for (let j = 0; j < count; j++) data[to + j] -= factor * data[from + j];
}

function scaleRow(data: Float64Array, at: number, factor: number, count: number): void {
  for (let j = 0; j < count; j++) data[at + j] *= factor;
}

/** Row `row` of F, its first W.rows elements, times W: added to `out`, W.columns numbers. */
export function addRowTimes(f: Matrix, row: number, w: Matrix, out: Float64Array): void {
  const { columns, data } = w;
  for (let k = 0; k < w.rows; k++) {
    const x = f.data[row * f.columns + k];
    if (x === 0) continue;
    const at = k * columns;
    for (let j = 0; j < columns; j++) out[j] += x * data[at + j];
  }
}
