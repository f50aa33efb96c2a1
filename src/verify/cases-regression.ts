/** Regression: exact means, every order of n, m and d, both ways of drawing, and mixing by weights, by rounds and by replacement. */
import type { Check } from './check.js';
import { type RegressionSituation, regressionCheck } from './regression.js';

const powerLaw = { kind: 'power-law', exponent: 1.2 } as const;
/** Eigenvalues over six orders of magnitude. */
const given = (d: number) => ({ kind: 'explicit', eigenvalues: Array.from({ length: d }, (_, i) => 10 ** (2 - (6 * i) / d)) }) as const;

const REAL_NOISE = 0.25;
/** Least squares on n real samples of n - d - 1 > 0: s^2 d/(n - d - 1), whatever the spectrum, as E W^-1 of a Wishart matrix says. */
const leastSquares = (d: number, n: number) => (REAL_NOISE * d) / (n - d - 1);

type Model = Omit<RegressionSituation['model'], 'dimension'>;
type Schedule = Omit<RegressionSituation['schedule'], 'samples' | 'syntheticFraction'>;
type Rest = Pick<RegressionSituation, 'generation' | 'exact' | 'replicates'>;

/** One line of a table: the regime, d, n, p_2, and what else is not as usual. */
type Line = [regime: string, d: number, n: number, share: number, model?: Model, schedule?: Schedule, rest?: Partial<Rest>];

const situation =
  (replicates: number) =>
  ([regime, dimension, samples, syntheticFraction, model, schedule, rest]: Line): RegressionSituation => ({
    ...{ regime, replicates, model: { dimension, ...model } },
    schedule: { samples, syntheticFraction, ...schedule },
    ...rest,
  });

const allSynthetic = { noiseSynthetic: REAL_NOISE };

const exact: Line[] = [
  ['real-d10-n14', 10, 14, 0, {}, {}, { exact: leastSquares(10, 14), replicates: 20_000 }],
  ['real-d50-n100-power-law', 50, 100, 0, { spectrum: powerLaw }, {}, { exact: leastSquares(50, 100) }],
  ['real-d30-n60', 30, 60, 0, {}, { draw: 'data' }, { exact: leastSquares(30, 60) }],
  ['real-d40-n1e12', 40, 1e12, 0, {}, {}, { exact: leastSquares(40, 1e12) }],
  // All labels synthetic: w_2 is learnt, at distance c^2, and the noise adds up.
  ['synthetic-d20-n60', 20, 60, 1, {}, allSynthetic, { exact: 0.5 + leastSquares(20, 60), replicates: 10_000 }],
  // Repeated replacement: each generation adds the same.
  ...[2, 6, 20].map(
    (generation): Line => [
      `replacement-d20-n60-round${generation}`,
      ...([20, 60, 1, {}, { ...allSynthetic, quality: 0 }, { exact: generation * leastSquares(20, 60), generation }] as const),
    ],
  ),
  // Weight 0 of the synthetic part leaves the real part alone.
  ['weight-0-d20-n100', 20, 100, 0.5, {}, { syntheticWeight: 0 }, { exact: leastSquares(20, 50), replicates: 10_000 }],
];

/** Ridge: n below, at and above d; p_2 from 0 to 1; labels from perfect to bad; lambda from none to large; noise of one part alone. */
const ridge: Line[] = [
  ['d100-n200-real', 100, 200, 0, { ridge: 0.01 }],
  ['d100-n200-p0.1', 100, 200, 0.1, { ridge: 0.01 }, { quality: 1 }],
  ['d100-n200', 100, 200, 0.4, { ridge: 0.01 }],
  ['d100-n200-p0.9', 100, 200, 0.9, { ridge: 0.01 }, { quality: 2 }],
  ['d100-n200-synthetic', 100, 200, 1, { ridge: 0.01 }, { quality: 0.1 }],
  ['d100-n200-perfect-labels', 100, 200, 0.4, { ridge: 0.1 }, { quality: 0 }],
  ['d100-n200-no-noise', 100, 200, 0.4, { ridge: 0.001 }, { noiseReal: 0, noiseSynthetic: 0 }],
  ['d100-n200-real-noise', 100, 200, 0.4, { ridge: 0.001 }, { noiseReal: 1, noiseSynthetic: 0 }],
  ['d100-n200-synthetic-noise', 100, 200, 0.4, { ridge: 0.001 }, { noiseReal: 0, noiseSynthetic: 1 }],
  ['d100-n200-large-lambda', 100, 200, 0.4, { ridge: 10 }],
  ['d100-n200-least-squares', 100, 200, 0.4],
  ['d100-n200-power-law', 100, 200, 0.4, { ridge: 0.01, spectrum: powerLaw }],
  ['d100-n200-given-spectrum', 100, 200, 0.4, { ridge: 0.01, spectrum: given(100) }],
  ['d100-n200', 100, 200, 0.4, { ridge: 0.01 }, { draw: 'data' }],
  ['d100-n100', 100, 100, 0.4, { ridge: 0.1 }],
  ['d100-n100-power-law', 100, 100, 0.5, { ridge: 0.001, spectrum: powerLaw }],
  ['d100-n50', 100, 50, 0.4, { ridge: 0.1 }],
  ['d100-n50-least-norm', 100, 50, 0.4],
  ['d100-n50-least-norm-power-law', 100, 50, 0.4, { spectrum: powerLaw }],
  ['d100-n1e6-strong-collapse', 100, 1e6, 0.01],
  ['d100-n1e12-power-law', 100, 1e12, 0.001, { spectrum: powerLaw }, { quality: 1 }],
];

/** Random projections: every order of n, m and d, with and without lambda, both spectra and a given one. */
const projections: Line[] = [
  ['n30-m60-d100', 100, 30, 0.5, { ridge: 0.01, width: 60 }],
  ['m30-n60-d100', 100, 60, 0.5, { ridge: 0.01, width: 30 }],
  ['n50-d100-m200', 100, 50, 0.4, { ridge: 0.01, width: 200 }],
  ['m50-d100-n200', 100, 200, 0.4, { ridge: 0.01, width: 50 }],
  ['d100-n200-m400', 100, 200, 0.4, { ridge: 0.01, width: 400 }],
  ['d100-m200-n400', 100, 400, 0.4, { ridge: 0.01, width: 200 }],
  ['n30-m60-d100-power-law', 100, 30, 0.5, { ridge: 0.01, width: 60, spectrum: powerLaw }],
  ['m30-n60-d100-power-law', 100, 60, 0.25, { ridge: 0.01, width: 30, spectrum: powerLaw }],
  ['n50-d100-m200-power-law', 100, 50, 0.9, { ridge: 0.001, width: 200, spectrum: powerLaw }],
  ['m50-d100-n200-power-law', 100, 200, 0.9, { ridge: 0.001, width: 50, spectrum: powerLaw }],
  ['d100-n200-m400-power-law', 100, 200, 0.5, { ridge: 0.001, width: 400, spectrum: powerLaw }, { quality: 1 }],
  ['d100-m200-n400-given-spectrum', 100, 400, 0.5, { ridge: 0.01, width: 200, spectrum: given(100) }, { quality: 1 }],
  ['n30-m60-d100-least-norm', 100, 30, 0.5, { width: 60 }],
  ['m30-n60-d100-least-norm', 100, 60, 0.75, { width: 30 }],
  ['n50-d100-m200-least-norm', 100, 50, 1, { width: 200 }],
  ['m50-d100-n200-least-norm', 100, 200, 0, { width: 50 }],
  ['m50-n50-d100', 100, 50, 0.4, { ridge: 0.1, width: 50 }],
  ['m50-d100-n1e9', 100, 1e9, 0.1, { ridge: 0.001, width: 50 }, { quality: 1 }],
  ['m50-d100-n200', 100, 200, 0.4, { ridge: 0.01, width: 50 }, { draw: 'data' }],
];

/** The options of mixing: weights, rounds of relabelling with fresh real data. */
const mixing: Line[] = [
  ['weight-0.1-d60-n300', 60, 300, 0.4, { ridge: 0.01 }, { syntheticWeight: 0.1 }],
  ['weight-0.8-d60-n300-power-law', 60, 300, 0.4, { ridge: 0.01, spectrum: powerLaw }, { syntheticWeight: 0.8 }],
  ['weight-0.1-d60-n30', 60, 30, 0.5, { ridge: 0.1 }, { syntheticWeight: 0.1 }],
  ['iterative-d50-n250-round5', 50, 250, 0.5, {}, {}, { generation: 5 }],
  ['iterative-d50-n250-round5-noise-free', 50, 250, 0.5, { ridge: 0.02 }, { relabelling: 'noise-free' }, { generation: 5 }],
  ['iterative-d60-n120-round3-power-law', 60, 120, 0.25, { ridge: 0.01, spectrum: powerLaw }, {}, { generation: 3 }],
  ['iterative-d60-n30-round3', 60, 30, 0.5, { ridge: 0.1 }, {}, { generation: 3 }],
  ['replacement-d50-n250-ridge-round4', 50, 250, 1, { ridge: 0.05 }, { quality: 0 }, { generation: 4 }],
];

/** Those whose law is a limit of large d. */
export const limitSituations: readonly RegressionSituation[] = [...ridge, ...projections, ...mixing].map(situation(2000));

export const regressionChecks: Check[] = [...exact.map(situation(5000)), ...limitSituations].map(regressionCheck);
