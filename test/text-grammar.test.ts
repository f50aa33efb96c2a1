/** The story grammar: exact figures against hand-made chains, known answers and simulation. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ngramModel } from '../dist/spec/ngram.js';
import { loadCorpus } from '../dist/text/corpus.js';
import { detokenise } from '../dist/text/detokenise.js';
import { compileGrammar, type Grammar } from '../dist/text/grammar.js';
import {
  alignVocabulary,
  type ConditionalModel,
  conditionalProbability,
  divergence,
  expectedVisits,
  grammarFacts,
  storyDivergence,
  storyLoss,
  truthModel,
} from '../dist/text/grammar-exact.js';
import { drawStory, storyGrammar } from '../dist/text/stories.js';

const grammar = storyGrammar();
const facts = grammarFacts(grammar);
const id = (word: string) => grammar.words.indexOf(word);

/** A maximum-likelihood trigram model of stories. */
function trigrams({ boundary }: Grammar, stories: readonly (readonly number[])[]): ConditionalModel {
  const counts = new Map<number, Map<number, number>>();
  for (const story of stories) {
    let [first, second] = [boundary, boundary];
    for (const word of [...story, boundary]) {
      const key = first * (boundary + 1) + second;
      const row = counts.get(key) ?? counts.set(key, new Map()).get(key)!;
      row.set(word, (row.get(word) ?? 0) + 1);
      [first, second] = [second, word];
    }
  }
  const models = new Map(
    [...counts].map(([key, row]) => {
      const total = [...row.values()].reduce((sum, count) => sum + count, 0);
      return [key, { next: [...row.keys()], p: [...row.values()].map((count) => count / total) }] as const;
    }),
  );
  return (first, second) => models.get(first * (boundary + 1) + second);
}

describe('grammars', () => {
  /** a b* with a coin for every further b: length is geometric. */
  const coin = compileGrammar({ classes: { X: 'b:3' }, rules: ['^ ^ > a', '^|a|b a|b > $X:1 ^:1'] });

  it('compiles words, classes, weights and repeats', () => {
    const made = compileGrammar({
      classes: { X: 'u:1 v:2', Y: 'w:1 z:4' },
      rules: ['^ ^ > $X:1 $Y:2 q:3', '^ q > ^', '^ $X|$Y > q', '$X q > =:1 ^:1', '* q > ^', 'q $X > q'],
    });
    expect(made.words).toEqual(['q', 'u', 'v', 'w', 'z']);
    // q 3/6; u, v 1/3 and 2/3 of 1/6; w, z 1/5 and 4/5 of 2/6.
    expect([...made.contexts[0].p]).toEqual([45, 5, 10, 6, 24].map((weight) => weight / 90));
    const after = made.contexts[made.contextOf(1, 0)!];
    expect([[...after.next], [...after.p]]).toEqual([
      [1, made.boundary],
      [0.5, 0.5],
    ]);
    expect(() => compileGrammar({ classes: {}, rules: ['^ ^ > a'] })).toThrow('no rule for "^ a"');
  });

  it('a geometric length: words 2, entropy 2 ln 2, by hand', () => {
    const { words, storyEntropy, crossEntropy, perplexity, wordCounts } = grammarFacts(coin);
    expect(words).toBeCloseTo(2, 14);
    expect([...wordCounts]).toEqual([1, expect.closeTo(1, 14)]);
    expect(storyEntropy).toBeCloseTo(2 * Math.LN2, 14);
    expect(crossEntropy).toBeCloseTo((2 * Math.LN2) / 3, 14);
    expect(perplexity).toBeCloseTo(2 ** (2 / 3), 14);
  });

  it('divergence between coins, by hand', () => {
    const biased =
      (q: number): ConditionalModel =>
      (first, second) =>
        second === coin.boundary ? truthModel(coin)(first, second) : { next: [1, coin.boundary], p: [q, 1 - q] };
    const truth = biased(0.5);
    // (1 / (1 - q)) tosses of q, each of divergence q ln 2q + (1 - q) ln 2(1 - q).
    const expected = (0.75 * Math.log(1.5) + 0.25 * Math.log(0.5)) / 0.25;
    expect(storyDivergence(biased(0.75), truth, coin.boundary).perStory).toBeCloseTo(expected, 13);
    expect(storyDivergence(biased(0.75), truth, coin.boundary).perToken).toBeCloseTo(expected / 5, 13);
    expect(storyDivergence(truth, biased(0.75), coin.boundary).perStory).toBeCloseTo(-Math.log(0.75) - Math.log(0.25) - 2 * Math.LN2, 13);
    expect(storyDivergence(truth, biased(0), coin.boundary).perStory).toBe(Number.POSITIVE_INFINITY);
    expect(storyDivergence(biased(0), truth, coin.boundary).perStory).toBeCloseTo(Math.LN2, 13);
    expect(storyDivergence(truth, truth, coin.boundary)).toEqual({ perStory: 0, perToken: 0 });
    expect(divergence({ next: [3, 5], p: [1, 0] }, { next: [5, 3], p: [0.5, 0.5] })).toBeCloseTo(Math.LN2, 14);
  });

  it('a model that does not end is an error', () => {
    expect(() => expectedVisits(() => ({ next: [0], p: [1] }), 1)).toThrow('do not end');
  });
});

describe('the built-in stories', () => {
  it('are of the size that was meant', () => {
    expect(grammar.words.length).toBe(217);
    expect(grammar.contexts.length).toBe(1534);
    expect([facts.words, facts.storyEntropy, facts.perplexity]).toEqual([
      expect.closeTo(58.989318601, 8),
      expect.closeTo(66.657556937, 8),
      expect.closeTo(3.037871465, 8),
    ]);
    for (const { p } of grammar.contexts) expect(p.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 14);
  });

  it('are the same everywhere (a regression vector)', () => {
    expect(detokenise(drawStory(grammar, 0, 2), grammar.words, 'word')).toBe(
      'There lived a curious girl named Lily. She went home. So they played all day. One day, Tim wanted to run in the garden with Tom.',
    );
    expect(drawStory(grammar, 2 ** 53 - 1, 2 ** 32 - 1)).not.toEqual(drawStory(grammar, 2 ** 21 - 1, 2 ** 32 - 1));
  });

  it('expected visits solve v = e + v P', () => {
    const { visits } = facts;
    expect(visits.length).toBe(grammar.contexts.length);
    const arriving = new Float64Array(grammar.contexts.length);
    arriving[0] = 1;
    for (const { second, visits: count, following } of visits) {
      for (const [i, word] of Array.from(following.next).entries()) {
        if (word !== grammar.boundary) arriving[grammar.contextOf(second, word)!] += count * following.p[i];
      }
    }
    for (const { first, second, visits: count } of visits)
      expect(Math.abs(arriving[grammar.contextOf(first, second)!] / count - 1)).toBeLessThan(1e-12);
  });

  it('"there was" and "there were" are 0.76 and 0.05', () => {
    expect(conditionalProbability(facts, [id('there')], id('was'))).toBeCloseTo(0.76, 12);
    expect(conditionalProbability(facts, [id('there')], id('were'))).toBeCloseTo(0.05, 12);
    expect(conditionalProbability(facts, [id('the'), id('end')], id(','))).toBe(1);
    expect(conditionalProbability(facts, [], id('the'))).toBeCloseTo(facts.wordCounts[id('the')] / (facts.words + 1), 14);
    expect(conditionalProbability(facts, [id('moon')], grammar.boundary)).toBe(0);
  });

  // Means of 20,000 stories: |z| < 5.5 each, 220 tests, false alarms below 1e-5 in all.
  it('simulated: words, losses and counts are those computed', () => {
    const stories = Array.from({ length: 20_000 }, (_, i) => drawStory(grammar, 7, i));
    const z = (values: readonly number[], mean: number) => {
      const average = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - average) ** 2, 0) / (values.length - 1);
      return (average - mean) / Math.sqrt(variance / values.length);
    };
    expect(
      Math.abs(
        z(
          stories.map((story) => story.length),
          facts.words,
        ),
      ),
    ).toBeLessThan(5.5);
    const truth = truthModel(grammar);
    expect(
      Math.abs(
        z(
          stories.map((story) => storyLoss(truth, story, grammar.boundary)),
          facts.storyEntropy,
        ),
      ),
    ).toBeLessThan(5.5);
    const counts = stories.map((story) => {
      const row = new Uint16Array(grammar.boundary);
      for (const word of story) row[word]++;
      return row;
    });
    // Rare words are too few for a normal law: those expected 50 times or more.
    const common = grammar.words.map((_, word) => word).filter((word) => facts.wordCounts[word] * stories.length >= 50);
    expect(common.length).toBeGreaterThan(200);
    for (const word of common)
      expect(
        Math.abs(
          z(
            counts.map((row) => row[word]),
            facts.wordCounts[word],
          ),
        ),
      ).toBeLessThan(5.5);
  });

  it('a model fitted to stories: KL is positive, shrinks like 1/n, and is what its stories show', () => {
    const truth = truthModel(grammar);
    const stories = Array.from({ length: 8000 }, (_, i) => drawStory(grammar, 1, i));
    const small = storyDivergence(trigrams(grammar, stories.slice(0, 1000)), truth, grammar.boundary).perToken;
    const large = storyDivergence(trigrams(grammar, stories), truth, grammar.boundary).perToken;
    expect(large).toBeGreaterThan(0);
    expect(small / large).toBeGreaterThan(5);
    expect(small / large).toBeLessThan(11);
    // What the fitted model has not seen it rules out.
    expect(storyDivergence(truth, trigrams(grammar, stories), grammar.boundary).perStory).toBe(Number.POSITIVE_INFINITY);
    // On its own training set a model's cross-entropy is that of the truth less the divergence of the two, exactly.
    const model = trigrams(grammar, stories);
    const own = stories.reduce((sum, story) => sum + storyLoss(model, story, grammar.boundary), 0);
    const true_ = stories.reduce((sum, story) => sum + storyLoss(truth, story, grammar.boundary), 0);
    const expected = storyDivergence(model, truth, grammar.boundary).perStory * stories.length;
    expect((true_ - own) / expected).toBeCloseTo(1, 9);
  });

  it('as a corpus: words are those of the grammar, and the hash is that of the text', async () => {
    const model = ngramModel.parse({ kind: 'ngram', corpus: { kind: 'stories', documents: 300, seed: 3 } });
    const { source, training, validation, vocabulary, unknown } = await loadCorpus(model, 5);
    const stories = Array.from({ length: 300 }, (_, i) => drawStory(grammar, 3, i));
    const text = stories.map((story) => detokenise(story, grammar.words, 'word')).join('\n\n');
    expect(source).toEqual({
      path: 'stories',
      sha256: createHash('sha256').update(text).digest('hex'),
      bytes: Buffer.byteLength(text),
      files: 0,
      separators: ['blank-line'],
      documents: 300,
      tokens: stories.reduce((sum, story) => sum + story.length, 0),
    });
    expect([training.offsets.length, validation.offsets.length]).toEqual([271, 31]);
    const numbers = alignVocabulary(grammar, vocabulary);
    expect(numbers[0]).toBe(-1);
    expect([...numbers].slice(1).every((number, i) => grammar.words[number] === vocabulary[i + 1])).toBe(true);
    const keys = new Set(stories.map((story) => story.join()));
    for (let d = 0; d < 270; d++) {
      expect(
        keys.has(Array.from(training.tokens.subarray(training.offsets[d], training.offsets[d + 1]), (token) => numbers[token]).join()),
      ).toBe(true);
    }
    expect(unknown.types).toBeGreaterThan(0);
    const other = await loadCorpus(model, 6);
    expect(other.source).toEqual(source);
    expect(other.validation).not.toEqual(validation);
  });
});
