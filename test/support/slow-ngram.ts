// An n-gram model from the definitions, with strings as keys, and the metrics of a training set: what the kernels are
// compared with. Nothing is shared with them. Contexts are written out; BEGIN is -1, the end of a document `vocabulary`.

export const BEGIN = -1;
const key = (gram: readonly number[]) => gram.join(' ');

export class SlowNgram {
  /** Counts of all padded n-grams of lengths 1 ... order, and of their contexts. */
  private readonly counts = new Map<string, number>();
  private readonly contexts = new Map<string, number>();
  private readonly followers = new Map<string, Set<number>>();
  /** n-gram -> different tokens before it; context -> different pairs around it. */
  private readonly before = new Map<string, Set<number>>();
  private readonly around = new Map<string, Set<string>>();
  readonly types = new Set<number>();

  constructor(
    readonly documents: readonly number[][],
    readonly vocabulary: number,
    readonly order: number,
    readonly smoothing: string,
    readonly parameter: number,
  ) {
    const add = <K>(map: Map<string, Set<K>>, at: string, value: K) => map.set(at, (map.get(at) ?? new Set()).add(value));
    const increment = (map: Map<string, number>, at: string) => map.set(at, (map.get(at) ?? 0) + 1);
    for (const words of documents) {
      const tokens = [...Array<number>(order).fill(BEGIN), ...words, vocabulary];
      for (let i = order; i < tokens.length; i++) {
        this.types.add(tokens[i]);
        for (let n = 1; n <= order; n++) {
          const gram = tokens.slice(i - n + 1, i + 1);
          const context = gram.slice(0, -1);
          increment(this.counts, key(gram));
          increment(this.contexts, key(context));
          add(this.followers, key(context), tokens[i]);
          if (n < 2) continue;
          add(this.before, key(gram.slice(1)), gram[0]);
          add(this.around, key(gram.slice(1, -1)), `${gram[0]} ${tokens[i]}`);
        }
      }
    }
  }

  /** p(token | context), the context of any length up to order - 1. */
  probability(context: readonly number[], token: number, highest = true): number {
    const h = key(context);
    const hw = key([...context, token]);
    const count = this.counts.get(hw) ?? 0;
    const whole = this.contexts.get(h) ?? 0;
    const all = this.vocabulary + 1;
    if (this.smoothing === 'none') return count / whole;
    if (this.smoothing === 'add-k') return (count + this.parameter) / (whole + this.parameter * all);
    const lower = context.length === 0 ? 1 / all : this.probability(context.slice(1), token, false);
    const types = this.followers.get(h)?.size ?? 0;
    if (types === 0) return context.length === 0 ? 1 / all : this.probability(context.slice(1), token, false);
    if (this.smoothing === 'witten-bell') return (count + types * lower) / (whole + types);
    const top = highest ? count : (this.before.get(hw)?.size ?? 0);
    const denominator = highest ? whole : (this.around.get(h)?.size ?? 0);
    return (Math.max(top - this.parameter, 0) + this.parameter * types * lower) / denominator;
  }

  /** What is sampled: the tokens of the training set alone, then the rule. */
  sampling(context: readonly number[], rule: number, ruleParameter: number): Map<number, number> {
    let law = [...this.types].sort((a, b) => a - b).map((token): [number, number] => [token, this.probability(context, token)]);
    law = law.filter(([, p]) => p > 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    const total = law.reduce((sum, [, p]) => sum + p, 0);
    if (rule === 1) law = law.map(([token, p]) => [token, p ** (1 / ruleParameter)]);
    if (rule === 2) law = law.slice(0, ruleParameter);
    if (rule === 3) {
      let sum = 0;
      law = law.filter(([, p]) => {
        const taken = sum < ruleParameter * total;
        sum += p;
        return taken;
      });
    }
    const kept = law.reduce((sum, [, p]) => sum + p, 0);
    return new Map(law.map(([token, p]) => [token, p / kept]));
  }

  /** The context of the full length before word i. */
  contextOf(words: readonly number[], i: number): number[] {
    const longest = this.order - 1;
    return [...Array<number>(longest).fill(BEGIN), ...words.slice(0, i)].slice(words.slice(0, i).length);
  }

  /** Sum of logs over documents with their ends, and how many tokens have probability 0 or none. */
  score(documents: readonly number[][]): { logs: number; tokens: number; unseen: number } {
    let logs = 0;
    let tokens = 0;
    let unseen = 0;
    for (const words of documents) {
      [...words, this.vocabulary].forEach((token, i) => {
        const p = this.probability(this.contextOf(words, i), token);
        tokens++;
        if (p > 0) logs += Math.log(p);
        else unseen++;
      });
    }
    return { logs, tokens, unseen };
  }

  ngramTypes(): number {
    return [...this.counts.keys()].filter((gram) => gram.split(' ').length === this.order).length;
  }

  /** Conditional entropy of the training set, nats a token. */
  entropyRate(): number {
    let sum = 0;
    let all = 0;
    for (const [gram, count] of this.counts) {
      const tokens = gram.split(' ');
      if (tokens.length !== this.order) continue;
      sum -= count * Math.log(count / this.contexts.get(tokens.slice(0, -1).join(' '))!);
      all += count;
    }
    return sum / all;
  }
}

/** Different n-grams of words over all of them. */
export function distinct(documents: readonly number[][], n: number): number {
  const all = documents.flatMap((words) => windows(words, n));
  return all.length === 0 ? 0 : new Set(all).size / all.length;
}

/** Mean over documents of 1 - different / all n-grams. */
export function repetition(documents: readonly number[][], n: number): number {
  const shares = documents.map((words) => windows(words, n)).filter((all) => all.length > 0);
  if (shares.length === 0) return 0;
  return shares.reduce((sum, all) => sum + 1 - new Set(all).size / all.length, 0) / shares.length;
}

function windows(words: readonly number[], n: number): string[] {
  return words.slice(n - 1).map((_, i) => words.slice(i, i + n).join(' '));
}
