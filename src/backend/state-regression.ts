/** The state of a regression's chain; the twin of `transfer` in native/regression.cc. */
import * as A from '../generated/javascript/layout.js';
import { keptNumbers } from './arena-regression.js';
import { type Memory, view } from './arena-view.js';
import type { RegressionJob } from './job.js';
import type { ChainState } from './state.js';

/** Places of the true weights and of what the fit is off by among the vectors (assembly/regression-draw.ts). */
const TARGET = 3;
const OFFSET = 4;

export function transferRegression(memory: Memory, job: RegressionJob, state: ChainState): void {
  const { words } = view(memory);
  const { dimension: d, features, width } = job;
  for (const vector of [TARGET, OFFSET]) state.copy(words[A.ADDR_VECTORS] + 8 * d * vector, 8 * d);
  state.copy(words[A.ADDR_PROJECTION], width > 0 ? 8 * features * d : 0);
  state.copy(words[A.ADDR_KEPT], 8 * keptNumbers(job));
}
