/** Total collapse times over replicates. */
import { NumberList } from './number-list.js';
import { OrderStatistics } from './order-statistics.js';
import { MOST_VALUES, PROBABILITIES, quantile } from './quantiles.js';
import type { CollapseSummary, Num } from './result.js';

export class CollapseTimes {
  private readonly kept = new NumberList();
  private replicates = 0;
  private collapsed = 0;
  private sum = 0;
  private squares = 0;

  /** @param known whether times are exact; else only how many collapsed is told */
  constructor(private readonly known: boolean) {}

  /** T of one replicate, 0 if it is censored. */
  add(time: number): void {
    this.replicates++;
    if (this.kept.length < MOST_VALUES) this.kept.push(time === 0 ? Number.POSITIVE_INFINITY : time);
    if (time === 0) return;
    this.collapsed++;
    this.sum += time;
    this.squares += time * time;
  }

  summary(): CollapseSummary {
    const n = this.replicates;
    const complete = this.known && this.collapsed === n;
    const mean = this.sum / n;
    const statistics = new OrderStatistics();
    statistics.open(this.kept.copy(), 0, 0);
    const quantiles: Record<string, Num> = {};
    for (const probability of PROBABILITIES) {
      const value = quantile(this.kept.length, probability, statistics);
      quantiles[String(probability)] = this.known && Number.isFinite(value) ? value : null;
    }
    const variance = Math.max(0, this.squares - n * mean * mean) / (n - 1);
    return {
      mean: complete ? mean : null,
      standardError: complete && n > 1 ? Math.sqrt(variance / n) : null,
      quantiles,
      collapsed: this.collapsed,
      replicates: n,
    };
  }
}
