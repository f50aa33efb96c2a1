/** A verifier that rejects what the truth lacks, against errors that every generation makes (Feng et al. 2024, Wang et al. 2025). */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { grid, under } from '../figures/legend.js';
import type { Axis, Datasets } from '../figures/panels.js';
import { seriesPanel } from '../figures/series.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import type { Experiment, ExperimentContext, Outcome } from './experiment.js';
import { exactMeans, meanCurve } from './laws.js';
import type { Run, RunSpec } from './run.js';
import { followsCurve, trajectoryTable, valuesAt, zipf } from './seddik.js';

const paper = 'Feng et al. 2024, arXiv 2406.07515';
const n = 100;
const truth = { vocabulary: 600, support: 52, simpson: 0.1 };
const generations = 40;
const errorSize = 0.05;
const error = { size: errorSize, tokens: 'outside' as const };
const keeps = [1, 0.5, 0.1, 0];
const seed = 1000;
const metrics = ['outside-truth'];
const tested = [2, 4, 9, 19, 39];

/** `shares`: training set m + 1 is kept q_m + generated (verified samples of model m) + (what is left) real data. */
interface Setting {
  title: string;
  schedule: RunSpec['schedule'];
  shares: (m: number) => { kept: number; generated: number };
}

const settings: readonly Setting[] = [
  { title: 'replace', schedule: { kind: 'fully-synthetic', sampleSize: n }, shares: () => ({ kept: 0, generated: 1 }) },
  {
    title: 'partially synthetic',
    schedule: { kind: 'partially-synthetic', real: n, synthetic: n },
    shares: () => ({ kept: 0, generated: 0.5 }),
  },
  {
    title: 'accumulate-subsample',
    schedule: { kind: 'accumulate-subsample', corpusSize: n, rate: 1 },
    shares: (m) => ({ kept: m / (m + 1), generated: 1 / (m + 1) }),
  },
];

interface Line {
  setting: Setting;
  keep: number;
  title: string;
  run: Run;
  /** Mean probability outside the support, where it has a closed form. */
  expected?: number[];
  /** That of infinitely many samples, a lower bound. */
  bound: number[];
}

export const verifierFigure: Experiment = {
  id: 'verifier',
  aliases: [],
  group: 'feng',
  title: 'A verifier against errors: how much of what the truth lacks stays',
  source: `${paper} (verification); Wang et al. 2025, arXiv 2412.14872 (errors); laws of this project`,
  simulations: settings.length * keeps.length,
  run,
};

async function run(context: ExperimentContext): Promise<Outcome> {
  const lines: Line[] = [];
  for (const setting of settings) for (const keep of keeps) lines.push(await lineOf(context, setting, keep));
  return {
    caption:
      `Every model puts a/(1 + a), a = ${errorSize}, of its probability on tokens that the truth lacks. A verifier keeps a generated sample of those with probability v, all others always. ` +
      `With v = 1 (no verifier) and v = 0 (a perfect one) the mean probability outside the support is known exactly (dashed); in between, that of infinitely many samples is a lower bound (dotted), ` +
      'and exact in generations 1 and 2. A perfect verifier leaves one generation’s error, whatever the schedule; an imperfect one bounds the sum of all of them.',
    parameters: [
      ['schedules', settings.map(({ title }) => title).join('; ')],
      ['samples', `${n} of each source; rate 1`],
      ['vocabulary s, support, S₀', `${truth.vocabulary}, ${truth.support}, ${truth.simpson}`],
      ['error', `a = ${errorSize}, uniform over the tokens outside the support`],
      ['verifier', `keepInside 1, keepOutside v = ${keeps.join(', ')}`],
      ['generations', String(generations)],
      ['runs', String(10 * context.replicates)],
      ['seeds', `${seed}, ${seed + 1}, ... one for each simulation`],
    ],
    claims: lines.flatMap(lawClaims).concat(settings.map((setting) => orderClaim(lines.filter((line) => line.setting === setting)))),
    results: lines.map(({ run, expected }) => ({
      label: run.label,
      result: run.result,
      ...(expected && { expected: { 'outside-truth': expected } }),
    })),
    data: trajectoryTable(lines, metrics),
    chart: draw(lines),
  };
}

async function lineOf(context: ExperimentContext, setting: Setting, keep: number): Promise<Line> {
  const title = `${setting.title}, v = ${keep}`;
  const verifier = { keepInside: 1, keepOutside: keep };
  const run = await context.simulate(title, {
    model: { kind: 'categorical', initial: zipf(truth.support, truth.simpson), error },
    schedule: setting.schedule,
    sampling: { kind: 'verifier', ...verifier },
    generations,
    metrics,
    seed,
    replicates: 10 * context.replicates,
  });
  const known = keep === 0 || keep === 1;
  const expected = known ? exactMeans({ schedule: setting.schedule, error, verifier }, truth, run.generation).outside : undefined;
  return { setting, keep, title, run, expected, bound: manySamples(setting, keep) };
}

/**
 * Probability outside the support with infinitely many samples: verified data has f(x) = v x/(1 - (1 - v) x) of a model's x. Sampling adds to it in the
 * mean, as f is convex and increasing (Jensen's inequality, generation by generation; docs/MATH.md#training-moments). x of generation 1 is not random: there, and in generation 2, it is exact.
 */
function manySamples({ shares }: Setting, keep: number): number[] {
  const path: number[] = [];
  let training = 0;
  for (let m = 1; m <= generations; m++) {
    const model = (training + errorSize) / (1 + errorSize);
    path.push(model);
    const { kept, generated } = shares(m);
    training = kept * training + (generated * keep * model) / (1 - (1 - keep) * model);
  }
  return path;
}

function lawClaims({ setting, keep, run, expected, bound }: Line): Claim[] {
  const where = `${setting.title}, v = ${keep}`;
  if (expected) return [followsCurve(`mean probability outside the support (${where})`, 'errors', run, 'outside-truth', tested, expected)];
  const above = tested.map((row) =>
    compare(
      `mean probability outside the support is at least that of infinitely many samples (${where}; m = ${run.generation[row]})`,
      'Jensen’s inequality',
      estimate(valuesAt(run, 'outside-truth', row)),
      '>=',
      bound[row],
    ),
  );
  return [followsCurve(`mean probability outside the support (${where})`, 'errors', run, 'outside-truth', [1], bound), worst(above)];
}

/** A stricter verifier leaves less. */
function orderClaim(lines: readonly Line[]): Claim {
  const at = (line: Line) => estimate(valuesAt(line.run, 'outside-truth', generations - 1));
  return worst(
    lines
      .slice(1)
      .map((line, i) =>
        compare(
          `a stricter verifier leaves less outside the support (${line.setting.title}, v = ${line.keep} against ${lines[i].keep}; m = ${generations})`,
          paper,
          at(line),
          '<=',
          at(lines[i]),
        ),
      ),
  );
}

const size = { width: 262, height: 210 };

function draw(lines: readonly Line[]): VegaLiteSpec {
  const datasets: Datasets = {};
  const nameOf = ({ keep }: Pick<Line, 'keep'>) => (keep === 1 ? 'v = 1: no verifier' : `v = ${keep}`);
  const names = keeps.map((keep) => nameOf({ keep }));
  const x: Axis = { title: 'generation m', domain: [1, generations], values: [1, 10, 20, 30, 40] };
  const panels = settings.map((setting, i) => {
    const some = lines.filter((line) => line.setting === setting);
    return seriesPanel(datasets, `outside-${i + 1}`, {
      size,
      x,
      y: {
        title: i === 0 ? 'probability outside the support' : null,
        type: 'log',
        domain: [0.04, 1],
        values: [0.05, 0.1, 0.2, 0.5, 1],
      },
      title: setting.title,
      names,
      measured: some.map((line) => meanCurve(nameOf(line), line.run, 'outside-truth')),
      expected: some.flatMap((line) => (line.expected ? [{ name: nameOf(line), x: line.run.generation, y: line.expected }] : [])),
      limit: some.flatMap((line) => (line.expected ? [] : [{ name: nameOf(line), x: line.run.generation, y: line.bound }])),
    });
  });
  const entries = ['measured', 'expected', ['limit', 'infinitely many samples: a lower bound']] as const;
  return chart(under(entries, grid(panels, 3, [], { row: 50, column: 50 }), 14, 'full'), datasets);
}
