/** Some order statistics of many numbers, without sorting them. */

/** So many numbers of a row tell about where its order statistics are. */
const SAMPLE = 1024;
/** Standard errors of the sample's ranks: where the order statistic is farther away, which is rare, the whole row is gone through. */
const MARGIN = 4;

export class Selector {
  private readonly sample = new Float64Array(SAMPLE);
  private readonly between: Float64Array;
  private row: Float64Array;

  /** @param most numbers that a row has at most; it needs more than 1024 */
  constructor(most: number) {
    this.between = new Float64Array(most + 1);
    this.row = this.between;
  }

  /** Turns to a row, which may be reordered until the next one. */
  open(row: Float64Array): void {
    const { sample } = this;
    const step = Math.floor(row.length / SAMPLE);
    for (let i = 0; i < SAMPLE; i++) sample[i] = row[i * step];
    sample.sort();
    this.row = row;
  }

  /** The order statistics of the row at two ranks from 0, `second` being `first` or the next one. */
  pair(first: number, second: number): [number, number] {
    const { row, between } = this;
    const p = (first + second + 1) / 2 / row.length;
    const margin = MARGIN * Math.sqrt(SAMPLE * p * (1 - p)) + 1;
    const from = Math.floor(SAMPLE * p - margin);
    const to = Math.ceil(SAMPLE * p + margin);
    const low = from < 0 ? Number.NEGATIVE_INFINITY : this.sample[from];
    const high = to >= SAMPLE ? Number.POSITIVE_INFINITY : this.sample[to];
    const { below, held } = this.search(low, high);
    // Between two numbers of the sample that enclose the ranks, most likely.
    if (first < below || second >= below + held) return putInPlace(row, first, second, row.length);
    if (low === high) return [low, low];
    return putInPlace(between, first - below, second - below, held);
  }

  /** How many numbers of the row are less than `low`; those that are not, up to `high`, go to `between`. */
  private search(low: number, high: number): { below: number; held: number } {
    const { row, between } = this;
    let below = 0;
    let held = 0;
    // Without a branch that depends on the numbers, which would be mispredicted half of the time.
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      between[held] = value;
      held += +(value >= low) & +(value <= high);
      below += +(value < low);
    }
    return { below, held };
  }
}

/** The order statistics at two neighbouring ranks of the first n numbers, which are reordered: quickselect (Hoare). */
function putInPlace(values: Float64Array, first: number, second: number, n: number): [number, number] {
  let low = 0;
  let high = n - 1;
  while (low < high) {
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
    // values[low ... j] <= values[j + 1 ... i - 1] <= values[i ... high]
    if (second <= j) high = j;
    else if (first >= i) low = i;
    else if (first > j && second < i) break;
    else return [largest(values, low, first), smallest(values, second, high)];
  }
  return [values[first], values[second]];
}

function largest(values: Float64Array, from: number, to: number): number {
  let most = values[from];
  for (let i = from + 1; i <= to; i++) if (values[i] > most) most = values[i];
  return most;
}

function smallest(values: Float64Array, from: number, to: number): number {
  let least = values[from];
  for (let i = from + 1; i <= to; i++) if (values[i] < least) least = values[i];
  return least;
}
