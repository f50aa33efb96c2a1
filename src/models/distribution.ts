/** From weights to a distribution on the tokens that have any. Portable arithmetic only: these bits feed the simulation. */

/** Tokens with positive probability, increasing, and their probabilities. */
export interface Distribution {
  tokens: Int32Array;
  p: Float64Array;
}

/** Divides weights (>= 0, indexed by token, one of them positive) by their sum and drops the zeros. */
export function normalise(weights: ArrayLike<number>): Distribution {
  const total = sum(weights);
  const tokens = new Int32Array(weights.length);
  const p = new Float64Array(weights.length);
  let size = 0;
  for (let i = 0; i < weights.length; i++) {
    const share = weights[i] / total;
    if (share > 0) {
      tokens[size] = i;
      p[size++] = share;
    }
  }
  return { tokens: tokens.slice(0, size), p: p.slice(0, size) };
}

/** Compensated sum (Neumaier 1974): a million terms leave no rounding behind. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}
