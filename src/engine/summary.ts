/** Streaming summaries: replicates in, the numbers of a Result out. */
import { CollapseTimes } from './collapse.js';
import { Moments } from './moments.js';
import { Quantiles } from './quantiles.js';
import type { Replicate, ReplicateShape } from './replicates.js';
import { type CollapseSummary, type MetricSummary, num, type Result } from './result.js';

export interface Summaries {
  generation: number[];
  metrics: Record<string, MetricSummary>;
  collapseTime: CollapseSummary;
  contexts?: NonNullable<Result['contexts']>;
  jumps?: number[];
  quantilesFrom?: { replicates: number };
}

export class Summary {
  private readonly times: CollapseTimes;
  private moments: Moments | undefined;
  private collapsed: Moments | undefined;
  private readonly quantiles: Quantiles;
  private longest = 0;
  private replicates = 0;

  constructor(private readonly shape: Pick<ReplicateShape, 'metrics' | 'weights' | 'generations' | 'jumps'>) {
    this.times = new CollapseTimes(shape.jumps.length === 0);
    this.quantiles = new Quantiles(shape.metrics.length);
  }

  /** Whether replicates are looked at again after `add`. */
  get holdsReplicates(): boolean {
    return !this.quantiles.isFull;
  }

  /** Takes replicates in order. */
  add({ values, from, to, time, collapsed }: Replicate): void {
    this.moments ??= new Moments(this.shape.metrics.length, values, from, to);
    this.moments.add(values, from, to);
    this.quantiles.add(values, from, to);
    this.times.add(time);
    this.longest = Math.max(this.longest, (to - from) / this.shape.metrics.length);
    if (collapsed) {
      this.collapsed ??= new Moments(1, collapsed, 0, collapsed.length);
      this.collapsed.add(collapsed, 0, collapsed.length);
    }
    this.replicates++;
  }

  finish(): Summaries {
    const metrics: Record<string, MetricSummary> = {};
    const quantiles = this.quantiles.columnsByRow();
    this.shape.metrics.forEach((name, k) => {
      const moments = this.moments?.column(k) ?? { mean: [], standardError: [] };
      metrics[name] = {
        mean: moments.mean.map(num),
        standardError: moments.standardError.map((error) => (error === null ? null : num(error))),
        quantiles: Object.fromEntries(
          Object.entries(quantiles[k]).map(([p, values]) => [p, values.map((value) => (value === null ? null : num(value)))]),
        ),
      };
    });
    const generation = this.shape.generations?.slice() ?? Array.from({ length: this.longest }, (_, i) => i + 1);
    const result: Summaries = { generation, metrics, collapseTime: this.times.summary() };
    if (this.collapsed) {
      const { mean, standardError } = this.collapsed.column(0);
      result.contexts = { total: this.shape.weights.length, collapsed: mean, standardError };
    }
    if (this.shape.jumps.length > 0) result.jumps = [...this.shape.jumps];
    if (this.quantiles.replicates < this.replicates) result.quantilesFrom = { replicates: this.quantiles.replicates };
    return result;
  }
}
