/** Runs a simulation for a check and keeps the raw values of every replicate. */
import type { ChainBatch } from '../engine/result.js';
import { simulate } from '../engine/simulate.js';
import { resolveTruth } from '../models/categorical.js';
import type { Truth } from '../models/truth.js';
import { parseSpec, type Spec, type SpecInput } from '../spec/spec.js';
import type { Context } from './check.js';

/** What quick runs keep of the replicates, and the fewest they go down to. */
const QUICK_SHARE = 0.1;
const QUICK_LEAST = 500;

/** A true distribution, as a spec gives it. */
export type Initial = Extract<SpecInput['model'], { kind: 'categorical' }>['initial'];

/** What the situations of every model family say. */
interface Training {
  /** Name of the regime, in kebab case. */
  regime: string;
  schedule: SpecInput['schedule'];
  /** How models are sampled. Default: plain. */
  sampling?: SpecInput['sampling'];
  /** How real samples are weighted. Default: plain. */
  weighting?: SpecInput['weighting'];
  /** The generation looked at, or several. */
  at: number | readonly number[];
  /** How generations are reached. Default: forward, the generations between included. */
  method?: SpecInput['method'];
  replicates: number;
  slow?: boolean;
}

/** A situation to simulate; a check is a situation and a test of one metric. */
export interface Situation extends Training {
  initial: Initial;
  /** The error of each generation. Default: none. */
  error?: Extract<SpecInput['model'], { kind: 'categorical' }>['error'];
}

/** A situation of a Gaussian. */
export interface GaussianSituation extends Training {
  dimension: number;
  /** Default: mle. */
  estimator?: 'mle' | 'unbiased';
  collapseVariance?: number;
}

/** Generations of a situation, as a list. */
export function generationsOf({ at }: Pick<Training, 'at'>): number[] {
  return typeof at === 'number' ? [at] : [...at];
}

/** The spec of a situation with a seed and metrics, checked. */
export function specOf(situation: Situation | GaussianSituation, seed: number, metrics: string[], context: Pick<Context, 'quick'>): Spec {
  const { schedule, sampling, weighting, replicates, method = 'forward' } = situation;
  const least = Math.min(replicates, QUICK_LEAST);
  return parseSpec({
    model: modelOf(situation),
    schedule,
    sampling,
    weighting,
    generations: generationsOf(situation),
    method,
    replicates: context.quick ? Math.max(least, Math.round(replicates * QUICK_SHARE)) : replicates,
    seed,
    metrics,
  });
}

function modelOf(situation: Situation | GaussianSituation): SpecInput['model'] {
  if ('initial' in situation)
    return { kind: 'categorical', initial: situation.initial, ...(situation.error && { error: situation.error }) };
  const { dimension, estimator, collapseVariance } = situation;
  return { kind: 'gaussian', dimension, estimator, collapseVariance };
}

/** The raw values of a simulation. */
export interface RawValues {
  spec: Spec;
  /** Row-major: replicate, generation, metric; contexts averaged by weight. Empty with `until-collapse`. */
  values: Float64Array;
  /** Of each chain (replicate-major, contexts inside); 0: not collapsed. */
  collapseTimes: Uint32Array;
}

export interface Observation extends RawValues {
  truth: Truth;
}

/** Simulates a spec of a categorical model. */
export async function observe(spec: Spec, context: Context): Promise<Observation> {
  const truth = await resolveTruth(spec);
  const weights = truth.contexts.map(({ weight }) => weight);
  return { truth, ...(await observeRaw(spec, context, weights)) };
}

/** Simulates a spec of any model. `weights`: of the contexts. */
export async function observeRaw(spec: Spec, { backend, threads, signal }: Context, weights: readonly number[] = [1]): Promise<RawValues> {
  const contexts = weights.length;
  const open = spec.generations === 'until-collapse';
  const rows = Array.isArray(spec.generations) ? spec.generations.length : Number(spec.generations);
  const width = open ? 0 : rows * spec.metrics.length;
  const values = new Float64Array(spec.replicates * width);
  const collapseTimes = new Uint32Array(spec.replicates * contexts);
  const onChains = (batch: ChainBatch) => {
    collapseTimes.set(batch.collapseTimes, batch.firstChain);
    for (let chain = 0; chain < batch.collapseTimes.length * (open ? 0 : 1); chain++) {
      const replicate = Math.floor((batch.firstChain + chain) / contexts);
      const weight = weights[(batch.firstChain + chain) % contexts];
      for (let i = 0; i < width; i++) values[replicate * width + i] += weight * batch.values[chain * width + i];
    }
  };
  await simulate(spec, { backend, threads, signal, onChains });
  return { spec, values, collapseTimes };
}

/** One column of row-major values. */
export function column(values: Float64Array, columns: number, index: number): Float64Array {
  return Float64Array.from({ length: values.length / columns }, (_, row) => values[row * columns + index]);
}

/** Probability of a token in the first context; 0 if it is not in the support. */
export function probabilityOf(truth: Truth, token: number, context = 0): number {
  const { tokens, p } = truth.contexts[context];
  const index = tokens.indexOf(token);
  return index < 0 ? 0 : p[index];
}

/** Probabilities of all tokens of the vocabulary in the first context. */
export function wholeTruth({ vocabulary, contexts: [{ tokens, p }] }: Truth): number[] {
  const all = new Array<number>(vocabulary).fill(0);
  tokens.forEach((token, i) => (all[token] = p[i]));
  return all;
}
