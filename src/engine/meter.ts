/** Progress: what is finished, and what the lanes say of the slices under way, ten times a second. */
import type { Job, Slice, SliceResult } from '../backend/job.js';
import type { Lane } from '../backend/lane.js';
import type { SimulateOptions } from './result.js';

const INTERVAL_MS = 100;

export interface Meter {
  add(slice: Slice, result: SliceResult): void;
  stop(): void;
}

interface MeterOptions {
  lanes: readonly Lane[];
  replicates: number;
  contexts: number;
  job: Job;
  onProgress: SimulateOptions['onProgress'];
}

export function startMeter({ lanes, replicates, contexts, job, onProgress }: MeterOptions): Meter {
  const began = performance.now();
  const chains = replicates * contexts;
  let done = 0;
  let generations = 0;
  // What was said before: estimates change, and a finished slice may wait for an earlier one, but progress never falls.
  let saidFraction = 0;
  let saidGenerations = 0;
  const report = () => {
    const running = lanes.reduce((sum, lane) => sum + lane.progress(), 0);
    // How many chains the running generations amount to: known, or the average so far.
    const perChain = job.untilCollapse ? (done > 0 ? generations / done : Number.POSITIVE_INFINITY) : job.lastGeneration;
    saidFraction = Math.max(saidFraction, Math.min(1, (done + running / perChain) / chains));
    saidGenerations = Math.max(saidGenerations, generations + running);
    onProgress?.({
      replicates: Math.floor(done / contexts),
      ofReplicates: replicates,
      fraction: saidFraction,
      generations: saidGenerations,
      elapsedSeconds: (performance.now() - began) / 1000,
    });
  };
  const timer = onProgress ? setInterval(report, INTERVAL_MS) : undefined;
  return {
    add: (slice, result) => {
      done += slice.chains;
      generations += result.generations;
    },
    stop: () => {
      if (timer === undefined) return;
      clearInterval(timer);
      report();
    },
  };
}
