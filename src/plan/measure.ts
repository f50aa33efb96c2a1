/** Simulations on the planner's own terms: one amount, one generation, one number with its error. */
import type { Progress, Result, SimulateOptions } from '../engine/result.js';
import { simulate } from '../engine/simulate.js';
import type { Truth } from '../models/truth.js';
import { MAX_SAMPLES } from '../spec/fields.js';
import { parseSpec, type Spec } from '../spec/spec.js';
import { realOf } from './contexts.js';
import type { CheckedRequest } from './request.js';

export type MeasureOptions = Pick<SimulateOptions, 'backend' | 'threads' | 'signal'> & {
  /** Told what is being simulated, and how far it is (0 to 1). */
  onProgress?: (what: string, fraction: number) => void;
};

/** A mean over runs and its standard error. */
export interface Measured {
  mean: number;
  standardError: number;
  replicates: number;
}

/** Token updates that one simulation should take at most, and the runs that it takes at least and at most. */
const work = 1e7;
const fewest = 200;
const most = 10_000;

/** The largest amount that can be simulated: a training set has at most 2^31 samples. */
export function largestSimulated(truth: Truth, { schedule, real, generations }: CheckedRequest): number {
  if (schedule === 'fully-synthetic') return MAX_SAMPLES;
  const room = MAX_SAMPLES - truth.contexts.reduce((largest, context) => Math.max(largest, realOf(context, real)), 0);
  return schedule === 'accumulate' ? Math.floor(room / (generations - 1)) : room;
}

/** Runs of a simulation of m generations, if the request does not say. */
export function replicatesFor(tokens: number, { replicates, generations }: CheckedRequest): number {
  return replicates ?? Math.max(fewest, Math.min(most, Math.floor(work / (tokens * generations))));
}

/** Simulates one amount; every `stream` has random numbers of its own (but for several contexts drawn by `dirichlet`, which the seed draws too). */
export async function measure(
  request: CheckedRequest,
  truth: Truth,
  synthetic: number,
  stream: number,
  replicates: number,
  options: MeasureOptions,
): Promise<Result> {
  const { schedule, real, generations, spec } = request;
  const sizes = schedule === 'fully-synthetic' ? { sampleSize: synthetic } : { real, synthetic };
  const drawn = spec.model.initial.kind === 'dirichlet';
  const job: Spec = parseSpec({
    model: drawn && truth.contexts.length === 1 ? sameTruth(truth) : spec.model,
    schedule: { kind: schedule, ...sizes },
    generations: [generations],
    replicates,
    seed: drawn && truth.contexts.length > 1 ? request.seed : (request.seed + stream) % Number.MAX_SAFE_INTEGER,
    metrics: ['l1-first', 'l2-first'],
  });
  const { onProgress, ...settings } = options;
  const what = `${replicates} runs with ${synthetic} synthetic samples`;
  return simulate(job, { ...settings, onProgress: ({ fraction }: Progress) => onProgress?.(what, fraction) });
}

/** The distribution itself, so that another seed does not draw another one. */
function sameTruth({ vocabulary, contexts: [{ tokens, p }] }: Truth): object {
  const all = new Array<number>(vocabulary).fill(0);
  tokens.forEach((token, i) => (all[token] = p[i]));
  return { kind: 'categorical', initial: { kind: 'explicit', p: all } };
}

/** A metric of the one generation that was simulated. */
export function measured({ metrics, provenance }: Result, metric: 'l1-first' | 'l2-first'): Measured {
  const { mean, standardError } = metrics[metric];
  return { mean: Number(mean[0]), standardError: Number(standardError[0] ?? Number.NaN), replicates: provenance.spec.replicates };
}
