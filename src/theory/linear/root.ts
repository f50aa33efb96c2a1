/** Root of an increasing function of a positive number that may span hundreds of decades. */

/** Value of the function at x, and its derivative by log x. */
export interface Evaluation {
  value: number;
  slope: number;
}

/**
 * Newton's method in log x inside a bracket; where a step leaves the bracket, or steps do not shrink fast enough, the bracket is
 * halved (in log x). Ends when x no longer moves, or the bracket is as narrow as rounding allows.
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
    const size = Math.abs(newton);
    const shrinks = size < Math.min(lastNewton, Math.log(high / low)) / 2;
    // A step this small that no longer shrinks may be rounding: twice the step closes the bracket from the other side.
    const reach = !shrinks && lastNewton < 1e-9 ? 2 : 1;
    const tried = x * Math.exp(reach * newton);
    if (tried === x) return x;
    const taken = (shrinks || reach === 2) && tried > low && tried < high;
    const next = taken ? tried : Math.sqrt(low) * Math.sqrt(high);
    if (!(next > low && next < high)) return x;
    lastNewton = shrinks && taken ? size : Infinity;
    x = next;
  }
  return x;
}
