/** Single texts to words: what a user asks a model about. */
import { inputError } from '../errors.js';
import type { CorpusSpec } from './corpus.js';
import { TokenStore } from './token-store.js';
import { makeTokeniser } from './tokeniser.js';

/**
 * The names of a text's tokens, by the tokeniser of a corpus.
 * @param field names the text in errors
 */
export async function wordsOf(text: string, { tokens, lowercase }: CorpusSpec, field: string): Promise<string[]> {
  const store = new TokenStore(() => inputError(field, text, 'a shorter text'));
  const tokeniser = await makeTokeniser(tokens, lowercase, store);
  tokeniser.text(text);
  tokeniser.end();
  return Array.from({ length: store.tokens.length }, (_, i) => tokeniser.name(store.tokens.get(i)));
}
