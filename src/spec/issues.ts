/** Turns what zod found into the one message of an InputError. */
import type { z } from 'zod';
import { InputError, inputError, show } from '../errors.js';

/**
 * The most helpful of several issues: an unknown key first (it is often why another key is missing), else the first field's.
 * Of that field's it is the last: checks across fields come after the field's own, and know more.
 */
export function firstProblem(issues: readonly z.core.$ZodIssue[], input: unknown): InputError {
  const first = dotted(issues[0].path);
  const ofField = issues.filter(({ path }) => dotted(path) === first);
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? ofField[ofField.length - 1];
  if (issue.code === 'unrecognized_keys') {
    const field = dotted([...issue.path, issue.keys[0]]);
    return new InputError(`unknown key ${field}; ${issue.message}`, field);
  }
  const field = dotted(issue.path);
  const value = valueAt(input, issue.path);
  if (typeof value === 'string' && /^(did you mean|known) /.test(issue.message)) {
    return new InputError(`unknown ${field} ${show(value)}; ${issue.message}`, field);
  }
  return inputError(field, value, issue.message);
}

/** `model.initial.p[3]`; the spec itself is `spec`. */
export function dotted(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) text += typeof key === 'number' ? `[${key}]` : `${text && '.'}${String(key)}`;
  return text || 'spec';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) value = value === null || value === undefined ? undefined : (value as Record<PropertyKey, unknown>)[key];
  return value;
}
