/** Figure 1: 81 contexts of a three-token language drift over the simplex to its edges and corners. */

import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid } from '../figures/legend.js';
import type { Datasets } from '../figures/panels.js';
import { type SimplexPoint, simplexPanel } from '../figures/simplex.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { resolveTruth } from '../models/categorical.js';
import { parseSpec } from '../spec/spec.js';
import { collapseProbability, expectedSupport } from '../theory/coalescent.js';
import { simpson } from '../theory/distribution.js';
import { expectedSimpson } from '../theory/fully-synthetic.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { paper } from './seddik.js';

const vocabulary = 3;
/** Contexts of l = 4 tokens. */
const contexts = vocabulary ** 4;
const sampleSize = 1000;
const generations = [10, 20, 30, 40];
const seed = 100;

const spec = {
  model: { kind: 'categorical' as const, initial: { kind: 'dirichlet' as const, vocabulary, concentration: 1, contexts } },
  schedule: { kind: 'fully-synthetic' as const, sampleSize },
  generations,
  replicates: 1,
  seed,
  metrics: ['simpson', 'support', 'probability:0', 'probability:1', 'probability:2'],
};

export const seddik1: Experiment = {
  id: 'seddik-1',
  aliases: ['fig1', '1'],
  group: 'seddik',
  title: 'Next-token distributions drift to the edges of the simplex',
  source: `${paper}, Figure 1`,
  simulations: 1,
  run,
};

/** What is known of every context: its truth, and by tested generation its distribution, Simpson index and support. */
interface Context {
  truth: number[];
  /** By index of `generations`. */
  states: { p: number[]; simpson: number; support: number }[];
}

async function run(context: ExperimentContext): Promise<Outcome> {
  const truths = (await resolveTruth(parseSpec(spec))).contexts.map(({ tokens, p }) => dense(tokens, p));
  const { label, result, values } = await context.simulate('fully synthetic, 81 contexts', spec);
  const metric = Object.fromEntries(spec.metrics.map((name) => [name, values(name)]));
  const all: Context[] = truths.map((truth, c) => ({
    truth,
    states: generations.map((_, i) => ({
      p: truth.map((_, token) => metric[`probability:${token}`][c][i]),
      simpson: metric.simpson[c][i],
      support: metric.support[c][i],
    })),
  }));
  return {
    caption:
      'One dot for each of the 81 contexts: its next-token distribution over three tokens, in the colour of where it began. Every generation is trained on 1,000 tokens a context from the one before. ' +
      'On an edge a token has died out; in a corner a single token is left.',
    parameters: [
      ['schedule', 'fully synthetic'],
      ['vocabulary s, context length l', `${vocabulary}, 4 (${contexts} contexts)`],
      ['initial', 'uniform on the simplex, drawn for each context'],
      ['sample size n', `${sampleSize} a context`],
      ['generations', generations.join(', ')],
      ['seed', String(seed)],
    ],
    claims: claims(all),
    results: [{ label, result }],
    data: { columns: ['context', 'generation', 'p0', 'p1', 'p2'], rows: all.flatMap((one, c) => [...rows(one, c)]) },
    chart: draw(all),
  };
}

function dense(tokens: ArrayLike<number>, p: ArrayLike<number>): number[] {
  const full = new Array<number>(vocabulary).fill(0);
  Array.from(tokens, (token, i) => (full[token] = p[i]));
  return full;
}

/** Contexts are independent, so sums and means over them have standard errors although there is one run only. */
function claims(all: readonly Context[]): Claim[] {
  const last = generations.length - 1;
  const m = generations[last];
  const rho = all.map(({ truth }) => collapseProbability([m], sampleSize, truth)[0]);
  const support = all.map(({ truth }) => expectedSupport([m], sampleSize, truth)[0]);
  const collapsed = all.filter(({ states }) => states[last].support === 1).length;
  return [
    worst(generations.map((generation, i) => simpsonClaim(all, generation, i))),
    meanClaim(
      `mean number of live tokens (m = ${m})`,
      'lineages traced backwards',
      all.map(({ states }) => states[last].support),
      support,
    ),
    compare(
      `contexts that have collapsed, of ${contexts} (m = ${m})`,
      'lineages traced backwards',
      { mean: collapsed, standardError: Math.sqrt(rho.reduce((sum, r) => sum + r * (1 - r), 0)) },
      '=',
      rho.reduce((a, b) => a + b),
    ),
    worst(
      [0, 1, 2].map((token) =>
        meanClaim(
          `no direction is preferred: mean probability of token ${token} stays (m = ${m})`,
          'martingale',
          all.map(({ states }) => states[last].p[token]),
          all.map(({ truth }) => truth[token]),
        ),
      ),
    ),
  ];
}

function simpsonClaim(all: readonly Context[], m: number, i: number): Claim {
  const expected = all.map(({ truth }) => expectedSimpson([m], sampleSize, simpson(truth))[0]);
  return meanClaim(
    `mean Simpson index follows S_m (m = ${m})`,
    'Theorem 1',
    all.map(({ states }) => states[i].simpson),
    expected,
  );
}

/** The mean over contexts against the mean of the contexts' own expectations; the standard error is that of the differences. */
function meanClaim(claim: string, source: string, measured: readonly number[], expected: readonly number[]): Claim {
  const { mean, standardError } = estimate(measured.map((value, c) => value - expected[c]));
  const predicted = estimate(expected).mean;
  return compare(claim, source, { mean: predicted + mean, standardError }, '=', predicted);
}

function* rows({ truth, states }: Context, context: number): Iterable<number[]> {
  yield [context, 0, ...truth];
  for (const [i, { p }] of states.entries()) yield [context, generations[i], ...p];
}

function draw(all: readonly Context[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const panels = [0, ...generations].map((m, i) => {
    const points: SimplexPoint[] = all.map(({ truth, states }) => ({ p: i === 0 ? truth : states[i - 1].p, colour: truth }));
    const dead = all.filter(({ states }) => i > 0 && states[i - 1].support < vocabulary).length;
    const collapsed = all.filter(({ states }) => i > 0 && states[i - 1].support === 1).length;
    return simplexPanel(
      datasets,
      `simplex-${m}`,
      points,
      { width: 172, height: 149 },
      { title: `m = ${m}`, subtitle: `${dead} lost a token, ${collapsed} collapsed` },
      i === 0 ? ['token 0', 'token 1', 'token 2'] : undefined,
    );
  });
  return chart(grid(panels, panels.length, [], { row: 0, column: 12 }), datasets);
}
