/** From a spec and its truth to a job for the kernels. */
import type { Job, JobContexts, Program } from '../backend/job.js';
import { inputError } from '../errors.js';
import { LARGEST_ROW } from '../generated/javascript/layout.js';
import { categoricalMetrics, PROBABILITY_KERNEL_ID, probabilityToken } from '../metrics/registry.js';
import { tokenIndex } from '../models/token.js';
import type { Truth } from '../models/truth.js';
import { samplingRule } from '../sampling/registry.js';
import { type ScheduleProgram, scheduleProgram } from '../schedules/registry.js';
import { MAX_SAMPLES } from '../spec/limits.js';
import { lastGeneration, type Spec } from '../spec/spec.js';

/** Last generation where nothing else ends a chain. */
const NO_END = 1_000_000_000;
/** Values (generations x metrics) that a result can hold: several lists of this many numbers. */
const MOST_VALUES = 2 ** 26;
/** Until collapse, a chain takes about this many generations for each sample of its training set. */
const GENERATIONS_PER_SAMPLE = 2;

export function makeJob(spec: Spec, truth: Truth): Job {
  const last = Math.min(lastGeneration(spec), NO_END);
  const schedule = scheduleProgram(spec.schedule, last);
  const { sizes, largest } = sampleSizes(schedule, truth);
  checkLength(spec, last, largest);
  const { program } = schedule;
  const { rule, parameter } = samplingRule(spec.sampling);
  const replaces = program.generations.some((blocks) => blocks.length === 1 && blocks[0].source === 1);
  return {
    family: 'categorical',
    seed: spec.seed,
    contextCount: truth.contexts.length,
    contexts: joinContexts(truth),
    program,
    rule,
    ruleParameter: parameter,
    weighted: false,
    realWeights: new Float64Array(truth.contexts.length).fill(1),
    errorSizes: new Float64Array(0),
    errorShares: new Float64Array(0),
    sizes,
    metrics: Int32Array.from(spec.metrics.flatMap((name) => metricIds(name, truth))),
    report: Array.isArray(spec.generations) ? Int32Array.from(spec.generations) : null,
    lastGeneration: last,
    untilCollapse: spec.generations === 'until-collapse',
    ringCapacity: Math.min(largestContext(truth), largest),
    rows: replaces ? largestRow(sizes) : 0,
  };
}

/** The table of sample sizes, contexts x slots, and the size of the largest training set. */
function sampleSizes({ program, sizes: sizesOf, largest: largestOf }: ScheduleProgram, truth: Truth) {
  const sizes = new Uint32Array(truth.contexts.length * program.sizeSlots);
  let largest = 0;
  truth.contexts.forEach(({ count }, j) => {
    const row = sizesOf(count);
    const total = largestOf?.(row) ?? largestSum(program, row);
    if (total > MAX_SAMPLES) throw inputError('schedule', total, `at most ${MAX_SAMPLES} samples in a training set`);
    sizes.set(row, j * program.sizeSlots);
    largest = Math.max(largest, total);
  });
  return { sizes, largest };
}

/** That the result's lists fit into memory. */
function checkLength({ generations, metrics }: Spec, last: number, largest: number): void {
  const until = generations === 'until-collapse';
  const rows = Array.isArray(generations) ? generations.length : until ? Math.min(last, GENERATIONS_PER_SAMPLE * largest) : last;
  if (rows * metrics.length <= MOST_VALUES) return;
  const most = Math.floor(MOST_VALUES / metrics.length);
  const given = until ? `${generations}, which takes about ${rows} generations` : rows;
  throw inputError('generations', given, `at most ${most} to report with ${metrics.length} metrics; give a list of them, or fewer metrics`);
}

function largestContext({ contexts }: Truth): number {
  return contexts.reduce((most, { p }) => Math.max(most, p.length), 0);
}

/** The largest number of samples that one generation's blocks give. */
function largestSum({ generations }: Program, sizes: readonly number[]): number {
  let largest = 0;
  for (const blocks of generations)
    largest = Math.max(
      largest,
      blocks.reduce((sum, { size }) => sum + sizes[size], 0),
    );
  return largest;
}

/** The largest Poisson row that a replace step of these sizes can use. */
function largestRow(sizes: Uint32Array): number {
  let largest = 0;
  for (const n of sizes) if (n <= LARGEST_ROW && n > largest) largest = n;
  return largest;
}

function joinContexts(truth: Truth): JobContexts {
  const length = truth.contexts.reduce((sum, { p }) => sum + p.length, 0);
  const joined = { starts: new Int32Array(truth.contexts.length + 1), tokens: new Int32Array(length), p: new Float64Array(length) };
  let at = 0;
  truth.contexts.forEach(({ tokens, p }, j) => {
    joined.tokens.set(tokens, at);
    joined.p.set(p, at);
    at += p.length;
    joined.starts[j + 1] = at;
  });
  return joined;
}

function metricIds(name: string, truth: Truth): [id: number, argument: number] {
  const token = probabilityToken(name);
  if (token === undefined) {
    const metric = categoricalMetrics.find((candidate) => candidate.name === name);
    if (!metric) throw inputError('metrics', name, 'a metric of the categorical model');
    return [metric.kernelId, 0];
  }
  return [PROBABILITY_KERNEL_ID, tokenIndex(truth, token, 'metrics')];
}
