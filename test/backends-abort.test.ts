// Stopping a run, the event loop meanwhile, and the library inside worker threads.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type BackendName, type SpecInput, simulate } from '../dist/index.js';

const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } } as const;
const library = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/** A hundred milliseconds is the promise; a busy machine may take three times as long. */
const PROMISE_MS = 100;
const SLACK = 3;

const long: Record<string, SpecInput> = {
  'many replicates': {
    model: zipf,
    schedule: { kind: 'fully-synthetic', sampleSize: 400 },
    generations: 500,
    replicates: 200_000,
    metrics: ['simpson'],
  },
  'one endless chain': { model: zipf, schedule: { kind: 'randomly-sampled', sampleSize: 300 }, generations: [1e9], replicates: 1 },
  // Small enough to run in turns with the caller's thread: real samples keep the chain alive.
  'in this thread': {
    model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 40 } },
    schedule: { kind: 'partially-synthetic', real: 30, synthetic: 30 },
    generations: 'until-collapse',
    maxGenerations: 1e8,
    replicates: 1,
    metrics: ['simpson'],
  },
  'giant generations': {
    model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 1e6 } },
    schedule: { kind: 'fully-synthetic', sampleSize: 2 ** 31 },
    generations: 1000,
    replicates: 1,
    metrics: ['simpson'],
  },
  'giant direct picks': {
    model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 1e6 } },
    schedule: { kind: 'most-recent', sampleSize: 6e6, window: 2 },
    generations: 1000,
    replicates: 1,
    metrics: ['simpson'],
  },
};
const backendNames: BackendName[] = ['native', 'wasm', 'javascript'];
const small: SpecInput = { model: zipf, schedule: { kind: 'fully-synthetic', sampleSize: 100 }, generations: 20, replicates: 100, seed: 7 };

/** Watches the event loop; tells the longest time without a turn, and stops watching. */
function watchEvents(everyMs: number): () => number {
  let gap = 0;
  let at = performance.now();
  const timer = setInterval(() => {
    gap = Math.max(gap, performance.now() - at);
    at = performance.now();
  }, everyMs);
  return () => {
    clearInterval(timer);
    return gap;
  };
}

/** Aborts after `after` ms; returns the time until the promise rejected and the longest time without a turn of the event loop. */
async function aborted(spec: SpecInput, backend: BackendName, threads: number, after: number): Promise<{ took: number; gap: number }> {
  const controller = new AbortController();
  const reason = new Error('enough');
  const longestGap = watchEvents(10);
  let abortedAt = Number.NaN;
  setTimeout(() => {
    abortedAt = performance.now();
    controller.abort(reason);
  }, after);
  try {
    await simulate(spec, { backend, threads, signal: controller.signal });
    throw new Error('it ended before it was stopped');
  } catch (error) {
    const took = performance.now() - abortedAt;
    const gap = longestGap();
    expect(error).toBe(reason);
    return { took, gap };
  }
}

describe('AbortSignal', () => {
  const ways: [BackendName, number][] = [
    ['native', 1],
    ['native', 2],
    ['wasm', 1],
    ['wasm', 2],
    ['javascript', 1],
    ['javascript', 2],
  ];
  const cases = ways.flatMap(([backend, threads]) =>
    ['many replicates', 'one endless chain', 'in this thread'].map((name) => ({ backend, threads, name })),
  );

  test.each(cases)(
    "$backend, $threads threads, $name: the signal's reason within 100 ms, a live event loop, and the right digest afterwards",
    async ({ backend, threads, name }) => {
      const { digest } = await simulate(small, { backend, threads });
      const { took, gap } = await aborted(long[name], backend, threads, 150);
      expect(took).toBeLessThan(PROMISE_MS * SLACK);
      expect(gap).toBeLessThan(PROMISE_MS * SLACK);
      expect((await simulate(small, { backend, threads })).digest).toBe(digest);
    },
  );

  test.each(['giant generations', 'giant direct picks'])(
    '%s stop inside one native generation',
    async (name) => {
      const { took } = await aborted(long[name], 'native', 1, 900);
      expect(took).toBeLessThan(PROMISE_MS * SLACK);
    },
    20_000,
  );

  test.each(backendNames)('%s: a small run that is aborted while its results are handed over does not harm the next', async (backend) => {
    const controller = new AbortController();
    const slow = async () => {
      controller.abort('enough');
      await new Promise((resolve) => setTimeout(resolve, 50));
    };
    const run = simulate({ ...small, generations: 2 }, { backend, threads: 1, signal: controller.signal, onChains: slow });
    await expect(run).rejects.toBe('enough');
    for (let i = 0; i < 10; i++) {
      expect((await simulate({ ...small, generations: 2 }, { backend, threads: 1 })).generation).toHaveLength(2);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  });

  test.each(backendNames)('%s: many small runs at once leave the event loop free', async (backend) => {
    const longestGap = watchEvents(1);
    await Promise.all(Array.from({ length: 100 }, (_, seed) => simulate({ ...small, seed }, { backend, threads: 1 })));
    expect(longestGap()).toBeLessThan(PROMISE_MS * SLACK);
  });

  test('before the start, and after the end', async () => {
    await expect(simulate(small, { signal: AbortSignal.abort('no') })).rejects.toBe('no');
    const controller = new AbortController();
    const result = await simulate(small, { signal: controller.signal });
    controller.abort();
    expect(result.generation).toHaveLength(20);
  });

  test.each(ways)('%s, %d threads: at any moment of the first 40 ms', async (backend, threads) => {
    for (const after of [0, 1, 2, 3, 5, 8, 13, 21, 40]) {
      expect((await aborted(long['many replicates'], backend, threads, after)).took).toBeLessThan(PROMISE_MS * SLACK);
    }
  });

  test('an error in onChains ends the run, and the next one works', async () => {
    for (const [backend, threads] of ways) {
      const failing = simulate(
        { ...long['many replicates'], replicates: 20_000 },
        { backend, threads, onChains: () => Promise.reject(new Error('disk full')) },
      );
      await expect(failing).rejects.toThrow('disk full');
    }
    await simulate(small);
  });

  test('two runs at once do not disturb each other', async () => {
    const alone = await simulate(small, { backend: 'javascript' });
    const runs = await Promise.all(
      (['native', 'wasm', 'javascript', 'javascript', 'wasm'] as const).map((backend) => simulate(small, { backend, threads: 2 })),
    );
    for (const { digest } of runs) expect(digest).toBe(alone.digest);
    const slow: SpecInput = { ...small, generations: 200, replicates: 300 };
    const [a, b] = await Promise.all([
      simulate(slow, { backend: 'javascript', threads: 1 }),
      simulate({ ...slow, seed: 8 }, { backend: 'javascript', threads: 1 }),
    ]);
    expect(a.digest).toBe((await simulate(slow, { backend: 'native' })).digest);
    expect(b.digest).toBe((await simulate({ ...slow, seed: 8 }, { backend: 'native' })).digest);
  });
});

describe('inside worker threads', () => {
  /** Runs a module in a process of its own and returns what it printed; a crash or a hang rejects. */
  async function child(code: string): Promise<string> {
    const head = `import { Worker } from 'node:worker_threads'; import { simulate } from ${JSON.stringify(library)};
      const small = ${JSON.stringify(small)}; const long = ${JSON.stringify(long['many replicates'])};
      const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      const worker = (code) => new Worker(\`import(\${JSON.stringify(${JSON.stringify(library)})}).then(async ({ simulate }) => { const { parentPort } = await import('node:worker_threads'); \${code} })\`, { eval: true });
      const answer = (worker) => new Promise((resolve, reject) => { worker.on('message', resolve); worker.on('error', reject); });\n`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', head + code], { timeout: 25_000 });
    return stdout.trim();
  }

  test.each(['native', 'wasm'])(
    '%s: two workers at once give the digest of the main thread',
    async (backend) => {
      const out = await child(`
      const code = \`parentPort.postMessage((await simulate(\${JSON.stringify(small)}, { backend: '${backend}', threads: 2 })).digest);\`;
      const [a, b, c] = await Promise.all([answer(worker(code)), answer(worker(code)), simulate(small, { backend: '${backend}' })]);
      console.log(a === c.digest && b === c.digest);`);
      expect(out).toBe('true');
    },
    30_000,
  );

  test.each(['native', 'wasm'])(
    '%s: a worker terminated in mid-run takes nothing down',
    async (backend) => {
      const out = await child(`
      // Short slices: the end comes at any point between a result and the next call.
      const model = { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 5 } };
      const busy = { model, schedule: { kind: 'fully-synthetic', sampleSize: 4 }, generations: 20_000, replicates: 200_000, metrics: ['simpson', 'max'] };
      for (let i = 0; i < 12; i++) {
        const doomed = worker(\`parentPort.postMessage('up'); await simulate(\${JSON.stringify(i < 2 ? long : busy)}, { backend: '${backend}', threads: 2 });\`);
        await answer(doomed);
        await sleep(30 + 5 * i);
        await doomed.terminate();
      }
      console.log((await simulate(small, { backend: '${backend}' })).digest.length);`);
      expect(out).toBe('64');
    },
    30_000,
  );

  test.each(['native', 'wasm'])(
    '%s: process.exit in mid-run ends the process',
    async (backend) => {
      expect(
        await child(`simulate(long, { backend: '${backend}', threads: 2 }); await sleep(100); console.log('bye'); process.exit(0);`),
      ).toBe('bye');
    },
    30_000,
  );

  test('a finished run lets the process end', async () => {
    expect(
      await child(
        `for (const backend of ['native', 'wasm', 'javascript']) await simulate({ ...small, replicates: 3000 }, { backend, threads: 2 }); console.log('done');`,
      ),
    ).toBe('done');
  }, 30_000);
});
