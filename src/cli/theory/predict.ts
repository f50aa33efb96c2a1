/** From a spec and its truth to what theory says about them. */
import { InputError, inputError } from '../../errors.js';
import { probabilityToken } from '../../metrics/registry.js';
import type { Truth, TruthContext } from '../../models/truth.js';
import { isRegression, lastGeneration, type RegressionSpec, type Spec } from '../../spec/spec.js';
import { contextHasError, type PredictedContext } from '../../theory/context-moments.js';
import { predict as predictLinear } from '../../theory/linear/predict.js';
import type { TestError } from '../../theory/linear/test-error.js';
import { listed, type Prediction, predict, type Question } from '../../theory/predict.js';
import { predictGaussian } from '../../theory/predict-gaussian.js';
import { contextLaw, gaussianLaw, isLinear, lawful } from './laws.js';

/** The largest training set that the closed forms are asked about. */
export const LARGEST_SAMPLE_SIZE = 1e12;

/** Most generations that are listed one by one. */
const MOST_ROWS = 1e7;

/** What a prediction says, and which of the spec's metrics it leaves out. */
export interface SpecPrediction {
  prediction: Prediction & { spec: Spec; testError?: TestError };
  absent: string[];
}

/**
 * The closed forms for a spec.
 * @param truth that of a categorical model; a Gaussian has none
 * @throws InputError for more generations than can be listed, or "until-collapse" where the law of the collapse time is not known
 */
export function predictSpec(spec: Spec, truth?: Truth): SpecPrediction {
  const { maxGenerations, metrics } = spec;
  const question: Question = { generations: generationsOf(spec), maxGenerations, metrics };
  if (isRegression(spec)) return regression(spec, question);
  const gaussian = gaussianLaw(lawful(spec));
  if (gaussian) return answer(spec, predictGaussian(gaussian, question));
  const { vocabulary, contexts } = truth as Truth;
  const predicted = contexts.map(
    (context): PredictedContext => ({
      ...contextLaw(lawful(spec), context, vocabulary),
      p: context.p,
      weight: context.weight,
      vocabulary,
      watched: watchedShares(metrics, truth as Truth, context),
    }),
  );
  if (isLinear(lawful(spec), vocabulary)) return answer(spec, predict(predicted, question));
  return answer(spec, nothingKnown(spec, question, predicted.some(contextHasError)));
}

/** Of a regression: the parts of the test error of generation 1, and its total by generation. */
function regression(spec: RegressionSpec, question: Question): SpecPrediction {
  const generation = listed(question);
  const { testError, totals } = predictLinear(spec.model, spec.schedule, generation);
  const { prediction, absent } = answer(spec, { generation, expected: totals ? { 'test-error': totals } : {}, bounds: {} });
  return { prediction: { ...prediction, ...(testError && { testError }) }, absent };
}

function answer(spec: Spec, { generation, expected, ...others }: Prediction): SpecPrediction {
  const inOrder = Object.fromEntries(spec.metrics.filter((name) => name in expected).map((name) => [name, expected[name]]));
  return {
    prediction: { spec, generation, expected: inOrder, ...others },
    absent: spec.metrics.filter((name) => !(name in expected)),
  };
}

/** A prediction with next to nothing in it: without errors no token appears that the truth does not have, whatever the sampling rule. */
function nothingKnown(spec: Spec, { generations, maxGenerations }: Question, hasError: boolean): Prediction {
  if (generations === 'until-collapse') {
    if (maxGenerations === undefined) {
      const allowed = `a number or a list of generations (or maxGenerations): no collapse time is known under sampling ${spec.sampling.kind}`;
      throw inputError('generations', generations, allowed);
    }
    generations = Array.from({ length: maxGenerations }, (_, i) => i + 1);
  }
  return { generation: [...generations], expected: hasError ? {} : { 'outside-truth': generations.map(() => 0) }, bounds: {} };
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

/** p_i of the tokens whose share is asked for, by metric. */
function watchedShares(metrics: readonly string[], truth: Truth, { tokens, p }: TruthContext): Record<string, number> {
  const shares: Record<string, number> = {};
  for (const name of metrics) {
    const token = probabilityToken(name);
    if (token === undefined) continue;
    const index = truth.tokenNames ? truth.tokenNames.indexOf(token) : Number(token);
    if (index < 0) throw new InputError(`metrics: got "${name}"; "${token}" is no token of the text`, 'metrics');
    const at = tokens.indexOf(index);
    shares[name] = at >= 0 ? p[at] : 0;
  }
  return shares;
}
