/** Derivatives of ln Gamma, by recurrence up to x >= 16 and Stirling's series there; relative error about 1e-15. */

/** psi(x) = d ln Gamma(x)/dx for x > 0. */
export function digamma(x: number): number {
  let shift = 0;
  for (; x < 16; x++) shift -= 1 / x;
  const y = 1 / (x * x);
  const series = y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - (y * 691) / 32760)))));
  return shift + Math.log(x) - 0.5 / x - series;
}

/** psi'(x) for x > 0. */
export function trigamma(x: number): number {
  let shift = 0;
  for (; x < 16; x++) shift += 1 / (x * x);
  const y = 1 / (x * x);
  const series = y * (1 / 6 - y * (1 / 30 - y * (1 / 42 - y * (1 / 30 - y * (5 / 66 - (y * 691) / 2730)))));
  return shift + (1 + 0.5 / x + series) / x;
}

/** ln x - psi(x) for x > 0: what the mean of the log of a gamma variable lacks. No digits are lost for large x. */
export function logGap(x: number): number {
  if (x < 16) return Math.log(x) - digamma(x);
  const y = 1 / (x * x);
  return 0.5 / x + y * (1 / 12 - y * (1 / 120 - y * (1 / 252 - y * (1 / 240 - y * (1 / 132 - (y * 691) / 32760)))));
}
