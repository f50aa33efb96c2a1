// Wrong jobs: one message naming the field from the host; an error, never a crash or a hang, from the addon.
import { describe, expect, test } from 'vitest';
import { ngramArenaBytes } from '../dist/backend/ngram-arena.js';
import { checkNgramJob, defaultMaxDocument, longestDocument, type NgramJob } from '../dist/backend/ngram-job.js';
import { type NgramAddon, nativeNgramJob } from '../dist/backend/ngram-kernel.js';
import { InputError } from '../dist/errors.js';
import { nativeAddon } from './support/native.js';
import { allKernels, block, metrics, nativeNgram, ngramJob, randomJob, runNgram, schedules } from './support/ngram.js';
import { mulberry32 } from './support/oracle.js';

const { NgramKernel } = nativeAddon() as unknown as NgramAddon;
const job = (changes: Partial<NgramJob> = {}) =>
  ngramJob(
    [
      [0, 1, 2],
      [0, 2],
    ],
    3,
    { lastGeneration: 3, ...changes },
  );

const wrong: [field: string, changes: Partial<NgramJob>][] = [
  ['seed', { seed: -1 }],
  ['order', { order: 0 }],
  ['order', { order: 7 }],
  ['corpus', { corpus: new Uint32Array() }],
  ['corpus', { corpus: Uint32Array.of(0, 1) }],
  ['corpus', { corpus: Uint32Array.of(0, 3), order: 3 }],
  ['corpus[1]', { corpus: Uint32Array.of(0, 4, 3) }],
  ['heldOut', { heldOut: Uint32Array.of(1) }],
  ['heldOut', { heldOut: new Uint32Array(), metrics: metrics('perplexity') }],
  ['smoothingParameter', { smoothing: 'add-k', smoothingParameter: 0 }],
  ['smoothingParameter', { smoothing: 'kneser-ney', smoothingParameter: 1 }],
  ['ruleParameter', { ruleParameter: Number.NaN }],
  ['sizes[0]', { sizes: Uint32Array.of(0) }],
  ['generations', { generations: [] }],
  ['generations[0]', { generations: [[block(1)]] }],
  ['generations[0][0]', { generations: [[block(-1)]] }],
  ['generations[0][0]', { generations: [[block(-2)]] }],
  ['generations[0][0]', { generations: [[block(0, 'fixed')]] }],
  ['generations[0][0].size', { generations: [[block(0, 'redrawn', 1)]] }],
  ['generations[0][0].weight', { generations: [[{ ...block(0), weight: 2 }]] }],
  ['generations[1][0].mode', { generations: [[block(0)], [block(-1, 'kept')]] }],
  ['watch[0].token', { watch: [{ context: [], token: 4 }] }],
  ['watch[0].context', { watch: [{ context: [0, 1], token: 2 }] }],
  ['watch[0].context[0]', { watch: [{ context: [3], token: 2 }] }],
  ['metrics[1]', { metrics: metrics(['distinct', 4]) }],
  ['metrics[1]', { metrics: metrics(['watch', 0]) }],
  ['metrics[3]', { metrics: metrics(['repetition', 2], ['repetition', 3]) }],
  ['truth', { metrics: metrics('kl-truth') }],
  ['report[1]', { report: Int32Array.of(2, 2) }],
];

describe('the host names the field', () => {
  test.each(wrong)('%s: %o', (field, changes) => {
    expect(() => checkNgramJob(job(changes))).toThrow(InputError);
    expect(() => checkNgramJob(job(changes))).toThrow(`${field}: got `);
  });

  test.each(wrong.filter(([, { generations }]) => !generations?.flat().some(({ weight }) => weight)))(
    'and so does the addon: %s, %o',
    (field, changes) => {
      const given = job(changes);
      // What a host that does not check would pass on.
      if (given.order > 0 && field === 'corpus' && given.order === 3) return;
      expect(() => new NgramKernel(nativeNgramJob(given), 1000)).toThrow(/^\w+: /);
    },
  );

  test('a good job passes', () => {
    expect(() => checkNgramJob(job())).not.toThrow();
  });
});

test('numbers changed at random: the addon refuses the job, or runs it', async () => {
  const random = mulberry32(5);
  const below = (n: number) => Math.floor(random() * n);
  let refused = 0;
  for (let i = 0; i < 3000; i++) {
    const given = nativeNgramJob(randomJob(random, below(schedules.length)));
    for (let k = 1 + below(3); k > 0; k--) {
      const name = Object.keys(given)[below(Object.keys(given).length)];
      const value = given[name];
      const odd = [-2, -1, 0, 1, 2, 3, 7, 50, 100_000, 2 ** 31, Number.NaN, 0.5][below(12)];
      if (ArrayBuffer.isView(value)) {
        const copy = (value as Int32Array).slice();
        if (copy.length > 0) copy[below(copy.length)] = odd;
        given[name] = random() < 0.2 ? copy.slice(0, below(copy.length + 1)) : copy;
      } else if (name !== 'lastGeneration' || odd < 100) given[name] = odd;
    }
    try {
      const kernel = new NgramKernel(given, 100_000);
      kernel.open(0, 1);
      const running = kernel.advance();
      if (i % 7 === 0) kernel.cancel();
      // A size of 2^31 is drawn for a while: it is ended after a moment.
      const timer = setTimeout(() => kernel.cancel(), 20);
      expect([0, 2, 3]).toContain(await running);
      clearTimeout(timer);
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(500);
  expect(refused).toBeLessThan(2900);
}, 60_000);

test('damaged states of chains: an error or a run, never a crash', async () => {
  const random = mulberry32(11);
  const below = (n: number) => Math.floor(random() * n);
  let [taken, refused] = [0, 0];
  for (let i = 0; i < 600; i++) {
    const given = nativeNgramJob({ ...randomJob(random, below(schedules.length)), report: null });
    try {
      const kernel = new NgramKernel(given, (given.metrics as Int32Array).length / 2);
      kernel.open(0, 1);
      for (let turns = 1 + below(4); turns > 0; turns--) {
        if ((await kernel.advance()) !== 2) break;
        kernel.drain();
      }
      kernel.pause();
      await kernel.advance();
      const state = kernel.save();
      if (state === null || state.length === 0) continue;
      for (let changes = below(3); changes > 0; changes--) state[below(state.length)] = [0, 1, 3, 255][below(4)];
      kernel.open(0, 1);
      kernel.restore(state);
      taken++;
      kernel.drain();
      expect([0, 2]).toContain(await kernel.advance());
    } catch (error) {
      expect(error).toBeInstanceOf(Error);
      refused++;
    }
  }
  expect(taken).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(100);
}, 60_000);

test('two calls at once are refused, and a long run is cancelled soon', async () => {
  const kernel = new NgramKernel(
    nativeNgramJob(job({ lastGeneration: 100_000, report: Int32Array.of(100_000), sizes: Uint32Array.of(1e6) })),
    10,
  );
  kernel.open(0, 5);
  const running = kernel.advance();
  expect(() => kernel.advance()).toThrow('the kernel is running');
  expect(() => kernel.drain()).toThrow('the kernel is running');
  const start = performance.now();
  kernel.cancel();
  expect(await running).toBe(3);
  expect(performance.now() - start).toBeLessThan(2000);
});

test('pauses anywhere, small outputs, other jobs in between: the same bytes', async () => {
  const random = mulberry32(6);
  const kernels = (await allKernels()).slice(0, 2);
  for (let i = 0; i < 40; i++) {
    const given = randomJob(random, i % schedules.length);
    const expected = await runNgram(nativeNgram(), given, 3);
    for (const [, kernel] of kernels) {
      const got = await runNgram(kernel, given, 3, 1 + Math.floor(random() * 30), 0);
      expect(got.bytes.equals(expected.bytes)).toBe(true);
    }
  }
});

test('replicates are the same however a slice is cut', async () => {
  const given = randomJob(mulberry32(8), 0);
  const whole = await runNgram(nativeNgram(), given, 4);
  const kernel = nativeNgram();
  kernel.load({ job: given, outCapacity: 4096 });
  const parts: number[] = [];
  for (let replicate = 0; replicate < 4; replicate++) {
    kernel.open({ replicate, chains: 1 });
    while ((await kernel.advance(0)) !== 0) parts.push(...kernel.drain());
    parts.push(...kernel.drain());
    expect(kernel.collapseTimes()).toEqual(new Uint32Array(1));
  }
  expect(Float64Array.from(parts)).toEqual(Float64Array.from(whole.values));
});

test('the arena is sized beforehand; what is too large for 31 bits is said', async () => {
  const small = ngramArenaBytes({ job: job(), outCapacity: 10 });
  const large = ngramArenaBytes({ job: job({ sizes: Uint32Array.of(1_000_000) }), outCapacity: 10 });
  expect(large).toBeGreaterThanOrEqual(small);
  const [, kernel] = (await allKernels())[0];
  const huge = job({ generations: [[block(0)], [block(1)]], sizes: Uint32Array.of(2 ** 29) });
  expect(() => kernel.load({ job: huge, outCapacity: 10 })).toThrow(/^corpus: got .* bytes"; allowed: .*native/);
});

test('the longest document, and the default of the longest that a model writes', () => {
  expect(longestDocument(Uint32Array.of(0, 1, 3, 3, 0, 3), 3)).toBe(3);
  expect(defaultMaxDocument(Uint32Array.of(0, 1, 3), 3)).toBe(1024);
  const one = new Uint32Array(5000).fill(0);
  one[4999] = 3;
  expect(defaultMaxDocument(one, 3)).toBe(5000);
});
