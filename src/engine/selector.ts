/** Some order statistics of many numbers, without sorting them. */

/** So many numbers of a row tell about where its order statistics are. */
const SAMPLE = 1024;
/** Standard errors of the sample's ranks: where the order statistic is farther away, which is rare, the whole row is gone through. */
const MARGIN = 4;

/** The ranks, from 0, of the two order statistics that a quantile of n numbers lies between. */
export function ranksOf(probability: number, n: number): [below: number, above: number] {
  const below = Math.floor((n - 1) * probability);
  return [below, Math.min(below + 1, n - 1)];
}

export class Selector {
  private readonly sample = new Float64Array(SAMPLE);
  private readonly between: Float64Array;
  private readonly ranks: number[];

  /**
   * @param n how many numbers a row has, at least 1024
   * @param probabilities increasing
   */
  constructor(
    n: number,
    private readonly probabilities: readonly number[],
  ) {
    this.between = new Float64Array(n + 1);
    this.ranks = probabilities.flatMap((probability) => ranksOf(probability, n));
  }

  /** Reorders or overwrites a row, so that the order statistics that its quantiles need are where sorting would put them. */
  select(row: Float64Array): Float64Array {
    const { sample, ranks } = this;
    const step = Math.floor(row.length / SAMPLE);
    for (let i = 0; i < SAMPLE; i++) sample[i] = row[i * step];
    sample.sort();
    const found: number[] = [];
    for (let q = 0; q < this.probabilities.length; q++) {
      if (!this.search(row, q, found)) {
        putInPlace(row, ranks, 0, ranks.length, 0, row.length - 1);
        return row;
      }
    }
    for (let i = 0; i < ranks.length; i++) row[ranks[i]] = found[i];
    return row;
  }

  /**
   * Between two numbers of the sample that enclose the quantile, most likely, there are few numbers of the row to look at.
   * @returns whether both order statistics were there; `found` is given them
   */
  private search(row: Float64Array, q: number, found: number[]): boolean {
    const { sample, between } = this;
    const p = this.probabilities[q];
    const margin = MARGIN * Math.sqrt(SAMPLE * p * (1 - p)) + 1;
    const from = Math.floor(SAMPLE * p - margin);
    const to = Math.ceil(SAMPLE * p + margin);
    const low = from < 0 ? Number.NEGATIVE_INFINITY : sample[from];
    const high = to >= SAMPLE ? Number.POSITIVE_INFINITY : sample[to];
    let below = 0;
    let held = 0;
    // Without a branch that depends on the numbers, which would be mispredicted half of the time.
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      between[held] = value;
      held += +(value >= low) & +(value <= high);
      below += +(value < low);
    }
    const ranks = [this.ranks[2 * q] - below, this.ranks[2 * q + 1] - below];
    if (ranks[0] < 0 || ranks[1] >= held) return false;
    if (low < high) putInPlace(between, ranks, 0, 2, 0, held - 1);
    found.push(between[ranks[0]], between[ranks[1]]);
    return true;
  }
}

/**
 * Quickselect (Hoare) of several increasing ranks at once: afterwards values[rank] is what it would be if
 * values[low ... high] were sorted, for the ranks numbered from ... to - 1.
 */
function putInPlace(values: Float64Array, ranks: readonly number[], from: number, to: number, low: number, high: number): void {
  if (from >= to || low >= high) return;
  const pivot = values[(low + high) >> 1];
  let i = low;
  let j = high;
  while (i <= j) {
    while (values[i] < pivot) i++;
    while (values[j] > pivot) j--;
    if (i > j) break;
    const swapped = values[i];
    values[i++] = values[j];
    values[j--] = swapped;
  }
  let left = from;
  while (left < to && ranks[left] <= j) left++;
  let right = left;
  while (right < to && ranks[right] < i) right++;
  putInPlace(values, ranks, from, left, low, j);
  putInPlace(values, ranks, right, to, i, high);
}
