/** Streaming summaries: slices of raw results in, the numbers of a Result out. */
import type { SliceResult } from '../backend/job.js';
import { CollapseTimes } from './collapse.js';
import { Moments } from './moments.js';
import { Quantiles } from './quantiles.js';
import { type CollapseSummary, type MetricSummary, num, type Result } from './result.js';

export interface SummaryOptions {
  metrics: readonly string[];
  /** Weight of each context in the averages: whole numbers. */
  weights: readonly number[];
  /** Whether to count the contexts that have collapsed. */
  countContexts: boolean;
  /** The generations reported; undefined: until collapse. */
  generations: readonly number[] | undefined;
  lastGeneration: number;
}

export interface Summaries {
  generation: number[];
  metrics: Record<string, MetricSummary>;
  collapseTime: CollapseSummary;
  contexts?: NonNullable<Result['contexts']>;
  quantilesFrom?: { replicates: number };
}

export class Summary {
  private readonly times = new CollapseTimes();
  private moments: Moments | undefined;
  private collapsed: Moments | undefined;
  private readonly quantiles: Quantiles;
  private longest = 0;
  private replicates = 0;
  private readonly totalWeight: number;
  /** The contexts of the replicate that is being put together. */
  private parts: Float64Array[] = [];
  private partTimes: number[] = [];

  constructor(private readonly options: SummaryOptions) {
    this.totalWeight = options.weights.reduce((sum, weight) => sum + weight, 0);
    this.quantiles = new Quantiles(options.metrics.length);
  }

  /** Rows that a chain with collapse time `time` has. */
  rowsOf(time: number): number {
    if (this.options.generations) return this.options.generations.length;
    return time === 0 ? this.options.lastGeneration : time;
  }

  /** Takes slices in order. */
  add({ values, collapseTimes }: SliceResult): void {
    let at = 0;
    for (const time of collapseTimes) {
      const end = at + this.rowsOf(time) * this.options.metrics.length;
      this.parts.push(values.subarray(at, end));
      this.partTimes.push(time);
      at = end;
      if (this.parts.length === this.options.weights.length) this.addReplicate();
    }
  }

  private addReplicate(): void {
    const trajectory = this.parts.length === 1 ? this.parts[0] : this.average();
    this.moments ??= new Moments(this.options.metrics.length, trajectory);
    this.moments.add(trajectory);
    this.quantiles.add(trajectory);
    this.times.add(this.partTimes.includes(0) ? 0 : maximum(this.partTimes));
    this.longest = Math.max(this.longest, trajectory.length / this.options.metrics.length);
    if (this.options.countContexts) this.addCollapsed();
    this.replicates++;
    this.parts = [];
    this.partTimes = [];
  }

  /** Weighted average over contexts; a context that ended keeps its last values. */
  private average(): Float64Array {
    const columns = this.options.metrics.length;
    const result = new Float64Array(maximum(this.parts.map((part) => part.length)));
    this.parts.forEach((part, j) => {
      const weight = this.options.weights[j];
      for (let i = 0; i < part.length; i++) result[i] += weight * part[i];
      for (let i = part.length; i < result.length; i++) result[i] += weight * part[part.length - columns + (i % columns)];
    });
    for (let i = 0; i < result.length; i++) result[i] /= this.totalWeight;
    return result;
  }

  private addCollapsed(): void {
    const rows = this.options.generations?.length ?? maximum(this.partTimes.map((time) => this.rowsOf(time)));
    const counts = new Float64Array(rows);
    for (const time of this.partTimes) {
      const row = time === 0 ? rows : this.rowAt(time);
      if (row < rows) counts[row]++;
    }
    for (let i = 1; i < rows; i++) counts[i] += counts[i - 1];
    this.collapsed ??= new Moments(1, counts);
    this.collapsed.add(counts);
  }

  /** The first reported row at or after a generation. */
  private rowAt(generation: number): number {
    const { generations } = this.options;
    if (!generations) return generation - 1;
    let low = 0;
    let high = generations.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (generations[middle] >= generation) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  finish(): Summaries {
    const metrics: Record<string, MetricSummary> = {};
    const quantiles = this.quantiles.columnsByRow();
    this.options.metrics.forEach((name, k) => {
      const moments = this.moments?.column(k) ?? { mean: [], standardError: [] };
      metrics[name] = {
        mean: moments.mean.map(num),
        standardError: moments.standardError.map((error) => (error === null ? null : num(error))),
        quantiles: Object.fromEntries(
          Object.entries(quantiles[k]).map(([p, values]) => [p, values.map((value) => (value === null ? null : num(value)))]),
        ),
      };
    });
    const generation = this.options.generations?.slice() ?? Array.from({ length: this.longest }, (_, i) => i + 1);
    const result: Summaries = { generation, metrics, collapseTime: this.times.summary() };
    if (this.collapsed) {
      const { mean, standardError } = this.collapsed.column(0);
      result.contexts = { total: this.options.weights.length, collapsed: mean, standardError };
    }
    if (this.quantiles.replicates < this.replicates) result.quantilesFrom = { replicates: this.quantiles.replicates };
    return result;
  }
}

function maximum(values: readonly number[]): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
