/** A grammar in which a word depends on the two before it alone: rules by hand, probabilities as whole-number weights. */

/** Rules as they are written. */
export interface GrammarSource {
  /** Words that stand in the same places, by the name of their class: `word:weight ...`. */
  classes: Readonly<Record<string, string>>;
  /**
   * `two terms > alternatives`. The terms are the two words before, each a word, `$CLASS`, `*` (any), several joined by `|`, or `^`
   * (before the story). The first rule that fits is used. Alternatives are `word:weight`, `$CLASS:weight` (the weight shared out
   * as in the class), `=:weight` (the first of the two words again) and `^:weight` (the end); no weight is 1.
   */
  rules: readonly string[];
}

/** What may follow two words, with weights: p(next[i]) = weights[i] / total, exactly. */
export interface GrammarContext {
  first: number;
  second: number;
  next: Int32Array;
  weights: Float64Array;
  total: number;
  /** p as numbers. */
  p: Float64Array;
}

/** A grammar whose contexts can all be reached. Words are numbered in the order of their UTF-16 code units. */
export interface Grammar {
  words: readonly string[];
  /** The number that stands for "before the story" in a context and for its end after one: words.length. */
  boundary: number;
  /** The first is (boundary, boundary). */
  contexts: readonly GrammarContext[];
  /** Index of the context of two words, or undefined where they never follow each other. */
  contextOf(first: number, second: number): number | undefined;
}

type Weights = Map<string, number>;
const EDGE = '^';
const MAX_TOTAL = 2 ** 32 - 1;

/** @throws Error when the rules are not sound: a fault of the grammar, not of its user. */
export function compileGrammar(source: GrammarSource): Grammar {
  const classes = new Map(Object.entries(source.classes).map(([name, words]) => [name, parseWeights(words)]));
  const rules = source.rules.map((rule) => parseRule(rule, classes));
  const found = new Map<string, { first: string; second: string; weights: Weights }>();
  const open: [string, string][] = [[EDGE, EDGE]];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [first, second] = pair;
    const key = `${first} ${second}`;
    if (found.has(key)) continue;
    const rule = rules.find(({ fits }) => fits(first, second));
    if (!rule) throw new Error(`no rule for "${key}"`);
    const weights = expand(rule.alternatives, classes, first);
    found.set(key, { first, second, weights });
    for (const word of weights.keys()) if (word !== EDGE) open.push([second, word]);
  }
  return number([...found.values()]);
}

function parseWeights(text: string): Weights {
  return new Map(
    text.split(' ').map((part) => {
      const [, word, weight] = /^(.+?)(?::(\d+))?$/.exec(part) as unknown as [string, string, string | undefined];
      return [word, Number(weight ?? 1)];
    }),
  );
}

function parseRule(rule: string, classes: Map<string, Weights>) {
  const [pattern, alternatives] = rule.split(' > ');
  const [first, second] = pattern.split(' ').map((terms) => {
    const words = new Set(terms.split('|').flatMap((term) => (term.startsWith('$') ? [...classOf(term, classes).keys()] : [term])));
    return (word: string) => words.has(word) || (words.has('*') && word !== EDGE);
  });
  return { fits: (a: string, b: string) => first(a) && second(b), alternatives: parseWeights(alternatives) };
}

function classOf(term: string, classes: Map<string, Weights>): Weights {
  const found = classes.get(term.slice(1));
  if (!found) throw new Error(`no class ${term}`);
  return found;
}

const sumOf = (weights: Weights) => [...weights.values()].reduce((total, weight) => total + weight, 0);
const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Whole-number weights of words, with classes shared out over a common denominator. */
function expand(alternatives: Weights, classes: Map<string, Weights>, first: string): Weights {
  const totals = [...alternatives.keys()].map((term) => (term.startsWith('$') ? sumOf(classOf(term, classes)) : 1));
  const common = totals.reduce((a, b) => (a / gcd(a, b)) * b, 1);
  const weights: Weights = new Map();
  const add = (word: string, weight: number) => weights.set(word, (weights.get(word) ?? 0) + weight);
  [...alternatives].forEach(([term, weight], i) => {
    if (!term.startsWith('$')) return add(term === '=' ? first : term, weight * common);
    for (const [word, share] of classOf(term, classes)) add(word, (weight * common * share) / totals[i]);
  });
  return weights;
}

function number(found: readonly { first: string; second: string; weights: Weights }[]): Grammar {
  const words = [...new Set(found.flatMap(({ weights }) => [...weights.keys()]))].filter((word) => word !== EDGE).sort();
  const boundary = words.length;
  const numbers = new Map([...words.map((word, i): [string, number] => [word, i]), [EDGE, boundary]]);
  const numberOf = (word: string) => numbers.get(word) as number;
  const contexts = found.map(({ first, second, weights }): GrammarContext => {
    const next = Int32Array.from([...weights.keys()].map(numberOf).sort((a, b) => a - b));
    const ordered = Float64Array.from(next, (id) => weights.get(id === boundary ? EDGE : words[id]) as number);
    const total = ordered.reduce((sum, weight) => sum + weight, 0);
    if (total > MAX_TOTAL) throw new Error(`weights after "${first} ${second}" sum to ${total}`);
    return { first: numberOf(first), second: numberOf(second), next, weights: ordered, total, p: ordered.map((weight) => weight / total) };
  });
  contexts.sort(
    (a, b) =>
      Number(b.first === boundary && b.second === boundary) - Number(a.first === boundary && a.second === boundary) ||
      a.first - b.first ||
      a.second - b.second,
  );
  const index = new Map(contexts.map(({ first, second }, c) => [first * (boundary + 1) + second, c]));
  return { words, boundary, contexts, contextOf: (first, second) => index.get(first * (boundary + 1) + second) };
}
