/** The token that a metric such as `probability:TOKEN` names. */

import { InputError, show } from '../errors.js';
import { hint } from '../spec/fields.js';
import type { Truth } from './truth.js';

/**
 * Index of a token: by its name where tokens have names (text), else the index itself as written.
 * @throws InputError naming `field` when there is no such token.
 */
export function tokenIndex(truth: Truth, token: string, field: string): number {
  const { tokenNames, vocabulary } = truth;
  const index = tokenNames ? tokenNames.indexOf(token) : /^\d+$/.test(token) ? Number(token) : -1;
  if (index >= 0 && index < vocabulary) return index;
  const allowed = tokenNames
    ? `${hint(token, tokenNames.slice(0, 20_000))}allowed: a token of the corpus`
    : `allowed: an index from 0 to ${vocabulary - 1}`;
  throw new InputError(`${field}: unknown token ${show(token)}; ${allowed}`, field);
}
