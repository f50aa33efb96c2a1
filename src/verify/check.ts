/** What a check is, what it measures, and when it passes. */
import type { SpecInput } from '../spec/spec.js';
import { seedOf } from './random.js';

/** How often a statistical check fails although nothing is wrong. */
export const FALSE_ALARM_RATE = 1e-6;

/** What a check needs of whoever runs it. */
export interface Context {
  backend: 'auto' | 'native' | 'wasm' | 'javascript';
  /** Threads of each simulation. */
  threads: number;
  /** Fewer replicates. */
  quick: boolean;
  signal?: AbortSignal;
}

/** The outcome of a test. */
export interface Measurement {
  /** The test statistic: Student's t, z of a proportion, chi-square, Hotelling's T^2, or a number of violations. */
  statistic: number;
  /** null for a deterministic check, which passes if `statistic` is 0. */
  pValue: number | null;
  /**
   * The smallest relative error that the check sees, 99.87 % of the time (three standard errors beyond its limit): of the
   * predicted mean or probability (of the standard deviation, where that is the larger: changes of a log); for a law, the root
   * mean square of the relative errors of its cells, weighted by their probabilities. 0 for a deterministic check: it sees any.
   */
  smallestEffect: number;
  /** What was predicted and measured, where that is one number. */
  predicted?: number;
  measured?: number;
  replicates?: number;
}

export interface Check {
  /** model/schedule/metric/regime */
  name: string;
  /** Which theory, or which independent implementation, the simulation is compared with. */
  against: string;
  /** Whether `quick` leaves it out. */
  slow?: boolean;
  /** Of every random number that the check uses. */
  seed: number;
  run(context: Context): Promise<Measurement>;
}

/** A check as the report prints it (the public contract, and more). */
export interface Outcome extends Measurement {
  name: string;
  against: string;
  passed: boolean;
  falseAlarmRate: number;
  seed: number;
  durationSeconds: number;
}

/** Whether a measurement passes. */
export function verdict({ statistic, pValue }: Measurement): boolean {
  return pValue === null ? statistic === 0 : pValue >= FALSE_ALARM_RATE;
}

/** A schedule as a part of a name. */
export function scheduleName(schedule: SpecInput['schedule']): string {
  if (schedule.kind === 'most-recent') return `most-recent-${schedule.window}`;
  if (schedule.kind === 'accumulate-subsample' && schedule.replacement) return 'accumulate-subsample-replacement';
  if (schedule.kind === 'custom' && 'table' in schedule) return 'custom-table';
  return schedule.kind;
}

/** A check of one metric in a situation of a model family. Its name says all three, and its seed is a hash of the name. */
export function checkOf(
  situation: { schedule: SpecInput['schedule']; regime: string; slow?: boolean } & { dimension?: number },
  metric: string,
  against: string,
  run: (seed: number, context: Context) => Promise<Measurement>,
): Check {
  const family = situation.dimension === undefined ? 'categorical' : 'gaussian';
  const name = `${family}/${scheduleName(situation.schedule)}/${metric}/${situation.regime}`;
  const seed = seedOf(name);
  return { name, seed, slow: situation.slow, against, run: (context) => run(seed, context) };
}
