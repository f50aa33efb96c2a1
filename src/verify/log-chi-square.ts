/** The law of a sum of logs of independent chi-square variables, by convolution: what log determinants grow by (docs/MATH.md#gaussian). */

/** P(sum <= x) at increasing points x. */
export interface CellLaw {
  cuts: number[];
  /** One more than there are cuts. */
  probability: number[];
}

/** Points of the grid to a standard deviation of the narrowest part. */
const POINTS = 40;
/** A density below this part of its peak, as a log, is left out. */
const NEGLIGIBLE = -38;

/** A density on a grid of step h, from `start` on. */
interface Density {
  start: number;
  values: Float64Array;
}

/** Cells of about equal probability for sum_i ln chi^2_f, f in `degrees`, plus `shift`. */
export function logChiSquareCells(degrees: readonly number[], shift: number, cells: number): CellLaw {
  const h = Math.sqrt(2 / Math.max(...degrees)) / POINTS;
  const sum = degrees.map((f) => density(f, h)).reduce((one, other) => convolved(one, other, h));
  const { start, values } = sum;
  const cuts: number[] = [];
  const probability: number[] = [];
  let below = 0;
  let before = 0;
  for (let k = 1; k < values.length - 1 && cuts.length < cells - 1; k++) {
    below += h * values[k - 1];
    // The trapezoidal rule up to here, with Euler's correction for its end.
    const cumulative = below + (h * values[k]) / 2 - (h * (values[k + 1] - values[k - 1])) / 24;
    if (cumulative < (cuts.length + 1) / cells) continue;
    cuts.push(start + k * h + shift);
    probability.push(cumulative - before);
    before = cumulative;
  }
  return { cuts, probability: [...probability, 1 - before] };
}

/** Of u + ln f, u = ln(chi^2_f/f); its log is (f/2)(u - e^u) up to a constant. The grid is one of whole multiples of h. */
function density(f: number, h: number): Density {
  const log = (u: number) => (f / 2) * (u - Math.expm1(u));
  const edge = (step: number) => {
    let u = step;
    while (log(u) > NEGLIGIBLE) u += step;
    return u;
  };
  const [low, high] = [edge(-h), edge(h)];
  const values = Float64Array.from({ length: Math.round((high - low) / h) + 1 }, (_, i) => Math.exp(log(low + i * h)));
  const total = h * values.reduce((sum, value) => sum + value, 0);
  return { start: low + Math.log(f), values: values.map((value) => value / total) };
}

function convolved(one: Density, other: Density, h: number): Density {
  const values = new Float64Array(one.values.length + other.values.length - 1);
  one.values.forEach((a, i) => {
    if (a === 0) return;
    for (let j = 0; j < other.values.length; j++) values[i + j] += h * a * other.values[j];
  });
  // What is left of the tails is far below what can be seen.
  const least = 1e-17 * values.reduce((most, value) => Math.max(most, value), 0);
  const first = values.findIndex((value) => value > least);
  const end = values.findLastIndex((value) => value > least) + 1;
  return { start: one.start + other.start + first * h, values: values.slice(first, end) };
}
