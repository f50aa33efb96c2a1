// Sampling rules against laws found by listing every outcome, and against their limit for large samples.
import { describe, expect, test } from 'vitest';
import { simulate } from '../dist/index.js';
import type { SpecInput } from '../dist/spec/spec.js';
import { ALPHA, criticalZ } from './support/statistics.js';

type Sampling = NonNullable<SpecInput['sampling']>;

/** What a rule makes of the shares, written anew. */
function ruled(sampling: Sampling, shares: readonly number[]): number[] {
  const order = shares.map((_, i) => i).sort((a, b) => shares[b] - shares[a] || a - b);
  let kept = shares.map((share) => (sampling.kind === 'temperature' ? share ** (1 / sampling.temperature) : share));
  if (sampling.kind === 'top-k') kept = kept.map((share, i) => (order.indexOf(i) < sampling.k ? share : 0));
  if (sampling.kind === 'top-p') {
    const needed = new Set<number>();
    for (let sum = 0, r = 0; sum < sampling.p && r < order.length; sum += shares[order[r++]]) needed.add(order[r]);
    kept = kept.map((share, i) => (needed.has(i) ? share : 0));
  }
  const sum = kept.reduce((total, share) => total + share, 0);
  return kept.map((share) => share / sum);
}

const rules: Sampling[] = [
  { kind: 'temperature', temperature: 0.5 },
  { kind: 'temperature', temperature: 2 },
  { kind: 'top-k', k: 1 },
  { kind: 'top-p', p: 0.6 },
  { kind: 'top-p', p: 0.7 },
];

const truth = 0.6;
const n = 3;
/** E of a function of the share k / n, k ~ Bin(n, q). */
const mean = (q: number, f: (share: number) => number) =>
  [1, 3, 3, 1].reduce((sum, ways, k) => sum + ways * q ** k * (1 - q) ** (n - k) * f(k / n), 0);

describe(`two tokens, three samples: E p_0 of generations 2 and 3 (alpha ${ALPHA} each)`, () => {
  for (const sampling of rules) {
    const rule = (share: number) => ruled(sampling, [share, 1 - share])[0];
    // Fully synthetic: generation 2 draws from the ruled generation 1, generation 3 from the ruled generation 2.
    const second = mean(truth, rule);
    const third = mean(truth, (share) => mean(rule(share), rule));
    // Randomly sampled, generation 2: half of the sources are the truth, which no rule touches.
    const mixed = (truth + second) / 2;
    // Fresh and partially synthetic data: the rule touches the synthetic part only.
    const half = (3 * truth + 3 * second) / 6;
    const cases: [schedule: SpecInput['schedule'], expected: number[]][] = [
      [{ kind: 'fully-synthetic', sampleSize: n }, [truth, second, third]],
      [{ kind: 'randomly-sampled', sampleSize: n }, [truth, mixed]],
      [{ kind: 'fresh', real: n, synthetic: n }, [truth, half]],
      [{ kind: 'partially-synthetic', real: n, synthetic: n }, [truth, half]],
      [{ kind: 'accumulate', real: n, synthetic: n }, [truth, half]],
      [{ kind: 'accumulate-subsample', corpusSize: n, rate: 1 }, [truth, half]],
    ];
    test.each(cases)(`${JSON.stringify(sampling)}: $kind`, async (schedule, expected) => {
      const model: SpecInput['model'] = { kind: 'categorical', initial: { kind: 'explicit', p: [truth, 1 - truth] } };
      const generations = expected.map((_, m) => m + 1);
      const { metrics } = await simulate({
        model,
        schedule,
        sampling,
        generations,
        replicates: 40_000,
        seed: 9,
        metrics: ['probability:0'],
      });
      const { mean: measured, standardError } = metrics['probability:0'];
      expected.forEach((value, i) => {
        expect(Math.abs(Number(measured[i]) - value)).toBeLessThan(criticalZ(ALPHA) * Number(standardError[i]));
      });
    });
  }
});

test('a large sample follows the rule itself', async () => {
  const p = [0.4, 0.25, 0.2, 0.1, 0.05];
  for (const sampling of [...rules, { kind: 'top-k', k: 3 } as const, { kind: 'top-p', p: 0.9 } as const]) {
    const expected = ruled(sampling, ruled(sampling, p));
    const { metrics } = await simulate({
      model: { kind: 'categorical', initial: { kind: 'explicit', p } },
      schedule: { kind: 'fully-synthetic', sampleSize: 2 ** 31 },
      sampling,
      generations: [3],
      replicates: 1,
      metrics: p.map((_, i) => `probability:${i}`),
    });
    // Five standard deviations of two draws of 2^31 samples, enlarged by the rule.
    expected.forEach((value, i) => {
      expect(Math.abs(Number(metrics[`probability:${i}`].mean[0]) - value), `${JSON.stringify(sampling)} ${i}`).toBeLessThan(2e-4);
    });
  }
});
