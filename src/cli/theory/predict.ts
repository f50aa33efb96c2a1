/** From a spec and its truth to what theory says about them. */
import { InputError, inputError } from '../../errors.js';
import { probabilityToken } from '../../metrics/registry.js';
import type { Truth, TruthContext } from '../../models/truth.js';
import type { Sampling } from '../../spec/sampling.js';
import { batchOf, type Schedule } from '../../spec/schedule.js';
import type { Size } from '../../spec/size.js';
import { type CategoricalSpec, categoricalSpec, lastGeneration, type Spec } from '../../spec/spec.js';
import { type PredictedContext, type Prediction, predict } from '../../theory/predict.js';
import type { ScheduleLaw } from '../../theory/schedule-moments.js';

/** The largest training set that the closed forms are asked about. */
export const LARGEST_SAMPLE_SIZE = 1e12;

/** Most generations that are listed one by one. */
const MOST_ROWS = 1e7;

/** What a prediction says, and which of the spec's metrics it leaves out. */
export interface SpecPrediction {
  prediction: Prediction & { spec: Spec };
  absent: string[];
}

/**
 * The closed forms for a spec.
 * @throws InputError for more generations than can be listed, or "until-collapse" where the law of the collapse time is not known
 */
export function predictSpec(spec: Spec, truth: Truth): SpecPrediction {
  const { schedule, metrics, maxGenerations } = spec;
  const reason = lawless(categoricalSpec(spec), truth.vocabulary);
  if (schedule.kind === 'custom' || reason !== undefined) return nothingKnown(spec, reason ?? `the schedule ${schedule.kind}`);
  const contexts = truth.contexts.map(
    (context): PredictedContext => ({ law: lawOf(schedule, context), p: context.p, weight: context.weight }),
  );
  const { expected, ...rest } = predict(contexts, { generations: generationsOf(spec), maxGenerations, metrics });
  const all: Prediction['expected'] = {};
  for (const name of metrics) {
    const token = probabilityToken(name);
    const values = token === undefined ? expected[name] : constant(meanProbability(truth, name, token), rest.generation.length);
    if (values) all[name] = values;
  }
  const { generation, ...others } = rest;
  return { prediction: { spec, generation, expected: all, ...others }, absent: metrics.filter((name) => !(name in all)) };
}

/** Whether a sampling rule leaves every distribution of a model without error as it is: the closed forms are of plain samples. */
function isPlain(sampling: Sampling, vocabulary: number): boolean {
  switch (sampling.kind) {
    case 'plain':
      return true;
    case 'temperature':
      return sampling.temperature === 1;
    case 'top-k':
      return sampling.k >= vocabulary;
    case 'top-p':
      return sampling.p === 1;
    case 'verifier':
      // No token outside the truth's support comes up without an error.
      return true;
  }
}

/** What of a spec has no closed form, or undefined. */
function lawless({ model, sampling, weighting }: CategoricalSpec, vocabulary: number): string | undefined {
  if (model.error !== undefined) return 'an error of the model';
  if (!isPlain(sampling, vocabulary)) return `sampling ${sampling.kind}`;
  return weighting.kind === 'plain' ? undefined : `weighting ${weighting.kind}`;
}

/** A prediction without a number in it. */
function nothingKnown(spec: Spec, what: string): SpecPrediction {
  let generations = generationsOf(spec);
  if (generations === 'until-collapse') {
    if (spec.maxGenerations === undefined) {
      const allowed = `a number or a list of generations (or maxGenerations): no collapse time is known under ${what}`;
      throw inputError('generations', generations, allowed);
    }
    generations = Array.from({ length: spec.maxGenerations }, (_, i) => i + 1);
  }
  return { prediction: { spec, generation: [...generations], expected: {}, bounds: {} }, absent: [...spec.metrics] };
}

function generationsOf(spec: Spec): readonly number[] | 'until-collapse' {
  const { generations } = spec;
  const last = lastGeneration(spec);
  if (!Array.isArray(generations) && Number.isFinite(last) && last > MOST_ROWS) {
    const field = generations === 'until-collapse' ? 'maxGenerations' : 'generations';
    throw inputError(field, last, `at most ${MOST_ROWS} reported generations; give a list of those to report`);
  }
  return typeof generations === 'number' ? Array.from({ length: generations }, (_, i) => i + 1) : generations;
}

/** The schedule of one context, with numbers in the place of "corpus". */
function lawOf(schedule: Exclude<Schedule, { kind: 'custom' }>, { count = 0 }: TruthContext): ScheduleLaw {
  const size = (value: Size) => (value === 'corpus' ? count : value);
  switch (schedule.kind) {
    case 'partially-synthetic':
    case 'accumulate':
    case 'fresh':
      return { kind: schedule.kind, real: size(schedule.real), synthetic: size(schedule.synthetic) };
    case 'accumulate-subsample': {
      const corpusSize = size(schedule.corpusSize);
      return { kind: schedule.kind, corpusSize, batch: batchOf(schedule.rate, corpusSize), replacement: schedule.replacement };
    }
    case 'most-recent':
      return { kind: schedule.kind, sampleSize: size(schedule.sampleSize), window: schedule.window };
    default:
      return { kind: schedule.kind, sampleSize: size(schedule.sampleSize) };
  }
}

/** The truth's share of a token, averaged over contexts. Plain sampling keeps it on average, under every schedule. */
function meanProbability(truth: Truth, name: string, token: string): number {
  const index = truth.tokenNames ? truth.tokenNames.indexOf(token) : Number(token);
  if (index < 0) throw new InputError(`metrics: got "${name}"; "${token}" is no token of the text`, 'metrics');
  let mean = 0;
  for (const { tokens, p, weight } of truth.contexts) {
    const at = tokens.indexOf(index);
    if (at >= 0) mean += weight * p[at];
  }
  return mean;
}

function constant(value: number, length: number): number[] {
  return new Array<number>(length).fill(value);
}
