import type { Job } from '../../backend/job.js';
import { jumpTime } from '../../engine/jumps.js';
import type { BackendName } from '../../engine/result.js';
import type { Truth, TruthContext } from '../../models/truth.js';
import { forgets, keepsFromCollapse } from '../../spec/collapse.js';
import { customSize } from '../../spec/custom.js';
import type { SampleSchedule } from '../../spec/schedule.js';
import type { Size } from '../../spec/size.js';
import type { SampledSpec, Spec } from '../../spec/spec.js';
import { diffusionCollapseTime } from '../../theory/coalescent.js';
import { expectedTypes, type GroupedDistribution, group } from '../../theory/distribution.js';

/** What a run would take: a model of the cost, meant to be right within a factor of about three. */
export interface Estimate {
  /** Generations that would be simulated, over all chains (an expectation under "until-collapse"). */
  generations: number;
  /** Wall seconds. */
  seconds: number;
  memoryBytes: number;
  /** Numbers that the run would report before they are summarised: chains x recorded generations x metrics. */
  values: number;
  chains: number;
  backend: BackendName;
  threads: number;
}

/** Time of a backend against native, one thread. */
const SLOWNESS: Record<BackendName, number> = { native: 1, wasm: 1.1, javascript: 1.8 };
/** Contexts looked at; more are taken to be like these. */
const MAX_CONTEXTS = 64;
const PROCESS_BYTES = 85e6;
/** Values of one metric that are kept for exact quantiles. */
const KEPT_VALUES = 1e7;
/** Numbers that wait for their turn to be summed up, per thread. */
const IN_FLIGHT_VALUES = 4 << 20;
/** Nanoseconds to hash and add up a number, and to sort one for the quantiles. */
const SUM_NS = 6;
const SORT_NS = 50;
/** Nanoseconds of a look-up's worth of a Gaussian's arithmetic. */
const LOOK_UP_NS = 8;
/** The same of a regression's, whose inner loops are long. */
const PRODUCTS_NS = 4;

/**
 * Predicts the cost of a run without running it.
 * @param truth what a categorical spec's `initial` resolves to
 */
export function estimate(spec: Spec, job: Job, truth: Truth | undefined, on: { backend: BackendName; threads: number }): Estimate {
  const jumps = job.family === 'categorical' ? job.jumps : new Int32Array(0);
  const costs = truth
    ? contextCosts(spec as SampledSpec, truth, jumps)
    : [job.family === 'gaussian' ? gaussianCost(spec, job) : steadyCost(job)];
  const share = job.contextCount / costs.length;
  let generations = 0;
  let nanoseconds = 0;
  let rows = 0;
  for (const cost of costs) {
    generations += cost.generations * share * spec.replicates;
    nanoseconds += cost.nanoseconds * share * spec.replicates;
    rows = Math.max(rows, cost.rows);
  }
  const chains = job.contextCount * spec.replicates;
  const metrics = spec.metrics.length;
  const ragged = spec.generations === 'until-collapse';
  const values = (ragged ? generations : chains * rows) * metrics;
  // Contexts are averaged before a replicate is kept for the quantiles, which sort every row.
  const keptRows = Math.min(ragged && job.contextCount === 1 ? generations : rows * spec.replicates, KEPT_VALUES);
  const sorted = Math.min(rows * spec.replicates, KEPT_VALUES) * metrics;
  const tables = truth?.contexts.reduce((bytes, { tokens }) => bytes + tokens.length * 40, truth.vocabulary * 16 * on.threads) ?? 0;
  return {
    generations: Math.round(generations),
    seconds:
      (nanoseconds * SLOWNESS[on.backend]) / Math.min(on.threads, Math.max(1, chains)) / 1e9 + (SUM_NS * values + SORT_NS * sorted) / 1e9,
    memoryBytes: Math.round(PROCESS_BYTES + 8 * (keptRows * metrics + Math.min(values, IN_FLIGHT_VALUES * on.threads)) + tables),
    values: Math.round(values),
    chains,
    ...on,
  };
}

/** Expected generations, recorded rows and time of a chain. */
interface Cost {
  generations: number;
  rows: number;
  nanoseconds: number;
}

/** Of one chain of each context, or of some of many. */
function contextCosts(spec: SampledSpec, { contexts }: Truth, jumps: Int32Array): Cost[] {
  const step = Math.max(1, Math.ceil(contexts.length / MAX_CONTEXTS));
  return contexts.filter((_, i) => i % step === 0).map((context) => chainCost(spec, context, jumps));
}

/** A Gaussian's variance shrinks like exp(-m / n), so it takes about n ln(1 / collapseVariance) generations to collapse. */
function gaussianCost(spec: Spec, job: Job): Cost {
  const { generations } = spec;
  const threshold = spec.model.kind === 'gaussian' ? spec.model.collapseVariance : 1;
  const lasting = Math.min(spec.maxGenerations ?? Number.POSITIVE_INFINITY, Math.ceil(-Math.log(threshold) * job.sizes[0]));
  const last = Array.isArray(generations) ? generations[generations.length - 1] : typeof generations === 'number' ? generations : lasting;
  return {
    generations: last,
    rows: Array.isArray(generations) ? generations.length : last,
    nanoseconds: last * job.generationCost * LOOK_UP_NS,
  };
}

/** Every generation costs the same: a fit's products and draws, or the tokens that a language model writes and counts. */
function steadyCost({ lastGeneration: last, report, generationCost }: Job): Cost {
  return {
    generations: last,
    rows: report?.length ?? last,
    nanoseconds: last * generationCost * PRODUCTS_NS,
  };
}

function chainCost(spec: SampledSpec, context: TruthContext, jumps: Int32Array): Cost {
  const distribution = group(context.p);
  const { drawn, memory } = sizes(spec.schedule, context);
  const { last, rows } = horizon(spec, context, drawn, memory);
  let nanoseconds = 0;
  for (const { before, end, jump } of stretches(spec, last, jumps)) {
    if (jump) nanoseconds += jumpTime({ size: drawn, types: context.p.length }, before, end);
    for (let from = jump ? end : before + 1; from <= end; ) {
      // Live tokens change slowly: one look stands for an eighth of the generations so far.
      const to = Math.min(end + 1, from + Math.ceil(from / 8));
      const live = Math.max(1, liveTokens(spec.schedule, distribution, drawn, memory, from));
      nanoseconds += (to - from) * ((jump ? 0 : drawTime(spec.schedule, drawn, live)) + metricTime(spec, live));
      from = to;
    }
  }
  return { generations: last, rows, nanoseconds };
}

/** The generations of a chain: `before` + 1 ... `end` one by one, or from `before` to `end` at once. */
function stretches({ generations }: Spec, last: number, jumps: Int32Array): { before: number; end: number; jump: boolean }[] {
  if (!Array.isArray(generations) || jumps.length === 0) return [{ before: 0, end: last, jump: false }];
  const first = generations[0] > 1 ? [{ before: 0, end: 1, jump: false }] : [];
  const rest = generations.map((end, i) => ({ before: i > 0 ? generations[i - 1] : first.length, end, jump: jumps[i] === 1 }));
  return [...first, ...rest];
}

/**
 * Samples drawn a generation, and how many generations a lineage's memory spans: with a window of K sources two
 * lineages meet in a generation with probability 4/((K+1)^2 n), so everything takes (K+1)^2/4 times as long.
 */
function sizes(schedule: SampleSchedule, context: TruthContext): { drawn: number; memory: number } {
  const size = (value: Size) => (value === 'corpus' ? (context.count ?? 1) : value);
  if (schedule.kind === 'partially-synthetic' || schedule.kind === 'accumulate') return { drawn: size(schedule.synthetic), memory: 1 };
  if (schedule.kind === 'fresh') return { drawn: size(schedule.real) + size(schedule.synthetic), memory: 1 };
  if (schedule.kind === 'accumulate-subsample') return { drawn: size(schedule.corpusSize), memory: 1 };
  if (schedule.kind === 'custom') return customCost(schedule, context.count);
  const memory = schedule.kind === 'most-recent' ? (schedule.window + 1) ** 2 / 4 : 1;
  return { drawn: size(schedule.sampleSize), memory };
}

/** Of a custom schedule: its tenth generation, and the longest window of it. */
function customCost(schedule: Extract<SampleSchedule, { kind: 'custom' }>, count: number | undefined): { drawn: number; memory: number } {
  const windows =
    'table' in schedule ? [schedule.table.length - 1] : schedule.sources.map((source) => (source.from === 'last' ? source.window : 1));
  return { drawn: customSize(schedule, 10, count), memory: (Math.max(...windows) + 1) ** 2 / 4 };
}

function horizon(spec: SampledSpec, context: TruthContext, n: number, memory: number): { last: number; rows: number } {
  const { generations } = spec;
  if (typeof generations === 'number') return { last: generations, rows: generations };
  if (Array.isArray(generations)) return { last: generations[generations.length - 1], rows: generations.length };
  const limit = spec.maxGenerations ?? Number.POSITIVE_INFINITY;
  // Where collapse is not certain most chains keep their diversity, and run to the limit.
  if (keepsFromCollapse(spec) !== undefined) return { last: limit, rows: limit };
  const mean = context.p.length === 1 ? 1 : diffusionCollapseTime(n, context.p) * memory;
  // The tail of T falls like (1 - 1/n)^m, so the last of R replicates comes about n ln R later.
  return { last: Math.min(limit, Math.ceil(mean)), rows: Math.min(limit, Math.ceil(mean + n * memory * Math.log(spec.replicates))) };
}

/** Expected live tokens in generation m: the types of the 2n/(m + 1) lineages that are left after m - 1 generations. */
function liveTokens(schedule: SampleSchedule, distribution: GroupedDistribution, n: number, memory: number, m: number): number {
  if (schedule.kind === 'partially-synthetic' || schedule.kind === 'accumulate') {
    return expectedTypes(distribution, typeof schedule.real === 'number' ? schedule.real : n);
  }
  if (!forgets(schedule)) return expectedTypes(distribution, n);
  return expectedTypes(distribution, (2 * n) / ((m - 1) / memory + 2));
}

/**
 * Nanoseconds to draw one generation of n samples with `live` tokens, native, one thread (the rule of the kernel): direct picks where
 * samples are few, else one draw a token; dearer from a mixture, whose weights are no counts of one training set.
 */
function drawTime(schedule: SampleSchedule, n: number, live: number): number {
  if (live < 1.01) return 5;
  const mixture = schedule.kind !== 'fully-synthetic' && schedule.kind !== 'most-recent';
  if (n < 4 * (live - 1)) return mixture ? 50 + 25 * n : 30 + 1.3 * n + 2 * live;
  const perToken = mixture ? 80 : n <= 4096 ? 14 : 50;
  return 10 + perToken * live;
}

/** Nanoseconds to measure one generation; a metric with a logarithm costs more. */
function metricTime(spec: Spec, live: number): number {
  return spec.metrics.reduce((time, name) => time + 2 + (/entropy|kl/.test(name) ? 10 : 1.5) * live, 10);
}
