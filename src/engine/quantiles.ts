/** Exact quantiles, of the first replicates that fit where there are too many values. */

/** Values held per metric. */
export const MOST_VALUES = 10_000_000;
export const PROBABILITIES: readonly number[] = [0.05, 0.5, 0.95];

/** Quantile of sorted numbers, linear between order statistics (Hyndman and Fan's type 7). */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  return low === high ? low : low + (at - below) * (high - low);
}

export class Quantiles {
  private readonly kept: Float64Array[] = [];
  private values = 0;
  private rows = 0;
  private full = false;

  constructor(private readonly columns: number) {}

  /** A replicate's rows; the last one holds for all later rows. */
  add(values: Float64Array): void {
    const rows = values.length / this.columns;
    this.rows = Math.max(this.rows, rows);
    if (this.full) return;
    this.values += rows;
    if (this.values > MOST_VALUES) this.full = true;
    else this.kept.push(values);
  }

  /** How many replicates the quantiles come from. */
  get replicates(): number {
    return Math.min(this.kept.length, Math.floor(MOST_VALUES / Math.max(1, this.rows)));
  }

  /** Quantiles of one column by row, keyed by probability. */
  column(k: number): Record<string, (number | null)[]> {
    const n = this.replicates;
    const result: Record<string, (number | null)[]> = {};
    for (const probability of PROBABILITIES) result[String(probability)] = [];
    const sorted = new Float64Array(n);
    for (let row = 0; row < this.rows; row++) {
      for (let r = 0; r < n; r++) {
        const values = this.kept[r];
        sorted[r] = values[Math.min(row * this.columns, values.length - this.columns) + k];
      }
      sorted.sort();
      for (const probability of PROBABILITIES) {
        result[String(probability)].push(n > 0 ? quantile(sorted, probability) : null);
      }
    }
    return result;
  }
}
