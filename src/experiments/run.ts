/** One simulation with its raw trajectories kept, for figures that draw single replicates. */
import type { ChainBatch, Result, SimulateOptions } from '../engine/result.js';
import { simulate } from '../engine/simulate.js';

/** A spec as a user writes it. */
export type RunSpec = Parameters<typeof simulate>[0];

export interface Run {
  label: string;
  result: Result;
  /** Generation of each row. */
  generation: number[];
  /** Values of a metric: one array per chain (replicate-major, contexts inside), aligned with `generation`. @throws RangeError for a metric that was not asked for */
  values: (metric: string) => Float64Array[];
  /** Total collapse time of each chain, 0 where it did not collapse. */
  collapseTimes: number[];
}

/**
 * Simulates and keeps every chain: 8 bytes per chain, generation and metric, so meant for figures, not for large runs. Where
 * `options.onChains` takes the values, only the collapse times are kept.
 * @throws InputError when the spec is wrong
 */
export async function keepRun(label: string, spec: RunSpec, options: SimulateOptions = {}): Promise<Run> {
  const chains = new Map<string, Float64Array[]>();
  const collapseTimes: number[] = [];
  const result = await simulate(spec, {
    ...options,
    onChains: (batch) => {
      for (const time of batch.collapseTimes) collapseTimes.push(time);
      if (options.onChains) return options.onChains(batch);
      for (const [column, metric] of batch.metrics.entries()) {
        const list = chains.get(metric) ?? [];
        chains.set(metric, list);
        appendChains(list, batch, column);
      }
    },
  });
  return {
    label,
    result,
    generation: result.generation,
    collapseTimes,
    values(metric) {
      const list = chains.get(metric);
      if (!list) throw new RangeError(`${label}: metric ${metric} was not simulated`);
      return list;
    },
  };
}

function appendChains(list: Float64Array[], batch: ChainBatch, column: number): void {
  const width = batch.metrics.length;
  let row = 0;
  for (const rows of batch.rows) {
    const first = row;
    list.push(Float64Array.from({ length: rows }, (_, i) => batch.values[(first + i) * width + column]));
    row += rows;
  }
}
