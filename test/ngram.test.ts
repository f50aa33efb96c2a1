// The n-gram kernels: known answers by hand, and a slow model written from the definitions.
import { beforeAll, describe, expect, test } from 'vitest';
import type { NgramBlock, NgramWatch } from '../dist/backend/ngram-job.js';
import { type NgramKernel, ngramSamples } from '../dist/backend/ngram-kernel.js';
import { allKernels, block, metrics, nativeNgram, ngramJob, randomJob, runNgram, stream } from './support/ngram.js';
import { mulberry32 } from './support/oracle.js';
import { BEGIN, distinct, repetition, SlowNgram } from './support/slow-ngram.js';
import { goodnessOfFit } from './support/statistics.js';

let kernels: [string, NgramKernel][];
beforeAll(async () => {
  kernels = await allKernels();
});

describe('by hand', () => {
  // Two documents, "a b" and "a c": after the start a; after a b or c; then the end.
  const documents = [
    [0, 1],
    [0, 2],
  ];
  const job = { heldOut: stream([[0, 1]], 3), metrics: metrics('perplexity', 'unseen') };
  const known: [Parameters<typeof ngramJob>[2], number][] = [
    [{ smoothing: 'none' }, 1 * (1 / 2) * 1],
    [{ smoothing: 'add-k', smoothingParameter: 1 }, (3 / 6) * (2 / 6) * (2 / 5)],
    // The unigrams (c + 1) / 10, then (c + T p) / (n + T).
    [{ smoothing: 'witten-bell' }, (2.3 / 3) * (1.4 / 4) * (1.3 / 2)],
    // Five kinds of bigram; the end follows two different words: its unigram 0.4, the others' 0.2.
    [{ smoothing: 'kneser-ney', smoothingParameter: 0.5 }, 0.8 * 0.35 * 0.7],
    [{ smoothing: 'none', order: 1 }, (2 / 6) * (1 / 6) * (2 / 6)],
    [{ smoothing: 'witten-bell', order: 1 }, 0.3 * 0.2 * 0.3],
  ];
  test.each(known)('perplexity of "a b", %o', async (changes, product) => {
    for (const [, kernel] of kernels) {
      const { values } = await runNgram(kernel, ngramJob(documents, 3, { ...job, ...changes }));
      expect(values[0]).toBeCloseTo(product ** (-1 / 3), 12);
      expect(values[1]).toBe(0);
    }
  });

  test('what an unsmoothed model has not seen makes the perplexity infinite, and is counted', async () => {
    // "b a": b after the start, a after b, and the end after a are new.
    const { values } = await runNgram(nativeNgram(), ngramJob(documents, 3, { ...job, heldOut: stream([[1, 0]], 3) }));
    expect(values).toEqual([Number.POSITIVE_INFINITY, 3]);
  });

  test('types, entropy, distinct-n, rep-n, survival', async () => {
    const text = [
      [0, 1, 0, 1, 0, 1],
      [0, 1, 2],
    ];
    const names = metrics(
      'vocabulary',
      'ngram-types',
      'entropy-rate',
      ['distinct', 1],
      ['distinct', 2],
      ['repetition', 2],
      ['survival', 1],
    );
    const { values } = await runNgram(nativeNgram(), ngramJob(text, 4, { metrics: names, heldOut: new Uint32Array() }));
    // Contexts: start (2: a), a (4: b), b (4: a a end c), c (1: end).
    const entropy = (2 * Math.log(2) + 2 * Math.log(4)) / 11;
    const expected = [3, 6, entropy, 3 / 9, 3 / 7, (3 / 5 + 0) / 2, 1];
    expect(values).toHaveLength(expected.length);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i], 12);
    });
  });

  test('KL to the truth: zero for the truth itself, known for another, infinite outside of it', async () => {
    const watch: NgramWatch[] = [
      { context: [0], token: 1 },
      { context: [0], token: 2 },
    ];
    const kl = async (p: number[], documents: number[][]) => {
      const truth = p.map((probability, i) => ({ p: probability, weight: i === 0 ? 3 : 0 }));
      return (await runNgram(nativeNgram(), ngramJob(documents, 3, { watch, truth, metrics: metrics('kl-truth') }))).values[0];
    };
    expect(await kl([0.5, 0.5], documents)).toBe(0);
    expect(await kl([0.25, 0.75], documents)).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 12);
    expect(await kl([0.5, 0.5], [[0, 1], [0]])).toBe(Number.POSITIVE_INFINITY);
    expect(await kl([0.5, 0.5], [[1]])).toBeNaN();
  });
});

describe('against the slow model', () => {
  const random = mulberry32(11);
  const cases = Array.from({ length: 80 }, (_, i) => [i, randomJob(random, 0)] as const);

  /** A stream as documents. */
  const documentsOf = (tokens: Uint32Array, end: number) => {
    const documents: number[][] = [[]];
    for (const token of tokens) {
      if (token === end) documents.push([]);
      else documents[documents.length - 1].push(token);
    }
    return documents.slice(0, -1);
  };

  test.each(cases)('job %d: the metrics of the corpus', async (_, drawn) => {
    const { vocabulary, order, smoothing, smoothingParameter, watch } = drawn;
    const real = documentsOf(drawn.corpus, vocabulary);
    const held = documentsOf(drawn.heldOut, vocabulary);
    const names = ['cross-entropy', 'unseen', 'vocabulary', 'ngram-types', 'entropy-rate', 'documents', 'tokens'] as const;
    const more = [
      ['distinct', 1],
      ['distinct', 2],
      ['distinct', 3],
      ['repetition', 3],
    ] as const;
    const job = {
      ...drawn,
      sizes: Uint32Array.of(drawn.corpus.length, 1),
      lastGeneration: 1,
      report: null,
      metrics: metrics(
        ...names,
        ...more.map(([name, n]): [typeof name, number] => [name, n]),
        ...watch.map((_, i): ['watch', number] => ['watch', i]),
      ),
    };
    const { values } = await runNgram(nativeNgram(), job);
    const slow = new SlowNgram(real, vocabulary, order, smoothing, smoothingParameter);
    const { logs, tokens, unseen } = slow.score(held);
    const expected = [
      unseen > 0 ? Number.POSITIVE_INFINITY : -logs / tokens,
      unseen,
      slow.types.size - 1,
      slow.ngramTypes(),
      slow.entropyRate(),
      real.length,
      drawn.corpus.length,
      ...[1, 2, 3].map((n) => distinct(real, n)),
      repetition(real, 3),
      ...watch.map(({ context, token }) =>
        slow.probability(
          context.map((word) => (word > vocabulary ? BEGIN : word)),
          token,
        ),
      ),
    ];
    expect(values).toHaveLength(expected.length);
    values.forEach((value, i) => {
      if (Number.isNaN(expected[i])) expect(value).toBeNaN();
      else if (Number.isFinite(expected[i])) expect(value).toBeCloseTo(expected[i], 10);
      else expect(value).toBe(expected[i]);
    });
  });
});

describe('what is written follows the model', () => {
  const documents = Array.from({ length: 30 }, (_, i) =>
    Array.from({ length: 3 + (i % 5) }, (_, j) => (i * i + 3 * j * i + j) % (2 + (i % 6))),
  );
  const vocabulary = 9;
  const laws: [smoothing: 'none' | 'add-k' | 'witten-bell' | 'kneser-ney', rule: number, parameter: number][] = [];
  for (const smoothing of ['none', 'add-k', 'witten-bell', 'kneser-ney'] as const)
    laws.push([smoothing, 0, 1], [smoothing, 1, 0.7], [smoothing, 2, 2], [smoothing, 3, 0.77]);

  // Each test compares up to 60 contexts, 16 x 2 tests: with alpha 1e-9 a context, a false alarm comes in 2e-6 of all runs.
  test.each(laws.flatMap((law) => [[2, ...law] as const, [3, ...law] as const]))(
    'order %d, %s, rule %d',
    async (order, smoothing, rule, parameter) => {
      const job = ngramJob(documents, vocabulary, {
        order,
        smoothing,
        smoothingParameter: 0.4,
        rule,
        ruleParameter: parameter,
        metrics: metrics('vocabulary'),
        samples: { documents: 1000, length: 40, replicates: 10 },
      });
      const { text } = await runNgram(nativeNgram(), job, 10);
      const slow = new SlowNgram(documents, vocabulary, order, smoothing, 0.4);
      const seen = new Map<string, number[]>();
      for (const { tokens, cut } of ngramSamples(text)) {
        const words = [...tokens];
        [...words, ...(cut ? [] : [vocabulary])].forEach((token, i) => {
          const context = slow.contextOf(words, i).join(' ');
          if (!seen.has(context)) seen.set(context, Array<number>(vocabulary + 1).fill(0));
          seen.get(context)![token]++;
        });
      }
      const often = [...seen].sort((a, b) => sum(b[1]) - sum(a[1])).slice(0, 60);
      for (const [context, counts] of often) {
        const law = slow.sampling(context.split(' ').map(Number), rule, parameter);
        const p = counts.map((_, token) => law.get(token) ?? 0);
        counts.forEach((count, token) => {
          if (p[token] === 0) expect(count).toBe(0);
        });
        const live = p.map((_, token) => token).filter((token) => p[token] > 0);
        if (live.length > 1) {
          const fit = goodnessOfFit(
            live.map((token) => counts[token]),
            live.map((token) => p[token]),
          );
          expect(fit, context).toBeGreaterThan(1e-9);
        }
      }
    },
  );
});

const sum = (counts: number[]) => counts.reduce((a, b) => a + b, 0);

describe('schedules', () => {
  const documents = Array.from({ length: 40 }, (_, i) => Array.from({ length: 1 + (i % 7) }, (_, j) => (i + j) % 10));
  const total = stream(documents, 10).length;
  const composition = [0, 1, 2, 3].map((t): ['composition', number] => ['composition', t]);
  const run = async (generations: Parameters<typeof ngramJob>[2], sizes: number[]) => {
    const job = ngramJob(documents, 10, {
      lastGeneration: 4,
      metrics: metrics('tokens', ...composition),
      sizes: Uint32Array.from(sizes),
      ...generations,
    });
    const { values } = await runNgram(nativeNgram(), job);
    return [0, 1, 2, 3].map((m) => values.slice(5 * m, 5 * m + 5));
  };

  test('replace: each generation is written by the one before', async () => {
    const rows = await run({}, [total]);
    expect(rows[0]).toEqual([total, 1, 0, 0, 0]);
    expect(rows[3].slice(1)).toEqual([0, 0, 0, 1]);
    // A longest document is 8 tokens; the last one may go beyond the size.
    expect(rows[3][0]).toBeGreaterThanOrEqual(total);
    expect(rows[3][0]).toBeLessThan(total + 50);
  });

  test('accumulate keeps all, and the shares add up', async () => {
    const rows = await run({ generations: [[block(0)], [block(1, 'fixed'), block(1)]] }, [total]);
    rows.forEach((row, m) => {
      expect(row[0]).toBeGreaterThanOrEqual(total * (m + 1));
      expect(sum(row.slice(1))).toBeCloseTo(1, 12);
      expect(row[1] * row[0]).toBeCloseTo(total, 9);
    });
  });

  test('accumulate-subsample: the first training set is the corpus, later ones of constant size', async () => {
    const generations = [
      [block(0, 'into-pool'), block(-2)],
      [block(1, 'into-pool', 1), block(-2)],
    ];
    const rows = await run({ generations }, [total, Math.round(total / 2)]);
    expect(rows[0]).toEqual([total, 1, 0, 0, 0]);
    for (const row of rows) expect(row[0]).toBeLessThan(total + 50);
    expect(rows[3].slice(1).every((share) => share > 0)).toBe(true);
  });

  test('kept batches of the last two models', async () => {
    const rows = await run({ generations: [[block(0)], [block(1, 'kept', 1, 2)]] }, [total, 60]);
    const shares = rows.map(([tokens, ...parts]) => parts.map((part) => Math.round(part * tokens)));
    // Model 2's batch, drawn for generation 3, is there again in generation 4.
    expect(shares[3][2]).toBe(shares[2][2]);
    expect(shares[3].slice(0, 2)).toEqual([0, 0]);
  });

  test('real documents are drawn without replacement', async () => {
    const own = Array.from({ length: 100 }, (_, i) => [i]);
    const job = ngramJob(own, 100, {
      generations: [[block(0)]],
      lastGeneration: 5,
      sizes: Uint32Array.of(80),
      metrics: metrics('vocabulary', 'documents'),
    });
    expect((await runNgram(nativeNgram(), job)).values).toEqual(Array(10).fill(40));
  });

  // All documents are "a", so that shares of tokens are shares of documents. Bounds of 6 standard deviations: a false alarm
  // in 2e-9 of all runs for each of the eight.
  const same = Array.from({ length: 4000 }, () => [0]);
  const shares = async (generations: NgramBlock[][]) => {
    const sizes = Uint32Array.of(8000, 4000);
    return (
      await runNgram(nativeNgram(), ngramJob(same, 1, { generations, sizes, lastGeneration: 4, metrics: metrics(...composition) }))
    ).values.slice(12);
  };

  test('mixture: every source as often', async () => {
    for (const share of await shares([[block(0)], [block(-1)]])) {
      expect(Math.abs(share - 1 / 4)).toBeLessThan(6 * Math.sqrt((1 / 4) * (3 / 4) * (1 / 4000)));
    }
  });

  test('pool: by size', async () => {
    const generations = [
      [block(0, 'into-pool'), block(-2)],
      [block(1, 'into-pool', 1), block(-2)],
    ];
    // 8,000 real tokens and three batches of 4,000; 4,000 of 10,000 documents.
    const expected = [2 / 5, 1 / 5, 1 / 5, 1 / 5];
    (await shares(generations)).forEach((share, t) => {
      const deviation = Math.sqrt(((expected[t] * (1 - expected[t])) / 4000) * 0.6);
      expect(Math.abs(share - expected[t])).toBeLessThan(6 * deviation);
    });
  });

  test('unsmoothed or smoothed, the vocabulary never grows under replace', async () => {
    for (const smoothing of ['none', 'add-k', 'witten-bell', 'kneser-ney'] as const) {
      const job = ngramJob(documents, 30, { smoothing, lastGeneration: 12, sizes: Uint32Array.of(60) });
      const { values } = await runNgram(nativeNgram(), job);
      values.slice(1).forEach((types, i) => {
        expect(types).toBeLessThanOrEqual(values[i]);
      });
    }
  });

  test('documents that never end are cut, and counted', async () => {
    // "a" forever: the only document is a loop that ends once in 99 tokens.
    const loop = ngramJob([Array<number>(98).fill(0)], 1, {
      maxDocument: 10,
      lastGeneration: 2,
      metrics: metrics('cut', 'documents', 'tokens'),
    });
    const { values } = await runNgram(nativeNgram(), loop);
    expect(values.slice(0, 3)).toEqual([0, 1, 99]);
    expect(values[3]).toBeGreaterThan(0);
    expect(values[5]).toBeLessThan(99 + 10);
  });

  test('verbatim: a model of one document writes it again', async () => {
    const one = ngramJob([[0, 1, 2]], 3, { lastGeneration: 2, metrics: metrics('verbatim') });
    expect((await runNgram(nativeNgram(), one)).values).toEqual([0, 1]);
  });
});
