/** What a model trained on N real and n generated samples keeps of the model before; docs/MATH.md#theorem-2. */

/**
 * alpha = n/(N+n), the share of what was learnt that is kept, and beta = alpha^2 (1 - 1/n), the share of its square
 * (in Seddik et al. alpha((1 + 1/N) alpha - 1/N)), by their logs and complement, which lose no digits.
 * @param real N >= 1
 * @param synthetic n >= 1
 */
export function retention(real: number, synthetic: number): { alpha: number; logAlpha: number; oneMinusBeta: number; logBeta: number } {
  const realShare = real / (real + synthetic);
  const alpha = synthetic / (real + synthetic);
  const logAlpha = Math.log1p(-realShare);
  return {
    alpha,
    logAlpha,
    oneMinusBeta: realShare * (1 + alpha) + (alpha * alpha) / synthetic,
    logBeta: 2 * logAlpha + Math.log1p(-1 / synthetic),
  };
}

/** exp(k x), with 1 at k = 0 also where x is -Infinity (one synthetic sample: beta = 0). */
export function power(x: number, k: number): number {
  return k === 0 ? 1 : Math.exp(k * x);
}
