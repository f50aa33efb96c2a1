// Weighted training sets, kept batches, errors and ranges of sources, as jobs made here: the same bytes on every backend.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Block, CategoricalJob, Program } from '../dist/backend/job.js';
import type { Kernel } from '../dist/backend/kernel.js';
import { KernelLane } from '../dist/backend/lane.js';
import { NativeKernel } from '../dist/backend/native.js';
import { portableKernel } from '../dist/backend/portable.js';
import { nativeAddon } from './support/native.js';

/** mulberry32 */
function generator(seed: number) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function randomJob(seed: number): CategoricalJob {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)];
  const weight = () => pick([1, 1, 0.25, 1.618, 1e-6, 1e6]);
  const last = pick([4, 9, 20]);
  const lookBack = pick([1, 2, 5, last]);
  const model = (): Block => {
    const source = pick([1, 1, Math.min(2, lookBack)]);
    return { source, through: pick([source, lookBack]), size: 1, mode: pick(['redrawn', 'kept'] as const), weight: weight() };
  };
  const programs: (() => Omit<Program, 'sizeSlots' | 'lookBack'>)[] = [
    // Fixed or fresh real samples, and models.
    () => {
      const real: Block = { source: 0, size: 0, mode: pick(['kept', 'redrawn'] as const), weight: weight() };
      const one = model();
      return { generations: [[real], [real, { ...one, source: 1 }]], pool: 'none' };
    },
    () => ({
      generations: [
        [{ source: 0, size: 0, mode: 'redrawn' }],
        [
          { source: 0, size: 0, mode: 'fixed' },
          { source: 1, size: 1, mode: 'redrawn', weight: weight() },
        ],
      ],
      pool: 'none',
    }),
    // Everything so far: the training set before, or the pool.
    () => ({
      generations: [
        [{ source: 0, size: 0, mode: 'redrawn' }],
        [
          { source: 1, size: 0, mode: 'fixed' },
          { source: 1, size: 1, mode: 'redrawn' },
        ],
      ],
      pool: 'none',
    }),
    () => ({
      generations: [
        [
          { source: 0, size: 0, mode: 'into-pool' },
          { source: -2, size: 0, mode: 'redrawn' },
        ],
        [
          { source: 1, size: 1, mode: 'into-pool' },
          { source: pick([-2, -3]), size: 0, mode: 'redrawn' },
        ],
        [
          { source: 1, size: 1, mode: 'into-pool' },
          { source: -2, size: 0, mode: 'fixed', weight: weight() },
        ],
      ],
      pool: 'blocks',
    }),
    () => ({ generations: [[{ source: 0, size: 0, mode: 'redrawn' }], [{ source: -1, size: 0, mode: 'redrawn' }]], pool: 'all' }),
  ];
  const program = pick(programs)();
  const support = pick([1, 3, 20, 70]);
  const tokens = support + pick([0, 5]);
  const contexts = pick([1, 2]);
  const p = new Float64Array(tokens * contexts);
  for (let i = 0; i < p.length; i++) if (i % tokens < support) p[i] = 1 / support;
  const errors = random() < 0.5;
  return {
    family: 'categorical',
    seed,
    contextCount: contexts,
    program: { ...program, sizeSlots: 2, lookBack },
    sizes: Uint32Array.from({ length: 2 * contexts }, () => pick([1, 7, 60, 3000])),
    metrics: Int32Array.from({ length: 22 }, (_, i) => (i % 2 ? 0 : i / 2)),
    report: null,
    lastGeneration: last,
    untilCollapse: false,
    generationCost: 1,
    contexts: {
      starts: Int32Array.from({ length: contexts + 1 }, (_, j) => j * tokens),
      tokens: Int32Array.from({ length: p.length }, (_, i) => i % tokens),
      p,
    },
    rule: pick([0, 0, 1, 2, 3, 4]),
    ruleParameter: pick([0.5, 1, 2]),
    weighted: true,
    realWeights: new Float64Array(contexts).fill(weight()),
    errorSizes: errors ? Float64Array.of(0.1, 0, 0.02) : new Float64Array(0),
    errorShares: errors ? new Float64Array(p.length).fill(1 / tokens) : new Float64Array(0),
    ringCapacity: tokens,
    usesRows: false,
    rates: new Float64Array(0),
    largestTotal: 0,
    jumps: new Int32Array(0),
  };
}

async function bytes(kernel: Kernel, job: CategoricalJob, budget: number): Promise<string> {
  const lane = new KernelLane(kernel, { budget });
  await lane.open({ job, chainsPerSlice: 6, outCapacity: 200 });
  const first = await lane.run({ replicate: 3, context: 0, chains: 6 });
  const { values, collapseTimes } = await lane.run({ replicate: 3, context: 0, chains: 6 });
  expect(values).toEqual(first.values); // nothing is left of the run before
  expect(values.findIndex((value) => Number.isNaN(value)) % (job.metrics.length / 2)).toBe(-1);
  return createHash('sha256').update(values).update(collapseTimes).digest('hex');
}

test.each(Array.from({ length: 150 }, (_, i) => i + 1))('random job %i', async (seed) => {
  const job = randomJob(seed);
  const native = await bytes(new NativeKernel(nativeAddon()), job, 0);
  expect(await bytes(await portableKernel('wasm'), job, 50)).toBe(native);
  expect(await bytes(await portableKernel('javascript'), job, 1_000_000)).toBe(native);
});
