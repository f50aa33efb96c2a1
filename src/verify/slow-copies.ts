/** Metrics without a closed form, against the same training drawn pick by pick; schedules, weights, errors and rules all together. */
import { Pace } from '../models/pace.js';
import { categoricalSpec, type SampledSpec, type Spec } from '../spec/spec.js';
import { type Check, type Context, checkOf, type Measurement } from './check.js';
import { gaussianDefinitions, VectorLearner } from './learn-gaussian.js';
import { definitions, TokenLearner } from './learn-tokens.js';
import { type GaussianSituation, generationsOf, observe, observeRaw, type Situation, specOf, wholeTruth } from './observe.js';
import { type Learner, type TrainingSet, trainingSets } from './pick-by-pick.js';
import { FairBits } from './random.js';
import { sameLawTest, sameMeanTest } from './tests.js';

const against = 'pick-by-pick implementation';

/** A metric of the last generation in as many slow replicates as the spec has fast ones. */
async function copies<S>(
  spec: Spec,
  context: Context,
  learner: Learner<S>,
  bits: FairBits,
  metric: (sets: TrainingSet<S>[]) => number,
): Promise<Float64Array> {
  const [generation] = spec.generations as number[];
  const pace = new Pace(context.signal);
  const values = new Float64Array(spec.replicates);
  for (let r = 0; r < values.length; r++) {
    await pace.turn();
    values[r] = metric(trainingSets(spec as SampledSpec, learner, generation, bits));
  }
  return values;
}

/** The mean of a metric in the last generation, of two independent implementations. */
export function slowCopyCheck(situation: Situation, metric: string): Check {
  const at = Math.max(...generationsOf(situation));
  return checkOf(situation, metric, against, async (seed, context) => {
    const { spec, truth, values } = await observe(specOf({ ...situation, at }, seed, [metric], context), context);
    const bits = new FairBits(seed);
    const p = wholeTruth(truth);
    const learner = new TokenLearner(p, spec.sampling, categoricalSpec(spec).model.error, bits);
    const measured = await copies(spec, context, learner, bits, (sets) =>
      definitions[metric](learner.shares(sets[at - 1], at), learner.shares(sets[0], 1), p),
    );
    return sameMeanTest(values, measured);
  });
}

/** As `slowCopyCheck` for a Gaussian, whose training sets are drawn and fitted in full; its whole law with `law`. */
export function slowGaussianCheck(situation: GaussianSituation, metric: string, law = false): Check {
  const at = Math.max(...generationsOf(situation));
  return checkOf(situation, law ? `${metric}-law` : metric, against, async (seed, context): Promise<Measurement> => {
    const { spec, values } = await observeRaw(specOf({ ...situation, at }, seed, [metric], context), context);
    const bits = new FairBits(seed);
    const { dimension, estimator = 'mle' } = situation;
    const temperature = spec.sampling.kind === 'temperature' ? spec.sampling.temperature : 1;
    const learner = new VectorLearner({ dimension, estimator, temperature }, bits);
    const measured = await copies(spec, context, learner, bits, (sets) =>
      gaussianDefinitions[metric](learner.fit(sets[at - 1]), at > 1 ? learner.fit(sets[at - 2]) : undefined),
    );
    return law ? sameLawTest(values, measured) : sameMeanTest(values, measured);
  });
}
