/** Slices of raw results in, replicates out: the contexts of a replicate put together. */
import type { Job, SliceResult } from '../backend/job.js';
import type { Spec } from '../spec/spec.js';
import type { Chains } from './resolve.js';

/** What summaries are made of. */
export interface Replicate {
  /** Metric values, row after row, from `from` to `to` - 1 of these; averaged over contexts where there are several. */
  values: Float64Array;
  from: number;
  to: number;
  /** Total collapse time: that of the last context; 0 if one is censored. With jumps: a reported generation, no earlier than that time. */
  time: number;
  /** How many contexts have collapsed, by row, where they are counted. */
  collapsed?: Float64Array;
}

export interface ReplicateShape {
  metrics: readonly string[];
  /** Weight of each context in the averages: whole numbers. */
  weights: readonly number[];
  /** Whether to count the contexts that have collapsed. */
  countContexts: boolean;
  /** The generations reported; undefined: until collapse. */
  generations: readonly number[] | undefined;
  lastGeneration: number;
  /** Reported generations that a jump leads to: when a chain collapsed is not known if there are any. */
  jumps: readonly number[];
}

/** What the replicates of a spec look like. */
export function replicateShape(spec: Spec, job: Job, { weights, counted }: Chains): ReplicateShape {
  const generations = Array.isArray(spec.generations)
    ? spec.generations
    : job.untilCollapse
      ? undefined
      : Array.from({ length: job.lastGeneration }, (_, i) => i + 1);
  const jumps = job.family === 'categorical' && generations ? generations.filter((_, i) => job.jumps[i] === 1) : [];
  return { metrics: spec.metrics, weights, countContexts: counted, generations, lastGeneration: job.lastGeneration, jumps };
}

export class Replicates {
  private readonly totalWeight: number;
  /** The contexts of the replicate that is being put together, where there are several. */
  private parts: Float64Array[] = [];
  private partTimes: number[] = [];

  /** Whether a chain is a replicate. */
  private readonly alone: boolean;

  constructor(private readonly shape: ReplicateShape) {
    this.alone = shape.weights.length === 1 && !shape.countContexts;
    this.totalWeight = shape.weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** Rows that a chain with collapse time `time` has. */
  rowsOf(time: number): number {
    if (this.shape.generations) return this.shape.generations.length;
    return time === 0 ? this.shape.lastGeneration : time;
  }

  /** Takes slices in order; gives the replicates that are complete with this one. */
  *add({ values, collapseTimes }: SliceResult): Generator<Replicate> {
    let from = 0;
    for (const time of collapseTimes) {
      const to = from + this.rowsOf(time) * this.shape.metrics.length;
      if (this.alone) yield { values, from, to, time };
      else {
        this.parts.push(values.subarray(from, to));
        this.partTimes.push(time);
        if (this.parts.length === this.shape.weights.length) yield this.complete();
      }
      from = to;
    }
  }

  private complete(): Replicate {
    const values = this.parts.length === 1 ? this.parts[0] : this.average();
    const replicate: Replicate = {
      values,
      from: 0,
      to: values.length,
      time: this.partTimes.includes(0) ? 0 : maximum(this.partTimes),
      ...(this.shape.countContexts && { collapsed: this.countCollapsed() }),
    };
    this.parts = [];
    this.partTimes = [];
    return replicate;
  }

  /** Weighted average over contexts; a context that ended keeps its last values. */
  private average(): Float64Array {
    const columns = this.shape.metrics.length;
    const result = new Float64Array(maximum(this.parts.map((part) => part.length)));
    this.parts.forEach((part, j) => {
      const weight = this.shape.weights[j];
      for (let i = 0; i < part.length; i++) result[i] += weight * part[i];
      for (let i = part.length; i < result.length; i++) result[i] += weight * part[part.length - columns + (i % columns)];
    });
    for (let i = 0; i < result.length; i++) result[i] /= this.totalWeight;
    return result;
  }

  private countCollapsed(): Float64Array {
    const rows = this.shape.generations?.length ?? maximum(this.partTimes.map((time) => this.rowsOf(time)));
    const counts = new Float64Array(rows);
    for (const time of this.partTimes) {
      const row = time === 0 ? rows : this.rowAt(time);
      if (row < rows) counts[row]++;
    }
    for (let i = 1; i < rows; i++) counts[i] += counts[i - 1];
    return counts;
  }

  /** The first reported row at or after a generation. */
  private rowAt(generation: number): number {
    const { generations } = this.shape;
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
}

function maximum(values: readonly number[]): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
