/** p^(0) of a categorical spec. A new kind of initial distribution is one entry in the switch. */
import { inputError } from '../errors.js';
import { MAX_SAMPLES } from '../spec/fields.js';
import type { Initial } from '../spec/initial.js';
import { batchOf, sizesOf, trainingRange } from '../spec/schedule.js';
import { categoricalSpec, lastGeneration, type Spec } from '../spec/spec.js';
import { dirichletTruth } from './dirichlet.js';
import type { Recent } from './recent.js';
import { explicitTruth, uniformTruth } from './simple.js';
import { textTruth } from './text.js';
import type { Truth } from './truth.js';
import { zipfTruth } from './zipf.js';

/**
 * The true distribution of every context: a function of the spec (with its seed) and, for text, of the file.
 * Reading text needs Node; the other kinds run anywhere.
 * @throws InputError for a model of another family, or when a text cannot be used, or its contexts are too small for the schedule.
 */
export async function resolveTruth(spec: Spec, signal?: AbortSignal, cache?: Recent<Truth>): Promise<Truth> {
  const { initial } = categoricalSpec(spec).model;
  const make = () => initialTruth(initial, spec.seed, signal);
  const truth = await (cache ? cache.get(JSON.stringify([initial, initial.kind === 'dirichlet' ? spec.seed : 0]), make) : make());
  if (sizesOf(spec.schedule).some(({ size }) => size === 'corpus')) checkCorpusSizes(spec, truth);
  return truth;
}

async function initialTruth(initial: Initial, seed: number, signal: AbortSignal | undefined): Promise<Truth> {
  switch (initial.kind) {
    case 'zipf':
      return zipfTruth(initial);
    case 'uniform':
      return uniformTruth(initial);
    case 'explicit':
      return explicitTruth(initial);
    case 'dirichlet':
      return dirichletTruth(initial, seed, signal);
    case 'text':
      return textTruth(initial, signal);
  }
}

/** The limits of a schedule where "corpus" stands for numbers that only the text tells. */
function checkCorpusSizes(spec: Spec, { contexts }: Truth): void {
  const { schedule } = spec;
  for (const { label, count = 0 } of contexts) {
    const context = `context ${JSON.stringify(label)}`;
    const samples = trainingRange(schedule, lastGeneration(spec), count).largest;
    if (samples > MAX_SAMPLES) {
      const field = schedule.kind === 'custom' ? 'schedule.sources' : 'schedule.synthetic';
      throw inputError(field, samples, `at most ${MAX_SAMPLES} real and synthetic samples in all (${context})`);
    }
    if (schedule.kind === 'most-recent' && schedule.window > count) {
      throw inputError('schedule.window', schedule.window, `at most sampleSize, which is ${count} for the ${context} of this corpus`);
    }
    if (schedule.kind !== 'accumulate-subsample') continue;
    const added = batchOf(schedule.rate, count);
    if (added < 1 || added > MAX_SAMPLES) {
      const allowed = `a rate with round(rate x corpusSize) from 1 to ${MAX_SAMPLES}; it is ${added} for the ${context} of ${count} tokens`;
      throw inputError('schedule.rate', schedule.rate, allowed);
    }
  }
}
