// What the n-gram kernels are compared with: plain JavaScript Maps, and NLTK where a Python has it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { randomSource } from './ngram-corpus.mjs';

/** Calls visit(key of the words before, token) for every token. */
function walk({ corpus, vocabulary }, order, visit) {
  const words = new Array(order - 1).fill(-1);
  for (const token of corpus) {
    visit(words.join(' '), token);
    if (token >= vocabulary) words.fill(-1);
    else {
      words.push(token);
      words.shift();
    }
  }
}

/** The tokens that follow each context, one entry a position. */
export function mapsFit(text, order) {
  const followers = new Map();
  walk(text, order, (context, token) => {
    const list = followers.get(context);
    if (list) list.push(token);
    else followers.set(context, [token]);
  });
  return followers;
}

/** A text of at least `tokens` tokens. */
export function mapsWrite(followers, order, { vocabulary }, tokens, seed) {
  const random = randomSource(seed);
  const next = [];
  const words = new Array(order - 1).fill(-1);
  while (next.length < tokens || next[next.length - 1] !== vocabulary) {
    const list = followers.get(words.join(' '));
    const token = list[Math.floor(random() * list.length)];
    next.push(token);
    if (token === vocabulary) words.fill(-1);
    else {
      words.push(token);
      words.shift();
    }
  }
  return { corpus: Uint32Array.from(next), vocabulary };
}

/** -log p of each token of a written text, under the model of `followers`. */
export function losses(followers, order, written) {
  const counts = new Map();
  const loss = [];
  walk(written, order, (context, token) => {
    if (!counts.has(context)) {
      const found = new Map();
      for (const follower of followers.get(context)) found.set(follower, (found.get(follower) ?? 0) + 1);
      counts.set(context, found);
    }
    loss.push(-Math.log((counts.get(context).get(token) ?? 0) / followers.get(context).length));
  });
  return loss;
}

/** NLTK in a process of its own; undefined where there is none. */
export async function openNltk(path, order) {
  const script = fileURLToPath(new URL('peers/ngram_nltk.py', import.meta.url));
  const child = spawn('/usr/bin/python3', [script, String(order)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    const { value } = await lines.next();
    return value && JSON.parse(value);
  };
  await Promise.race([once(child, 'spawn'), once(child, 'error')]);
  const read = await ask(path);
  if (!read) return undefined;
  return { tokens: read.tokens, fit: () => ask('fit'), write: (tokens) => ask(`write ${tokens}`), close: () => child.kill() };
}
