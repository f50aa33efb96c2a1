/** What Figures 3 and 4 share: one partially synthetic simulation as a column, and the claims on it. */
import { type Claim, compare, estimate } from '../figures/claim.js';
import { grid } from '../figures/legend.js';
import type { Datasets, PanelSize } from '../figures/panels.js';
import { chart, type VegaLiteSpec } from '../figures/style.js';
import { expectedSimpson as fullySyntheticSimpson } from '../theory/fully-synthetic.js';
import { expectedSimpson, expectedSquaredDrift, l1DriftBound } from '../theory/partially-synthetic.js';
import type { ExperimentContext, Outcome } from './experiment.js';
import { type Column, columnResults, followsCurve, trajectoryRow, trajectoryTable, upperEnd, valuesAt, type zipf } from './seddik.js';

/** Number N of real samples. */
export const real = 100;
export const generations = 50;
const partialMetrics = ['simpson', 'l1-first', 'l2-first'];

export interface PartialColumn extends Column {
  initial: ReturnType<typeof zipf>;
  synthetic: number;
}

interface Setting {
  title: string;
  initial: ReturnType<typeof zipf>;
  synthetic: number;
  seed: number;
}

export async function partialColumn(context: ExperimentContext, { title, initial, synthetic, seed }: Setting): Promise<PartialColumn> {
  const run = await context.simulate(title, {
    model: { kind: 'categorical', initial },
    schedule: { kind: 'partially-synthetic', real, synthetic },
    generations,
    metrics: partialMetrics,
    replicates: context.replicates,
    seed,
  });
  return { title, run, initial, synthetic, simpson: expectedSimpson(run.generation, real, synthetic, initial.simpson) };
}

function partialClaims({ title, run, initial, synthetic, simpson }: PartialColumn): Claim[] {
  const last = run.generation.length - 1;
  const m = run.generation[last];
  const at = (metric: string) => estimate(valuesAt(run, metric, last));
  const rows = [1, 4, 9, 19, last].filter((row) => row <= last);
  return [
    followsCurve(`mean Simpson index follows S_m (${title})`, 'Theorem 2', run, 'simpson', rows, simpson),
    compare(
      `mean squared drift is S_m − S_1 (${title}; m = ${m})`,
      'second moments',
      at('l2-first'),
      '=',
      expectedSquaredDrift([m], real, synthetic, initial.simpson)[0],
    ),
    compare(
      `mean drift is below the bound (${title}; m = ${m})`,
      'Theorem 3',
      at('l1-first'),
      '<=',
      l1DriftBound(real, synthetic, initial.support),
    ),
    compare(
      `real data keep the Simpson index below that of fully synthetic training with the same n (${title}; m = ${m})`,
      'Theorems 1, 2',
      at('simpson'),
      '<=',
      fullySyntheticSimpson([m], synthetic, initial.simpson)[0],
    ),
  ];
}

interface Layout {
  size: PanelSize;
  /** Panels above the trajectories, one for each column. */
  above?: VegaLiteSpec[];
  /** The axes end at multiples of these. */
  steps: { simpson: number; drift: number };
  spacing: { row: number; column: number };
}

/** The figure: a row of Simpson indices with their law, a row of drifts, and the claims on every column. */
export function partialFigure(
  columns: readonly PartialColumn[],
  datasets: Datasets,
  { size, above = [], steps, spacing }: Layout,
): Pick<Outcome, 'claims' | 'results' | 'data' | 'chart'> {
  const panels = [
    ...above,
    ...trajectoryRow(datasets, columns, {
      metric: 'simpson',
      title: 'Simpson index σ',
      domain: [0, upperEnd(columns, 'simpson', steps.simpson)],
      size,
      theory: true,
      top: above.length === 0,
    }),
    ...trajectoryRow(datasets, columns, {
      metric: 'l1-first',
      title: 'drift ‖p⁽ᵐ⁾ − p⁽¹⁾‖₁',
      domain: [0, upperEnd(columns, 'l1-first', steps.drift)],
      size,
      bottom: true,
    }),
  ];
  return {
    claims: columns.flatMap(partialClaims),
    results: columnResults(columns),
    data: trajectoryTable(columns, partialMetrics),
    chart: chart(grid(panels, columns.length, ['replicate', 'mean', 'theory'], spacing), datasets),
  };
}
