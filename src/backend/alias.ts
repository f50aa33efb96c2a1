/**
 * Walker's alias table by Vose's method, for distributions of real numbers (docs/MATH.md#alias).
 * @param p probabilities summing to 1 up to rounding
 * @param shares out: cell j keeps its own token with this probability
 * @param aliases out: and gives this one otherwise
 */
export function aliasTable(p: Float64Array, shares: Float64Array, aliases: Int32Array): void {
  const n = p.length;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += p[i];
  const small = new Int32Array(n);
  const large = new Int32Array(n);
  let smalls = 0;
  let larges = 0;
  for (let i = 0; i < n; i++) {
    shares[i] = (p[i] * n) / sum;
    aliases[i] = i;
    if (shares[i] < 1) small[smalls++] = i;
    else large[larges++] = i;
  }
  while (smalls > 0 && larges > 0) {
    const s = small[--smalls];
    const l = large[--larges];
    aliases[s] = l;
    shares[l] = shares[l] + shares[s] - 1;
    if (shares[l] < 1) small[smalls++] = l;
    else large[larges++] = l;
  }
  while (larges > 0) shares[large[--larges]] = 1;
  while (smalls > 0) shares[small[--smalls]] = 1;
}
