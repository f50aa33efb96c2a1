/**
 * What a grammar's stories are on average, exactly: a story is an absorbing Markov chain on its last two words. Logarithms are
 * ours, so that the figures are the same everywhere.
 */
import { exp, log } from '../generated/javascript/math.js';
import { sum } from '../models/distribution.js';
import type { Grammar } from './grammar.js';

/** Probability of being on the way at which the sums end: what is left out is far below rounding. */
const NEGLIGIBLE = 2 ** -90;
/** Most steps of a chain: a model that takes more to end is one that does not end. */
const MAX_STEPS = 1e6;

/** What follows two words in a model, as numbers of the grammar's words (`boundary` for the end); p > 0 sums to 1. */
export interface Following {
  next: ArrayLike<number>;
  p: ArrayLike<number>;
}

/** A model of order 3 or less over the grammar's words; undefined for two words that it has never seen in a row. */
export type ConditionalModel = (first: number, second: number) => Following | undefined;

/** The grammar as a model. */
export function truthModel(grammar: Grammar): ConditionalModel {
  return (first, second) => {
    const c = grammar.contextOf(first, second);
    return c === undefined ? undefined : grammar.contexts[c];
  };
}

/** Two words and how often a story comes by them on average. */
export interface Visit {
  first: number;
  second: number;
  visits: number;
  following: Following;
}

/**
 * Expected visits of every context of a story: v = e + v P, summed step by step until the chain has all but surely ended.
 * @returns contexts in the order in which they are first reached
 * @throws Error when the chain has not ended after 10^6 steps, or comes to two words that the model does not know.
 */
export function expectedVisits(model: ConditionalModel, boundary: number): Visit[] {
  const width = boundary + 1;
  const found: Visit[] = [];
  const index = new Map<number, number>();
  /** For each context the contexts that its words lead to; -1 is the end. */
  const targets: Int32Array[] = [];
  const indexOf = (first: number, second: number): number => {
    const known = index.get(first * width + second);
    if (known !== undefined) return known;
    const following = model(first, second);
    if (!following) throw new Error(`the model does not know what follows words ${first} and ${second}`);
    index.set(first * width + second, found.length);
    return found.push({ first, second, visits: 0, following }) - 1;
  };
  indexOf(boundary, boundary);
  for (let c = 0; c < found.length; c++) {
    const { second, following } = found[c];
    targets.push(Int32Array.from(following.next, (word) => (word === boundary ? -1 : indexOf(second, word))));
  }
  let now = new Float64Array(found.length);
  now[0] = 1;
  let left = 1;
  for (let step = 0; left > NEGLIGIBLE; step++) {
    if (step === MAX_STEPS) throw new Error(`stories of the model do not end within ${MAX_STEPS} words`);
    const then = new Float64Array(found.length);
    left = 0;
    for (let c = 0; c < found.length; c++) {
      if (now[c] === 0) continue;
      found[c].visits += now[c];
      const { p } = found[c].following;
      const to = targets[c];
      for (let i = 0; i < to.length; i++) {
        if (to[i] < 0) continue;
        then[to[i]] += now[c] * p[i];
        left += now[c] * p[i];
      }
    }
    now = then;
  }
  return found;
}

/** Exact averages of a grammar's stories. A token is a word or the end of a story. */
export interface GrammarFacts {
  /** Expected words of a story, without the end. */
  words: number;
  /** Entropy of a story, nats. */
  storyEntropy: number;
  /** Nats a token: story entropy over expected tokens (words + 1). No model has less cross-entropy on such stories. */
  crossEntropy: number;
  /** exp(crossEntropy): the floor of the perplexity. */
  perplexity: number;
  /** Expected occurrences of each word in a story. */
  wordCounts: Float64Array;
  visits: readonly Visit[];
}

export function grammarFacts(grammar: Grammar): GrammarFacts {
  const visits = expectedVisits(truthModel(grammar), grammar.boundary);
  const wordCounts = new Float64Array(grammar.boundary);
  for (const { second, visits: count } of visits) if (second !== grammar.boundary) wordCounts[second] += count;
  const storyEntropy = sum(visits.map(({ visits, following }) => visits * entropy(following.p)));
  const words = sum(wordCounts);
  const crossEntropy = storyEntropy / (words + 1);
  return { words, storyEntropy, crossEntropy, perplexity: exp(crossEntropy), wordCounts, visits };
}

/** Entropy in nats. */
function entropy(p: ArrayLike<number>): number {
  return -sum(Array.from(p, (x) => (x > 0 ? x * log(x) : 0)));
}

/**
 * p(next | context) in the stories of a grammar, for a context of 0, 1 or 2 words (numbers; `boundary` for the place before a
 * story) and `next` a word or `boundary`, the end. Of fewer than two words it is the share of their occurrences that are
 * followed so, over all stories. NaN for a context that never occurs.
 */
export function conditionalProbability({ visits }: Pick<GrammarFacts, 'visits'>, context: readonly number[], next: number): number {
  const [second, first] = [context.at(-1), context.at(-2)];
  let whole = 0;
  let followed = 0;
  for (const visit of visits) {
    if ((second !== undefined && visit.second !== second) || (first !== undefined && visit.first !== first)) continue;
    whole += visit.visits;
    followed += visit.visits * probabilityOf(visit.following, next);
  }
  return followed / whole;
}

function probabilityOf({ next, p }: Following, word: number): number {
  for (let i = 0; i < next.length; i++) if (next[i] === word) return p[i];
  return 0;
}

/** A divergence between a model and the grammar. */
export interface StoryDivergence {
  /** Nats a story; Infinity where the first gives a chance to what the second rules out. */
  perStory: number;
  /** Nats a token of the first's stories, their ends counted. */
  perToken: number;
}

/** KL(from || to) of whole stories: the sum over contexts of `from`'s expected visits times the divergence there. */
export function storyDivergence(from: ConditionalModel, to: ConditionalModel, boundary: number): StoryDivergence {
  const visits = expectedVisits(from, boundary);
  const terms = visits.map(({ first, second, visits, following }) => {
    const other = to(first, second);
    return other ? visits * divergence(following, other) : Number.POSITIVE_INFINITY;
  });
  const perStory = total(terms);
  // Every context is followed by one token.
  return { perStory, perToken: perStory / sum(visits.map(({ visits }) => visits)) };
}

/** KL(a || b) of two distributions, nats. */
export function divergence(a: Following, b: Following): number {
  const terms = Array.from(a.next, (word, i) => {
    const p = a.p[i];
    if (p === 0) return 0;
    const q = probabilityOf(b, word);
    return q === 0 ? Number.POSITIVE_INFINITY : p * log(p / q);
  });
  return Math.max(0, total(terms));
}

/** A compensated sum, which infinite terms would turn into NaN. */
function total(terms: readonly number[]): number {
  return terms.includes(Number.POSITIVE_INFINITY) ? Number.POSITIVE_INFINITY : sum(terms);
}

/** Minus the log-probability of a story (word numbers, without the end) and its end, nats; Infinity if it cannot be. */
export function storyLoss(model: ConditionalModel, story: ArrayLike<number>, boundary: number): number {
  let loss = 0;
  let [first, second] = [boundary, boundary];
  for (let i = 0; i <= story.length; i++) {
    const word = i < story.length ? story[i] : boundary;
    const following = model(first, second);
    loss -= log(following ? probabilityOf(following, word) : 0);
    [first, second] = [second, word];
  }
  return loss;
}

/** The grammar's number of every token of a vocabulary; -1 for one that is no word of it (`<unk>`). */
export function alignVocabulary(grammar: Grammar, vocabulary: readonly string[]): Int32Array {
  const numbers = new Map(grammar.words.map((word, i) => [word, i]));
  return Int32Array.from(vocabulary, (name) => numbers.get(name) ?? -1);
}
