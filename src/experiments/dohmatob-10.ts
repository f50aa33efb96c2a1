/** Figure 10 of Dohmatob et al.: iterative mixing. Relabelling round after round lowers the plateau, with fresh real data and with the same. */
import { type Claim, compare, estimate, worst, zScore } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, palette, type VegaLiteSpec } from '../figures/style.js';
import { iterativeErrors, iterativeLimit } from '../theory/linear/generations.js';
import { populationOf } from '../theory/linear/predict.js';
import { metric, modelOf, paper, scheduleOf } from './dohmatob.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import type { Run } from './run.js';
import { means, valuesAt } from './seddik.js';

const base = { dimension: 100, samples: 500, share: 0.5, noise: 0.1, ridge: 0 };
const { dimension, samples } = base;
const qualities = [0.1, 0.5, 1];
const rounds = 20;
const reals = ['fresh', 'fixed'] as const;
const relabellings = ['noisy', 'noise-free'] as const;
const seed = 4950;
/** What the recursion leaves out at d = 100, n = 5 d, relative. */
const allowance = 2 / dimension;
/** Error of the real part alone: exact for least squares. */
const realAlone = (base.noise * dimension) / (samples / 2 - dimension - 1);
const source = 'recursion of docs/MATH.md#iterative';

interface Line {
  quality: number;
  real: (typeof reals)[number];
  relabelling: (typeof relabellings)[number];
  run: Run;
  /** By round; of fresh real data. */
  expected?: number[];
  limit: number;
}

export const dohmatob10: Experiment = {
  id: 'dohmatob-10',
  aliases: [],
  group: 'dohmatob',
  title: 'Iterative mixing: relabelling with the last fit removes the plateau, down to a floor',
  source: `${paper}, Figure 10`,
  simulations: qualities.length * reals.length * relabellings.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const runs = context.replicates;
  const lines: Line[] = [];
  for (const relabelling of relabellings) {
    for (const real of reals) {
      for (const quality of qualities) lines.push(await line(context, quality, real, relabelling, runs));
    }
  }
  return {
    caption:
      `Test error of least squares by round. Round 1 fits real samples and synthetic ones of quality c², half of each; every later round relabels its synthetic half with the fit before. ` +
      `A single step stays at round 1's error. Left: new real samples in every round; the recursion E ← V + bE (dashed) is exact up to O(1/d). Right: the same real samples in every round: errors go with their noise, and the floor is higher. ` +
      'Dotted: the real half alone, fitted once. Above, generated labels carry new noise; below, they do not.',
    parameters: [
      ['dimension d, samples n', `${dimension}, ${samples}`],
      ['shares p₁, p₂', '0.5, 0.5'],
      ['qualities c²', qualities.join(', ')],
      ['label noise (variance), ridge λ', `${base.noise}, ${base.ridge}`],
      ['real part alone: s² d/(n₁ − d − 1)', realAlone.toPrecision(4)],
      [
        'limits V/(1 − b), fresh: noisy, noise-free',
        relabellings.map((kind) => of(lines, 'fresh', kind)[0].limit.toPrecision(4)).join(', '),
      ],
      ['runs', String(runs)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: [
      ...relabellings.map((relabelling) => recursionClaim(of(lines, 'fresh', relabelling), relabelling)),
      ...stepClaims(lines),
      ...relabellings.map((relabelling) => fixedClaim(lines, relabelling)),
      realAloneClaim(of(lines, 'fixed', 'noise-free')),
      worst(
        of(lines, 'fixed', 'noisy').map(({ run, quality }) =>
          compare(
            `with the same real data the floor is no better than the real half alone (noisy, c² = ${quality})`,
            paper,
            errorAt(run, rounds),
            '>=',
            realAlone,
          ),
        ),
      ),
    ],
    results: lines.map(({ run, expected }) => ({
      label: run.label,
      result: run.result,
      ...(expected && { expected: { [metric]: expected } }),
    })),
    data: table(lines),
    chart: draw(lines),
  };
}

async function line(
  context: ExperimentContext,
  quality: number,
  real: Line['real'],
  relabelling: Line['relabelling'],
  runs: number,
): Promise<Line> {
  const schedule = { ...scheduleOf({ ...base, quality }), noiseSynthetic: base.noise, real, relabelling };
  const model = modelOf({ ...base, quality });
  const run = await context.simulate(`${real} real data, ${relabelling}, c² = ${quality}`, {
    ...{ model, schedule, generations: rounds, metrics: [metric], seed, replicates: runs },
  });
  const population = populationOf(model, schedule);
  const options = { noiseFree: relabelling === 'noise-free' };
  const expected = real === 'fresh' ? iterativeErrors(population, schedule, base.ridge, rounds, options) : undefined;
  return { quality, real, relabelling, run, expected, limit: iterativeLimit(population, schedule, base.ridge, options) };
}

function of(lines: readonly Line[], real: Line['real'], relabelling: Line['relabelling']): Line[] {
  return lines.filter((line) => line.real === real && line.relabelling === relabelling);
}

function errorAt(run: Run, round: number) {
  return estimate(valuesAt(run, metric, round - 1));
}

function recursionClaim(lines: readonly Line[], relabelling: string): Claim {
  const claims = lines.flatMap(({ run, quality, expected = [] }) =>
    expected.map((value, i) => {
      const { mean, standardError } = errorAt(run, i + 1);
      const distance = { mean: Math.abs(mean / value - 1), standardError: standardError / value };
      return compare(
        `fresh real data: errors are within 2/d of the recursion, relative (${relabelling}, c² = ${quality}, round ${i + 1})`,
        source,
        distance,
        '<=',
        allowance,
      );
    }),
  );
  return worst(claims);
}

/** The rounds of one replicate share their first labels: differences replicate by replicate. */
function stepClaims(lines: readonly Line[]): Claim[] {
  const difference = ({ run }: Line, factor: number) => {
    const [first, last] = [valuesAt(run, metric, 0), valuesAt(run, metric, rounds - 1)];
    return estimate(last.map((value, r) => value - factor * first[r]));
  };
  const lowered = lines
    .filter(({ quality }) => quality >= 0.5)
    .map((line) => {
      const { real, relabelling, quality } = line;
      const claim = `poor first labels: the last round's error is below 0.6 of a single step's (${real}, ${relabelling}, c² = ${quality})`;
      return compare(claim, paper, difference(line, 0.6), '<=', 0);
    });
  const [good] = of(lines, 'fixed', 'noisy');
  const worse = `good first labels, the same real data: relabelling makes the error larger than a single step's (noisy, c² = ${good.quality})`;
  return [worst(lowered), compare(worse, 'this comparison', difference(good, 1), '>=', 0)];
}

function fixedClaim(lines: readonly Line[], relabelling: Line['relabelling']): Claim {
  return worst(
    of(lines, 'fixed', relabelling).map(({ run, quality, limit }) =>
      compare(
        `with the same real data the floor is at least 1.5 times that of fresh data (${relabelling}, c² = ${quality})`,
        source,
        errorAt(run, rounds),
        '>=',
        1.5 * limit,
      ),
    ),
  );
}

/** Noise-free relabelling of fixed real data: the fit of the real half is its only fixed point. */
function realAloneClaim(lines: readonly Line[]): Claim {
  return worst(
    lines.map(({ run, quality }) => {
      const { mean, standardError } = errorAt(run, rounds);
      const distance = { mean: Math.abs(mean / realAlone - 1), standardError: standardError / realAlone };
      return compare(`noise-free, the same real data: within 2 % of the real half alone (c² = ${quality})`, source, distance, '<=', 0.02);
    }),
  );
}

function table(lines: readonly Line[]): Outcome['data'] {
  return {
    columns: ['real', 'relabelling', 'quality', 'round', 'testError', 'standardError', 'expected', 'z'],
    rows: lines.flatMap(({ real, relabelling, quality, run, expected }) =>
      run.generation.map((m, i) => {
        const error = errorAt(run, m);
        const law = expected ? [expected[i], zScore(error, expected[i])] : [null, null];
        return [real, relabelling, quality, m, error.mean, error.standardError, ...law];
      }),
    ),
  };
}

const size = { width: 360, height: 220 };
const colours = [palette.blue, palette.vermillion, palette.green, palette.grey];

function draw(lines: readonly Line[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const names = [...qualities.map((quality) => `c² = ${quality}`), 'real half alone, fitted once'];
  const panels = relabellings.flatMap((relabelling) =>
    reals.map((real, i) => {
      const some = of(lines, real, relabelling);
      const x: Axis = { title: 'round', domain: [0.7, rounds + 0.3], values: [1, 5, 10, 15, 20] };
      const y: Axis = {
        ...{
          title: i === 0 ? 'test error' : null,
          type: 'log',
          domain: [0.01, 0.4],
          values: [0.01, 0.02, 0.05, 0.1, 0.2, 0.4],
          format: '~g',
        },
        labels: i === 0,
      };
      const name = (quality: number) => `c² = ${quality}`;
      return seriesPanel(datasets, `${real}-${relabelling}`, {
        ...{ size, x, y, names, colours, title: `${real === 'fresh' ? 'new' : 'the same'} real data, ${relabelling} labels` },
        measured: some.map(({ quality, run }) => ({ name: name(quality), x: run.generation, y: means(run, metric) })),
        expected: some.flatMap(({ quality, run, expected }) => (expected ? [{ name: name(quality), x: run.generation, y: expected }] : [])),
        limit: [{ name: 'real half alone, fitted once', x: [0.7, rounds + 0.3], y: [realAlone, realAlone] }],
        marked: some.map(({ quality, run, expected }) => ({
          ...{ name: name(quality), x: run.generation, y: means(run, metric), exact: expected },
          halfWidth: run.generation.map((m) => 2 * errorAt(run, m).standardError),
        })),
      });
    }),
  );
  const entries = ['marked', ['expected', 'recursion']] as const;
  return chart(under(entries, grid(panels, 2, [], { row: 84, column: 22 }), 14, 'full'), datasets);
}
