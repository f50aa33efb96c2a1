/** p^(0) of a categorical spec. A new kind of initial distribution is one entry in the switch. */
import { inputError } from '../errors.js';
import { MAX_SAMPLES } from '../spec/fields.js';
import { sizesOf } from '../spec/schedule.js';
import type { Spec } from '../spec/spec.js';
import { dirichletTruth } from './dirichlet.js';
import { explicitTruth, uniformTruth } from './simple.js';
import { textTruth } from './text.js';
import type { Truth } from './truth.js';
import { zipfTruth } from './zipf.js';

/**
 * The true distribution of every context: a function of the spec (with its seed) and, for text, of the file.
 * Reading text needs Node; the other kinds run anywhere.
 * @throws InputError when a text cannot be used, or its contexts are too small for the schedule.
 */
export async function resolveTruth(spec: Spec): Promise<Truth> {
  const truth = await initialTruth(spec);
  if (sizesOf(spec.schedule).some(({ size }) => size === 'corpus')) checkCorpusSizes(spec, truth);
  return truth;
}

async function initialTruth({ model, seed }: Spec): Promise<Truth> {
  const { initial } = model;
  switch (initial.kind) {
    case 'zipf':
      return zipfTruth(initial);
    case 'uniform':
      return uniformTruth(initial);
    case 'explicit':
      return explicitTruth(initial);
    case 'dirichlet':
      return dirichletTruth(initial, seed);
    case 'text':
      return textTruth(initial);
  }
}

/** The limits of a schedule where "corpus" stands for numbers that only the text tells. */
function checkCorpusSizes({ schedule }: Spec, { contexts }: Truth): void {
  for (const { label, count = 0 } of contexts) {
    const samples = sizesOf(schedule).reduce((total, { size }) => total + (size === 'corpus' ? count : size), 0);
    if (samples > MAX_SAMPLES) {
      throw inputError('schedule.synthetic', samples, `at most ${MAX_SAMPLES} real and synthetic samples in all (context ${JSON.stringify(label)})`);
    }
    if (schedule.kind === 'most-recent' && schedule.window > count) {
      throw inputError('schedule.window', schedule.window, `at most sampleSize, which is ${count} for the context ${JSON.stringify(label)} of this corpus`);
    }
  }
}
