/** The error that every generation of a categorical model makes (Wang et al. 2025): what it is uniform over. */
import { inputError } from '../errors.js';
import { MAX_PROBABILITIES } from '../spec/limits.js';
import type { ModelError } from '../spec/model.js';
import type { Truth, TruthContext } from './truth.js';

/** A truth whose contexts list every token that the error reaches, and the error itself. */
export interface TruthWithError {
  /** As given, but that a context's list may end with tokens of p = 0: those that p^(0) lacks, increasing. */
  truth: Truth;
  /** The error e of each context, in the order of its tokens; sums to 1 (up to rounding). */
  shares: Float64Array[];
}

/**
 * The error e of every context: uniform over the tokens of the vocabulary that p^(0) lacks there ("outside"), over those
 * that it has ("support"), or over all ("vocabulary"). For text the vocabulary is every type of the corpus.
 * @throws InputError where a context has no token outside, or the lists would not fit into memory
 */
export function withError(truth: Truth, error: ModelError): TruthWithError {
  if (error.tokens === 'support') return { truth, shares: truth.contexts.map(({ tokens }) => uniformFrom(0, tokens.length)) };
  const { vocabulary, contexts } = truth;
  const entries = contexts.length * vocabulary;
  if (entries > MAX_PROBABILITIES) {
    const allowed = `"support", or a truth of at most ${MAX_PROBABILITIES} probabilities (contexts x vocabulary); it has ${entries}`;
    throw inputError('model.error.tokens', error.tokens, allowed);
  }
  const extended = contexts.map((context) => extend(context, vocabulary));
  const shares = contexts.map(({ label, tokens }) => {
    if (error.tokens === 'vocabulary') return uniformFrom(0, vocabulary);
    if (tokens.length < vocabulary) return uniformFrom(tokens.length, vocabulary);
    const which = contexts.length > 1 ? `context ${JSON.stringify(label)} of this truth` : 'this truth';
    throw inputError('model.error.tokens', error.tokens, `"support" or "vocabulary", because ${which} lacks no token of the vocabulary`);
  });
  return { truth: { ...truth, contexts: extended }, shares };
}

/** The context with the tokens that it lacks at the end. */
function extend(context: TruthContext, vocabulary: number): TruthContext {
  const tokens = new Int32Array(vocabulary);
  const p = new Float64Array(vocabulary);
  tokens.set(context.tokens);
  p.set(context.p);
  let at = context.tokens.length;
  let own = 0;
  for (let token = 0; token < vocabulary; token++) {
    if (context.tokens[own] === token) own++;
    else tokens[at++] = token;
  }
  return { ...context, tokens, p };
}

/** 1 / (length - start) from `start` on, 0 before. */
function uniformFrom(start: number, length: number): Float64Array {
  return new Float64Array(length).fill(1 / (length - start), start);
}
