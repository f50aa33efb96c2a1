/** The state of a chain of the loop's families between two generations; the twin of `transfer_chain` in native/loop.cc. */
import * as A from '../generated/javascript/layout.js';
import { type Memory, view } from './arena-view.js';
import type { SampledJob } from './job.js';
import { ChainState, countThrough } from './state.js';
import { transferCategorical } from './state-categorical.js';
import { transferGaussian } from './state-gaussian.js';
import { transferRegression } from './state-regression.js';

/** Where the chain in an arena stands: no bytes between two chains. */
export function saveChain(memory: Memory, job: SampledJob): Uint8Array {
  if (view(memory).words[A.GENERATION] === 0) return new Uint8Array(0);
  return transfer(memory, job, new ChainState(memory));
}

/**
 * Puts the slice's first chain where `saveChain` left it.
 * @throws Error for bytes that are not of this job
 */
export function restoreChain(memory: Memory, job: SampledJob, bytes: Uint8Array): void {
  try {
    transfer(memory, job, new ChainState(memory, bytes));
  } catch (error) {
    view(memory).words[A.CHAINS_LEFT] = 0;
    throw error;
  }
}

function transfer(memory: Memory, job: SampledJob, state: ChainState): Uint8Array {
  const { words } = view(memory);
  state.word(A.GENERATION);
  state.word(A.COLLAPSED_AT);
  const generation = words[A.GENERATION];
  state.require(generation >= 1 && generation < job.lastGeneration);
  state.copy(memory.base + 4 * A.STREAM, 16);
  words[A.REPORT_INDEX] = countThrough(job.report, generation);
  if (job.family === 'gaussian') transferGaussian(memory, state);
  else if (job.family === 'regression') transferRegression(memory, job, state);
  else transferCategorical(memory, job, state);
  return state.finish();
}
