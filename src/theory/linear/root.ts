/** Root of an increasing function of a positive number that may span hundreds of decades. */

/** Value of the function at x, and its derivative by log x. */
export interface Evaluation {
  value: number;
  slope: number;
}

/**
 * Newton's method in log x inside a bracket; where a step leaves the bracket, or steps do not shrink fast enough, the bracket is
 * halved (in log x). Ends when x no longer moves.
 * @param f increasing, f(low) <= 0 <= f(high) up to rounding; values may be infinite
 * @param low above 0
 */
export function increasingRoot(f: (x: number) => Evaluation, low: number, high: number): number {
  let x = Math.sqrt(low) * Math.sqrt(high);
  let lastNewton = Infinity;
  // Halving alone needs about 65 steps for the whole range of doubles; every second step at least halves.
  for (let step = 0; step < 300; step++) {
    const { value, slope } = f(x);
    if (value === 0) return x;
    if (value < 0) low = x;
    else high = x;
    const newton = -value / slope;
    const tried = x * Math.exp(newton);
    const size = Math.abs(newton);
    const inside = tried > low && tried < high;
    const shrinks = size < Math.min(lastNewton, Math.log(high / low)) / 2;
    // Steps this small that no longer shrink are rounding.
    if (tried === x || (inside && !shrinks && lastNewton < 1e-9)) return x;
    const next = inside && shrinks ? tried : Math.sqrt(low) * Math.sqrt(high);
    if (!(next > low && next < high)) return x;
    lastNewton = inside && shrinks ? size : Infinity;
    x = next;
  }
  return x;
}
