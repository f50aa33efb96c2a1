/** The categorical model for the pick-by-pick implementation: errors, sampling rules and verifiers by their definitions. */
import { errorSizesOf, type ModelError } from '../spec/model.js';
import type { Sampling } from '../spec/sampling.js';
import type { Learner, TrainingSet } from './pick-by-pick.js';
import type { FairBits } from './random.js';
import { ruled } from './rules.js';

export class TokenLearner implements Learner<number> {
  private readonly reached: number[];
  private readonly running: number[] = [];

  /** @param p the truth, with the tokens of probability 0 */
  constructor(
    private readonly p: readonly number[],
    private readonly rule: Sampling,
    private readonly error: ModelError | undefined,
    private readonly bits: FairBits,
  ) {
    const tokens = p.map((_, token) => token);
    const within = { outside: (token: number) => p[token] === 0, support: (token: number) => p[token] > 0, vocabulary: () => true };
    this.reached = error ? tokens.filter(within[error.tokens]) : [];
    for (let i = 0, sum = 0; i < p.length; i++) this.running.push((sum += p[i]));
  }

  truth(): number {
    const u = this.bits.uniform() * this.running[this.running.length - 1];
    return Math.max(
      0,
      this.running.findIndex((sum) => u < sum),
    );
  }

  model(set: TrainingSet<number>, m: number): () => number {
    const { rule } = this;
    if (rule.kind === 'plain') return this.plain(set, m);
    if (rule.kind === 'verifier') return this.verified(this.plain(set, m), set, m);
    return this.inverted(ruled(this.masses(set, m), rule));
  }

  /** The model's shares of all tokens, its error included. */
  shares(set: TrainingSet<number>, m: number): number[] {
    const masses = this.masses(set, m);
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    return masses.map((mass) => mass / total);
  }

  /** Total weights of the tokens: whole numbers where samples have none. */
  private counts({ items, weights }: TrainingSet<number>): number[] {
    const counts = this.p.map(() => 0);
    items.forEach((token, i) => (counts[token] += weights[i]));
    return counts;
  }

  /** As `counts`, and the error of generation m. */
  private masses(set: TrainingSet<number>, m: number): number[] {
    const masses = this.counts(set);
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    for (const token of this.reached) masses[token] += (this.errorSize(m) * total) / this.reached.length;
    return masses;
  }

  private errorSize(m: number): number {
    if (!this.error) return 0;
    const sizes = errorSizesOf(this.error);
    return sizes[Math.min(m, sizes.length) - 1];
  }

  /** A sample of the error with probability a/(1 + a), else one of the training set. */
  private plain(set: TrainingSet<number>, m: number): () => number {
    const { bits, reached } = this;
    const { items, weights } = set;
    const a = this.errorSize(m);
    const even = weights.every((weight) => weight === weights[0]);
    const pick = even ? () => items[bits.below(items.length)] : this.inverted(this.counts(set));
    return () => (a > 0 && bits.uniform() * (1 + a) < a ? reached[bits.below(reached.length)] : pick());
  }

  /** Draws until a sample is kept. */
  private verified(draw: () => number, set: TrainingSet<number>, m: number): () => number {
    const { keepInside, keepOutside } = this.rule as Extract<Sampling, { kind: 'verifier' }>;
    const hopeless = keepOutside === 0 && this.shares(set, m).every((share, token) => share === 0 || this.p[token] === 0);
    if (hopeless) return draw;
    return () => {
      for (;;) {
        const token = draw();
        if (this.bits.uniform() < (this.p[token] > 0 ? keepInside : keepOutside)) return token;
      }
    };
  }

  private inverted(weights: readonly number[]): () => number {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return () => {
      const u = this.bits.uniform() * total;
      let sum = 0;
      for (let token = 0; token < weights.length; token++) {
        sum += weights[token];
        if (u < sum) return token;
      }
      return weights.findLastIndex((weight) => weight > 0);
    };
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The metrics by their definitions (docs/MATH.md#metrics). */
export const definitions: Record<string, (q: readonly number[], first: readonly number[], truth: readonly number[]) => number> = {
  simpson: (q) => sum(q.map((x) => x * x)),
  max: (q) => Math.max(...q),
  support: (q) => q.filter((x) => x > 0).length,
  entropy: (q) => -sum(q.map((x) => (x > 0 ? x * Math.log(x) : 0))),
  'l1-first': (q, first) => sum(q.map((x, i) => Math.abs(x - first[i]))),
  'l2-first': (q, first) => sum(q.map((x, i) => (x - first[i]) ** 2)),
  'l1-truth': (q, _, truth) => sum(q.map((x, i) => Math.abs(x - truth[i]))),
  'l2-truth': (q, _, truth) => sum(q.map((x, i) => (x - truth[i]) ** 2)),
  'kl-truth': (q, _, truth) => sum(q.map((x, i) => (x > 0 ? x * Math.log(x / truth[i]) : 0))),
  'outside-truth': (q, _, truth) => sum(q.filter((_, i) => truth[i] === 0)),
};
