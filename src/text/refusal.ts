/** The error of a corpus: what is wrong with it and what is allowed. */
import type { InputError } from '../errors.js';
import { fileError } from '../models/bytes.js';

const FIELD = 'model.corpus';

export function refusal(path: string, problem: string, allowed: string): InputError {
  return fileError(FIELD, path, problem, allowed);
}
