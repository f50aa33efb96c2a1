/**
 * Regression on real and synthetic data, against the laws of src/theory/linear. Where a law is a limit of large d, the check has an
 * allowance for what the limit leaves out, and no p-value; where it is exact, it has one.
 */
import type { ChainBatch } from '../engine/result.js';
import { simulate } from '../engine/simulate.js';
import type { MixtureSchedule, RegressionModel } from '../spec/regression.js';
import { parseSpec, type RegressionSpec, type SpecInput } from '../spec/spec.js';
import { type MixtureSchedule as LawSchedule, type LinearModel, predict } from '../theory/linear/predict.js';
import type { Check, Context, Measurement } from './check.js';
import { seedOf } from './random.js';
import { meanTest, sampleOf } from './tests.js';

export interface RegressionSituation {
  /** Of the check's name, in kebab case. */
  regime: string;
  model: Partial<RegressionModel> & { dimension: number; width?: number };
  schedule: Partial<MixtureSchedule> & { samples: number; syntheticFraction: number };
  /** Default: 1. */
  generation?: number;
  replicates: number;
  /** Exact mean test error, where there is one; otherwise the law's. */
  exact?: number;
}

/** What the laws leave out at finite d, relative, is at most this over d (docs/MATH.md#finite-d). */
export const FINITE_DIMENSION = 3;
/** Standard errors beyond the allowance at which a check fails: as often as 3 times in 10^6 where all of the allowance is used up, else never. */
const MOST_ERRORS = 4.5;

/** Label noise of either part and quality unless a situation says others. */
const usual = { kind: 'mixture', noiseReal: 0.25, noiseSynthetic: 0.5, quality: 0.5 } as const;

export function regressionCheck(situation: RegressionSituation): Check {
  const { model, schedule, regime, exact } = situation;
  const way = schedule.draw === 'data' ? '-data' : '';
  const name = `${kindOf(model)}/mixture/test-error/${regime}${way}`;
  const seed = seedOf(name);
  const against = exact === undefined ? 'linear laws, with an allowance for finite d' : 'exact mean of an inverse Wishart matrix';
  return { name, seed, against, run: (context) => measure(situation, seed, context) };
}

function kindOf({ width }: RegressionSituation['model']): RegressionModel['kind'] {
  return width === undefined ? 'ridge' : 'random-projections';
}

/** The spec of a situation, with all defaults. */
export function regressionSpec({ model, schedule, generation = 1 }: RegressionSituation, replicates: number, seed: number): RegressionSpec {
  const input = {
    model: { kind: kindOf(model), ...model },
    schedule: { ...usual, ...schedule },
    generations: [generation],
    replicates,
    seed,
  };
  return parseSpec(input as SpecInput) as RegressionSpec;
}

/** The test error of each replicate. */
export async function testErrors(spec: RegressionSpec, { backend, threads, signal }: Omit<Context, 'quick'>): Promise<Float64Array> {
  const values = new Float64Array(spec.replicates);
  const onChains = (batch: ChainBatch) => values.set(batch.values, batch.firstChain);
  await simulate(spec, { backend, threads, signal, onChains });
  return values;
}

/** The law's mean of the generation that the spec reports. */
export function lawOf({ model, schedule, generations }: RegressionSpec): number {
  return predict(model as LinearModel, schedule as LawSchedule, generations as number[]).totals?.[0] as number;
}

async function measure(situation: RegressionSituation, seed: number, context: Context): Promise<Measurement> {
  const { replicates, exact, model } = situation;
  const spec = regressionSpec(situation, context.quick ? Math.max(500, Math.round(replicates / 10)) : replicates, seed);
  const values = await testErrors(spec, context);
  return exact === undefined ? limitTest(values, lawOf(spec), FINITE_DIMENSION / model.dimension) : meanTest(values, exact);
}

/** Standard errors by which the mean is farther from the law than the allowance, relative to the law: 0, which passes, up to `MOST_ERRORS`. */
function limitTest(values: Float64Array, law: number, allowance: number): Measurement {
  const { mean, standardError, size } = sampleOf(values);
  const beyond = (Math.abs(mean - law) - allowance * law) / standardError;
  return {
    // A mean that is no number passes nothing.
    statistic: beyond <= MOST_ERRORS ? 0 : beyond - MOST_ERRORS,
    pValue: null,
    smallestEffect: allowance + ((MOST_ERRORS + 3) * standardError) / law,
    ...{ predicted: law, measured: mean, replicates: size },
  };
}
