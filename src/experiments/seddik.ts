/** What the figures of Seddik et al. (2024) share: the distributions, rows of trajectory panels, the claim that follows a curve. */
import { type Claim, compare, estimate, worst } from '../figures/claim.js';
import { type Axis, type Datasets, distributionPanel, labelExtent, type PanelSize, trajectoryPanel } from '../figures/panels.js';
import type { VegaLiteSpec } from '../figures/style.js';
import { resolveTruth } from '../models/categorical.js';
import { parseSpec } from '../spec/spec.js';
import type { DataTable, Outcome } from './experiment.js';
import type { Run } from './run.js';

export const paper = 'Seddik et al. 2024, arXiv 2404.05090';
/** Vocabulary size s of every figure but the first. */
export const vocabulary = 600;

/** A Zipf-like truth on `support` of the 600 tokens with sum p_i^2 = `simpson`. */
export function zipf(support: number, simpson: number) {
  return { kind: 'zipf' as const, vocabulary, support, simpson };
}

/** The initial distributions of Figures 2 and 4, from nearly uniform to one token taking most. */
export const distributions = [
  { support: 600, simpson: 0.03 },
  { support: 300, simpson: 0.1 },
  { support: 100, simpson: 0.3 },
  { support: 52, simpson: 0.6 },
] as const;

export function titleOf({ support, simpson }: { support: number; simpson: number }): string {
  return `support ${support}, S₀ = ${simpson}`;
}

/** The probabilities of a Zipf-like truth on its support, largest first. */
export async function probabilities({ support, simpson }: { support: number; simpson: number }): Promise<Float64Array> {
  const spec = parseSpec({
    model: { kind: 'categorical', initial: zipf(support, simpson) },
    schedule: { kind: 'fully-synthetic', sampleSize: 1 },
  });
  return (await resolveTruth(spec)).contexts[0].p;
}

/** A row of panels with the initial distributions. */
export async function distributionRow(datasets: Datasets, size: PanelSize): Promise<VegaLiteSpec[]> {
  const shapes = await Promise.all(distributions.map(probabilities));
  return shapes.map((p, i) => {
    const x: Axis = { title: 'token rank i', domain: [1, vocabulary], values: [1, 10, 100, 600] };
    const y: Axis = {
      title: i === 0 ? 'probability' : null,
      domain: [1e-5, 1],
      labels: i === 0,
      values: [1e-4, 1e-2, 1],
      format: ',.4~f',
      extent: labelExtent,
    };
    return distributionPanel(datasets, `distribution-${i + 1}`, p, size, x, y, titleOf(distributions[i]));
  });
}

/** One column of a figure: a simulation, its title, and the exact expectation of its Simpson index by row of the run. */
export interface Column {
  title: string;
  run: Run;
  simpson: readonly number[];
}

export interface RowOptions {
  metric: string;
  /** Name of the y axis, shown on the first panel. */
  title: string;
  domain: [number, number];
  size: PanelSize;
  /** Draw `Column.simpson` as the theory line. */
  theory?: boolean;
  /** Show the columns' titles above, the generation's name below. */
  top?: boolean;
  bottom?: boolean;
}

/** A row of panels: one metric against generation, a panel per column, one y scale. */
export function trajectoryRow(datasets: Datasets, columns: readonly Column[], row: RowOptions): VegaLiteSpec[] {
  return columns.map(({ title, run, simpson }, i) => {
    const x: Axis = { title: row.bottom ? 'generation m' : null, domain: [0, run.generation.at(-1) ?? 1], ticks: 5 };
    const y: Axis = { title: i === 0 ? row.title : null, domain: row.domain, labels: i === 0, extent: labelExtent };
    const replicates = run.values(row.metric);
    const data = { generation: run.generation, replicates, mean: means(run, row.metric), theory: row.theory ? simpson : undefined };
    return trajectoryPanel(datasets, `${row.metric}-${i + 1}`, data, row.size, x, y, row.top ? title : undefined);
  });
}

/** The end of an axis that holds every value of a metric: the next multiple of `step`. */
export function upperEnd(columns: readonly Column[], metric: string, step: number): number {
  const highest = columns
    .flatMap(({ run }) => run.values(metric))
    .reduce((most, values) => values.reduce((a, b) => Math.max(a, b), most), 0);
  return Number((Math.ceil(highest / step) * step).toPrecision(6));
}

/** Mean over replicates by row, as numbers. */
export function means(run: Run, metric: string): number[] {
  return run.result.metrics[metric].mean.map(Number);
}

/** The values of a metric at one row, one per chain. */
export function valuesAt(run: Run, metric: string, row: number): number[] {
  return run.values(metric).map((values) => values[row]);
}

/** A metric's mean against an exact expectation at some rows: the worst comparison stands for all. */
export function followsCurve(
  claim: string,
  source: string,
  run: Run,
  metric: string,
  rows: readonly number[],
  expected: readonly number[],
): Claim {
  return worst(
    rows.map((row) => compare(`${claim} (m = ${run.generation[row]})`, source, estimate(valuesAt(run, metric, row)), '=', expected[row])),
  );
}

/** What is kept of the columns' simulations: the result, and the expectation that the chart draws. */
export function columnResults(columns: readonly Column[]): Outcome['results'] {
  return columns.map(({ run, simpson }) => ({ label: run.label, result: run.result, expected: { simpson } }));
}

/** Runs that are drawn and kept in data.csv: a thousand lines show no more than a hundred. */
const runsKept = 100;

/** The data behind trajectory panels: column, replicate, generation, the metrics to 12 digits. */
export function trajectoryTable(columns: readonly Pick<Column, 'title' | 'run'>[], metrics: readonly string[]): DataTable {
  return { columns: ['column', 'replicate', 'generation', ...metrics], rows: rows(columns, metrics) };
}

function* rows(columns: readonly Pick<Column, 'title' | 'run'>[], metrics: readonly string[]): Iterable<(number | string)[]> {
  for (const { title, run } of columns) {
    const values = metrics.map((metric) => run.values(metric));
    for (let r = 0; r < Math.min(runsKept, run.collapseTimes.length); r++) {
      for (let i = 0; i < run.generation.length; i++) {
        yield [title, r, run.generation[i], ...values.map((chains) => Number(chains[r][i].toPrecision(12)))];
      }
    }
  }
}
