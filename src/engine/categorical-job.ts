/** From a categorical spec and its truth to a job for the kernels. */
import type { CategoricalJob, JobContexts, Program } from '../backend/job.js';
import { inputError } from '../errors.js';
import { LARGEST_ROW } from '../generated/javascript/layout.js';
import { PLAIN } from '../generated/javascript/sampling.js';
import { categoricalMetrics, PROBABILITY_KERNEL_ID, probabilityToken } from '../metrics/registry.js';
import { withError } from '../models/error.js';
import { tokenIndex } from '../models/token.js';
import type { Truth } from '../models/truth.js';
import { remembered } from '../remembered.js';
import { samplingRule } from '../sampling/registry.js';
import { weightingOf } from '../schedules/weighting.js';
import { errorSizesOf } from '../spec/model.js';
import type { CategoricalSpec } from '../spec/spec.js';
import { type ContextSize, jumpsOf } from './jumps.js';
import { loopParts } from './loop-job.js';
import { ratesOf } from './rates.js';

const NONE = new Float64Array(0);
/** A wide training set costs no more look-ups than this: few of its tokens live. */
const TYPICAL_LIVE = 64;

/** @throws InputError for sizes that can't be run, an error with no tokens to go to, or an unknown token of a metric */
export function categoricalJob(spec: CategoricalSpec, plainTruth: Truth): CategoricalJob {
  const { error } = spec.model;
  const { truth, shares } = error ? withError(plainTruth, error) : { truth: plainTruth, shares: [] };
  const { loop, largest } = loopParts(
    spec,
    truth.contexts.map(({ count }) => count),
  );
  const { rule, parameter } = samplingRule(spec.sampling);
  const realWeights = realWeightsOf(spec, loop.sizes, truth.contexts.length);
  const ringCapacity = Math.min(largestContext(truth), largest);
  const weighted = error !== undefined || realWeights.some((weight) => weight !== 1) || needsWeights(loop.program);
  return {
    ...loop,
    family: 'categorical',
    contexts: joinedContexts(truth),
    rule,
    ruleParameter: parameter,
    weighted,
    realWeights,
    errorSizes: error ? Float64Array.from(errorSizesOf(error)) : NONE,
    errorShares: error ? joined(shares) : NONE,
    metrics: Int32Array.from(spec.metrics.flatMap((name) => metricIds(name, truth))),
    generationCost: ringCapacity < 1000 ? Math.min(ringCapacity, TYPICAL_LIVE) : Number.POSITIVE_INFINITY,
    ringCapacity,
    usesRows: replaces(loop.program) && loop.sizes.some((n) => n <= LARGEST_ROW),
    rates: weighted || rule !== PLAIN ? new Float64Array(0) : ratesOf(loop.program, loop.sizes),
    largestTotal: largest,
    jumps: jumpsOf(spec, contextSizes(truth, loop.sizes)),
  };
}

/** Real and synthetic samples stand in the first two slots of the schedules whose weights depend on them. */
function realWeightsOf({ weighting }: CategoricalSpec, sizes: Uint32Array, contexts: number): Float64Array {
  const slots = sizes.length / contexts;
  return Float64Array.from({ length: contexts }, (_, j) => weightingOf(weighting, sizes[j * slots], sizes[j * slots + 1]));
}

/** Blocks that only weighted training sets can hold. */
function needsWeights({ generations }: Program): boolean {
  return generations.flat().some(({ source, mode, weight = 1 }) => weight !== 1 || mode === 'kept' || (mode === 'fixed' && source < 0));
}

/** Whether a generation may be drawn in place from the one before. */
function replaces({ generations }: Program): boolean {
  return generations.some((blocks) => blocks.length === 1 && blocks[0].source === 1);
}

function largestContext({ contexts }: Truth): number {
  return contexts.reduce((most, { p }) => Math.max(most, p.length), 0);
}

/** Of a schedule with one size. */
function contextSizes({ contexts }: Truth, sizes: Uint32Array): ContextSize[] {
  return contexts.map(({ p }, j) => ({ size: sizes[j], types: p.length }));
}

function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

const joinedContexts = remembered((truth: Truth): JobContexts => {
  const p = joined(truth.contexts.map((context) => context.p));
  const starts = new Int32Array(truth.contexts.length + 1);
  const tokens = new Int32Array(p.length);
  truth.contexts.forEach((context, j) => {
    tokens.set(context.tokens, starts[j]);
    starts[j + 1] = starts[j] + context.tokens.length;
  });
  return { starts, tokens, p };
});

function metricIds(name: string, truth: Truth): [id: number, argument: number] {
  const token = probabilityToken(name);
  if (token === undefined) {
    const metric = categoricalMetrics.find((candidate) => candidate.name === name);
    if (!metric) throw inputError('metrics', name, 'a metric of the categorical model');
    return [metric.kernelId, 0];
  }
  return [PROBABILITY_KERNEL_ID, tokenIndex(truth, token, 'metrics')];
}
