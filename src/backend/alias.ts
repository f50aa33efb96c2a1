/** Alias tables of distributions of real numbers (docs/MATH.md#alias), as alias-pick reads them. */

const TWO_32 = 2 ** 32;

/** Columns of a table of n tokens: a power of two, so that bits of a random word choose one. At least two. */
export function aliasColumns(n: number): number {
  return 2 ** Math.max(1, 32 - Math.clz32(n - 1));
}

/**
 * Walker's alias table by Vose's method. A column gives its own number where a random word is below its threshold, else its alias.
 * @param p probabilities summing to 1 up to rounding
 * @param cells out: threshold and alias of `aliasColumns(p.length)` columns; those without a token are never given
 */
export function aliasTable(p: Float64Array, cells: Uint32Array): void {
  const columns = cells.length / 2;
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i];
  const weights = new Float64Array(columns);
  const small = new Int32Array(columns);
  const large = new Int32Array(columns);
  let smalls = 0;
  let larges = 0;
  for (let i = 0; i < columns; i++) {
    weights[i] = i < p.length ? (p[i] * columns) / sum : 0;
    if (weights[i] < 1) small[smalls++] = i;
    else large[larges++] = i;
  }
  while (smalls > 0 && larges > 0) {
    const s = small[--smalls];
    const l = large[--larges];
    cells[2 * s] = Math.floor(weights[s] * TWO_32);
    cells[2 * s + 1] = l;
    weights[l] = weights[l] + weights[s] - 1;
    if (weights[l] < 1) small[smalls++] = l;
    else large[larges++] = l;
  }
  // What is left over is 1 up to rounding.
  const certain = (i: number) => {
    cells[2 * i] = TWO_32 - 1;
    cells[2 * i + 1] = i;
  };
  while (larges > 0) certain(large[--larges]);
  while (smalls > 0) certain(small[--smalls]);
}
