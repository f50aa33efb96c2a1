/** A real corpus as p^(0): every context of l tokens is a model of its own (Seddik et al. 2024, section 3). */
import type { InitialOf } from '../spec/initial.js';
import { readCorpus, refusal } from './corpus.js';
import { Pace } from './pace.js';
import { PairIndex } from './pair-index.js';
import type { Truth, TruthContext } from './truth.js';
import { wordRanges } from './word-characters.js';

/** Most contexts: beyond, the objects that describe them would fill the memory. */
const MAX_CONTEXTS = 4e6;

/**
 * Words: letters, marks, digits, apostrophes; every other visible character is a token. Independent of the locale, and of
 * the engine's version of Unicode.
 */
function wordPattern(): RegExp {
  const escaped = (code: number) => `\\u{${code.toString(16)}}`;
  const characters = wordRanges().map(([first, last]) => `${escaped(first)}-${escaped(last)}`);
  return new RegExp(`[${characters.join('')}'\\u2019]+|\\S`, 'gu');
}

/** A text as token numbers; tokens are numbered in the order (by UTF-16 code units) of their names. */
export interface Tokens {
  names: string[];
  ids: Int32Array;
}

/** Splits a text into Unicode code points or words. Case, line ends and spaces (as characters) are kept. */
export function tokenise(text: string, tokens: 'char' | 'word'): Tokens {
  const seen = new Map<string, number>();
  // No text has more tokens than code units.
  const found = new Int32Array(text.length);
  let length = 0;
  const add = (token: string) => {
    let id = seen.get(token);
    if (id === undefined) seen.set(token, (id = seen.size));
    found[length++] = id;
  };
  if (tokens === 'char') for (const character of text) add(character);
  else for (const [word] of text.matchAll(wordPattern())) add(word);
  const names = [...seen.keys()].sort();
  const rank = new Int32Array(names.length);
  names.forEach((name, i) => (rank[seen.get(name) as number] = i));
  const ids = length < found.length ? found.slice(0, length) : found;
  for (let i = 0; i < length; i++) ids[i] = rank[ids[i]];
  return { names, ids };
}

/**
 * p^(0) of `initial.kind: "text"`: for every context of l tokens that another token follows, the frequencies of the next
 * token. `count` is how often the context is followed, `weight` its share; contexts are in the order of their labels.
 * @throws InputError when the file cannot be used or has no more tokens than the context.
 */
export async function textTruth({ path, tokens: unit, context: length }: InitialOf<'text'>, signal?: AbortSignal): Promise<Truth> {
  const pace = new Pace(signal);
  const { text, ...file } = await readCorpus(path);
  await pace.turn();
  const { names, ids } = tokenise(text, unit);
  await pace.turn();
  if (ids.length <= length) {
    throw refusal(path, `has ${ids.length} tokens (${unit})`, `more tokens than the context of ${length}`);
  }
  const { contextAt, firstAt } = findContexts(ids, names.length, length);
  await pace.turn();
  if (firstAt.length > MAX_CONTEXTS) {
    throw refusal(path, `has ${firstAt.length} contexts of ${length} tokens`, `at most ${MAX_CONTEXTS}; choose a shorter context`);
  }
  const separator = unit === 'char' ? '' : ' ';
  const labels = firstAt.map((at) => Array.from(ids.subarray(at, at + length), (id) => names[id]).join(separator));
  return {
    vocabulary: names.length,
    contexts: countNext(ids, contextAt, labels, length),
    tokenNames: names,
    corpus: { ...file, tokens: ids.length },
  };
}

/** The number of the context at each position that has a next token, and where each context first stands. */
function findContexts(ids: Int32Array, vocabulary: number, length: number): { contextAt: Int32Array; firstAt: number[] } {
  const contextAt = new Int32Array(ids.length - length);
  let firstAt = [0];
  // A context of l tokens is a context of l - 1 and one more token.
  for (let l = 1; l <= length; l++) {
    const index = new PairIndex(vocabulary);
    firstAt = [];
    for (let i = 0; i < contextAt.length; i++) {
      contextAt[i] = index.id(contextAt[i], ids[i + l - 1]);
      if (index.size > firstAt.length) firstAt.push(i);
    }
  }
  return { contextAt, firstAt };
}

/** Next-token frequencies of every context. */
function countNext(ids: Int32Array, contextAt: Int32Array, labels: string[], length: number): TruthContext[] {
  const index = new PairIndex(labels.length);
  const counts: number[] = [];
  const tokenOf: number[] = [];
  const contextOf: number[] = [];
  for (let i = 0; i < contextAt.length; i++) {
    const pair = index.id(ids[i + length], contextAt[i]);
    if (pair === counts.length) {
      counts.push(0);
      tokenOf.push(ids[i + length]);
      contextOf.push(contextAt[i]);
    }
    counts[pair]++;
  }
  const totals = new Float64Array(labels.length);
  const order = labels.map((_, c) => c).sort((a, b) => (labels[a] < labels[b] ? -1 : 1));
  const place = new Int32Array(labels.length);
  order.forEach((c, i) => (place[c] = i));
  contextOf.forEach((c, pair) => (totals[c] += counts[pair]));
  const pairs = Uint32Array.from(counts.keys()).sort((x, y) => place[contextOf[x]] - place[contextOf[y]] || tokenOf[x] - tokenOf[y]);
  const contexts: TruthContext[] = [];
  for (let start = 0; start < pairs.length; ) {
    const c = contextOf[pairs[start]];
    let end = start;
    while (end < pairs.length && contextOf[pairs[end]] === c) end++;
    const own = pairs.subarray(start, end);
    contexts.push({
      label: labels[c],
      count: totals[c],
      weight: totals[c] / contextAt.length,
      tokens: Int32Array.from(own, (pair) => tokenOf[pair]),
      p: Float64Array.from(own, (pair) => counts[pair] / totals[c]),
    });
    start = end;
  }
  return contexts;
}
