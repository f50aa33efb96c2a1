// SIMD: the same digest, summaries and progress on every instruction set of this processor.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type InstructionSet, NativeKernel } from '../dist/backend/native.js';
import { prepare } from '../dist/engine/prepare.js';
import { OUT_FULL } from '../dist/generated/javascript/layout.js';
import { backendStatus, type Result, type SpecInput, simulate } from '../dist/index.js';
import { parseSpec } from '../dist/spec/spec.js';
import { nativeAddon } from './support/native.js';

const sets = nativeAddon().instructionSets;
afterEach(() => void delete process.env.MODEL_COLLAPSE_SIMD);

function run(spec: SpecInput, set: string, options: Parameters<typeof simulate>[1] = {}): Promise<Result> {
  process.env.MODEL_COLLAPSE_SIMD = set;
  return simulate(spec, { backend: 'native', threads: 1, ...options });
}

/** Every instruction set against scalar code. */
async function expectAgreement(spec: SpecInput): Promise<void> {
  const { provenance: _, ...reference } = await run(spec, 'scalar');
  for (const set of sets.filter((name) => name !== 'scalar')) {
    const { provenance: __, ...result } = await run(spec, set);
    if (result.digest !== reference.digest) expect([set, result.digest, spec]).toEqual(['same digest', reference.digest]);
    expect(result).toEqual(reference);
  }
}

const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } } as const;
const full = (sampleSize: number) => ({ kind: 'fully-synthetic', sampleSize }) as const;

test('what there is: scalar code everywhere, NEON on Arm, and on x86-64 what the processor says', async () => {
  expect(sets.at(-1)).toBe('scalar');
  const expected: InstructionSet[] = ['avx512', 'avx2', 'neon', 'scalar'];
  expect(expected.filter((name) => sets.includes(name))).toEqual(sets);
  expect(sets.includes('neon')).toBe(process.arch === 'arm64' && process.platform !== 'win32');
  if (process.arch !== 'x64' || process.platform !== 'linux') return;
  const flags = /^flags.*$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[0].split(/\s+/) ?? [];
  expect(sets.includes('avx2')).toBe(flags.includes('avx2'));
  expect(sets.includes('avx512')).toBe(flags.includes('avx512f') && flags.includes('avx512bw'));
});

test('MODEL_COLLAPSE_SIMD chooses, is shown, and is refused by name', async () => {
  const native = async () => (await backendStatus())[0];
  expect((await native()).detail).toBe(`C++ addon, ${sets[0]}`);
  process.env.MODEL_COLLAPSE_SIMD = 'scalar';
  expect((await native()).detail).toBe('C++ addon, scalar');
  const spec: SpecInput = { model: zipf, schedule: full(10), generations: 2, replicates: 2 };
  await expect(run(spec, 'sse')).rejects.toThrow(/^MODEL_COLLAPSE_SIMD: got "sse"; allowed: .*scalar \(on this processor\)$/);
  await expect(run(spec, 'sse', { backend: 'auto' })).rejects.toThrow(/^MODEL_COLLAPSE_SIMD/);
  expect((await run(spec, 'sse', { backend: 'wasm' })).provenance.backend).toBe('wasm');
});

describe('the same bits', () => {
  test('for every n from 1 to 520, until collapse and for a number of generations', async () => {
    for (let n = 1; n <= 520; n++) {
      const initial = { kind: 'zipf', vocabulary: 1 + (n % 150), exponent: 1 } as const;
      const spec: SpecInput = {
        model: { kind: 'categorical', initial },
        schedule: full(n),
        generations: 12,
        replicates: 5 + (n % 40),
        seed: n,
      };
      await expectAgreement(n % 2 === 0 ? spec : { ...spec, generations: 'until-collapse', metrics: ['simpson'], replicates: 4 + (n % 5) });
    }
  }, 60_000);

  test('for every number of replicates from 1 to 70', async () => {
    for (let replicates = 1; replicates <= 70; replicates++) {
      await expectAgreement({
        model: zipf,
        schedule: full(97),
        generations: 'until-collapse',
        replicates,
        seed: replicates,
        metrics: ['simpson'],
      });
    }
  }, 60_000);

  const metrics: SpecInput['metrics'][] = [
    ['simpson'],
    ['support'],
    ['entropy', 'simpson'],
    ['max', 'support', 'entropy', 'simpson'],
    ['l1-first'],
  ];
  const generations: SpecInput['generations'][] = ['until-collapse', 1, 2, 3, 300, [1], [2, 3, 40], [5, 1e9], [1, 10, 100, 1000]];
  test.each(metrics.flatMap((list) => generations.map((asked) => ({ list, asked }))))('$list at $asked', async ({ list, asked }) => {
    for (const n of [3, 60, 400]) {
      await expectAgreement({ model: zipf, schedule: full(n), generations: asked, replicates: 45, seed: n, metrics: list });
    }
  });

  test('with an end before collapse', async () => {
    const spec: SpecInput = { model: zipf, schedule: full(200), generations: 'until-collapse', maxGenerations: 350, replicates: 61 };
    await expectAgreement({ ...spec, metrics: ['simpson'] });
    await expectAgreement({ ...spec, metrics: ['support', 'simpson'] });
  });

  test('over contexts of unlike sizes', async () => {
    const initial = { kind: 'dirichlet', vocabulary: 70, concentration: 0.4, contexts: 11 } as const;
    for (const generation of ['until-collapse', 30] as const) {
      await expectAgreement({
        model: { kind: 'categorical', initial },
        schedule: full(120),
        generations: generation,
        replicates: 13,
        metrics: ['simpson'],
      });
    }
  });

  test('in several blocks, slices and hand-overs', async () => {
    await expectAgreement({ model: zipf, schedule: full(40), generations: 'until-collapse', replicates: 1500, metrics: ['simpson'] });
    await expectAgreement({ model: zipf, schedule: full(300), generations: 3000, replicates: 130, metrics: ['simpson', 'support'] });
    await expectAgreement({ model: zipf, schedule: full(100), generations: 70_000, replicates: 9, metrics: ['simpson'] });
  });

  test('from very diffuse states', async () => {
    const initial = { kind: 'uniform', vocabulary: 3000 } as const;
    for (const n of [128, 129, 400, 511, 512]) {
      await expectAgreement({
        model: { kind: 'categorical', initial },
        schedule: full(n),
        generations: 'until-collapse',
        replicates: 70,
        metrics: ['simpson'],
      });
    }
  });

  test('of regressions, whose products of matrices go by fours of columns', async () => {
    const schedule = { kind: 'mixture', syntheticFraction: 0.4, noiseReal: 0.3, noiseSynthetic: 0.3, quality: 0.5 } as const;
    const spectrum = { kind: 'power-law', exponent: 1 } as const;
    for (const dimension of [1, 3, 4, 7, 16, 33, 67]) {
      for (const samples of [5, 60, 131]) {
        for (const draw of ['auto', 'data'] as const) {
          const rest = { schedule: { ...schedule, samples, draw }, generations: 3, replicates: 3, seed: dimension };
          await expectAgreement({ model: { kind: 'ridge', dimension, ridge: 0.1, spectrum }, ...rest });
          const width = 1 + (dimension >> 1);
          await expectAgreement({ model: { kind: 'random-projections', dimension, width, ridge: 0.1, spectrum }, ...rest });
        }
      }
    }
  }, 60_000);

  test('on 80 random specs', async () => {
    const spec = fc.record({
      model: fc.record({
        kind: fc.constant('categorical' as const),
        initial: fc.record({ kind: fc.constant('uniform' as const), vocabulary: fc.integer({ min: 1, max: 200 }) }),
      }),
      schedule: fc.integer({ min: 1, max: 512 }).map(full),
      generations: fc.oneof(fc.constant('until-collapse' as const), fc.integer({ min: 1, max: 400 })),
      replicates: fc.integer({ min: 1, max: 90 }),
      seed: fc.integer({ min: 0, max: 1e9 }),
      metrics: fc.constantFrom<SpecInput['metrics'][]>(['simpson'], ['support', 'simpson'], ['entropy']),
    });
    await fc.assert(fc.asyncProperty(spec, expectAgreement), { seed: 5, numRuns: 80, endOnFailure: true });
  }, 60_000);
});

test.each(sets)('%s: a run that is stopped leaves nothing behind', async (set) => {
  const spec: SpecInput = { model: zipf, schedule: full(400), generations: 'until-collapse', replicates: 100_000, metrics: ['simpson'] };
  const controller = new AbortController();
  const stopped = run(spec, set, { signal: controller.signal });
  const started = performance.now();
  setTimeout(() => controller.abort(new Error('enough')), 30);
  await expect(stopped).rejects.toThrow('enough');
  expect(performance.now() - started).toBeLessThan(500);
});

test.each(sets)('%s: a kernel goes on after a cancelled slice as if it were new', async (set) => {
  const spec = parseSpec({ model: zipf, schedule: full(300), generations: 'until-collapse', replicates: 400, metrics: ['simpson'] });
  const { job } = await prepare(spec, 1, 'native');
  const kernel = (name: string, outCapacity: number) => {
    const made = new NativeKernel(nativeAddon(), name as InstructionSet);
    made.load({ job, chainsPerSlice: 400, outCapacity });
    return made;
  };
  const read = async (made: NativeKernel) => {
    made.open({ replicate: 100, context: 0, chains: 37 });
    const values: number[] = [];
    while ((await made.advance()) === OUT_FULL) values.push(...made.drain());
    return { values: [...values, ...made.drain()], times: [...made.collapseTimes()], progress: made.progress() };
  };
  const expected = await read(kernel('scalar', 100_000));
  const used = kernel(set, 501);
  expect(await read(used)).toEqual(expected);
  for (const wait of [0, 1, 3]) {
    used.open({ replicate: 0, context: 0, chains: 400 });
    const under = used.advance();
    await new Promise((resolve) => setTimeout(resolve, wait));
    used.cancel();
    await under;
    expect(await read(used)).toEqual(expected);
  }
});
