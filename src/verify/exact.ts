/** What holds in every run, whatever the random numbers: each check counts how often it does not. */
import { backendStatus } from '../backend/select.js';
import { simulate } from '../engine/simulate.js';
import { metricNames } from '../metrics/registry.js';
import { type Check, checkOf, type Measurement } from './check.js';
import { definitions } from './learn-tokens.js';
import { column, type GaussianSituation, type Observation, observe, type Situation, specOf, wholeTruth } from './observe.js';
import { violations } from './tests.js';

/** Metrics are sums of rounded terms. */
const ROUNDING = 1e-12;

function check(
  kind: string,
  against: string,
  situation: Situation,
  metrics: string[],
  measure: (observed: Observation) => Measurement,
): Check {
  return checkOf(situation, kind, against, async (seed, context) =>
    measure(await observe(specOf(situation, seed, metrics, context), context)),
  );
}

/** With one token every training set is collapsed from the start. */
export function oneTokenCheck(situation: Situation): Check {
  return check('collapse-time', 'one token', situation, ['simpson'], ({ values, collapseTimes }) => {
    const wrong = values.filter((value) => value !== 1).length + collapseTimes.filter((time) => time !== 1).length;
    return violations(wrong, values.length);
  });
}

/** Every share is a whole number of samples, and together they are 1. `size` is the training set's; all tokens are asked for. */
export function wholeCountsCheck(situation: Situation, size: number, tokens: number): Check {
  const metrics = Array.from({ length: tokens }, (_, i) => `probability:${i}`);
  return check('counts-total', 'size of the training set', situation, metrics, ({ values }) => {
    let wrong = 0;
    for (let row = 0; row < values.length; row += tokens) {
      let total = 0;
      for (let i = row; i < row + tokens; i++) {
        const count = values[i] * size;
        if (Math.abs(count - Math.round(count)) > ROUNDING * size) wrong++;
        total += Math.round(count);
      }
      if (total !== size) wrong++;
    }
    return violations(wrong, values.length / tokens);
  });
}

/** A metric against its definition, from the shares of all tokens in generation 1 and the one looked at (`at`). */
export function definitionCheck(situation: Situation, metric: string, tokens: number): Check {
  const metrics = [metric, ...Array.from({ length: tokens }, (_, i) => `probability:${i}`)];
  return check(`${metric}-definition`, 'its definition', situation, metrics, ({ values, truth }) => {
    const width = metrics.length;
    const p = wholeTruth(truth);
    let wrong = 0;
    for (let row = 0; row < values.length; row += 2 * width) {
      const shares = (at: number) => Array.from(values.subarray(at + 1, at + width));
      const first = shares(row);
      for (const at of [row, row + width]) {
        if (Math.abs(values[at] - definitions[metric](shares(at), first, p)) > ROUNDING) wrong++;
      }
    }
    return violations(wrong, values.length / width);
  });
}

/** Under fully synthetic training no dead token returns, and a collapsed model stays collapsed from T on. */
export function noReturnCheck(situation: Situation): Check {
  return check('no-return', 'support never grows', situation, ['support'], ({ values, collapseTimes, spec }) => {
    const generations = spec.generations as number[];
    const rows = generations.map((_, k) => column(values, generations.length, k));
    let wrong = 0;
    collapseTimes.forEach((time, r) => {
      rows.forEach((support, k) => {
        if (k > 0 && support[r] > rows[k - 1][r]) wrong++;
        if ((support[r] === 1) !== (time > 0 && time <= generations[k])) wrong++;
      });
    });
    return violations(wrong, values.length);
  });
}

/** The digest is the same on every backend there is and on one and two threads. */
export function sameDigestCheck(situation: Situation): Check {
  return digestCheck(situation, ['simpson', 'entropy', 'l1-first', 'kl-truth']);
}

/** As `sameDigestCheck`, of all metrics of a Gaussian. */
export function gaussianDigestCheck(situation: GaussianSituation): Check {
  return digestCheck(situation, metricNames('gaussian'));
}

function digestCheck(situation: Situation | GaussianSituation, metrics: string[]): Check {
  return checkOf(situation, 'digest', 'the other backends', async (seed, context) => {
    const spec = specOf(situation, seed, metrics, context);
    const backends = (await backendStatus()).filter(({ available }) => available);
    const digests: string[] = [];
    for (const { name: backend } of backends) {
      for (const threads of [1, 2]) digests.push((await simulate(spec, { backend, threads, signal: context.signal })).digest);
    }
    return violations(digests.filter((digest) => digest !== digests[0]).length, digests.length);
  });
}
