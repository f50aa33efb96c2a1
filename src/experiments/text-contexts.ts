/** Every context of a text as a model of its own: what one figure needs of the simulations of one context length. */
import type { ChainBatch, Result } from '../engine/result.js';
import { type Estimate, estimate } from '../figures/claim.js';
import { resolveTruth } from '../models/categorical.js';
import type { Truth, TruthContext } from '../models/truth.js';
import { parseSpec } from '../spec/spec.js';
import type { ExperimentContext } from './experiment.js';
import { type GridLaw, gridLaw, largestAffordable } from './text-law.js';

/** Generations of the single run that is drawn, after generation 0. */
export const snapshots = [10, 100, 1000, 10_000];
/** Generations at which collapsed contexts are counted: three a decade. */
const counted = Array.from({ length: 10 }, (_, decade) => [1, 2, 5].map((digit) => digit * 10 ** decade)).flat();
/** Part of a figure's usual number of runs: one run until collapse takes a second or so for a million characters. */
const runsPart = 1 / 5;

/** One context in the run that is drawn. */
export interface TextContext {
  label: string;
  /** Sample size of every generation: how often the text has it. */
  n: number;
  p: Float64Array;
  /** The truth, then by `snapshots`: shares of the token most frequent in the truth, of the second, of all others. */
  shares: number[][];
  /** By `snapshots`. */
  simpson: number[];
  /** The truth, then by `snapshots`: whether one token is left. */
  single: boolean[];
}

/** The contexts of one length. */
export interface TextColumn {
  length: number;
  /** `one character`, ... */
  name: string;
  contexts: TextContext[];
  corpus: NonNullable<Truth['corpus']>;
  seed: number;
  /** Collapse times of the contexts, one array for each run. */
  times: number[][];
  law: TextLaw;
  results: { label: string; result: Result }[];
}

/** The exact law of those contexts for which there is time: all of them, or those of the smaller sample sizes. */
export interface TextLaw extends GridLaw {
  /** Which contexts. */
  covers: boolean[];
  contexts: number;
  /** Their largest sample size; Infinity if these are all contexts. */
  largest: number;
}

/** p^(0) is the corpus, and every generation of a context has as many samples as the corpus has of it. */
export function textSpec(path: string, length: number) {
  return {
    model: { kind: 'categorical' as const, initial: { kind: 'text' as const, path, tokens: 'char' as const, context: length } },
    schedule: { kind: 'fully-synthetic' as const, sampleSize: 'corpus' as const },
  };
}

/** Simulates one run to look at and several until all contexts have collapsed, and computes the exact law. */
export async function textColumn(context: ExperimentContext, path: string, length: number, seed: number): Promise<TextColumn> {
  const truth = await resolveTruth(parseSpec(textSpec(path, length)), context.signal);
  const name = length === 1 ? 'one character' : `${length === 2 ? 'two' : length} characters`;
  const contexts = truth.contexts.map(seen);
  const places = truth.contexts.map(({ tokens }, c) => contexts[c].top.map((i) => truth.tokenNames?.[tokens[i]] ?? ''));
  const metrics = ['simpson', 'support', ...[...new Set(places.flat())].map((token) => `probability:${token}`)];
  const drawn = await context.simulate(
    `contexts of ${name}, one run`,
    { ...textSpec(path, length), generations: snapshots, replicates: 1, seed, metrics },
    (batch) => look(batch, contexts, places),
  );
  const until = await context.simulate(
    `contexts of ${name}, until all have collapsed`,
    {
      ...textSpec(path, length),
      generations: 'until-collapse',
      replicates: Math.max(2, Math.round(context.replicates * runsPart)),
      seed,
      metrics: ['support'],
    },
    () => undefined,
  );
  const times: number[][] = [];
  for (let i = 0; i < until.collapseTimes.length; i += contexts.length) times.push(until.collapseTimes.slice(i, i + contexts.length));
  return {
    ...{ length, name, contexts, times, seed },
    corpus: truth.corpus as NonNullable<Truth['corpus']>,
    law: await textLaw(contexts, context.signal),
    results: [
      { label: drawn.label, result: drawn.result },
      { label: until.label, result: atGenerations(until.result, counted) },
    ],
  };
}

/** A context as the corpus has it, and where its first and second token stand in `p`. */
function seen({ label, count = 0, p }: TruthContext): TextContext & { top: number[] } {
  const top = [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, 2);
  const [first, second = 0] = top.map((i) => p[i]);
  return { label, n: count, p, top, shares: [[first, second, rest(first, second)]], simpson: [], single: [p.length === 1] };
}

function rest(first: number, second: number): number {
  // Shares are multiples of 1/n: what is smaller is rounding.
  return Number(Math.max(0, 1 - first - second).toFixed(12));
}

/** Takes what is drawn of a context out of the raw values of the only run. */
function look(batch: ChainBatch, contexts: readonly TextContext[], places: readonly string[][]): void {
  const width = batch.metrics.length;
  const column = new Map(batch.metrics.map((metric, i) => [metric, i]));
  for (let chain = 0; chain < batch.rows.length; chain++) {
    const c = batch.firstChain + chain;
    for (let row = 0; row < snapshots.length; row++) {
      const value = (metric: string) => batch.values[(chain * snapshots.length + row) * width + (column.get(metric) as number)];
      const [first, second = 0] = places[c].map((token) => value(`probability:${token}`));
      contexts[c].shares.push([first, second, rest(first, second)]);
      contexts[c].simpson.push(value('simpson'));
      contexts[c].single.push(value('support') === 1);
    }
  }
}

async function textLaw(contexts: readonly TextContext[], signal?: AbortSignal): Promise<TextLaw> {
  const largest = largestAffordable(contexts.map(({ n }) => n));
  const covers = contexts.map(({ n }) => n <= largest);
  const covered = contexts.filter((_, c) => covers[c]).map(({ n, p }) => ({ sampleSize: n, p }));
  return { ...(await gridLaw(covered, counted, signal)), covers, contexts: covered.length, largest };
}

/** Contexts that have collapsed by a generation: the mean over the runs, and what the law says of those contexts that it covers. */
export interface Count {
  generation: number;
  measured: Estimate;
  exact: number;
  /** Of the number in one run. */
  variance: number;
}

/** Counts of a column up to where nothing happens any more. */
export function counts({ times, law }: TextColumn): Count[] {
  const last = counted.findIndex((m) => law.cdf[law.generation.indexOf(m)] > 0.999);
  return counted.slice(0, last < 0 ? counted.length : last + 1).flatMap((generation) => {
    const g = law.generation.indexOf(generation);
    const measured = estimate(times.map((run) => run.filter((time, c) => law.covers[c] && time <= generation).length));
    return g < 0 ? [] : [{ generation, measured, exact: law.collapsed[g], variance: law.variance[g] }];
  });
}

/** When the last context of each run collapsed. */
export function lastTimes({ times }: TextColumn): number[] {
  return times.map((run) => run.reduce((last, time) => Math.max(last, time), 0));
}

/** A result with some of its generations only: all of them would be many megabytes. */
function atGenerations(result: Result, at: readonly number[]): Result {
  const wanted = new Set(at);
  const rows = result.generation.map((_, i) => i).filter((i) => wanted.has(result.generation[i]) || i === result.generation.length - 1);
  const pick = <T>(values: readonly T[]) => rows.map((i) => values[i]);
  const quantiles = (all: Record<string, Result['metrics'][string]['mean']>) =>
    Object.fromEntries(Object.entries(all).map(([q, values]) => [q, pick(values)]));
  return {
    ...result,
    generation: pick(result.generation),
    metrics: Object.fromEntries(
      Object.entries(result.metrics).map(([name, metric]) => [
        name,
        { mean: pick(metric.mean), standardError: pick(metric.standardError), quantiles: quantiles(metric.quantiles) },
      ]),
    ),
    ...(result.contexts && {
      contexts: {
        total: result.contexts.total,
        collapsed: pick(result.contexts.collapsed),
        standardError: pick(result.contexts.standardError),
      },
    }),
  };
}
