/** From a spec and its truth to a job for the kernels. */
import type { Job, JobContexts, Program } from '../backend/job.js';
import { InputError, inputError } from '../errors.js';
import { LARGEST_ROW } from '../generated/javascript/layout.js';
import { categoricalMetrics, PROBABILITY_KERNEL_ID, probabilityToken } from '../metrics/registry.js';
import type { Truth } from '../models/truth.js';
import { LARGEST_TOTAL, scheduleProgram } from '../schedules/registry.js';
import type { Spec } from '../spec/spec.js';

/** Last generation where nothing else ends a chain. */
const NO_END = 1_000_000_000;
/** Values (generations x metrics) that a result can hold: several lists of this many numbers. */
const MOST_VALUES = 2 ** 26;
/** Until collapse, a chain takes about this many generations for each sample of its training set. */
const GENERATIONS_PER_SAMPLE = 2;

export function makeJob(spec: Spec, truth: Truth): Job {
  const untilCollapse = spec.generations === 'until-collapse';
  const lastGeneration = lastOf(spec);
  const { program, sizes, largest: largestOf = (row) => largestSum(program, row) } = scheduleProgram(spec.schedule, lastGeneration);
  const table = new Uint32Array(truth.contexts.length * program.sizeSlots);
  let largest = 0;
  truth.contexts.forEach(({ count, label }, j) => {
    const row = sizes(count, label);
    table.set(row, j * program.sizeSlots);
    const total = largestOf(row);
    if (total > LARGEST_TOTAL) throw inputError('schedule', total, `at most ${LARGEST_TOTAL} samples in a training set`);
    largest = Math.max(largest, total);
  });
  const contexts = joinContexts(truth);
  const most = Math.max(...truth.contexts.map(({ p }) => p.length));
  const report = Array.isArray(spec.generations) ? Int32Array.from(spec.generations) : null;
  const rows = report?.length ?? (untilCollapse ? Math.min(lastGeneration, GENERATIONS_PER_SAMPLE * largest) : lastGeneration);
  if (rows * spec.metrics.length > MOST_VALUES) {
    const most = Math.floor(MOST_VALUES / spec.metrics.length);
    const given = untilCollapse ? `${spec.generations}, which takes about ${rows} generations` : rows;
    throw inputError('generations', given, `at most ${most} generations to report with ${spec.metrics.length} metrics; give a list of them, or fewer metrics`);
  }
  const replaces = program.generations.some((blocks) => blocks.length === 1 && blocks[0].source === 1);
  return {
    seed: spec.seed,
    contexts,
    program,
    sizes: table,
    metrics: Int32Array.from(spec.metrics.flatMap((name) => metricIds(name, truth))),
    report,
    lastGeneration,
    untilCollapse,
    ringCapacity: Math.min(most, largest),
    rows: replaces ? largestRow(table) : 0,
  };
}

/** The largest number of samples that one generation's blocks give. */
function largestSum({ generations }: Program, sizes: readonly number[]): number {
  let largest = 0;
  for (const blocks of generations) largest = Math.max(largest, blocks.reduce((sum, { size }) => sum + sizes[size], 0));
  return largest;
}

/** The largest Poisson row that a replace step of these sizes can use. */
function largestRow(sizes: Uint32Array): number {
  let largest = 0;
  for (const n of sizes) if (n <= LARGEST_ROW && n > largest) largest = n;
  return largest;
}

function lastOf({ generations, maxGenerations }: Spec): number {
  if (generations === 'until-collapse') return maxGenerations ?? NO_END;
  return Array.isArray(generations) ? generations[generations.length - 1] : generations;
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
  const index = truth.tokenNames ? truth.tokenNames.indexOf(token) : Number(token);
  if (index < 0) throw new InputError(`metrics: got "${name}"; "${token}" is no token of the text`, 'metrics');
  return [PROBABILITY_KERNEL_ID, index];
}
