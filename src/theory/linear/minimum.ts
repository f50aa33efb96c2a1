/** Minimum of a function of one number that may have several. */

const golden = (Math.sqrt(5) - 1) / 2;

/**
 * The point of least value: the best of `grid`, refined by golden section between its neighbours to a relative 1e-8.
 * Values may be infinite. Of equal values the one earliest in rising order.
 */
export function minimum(f: (x: number) => number, grid: readonly number[]): number {
  const { points, best, value } = bestOf(f, grid);
  let low = points[Math.max(0, best - 1)];
  let high = points[Math.min(points.length - 1, best + 1)];
  while (high - low > 1e-8 * high) {
    const left = high - golden * (high - low);
    const right = low + golden * (high - low);
    if (f(left) <= f(right)) high = right;
    else low = left;
  }
  const middle = (low + high) / 2;
  return f(middle) < value ? middle : points[best];
}

/** The same for whole numbers: the best of `grid`, refined by steps that halve. */
export function wholeMinimum(f: (x: number) => number, grid: readonly number[]): number {
  const { points, best, value } = bestOf(f, grid);
  let x = points[best];
  let least = value;
  const from = points[Math.max(0, best - 1)];
  const to = points[Math.min(points.length - 1, best + 1)];
  for (let step = 2 ** Math.ceil(Math.log2(Math.max(1, to - from))); step >= 1; step /= 2) {
    for (const tried of [x - step, x + step]) {
      if (tried < from || tried > to) continue;
      const here = f(tried);
      if (here < least) {
        least = here;
        x = tried;
      }
    }
  }
  return x;
}

function bestOf(f: (x: number) => number, grid: readonly number[]) {
  const points = [...new Set(grid)].sort((a, b) => a - b);
  const values = points.map(f);
  let best = 0;
  values.forEach((value, i) => {
    if (value < values[best]) best = i;
  });
  return { points, best, value: values[best] };
}
