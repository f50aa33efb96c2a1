// Runs that are interrupted at any moment and go on with other threads and backends: the digest and the raw results stay.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatenate } from '../dist/backend/concatenate.js';
import type { SliceState } from '../dist/backend/job.js';
import type { CheckpointStore, SavedSlice } from '../dist/engine/checkpoints.js';
import { blockSlices } from '../dist/engine/slices.js';
import { parseSpec, type SpecInput, simulate } from '../dist/index.js';

/** Checkpoints in memory, copied as a file would. */
class MemoryStore implements CheckpointStore {
  readonly kept = new Map<string, SavedSlice>();
  found: SavedSlice[] = [];

  constructor(readonly everyMs: number) {}

  async save(block: number, first: number, state: SliceState): Promise<void> {
    const copy = structuredClone(state);
    const { collapseTimes, generation } = copy;
    this.kept.set(`${block} ${first}`, { block, first, chains: collapseTimes.length, generation, read: async () => structuredClone(copy) });
  }
  async remove(block: number, first: number): Promise<void> {
    this.kept.delete(`${block} ${first}`);
  }
  /** What the next process finds. */
  next(): CheckpointStore {
    this.found = [...this.kept.values()];
    return this;
  }
}

const spec: SpecInput = {
  model: { kind: 'categorical', initial: { kind: 'dirichlet', vocabulary: 30, concentration: 1, contexts: 3 } },
  schedule: { kind: 'partially-synthetic', real: 20, synthetic: 20 },
  generations: [1, 5, 300],
  replicates: 1100,
  seed: 5,
  metrics: ['simpson', 'l1-first'],
};

/** Values and collapse times of all chains, in order. */
async function run(input: SpecInput, options: Parameters<typeof simulate>[1], abortAfterMs?: number) {
  const values: Float64Array[] = [];
  const times: Uint32Array[] = [];
  const controller = new AbortController();
  const timer = abortAfterMs === undefined ? undefined : setTimeout(() => controller.abort(new Error('enough')), abortAfterMs);
  const onChains = (batch: { values: Float64Array; collapseTimes: Uint32Array }) => {
    values.push(batch.values.slice());
    times.push(batch.collapseTimes.slice());
  };
  try {
    const { digest } = await simulate(parseSpec(input), { ...options, signal: controller.signal, onChains });
    return { digest, values: concatenate(Float64Array, values), times: concatenate(Uint32Array, times) };
  } finally {
    clearTimeout(timer);
  }
}

describe('interrupted again and again', () => {
  test.each([
    ['blocks and contexts', spec],
    ['lanes side by side', { ...spec, schedule: { kind: 'fully-synthetic', sampleSize: 200 }, replicates: 9000 }],
    ['until collapse', { ...spec, schedule: { kind: 'fully-synthetic', sampleSize: 60 }, generations: 'until-collapse', replicates: 2000 }],
    ['many rows', { ...spec, generations: 3000, replicates: 40 }],
  ] as [string, SpecInput][])(
    '%s: the same values',
    async (_, input) => {
      const whole = await run(input, { threads: 2, backend: 'native' });
      const store = new MemoryStore(20);
      let interrupted = 0;
      for (let start = 0; ; start++) {
        const backend = (['native', 'wasm', 'javascript'] as const)[start % 3];
        const options = { threads: 1 + (start % 3), backend, checkpoints: store.next() };
        const kept = store.kept.size;
        try {
          const again = await run(input, options, start < 6 ? 60 + 40 * start : undefined);
          expect(again.digest).toBe(whole.digest);
          expect(again.times).toEqual(whole.times);
          expect(Buffer.compare(Buffer.from(again.values.buffer), Buffer.from(whole.values.buffer))).toBe(0);
          break;
        } catch (error) {
          expect((error as Error).message).toBe('enough');
          expect(store.kept.size).toBeGreaterThanOrEqual(Math.min(kept, 1));
          interrupted++;
        }
      }
      expect(interrupted).toBeGreaterThan(0);
    },
    60_000,
  );

  test('a store that fails ends the run with its error', async () => {
    const store = new MemoryStore(5);
    store.save = async () => {
      throw new Error('the disk is full');
    };
    await expect(run({ ...spec, generations: [1_000_000_000], replicates: 1 }, { checkpoints: store })).rejects.toThrow('the disk is full');
  });
});

test('whatever was saved, the slices of a block cover each chain once, in order', () => {
  const piece = fc.record({
    first: fc.integer({ min: 0, max: 70 }),
    chains: fc.integer({ min: 0, max: 40 }),
    generation: fc.constantFrom(0, 9),
  });
  fc.assert(
    fc.property(fc.array(piece), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 }), (pieces, size, contexts) => {
      const saved = pieces.map((entry) => ({ ...entry, block: 0, read: async () => ({}) as SliceState }));
      let next = 0;
      for (const { slice, from, done } of blockSlices(0, 12, contexts, size, saved)) {
        expect(slice.replicate * contexts + slice.context).toBe(next);
        expect(slice.chains).toBeGreaterThan(0);
        if (!from) expect(slice.chains).toBeLessThanOrEqual(size);
        if (from) expect(saved.some(({ first, chains }) => first === next && chains === slice.chains - (done ? 0 : 1))).toBe(true);
        next += slice.chains;
      }
      expect(next).toBe(12 * contexts);
    }),
  );
});
