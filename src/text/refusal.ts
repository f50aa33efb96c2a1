/** The error of a corpus: what is wrong with it and what is allowed. */
import { InputError, show } from '../errors.js';

const FIELD = 'model.corpus';

export function refusal(path: string, problem: string, allowed: string): InputError {
  return new InputError(`${FIELD}: ${show(path)} ${problem}; allowed: ${allowed}`, FIELD);
}
