// The same digest from every backend and number of threads, and a selection that hides nothing.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { type BackendName, backendNames, backendStatus, type Result, type SpecInput, simulate } from '../dist/index.js';
import { parseSpec } from '../dist/spec/spec.js';
import { anySpec } from './support/specs.js';
import { gaussianSpec, widerSpec } from './support/wider-specs.js';

type Way = [BackendName, number];
const ways: Way[] = [
  ['native', 1],
  ['native', 2],
  ['native', 3],
  ['wasm', 1],
  ['wasm', 2],
  ['wasm', 3],
  ['javascript', 1],
  ['javascript', 2],
  ['javascript', 3],
];

/** Without what may differ between runs. */
function comparable({ provenance, ...rest }: Result): object {
  return { seed: provenance.seed, spec: provenance.spec, ...rest };
}

async function expectAgreement(spec: SpecInput, list = ways): Promise<Result> {
  const [[backend, threads], ...others] = list;
  const reference = await simulate(spec, { backend, threads });
  for (const [backend, threads] of others) {
    const result = await simulate(spec, { backend, threads });
    if (result.digest !== reference.digest) expect([backend, threads, result.digest, spec]).toEqual(['same digest', reference.digest]);
    if (threads === 1) expect(comparable(result)).toEqual(comparable(reference));
  }
  return reference;
}

test('every backend is here: a missing one is a failure, not a skip', async () => {
  const status = await backendStatus();
  expect(status.map(({ name, available }) => [name, available])).toEqual(backendNames.map((name) => [name, true]));
});

describe('digests and summaries agree', () => {
  test('on 60 random specs, with 1, 2 and 3 threads', async () => {
    await fc.assert(
      fc.asyncProperty(anySpec, async (spec) => {
        // Thread counts take turns on the portable backends.
        const threads = 2 + (Number(spec.seed) % 2);
        await expectAgreement(spec, [
          ['native', 1],
          ['native', 2],
          ['native', 3],
          ['wasm', 1],
          ['wasm', threads],
          ['javascript', 1],
          ['javascript', 5 - threads],
        ]);
      }),
      { seed: 20261, numRuns: 60, endOnFailure: true },
    );
  }, 60_000);

  /** Every backend with one thread, and each number of threads on each of them in turn. */
  async function expectSmallAgreement(spec: SpecInput): Promise<void> {
    const turn = ways[3 * (Number(spec.seed) % 3) + 1 + (Number(spec.replicates) % 2)];
    await expectAgreement(spec, [['native', 1], ['wasm', 1], ['javascript', 1], turn]);
  }

  test('on 300 random specs with custom schedules, weights, errors and verifiers', async () => {
    await fc.assert(fc.asyncProperty(widerSpec, expectSmallAgreement), { seed: 20263, numRuns: 300, endOnFailure: true });
  }, 120_000);

  function isAllowed(spec: SpecInput): boolean {
    try {
      parseSpec(spec);
      return true;
    } catch {
      return false;
    }
  }

  test('on 300 random specs of Gaussians', async () => {
    const unbiased = gaussianSpec.map(
      (spec): SpecInput => ({ ...spec, model: { ...spec.model, estimator: 'unbiased' } as SpecInput['model'] }),
    );
    // Sets of one sample have no unbiased estimate.
    const some = fc.oneof(gaussianSpec, unbiased.filter(isAllowed));
    await fc.assert(fc.asyncProperty(some, expectSmallAgreement), { seed: 20264, numRuns: 300, endOnFailure: true });
  }, 120_000);

  test('for every n from 1 to 257', async () => {
    for (let n = 1; n <= 257; n++) {
      const initial = { kind: 'zipf', vocabulary: 1 + (n % 90), exponent: 1 } as const;
      const spec: SpecInput = {
        model: { kind: 'categorical', initial },
        schedule: { kind: 'fully-synthetic', sampleSize: n },
        generations: 6,
        replicates: 4,
        seed: n,
      };
      await expectAgreement(spec, [
        ['native', 1],
        ['wasm', 1],
        ['javascript', 1],
      ]);
    }
  }, 60_000);

  const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } } as const;
  const large: { name: string; spec: SpecInput }[] = [
    {
      name: 'blocks of 1,024 replicates',
      spec: { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 100 }, generations: 20, replicates: 2500 },
    },
    {
      name: 'until collapse',
      spec: { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 60 }, generations: 'until-collapse', replicates: 400 },
    },
    {
      name: 'a large vocabulary',
      spec: {
        model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 30_000, exponent: 1 } },
        schedule: { kind: 'fully-synthetic', sampleSize: 20_000 },
        generations: 4,
        replicates: 3,
      },
    },
    {
      name: 'a large mixture',
      spec: {
        model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 3000 } },
        schedule: { kind: 'randomly-sampled', sampleSize: 30_000 },
        generations: 5,
        replicates: 3,
      },
    },
    {
      name: 'chains in workers over contexts',
      spec: {
        model: { kind: 'categorical', initial: { kind: 'dirichlet', vocabulary: 40, concentration: 0.5, contexts: 30 } },
        schedule: { kind: 'most-recent', sampleSize: 90, window: 4 },
        generations: 20,
        replicates: 110,
        metrics: ['support', 'l1-first'],
      },
    },
    {
      name: 'more values than the kernel holds at once',
      spec: { model: zipf, schedule: { kind: 'partially-synthetic', real: 9, synthetic: 8 }, generations: 30_000, replicates: 1 },
    },
  ];
  const wider: { name: string; spec: SpecInput }[] = [
    {
      name: 'weights, errors and a verifier over blocks of replicates',
      spec: {
        model: { ...zipf, error: { size: [0.1, 0.02] } },
        schedule: {
          kind: 'custom',
          sources: [
            { from: 'real', size: 30 },
            { from: 'last', window: 3, size: 20, draw: 'kept' },
          ],
        },
        weighting: { kind: 'real-weight', weight: 2.5 },
        sampling: { kind: 'verifier', keepOutside: 0.3 },
        generations: 12,
        replicates: 2100,
      },
    },
    {
      name: 'Gaussians over blocks of replicates',
      spec: {
        model: { kind: 'gaussian', dimension: 3 },
        schedule: { kind: 'fully-synthetic', sampleSize: 9 },
        generations: 60,
        replicates: 2100,
      },
    },
    {
      name: 'a long chain of Gaussians, ever flatter',
      spec: {
        model: { kind: 'gaussian', dimension: 5 },
        schedule: { kind: 'fully-synthetic', sampleSize: 12 },
        generations: 1500,
        replicates: 5,
      },
    },
    {
      name: 'as many dimensions as there can be',
      spec: {
        model: { kind: 'gaussian', dimension: 64, estimator: 'unbiased' },
        schedule: { kind: 'accumulate-subsample', corpusSize: 90, rate: 0.5 },
        generations: 4,
        replicates: 4,
      },
    },
  ];
  test.each([...large, ...wider])('$name', async ({ spec }) => void (await expectAgreement(spec)), 60_000);
});

describe('regression vectors (made by this code, not by others)', () => {
  const pinned: { name: string; spec: SpecInput; digest: string }[] = JSON.parse(
    readFileSync(new URL('./vectors/digests.json', import.meta.url), 'utf8'),
  ).digests;
  test.each(pinned)('$name', async ({ spec, digest }) => {
    expect((await expectAgreement(spec)).digest).toBe(digest);
  });

  test("what a digest is: SHA-256 of the blocks' SHA-256s", async () => {
    const { createHash } = await import('node:crypto');
    const spec: SpecInput = { ...pinned[0].spec, replicates: 1500 };
    const blocks = [0, 1].map(() => ({ values: [] as Buffer[], times: [] as Buffer[] }));
    const { digest } = await simulate(spec, {
      threads: 2,
      onChains: ({ firstChain, values, collapseTimes }) => {
        const block = blocks[Math.floor(firstChain / 1024)];
        block.values.push(Buffer.from(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
        block.times.push(Buffer.from(new Uint8Array(collapseTimes.buffer, collapseTimes.byteOffset, collapseTimes.byteLength)));
      },
    });
    const whole = createHash('sha256');
    for (const { values, times } of blocks)
      whole.update(
        createHash('sha256')
          .update(Buffer.concat([...values, ...times]))
          .digest(),
      );
    expect(whole.digest('hex')).toBe(digest);
  });
});

describe('selection', () => {
  const spec: SpecInput = {
    model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 3 } },
    schedule: { kind: 'fully-synthetic', sampleSize: 4 },
    generations: 2,
    replicates: 2,
  };
  afterEach(() => void delete process.env.MODEL_COLLAPSE_BACKEND);

  test('auto is native; MODEL_COLLAPSE_BACKEND stands in for auto only', async () => {
    expect((await simulate(spec)).provenance.backend).toBe('native');
    expect((await simulate(spec)).provenance.refused).toBeUndefined();
    process.env.MODEL_COLLAPSE_BACKEND = 'wasm';
    expect((await simulate(spec)).provenance.backend).toBe('wasm');
    expect((await simulate(spec, { backend: 'javascript' })).provenance.backend).toBe('javascript');
    process.env.MODEL_COLLAPSE_BACKEND = '';
    expect((await simulate(spec)).provenance.backend).toBe('native');
  });

  test('an unknown backend is one clear error', async () => {
    await expect(simulate(spec, { backend: 'gpu' as BackendName })).rejects.toThrow(
      /^backend: got "gpu"; allowed: auto, native, wasm, javascript$/,
    );
    process.env.MODEL_COLLAPSE_BACKEND = 'fast';
    await expect(simulate(spec)).rejects.toThrow(/^MODEL_COLLAPSE_BACKEND: got "fast"; allowed: auto, native, wasm, javascript$/);
  });

  test('without the addon: auto runs on WASM and says why, native fails, status shows it', () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const folder = mkdtempSync(join(tmpdir(), 'model-collapse-'));
    try {
      for (const part of ['dist', 'package.json']) cpSync(join(root, part), join(folder, part), { recursive: true });
      symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
      const script = `
        const { backendStatus, simulate } = await import(${JSON.stringify(join(folder, 'dist/index.js'))});
        const spec = ${JSON.stringify(spec)};
        const { provenance, digest } = await simulate(spec);
        const native = await simulate(spec, { backend: 'native' }).catch((error) => [error.name, error.message]);
        console.log(JSON.stringify({ provenance, digest, native, status: await backendStatus() }));`;
      const { provenance, native, status } = JSON.parse(
        execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }),
      );
      expect(provenance.backend).toBe('wasm');
      expect(provenance.refused.native).toMatch(/No native build was found/);
      expect(native[0]).toBe('InputError');
      expect(native[1]).toMatch(/^backend: got "native".*No native build was found/);
      expect(status[0]).toMatchObject({ name: 'native', available: false, reason: expect.stringMatching(/No native build/) });
      expect(status[1]).toMatchObject({ name: 'wasm', available: true });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
