/** How errors alone add up (Wang et al. 2025): sample sizes so large that sampling noise is nothing. */
import { accumulateSubsampleWeight, replaceWeight } from '../theory/error-accumulation.js';
import { type Check, checkOf } from './check.js';
import { zipf } from './initials.js';
import { observe, type Situation, specOf } from './observe.js';
import { meanTest } from './tests.js';

const error = 0.02;
const rate = 0.5;
const n = 100_000;

/** The mass outside the truth's support: what the real corpus has lost. */
export function wangCheck(kind: 'fully-synthetic' | 'accumulate-subsample', at: number): Check {
  const schedule = kind === 'fully-synthetic' ? { kind, sampleSize: n } : { kind, corpusSize: n, rate };
  const initial = { ...zipf(8), support: 5 } as Situation['initial'];
  const situation: Situation = { regime: `wang-m${at}`, schedule, initial, error: { size: error }, at, replicates: 2000 };
  return checkOf(situation, 'outside-truth', "Wang's closed forms", async (seed, context) => {
    const { values } = await observe(specOf(situation, seed, ['outside-truth'], context), context);
    const weight = kind === 'fully-synthetic' ? replaceWeight(at, error) : accumulateSubsampleWeight(at, error, rate);
    return meanTest(values, 1 - weight);
  });
}
