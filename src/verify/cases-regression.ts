/**
 * Regression on real and synthetic data, against the laws of src/theory/linear. Where a law is a limit of large d, the check has an
 * allowance for what the limit leaves out, and no p-value; where it is exact, it has one.
 */
import type { ChainBatch } from '../engine/result.js';
import { simulate } from '../engine/simulate.js';
import type { MixtureSchedule, RegressionModel } from '../spec/regression.js';
import { isRegression, parseSpec, type SpecInput } from '../spec/spec.js';
import { type MixtureSchedule as LawSchedule, type LinearModel, predict } from '../theory/linear/predict.js';
import type { Check, Context, Measurement } from './check.js';
import { seedOf } from './random.js';
import { meanTest, sampleOf } from './tests.js';

type Model = Partial<RegressionModel> & { width?: number };
type Mixture = Partial<MixtureSchedule>;

interface Case {
  /** Of the check's name, in kebab case. */
  regime: string;
  model: Model;
  schedule: Mixture;
  /** Default: 1. */
  generation?: number;
  replicates: number;
  /** Exact mean test error, where there is one; otherwise the law's. */
  exact?: number;
  /** What the law leaves out, relative, in units of 1/d. */
  allowance?: number;
}

const noise = 0.25;
const mixture = { samples: 200, syntheticFraction: 0.4, noiseReal: noise, noiseSynthetic: 0.5, quality: 0.5 };
const powerLaw = { kind: 'power-law', exponent: 1.2 } as const;
/** Least squares on n real samples of n - d - 1 > 0: s^2 d/(n - d - 1), whatever the spectrum, as E W^-1 of a Wishart matrix says. */
const leastSquares = (d: number, n: number) => (noise * d) / (n - d - 1);

const cases: Case[] = [
  // Exact.
  {
    regime: 'real-d10-n14',
    model: { dimension: 10 },
    schedule: { samples: 14, syntheticFraction: 0 },
    replicates: 20_000,
    exact: leastSquares(10, 14),
  },
  {
    regime: 'real-d50-n100-power-law',
    model: { dimension: 50, spectrum: powerLaw },
    schedule: { samples: 100, syntheticFraction: 0 },
    replicates: 5000,
    exact: leastSquares(50, 100),
  },
  {
    regime: 'real-d40-n1e12',
    model: { dimension: 40 },
    schedule: { samples: 1e12, syntheticFraction: 0 },
    replicates: 5000,
    exact: leastSquares(40, 1e12),
  },
  // All labels synthetic: w_2 is learnt, at distance c^2, and the noise adds up.
  {
    regime: 'synthetic-d20-n60',
    model: { dimension: 20 },
    schedule: { samples: 60, syntheticFraction: 1, noiseSynthetic: noise },
    replicates: 10_000,
    exact: 0.5 + leastSquares(20, 60),
  },
  // Repeated replacement: each generation adds the same.
  {
    regime: 'replacement-d20-n60',
    model: { dimension: 20 },
    schedule: { samples: 60, syntheticFraction: 1, noiseSynthetic: noise, quality: 0 },
    generation: 6,
    replicates: 5000,
    exact: 6 * leastSquares(20, 60),
  },
  // Weight 0 of the synthetic part leaves the real part alone.
  {
    regime: 'weight-0-d20-n100',
    model: { dimension: 20 },
    schedule: { samples: 100, syntheticFraction: 0.5, syntheticWeight: 0 },
    replicates: 10_000,
    exact: leastSquares(20, 50),
  },
  // Limits of large d.
  { regime: 'd100-n200', model: { dimension: 100, ridge: 0.01 }, schedule: mixture, replicates: 2000 },
  { regime: 'd100-n200-power-law', model: { dimension: 100, ridge: 0.01, spectrum: powerLaw }, schedule: mixture, replicates: 2000 },
  { regime: 'd100-n50', model: { dimension: 100, ridge: 0.1 }, schedule: { ...mixture, samples: 50 }, replicates: 2000 },
  {
    regime: 'd100-n1e6-strong-collapse',
    model: { dimension: 100 },
    schedule: { ...mixture, samples: 1e6, syntheticFraction: 0.01 },
    replicates: 5000,
  },
  { regime: 'd100-n400-m50', model: { dimension: 100, ridge: 0.01, width: 50 }, schedule: { ...mixture, samples: 400 }, replicates: 2000 },
  { regime: 'd80-n60-m160', model: { dimension: 80, ridge: 0.1, width: 160 }, schedule: { ...mixture, samples: 60 }, replicates: 2000 },
  {
    regime: 'd80-n160-m120-power-law',
    model: { dimension: 80, ridge: 0.01, width: 120, spectrum: powerLaw },
    schedule: { ...mixture, samples: 160 },
    replicates: 2000,
  },
  {
    regime: 'd60-n300-weighted',
    model: { dimension: 60, ridge: 0.01 },
    schedule: { ...mixture, samples: 300, syntheticWeight: 0.1 },
    replicates: 3000,
  },
  {
    regime: 'd50-n250-iterative',
    model: { dimension: 50 },
    schedule: { ...mixture, samples: 250, syntheticFraction: 0.5 },
    generation: 5,
    replicates: 2000,
  },
  {
    regime: 'd50-n250-iterative-noise-free-ridge',
    model: { dimension: 50, ridge: 0.02 },
    schedule: { ...mixture, samples: 250, syntheticFraction: 0.5, relabelling: 'noise-free' },
    generation: 5,
    replicates: 2000,
  },
];

export const regressionChecks: Check[] = cases.map(checkOf);

/** Relative distance from a limit that is left out at finite d, times d, unless a case says more. */
const ALLOWANCE = 6;
/** Standard errors beyond the allowance at which a check fails: as often as once in 10^6 by chance alone. */
const MOST_ERRORS = 4.9;

function checkOf(one: Case): Check {
  const name = `${one.model.width === undefined ? 'ridge' : 'random-projections'}/mixture/test-error/${one.regime}`;
  const seed = seedOf(name);
  const against = one.exact === undefined ? 'linear laws, with an allowance for finite d' : 'exact mean of an inverse Wishart matrix';
  return { name, seed, against, run: (context) => measure(one, seed, context) };
}

async function measure(
  { model, schedule, generation = 1, replicates, exact, allowance = ALLOWANCE }: Case,
  seed: number,
  context: Context,
): Promise<Measurement> {
  const spec = parseSpec({
    model: { kind: model.width === undefined ? 'ridge' : 'random-projections', ...model },
    schedule: { kind: 'mixture', noiseReal: noise, quality: 0.5, ...schedule },
    generations: [generation],
    replicates: context.quick ? Math.max(500, Math.round(replicates / 10)) : replicates,
    seed,
  } as SpecInput);
  const values = new Float64Array(spec.replicates);
  const onChains = (batch: ChainBatch) => values.set(batch.values, batch.firstChain);
  const { backend, threads, signal } = context;
  await simulate(spec, { backend, threads, signal, onChains });
  if (exact !== undefined) return meanTest(values, exact);
  if (!isRegression(spec)) throw new RangeError('not a regression');
  const law = predict(spec.model as LinearModel, spec.schedule as LawSchedule, [generation]).totals?.[0] as number;
  return limitTest(values, law, allowance / spec.model.dimension);
}

/** Standard errors by which the mean is farther from the law than the allowance, relative to the law: 0, which passes, up to `MOST_ERRORS`. */
function limitTest(values: Float64Array, law: number, allowance: number): Measurement {
  const { mean, standardError, size } = sampleOf(values);
  const beyond = (Math.abs(mean - law) - allowance * law) / standardError;
  return {
    statistic: Math.max(0, beyond - MOST_ERRORS),
    pValue: null,
    smallestEffect: allowance + ((MOST_ERRORS + 3) * standardError) / law,
    ...{ predicted: law, measured: mean, replicates: size },
  };
}
