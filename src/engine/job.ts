/** From a spec and its truth to a job for the kernels. */
import { MIXTURE, type Job, type JobContexts } from '../backend/job.js';
import { InputError, inputError } from '../errors.js';
import { LARGEST_ROW } from '../generated/javascript/layout.js';
import { categoricalMetrics, PROBABILITY_KERNEL_ID, probabilityToken } from '../metrics/registry.js';
import type { Truth } from '../models/truth.js';
import { scheduleProgram } from '../schedules/registry.js';
import type { Spec } from '../spec/spec.js';

/** Last generation where nothing else ends a chain. */
const NO_END = 1_000_000_000;
/** Largest training set: counts are 32-bit words. */
const LARGEST_TOTAL = 2 ** 31;
/** More values than this in one list of the result can't be held. */
const MOST_ROWS = 2 ** 27;

export function makeJob(spec: Spec, truth: Truth): Job {
  const untilCollapse = spec.generations === 'until-collapse';
  const lastGeneration = lastOf(spec);
  const { program, sizes } = scheduleProgram(spec.schedule, lastGeneration);
  const table = new Uint32Array(truth.contexts.length * program.sizeSlots);
  let largest = 0;
  truth.contexts.forEach(({ count, label }, j) => {
    const row = sizes(count, label);
    table.set(row, j * program.sizeSlots);
    for (const blocks of program.generations) {
      const total = blocks.reduce((sum, { size }) => sum + row[size], 0);
      if (total > LARGEST_TOTAL) throw inputError('schedule', total, `at most ${LARGEST_TOTAL} samples in a training set`);
      largest = Math.max(largest, total);
    }
  });
  const contexts = joinContexts(truth);
  const most = Math.max(...truth.contexts.map(({ p }) => p.length));
  const report = Array.isArray(spec.generations) ? Int32Array.from(spec.generations) : null;
  const rows = report?.length ?? (untilCollapse ? 0 : lastGeneration);
  if (rows > MOST_ROWS) {
    throw inputError('generations', spec.generations, `at most ${MOST_ROWS} reported generations; give a list of those to report`);
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
    ringCapacity: Math.min(most, program.generations.some(([block]) => block.source === MIXTURE) ? most : largest),
    rows: replaces ? largestRow(table) : 0,
  };
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
