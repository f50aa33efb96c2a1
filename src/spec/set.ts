/** `--set a.b=value`: one field of a spec, by its dotted path. */
import { InputError, inputError, show } from '../errors.js';

const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);
const SYNTAX = 'PATH=VALUE with a dotted path, such as schedule.sampleSize=100';

/**
 * A copy of `spec` with one field set. Missing objects on the way are made; in a list the key is an index (from 0).
 * The value is read as JSON and, where it is not JSON, as a string.
 * @throws InputError on bad syntax, or on a path through something that has no fields.
 */
export function applySet(spec: object, assignment: string): Record<string, unknown> {
  const at = assignment.indexOf('=');
  if (at < 1) throw inputError('--set', assignment, SYNTAX);
  const path = assignment.slice(0, at).trim().split('.');
  if (path.some((key) => key === '' || FORBIDDEN.has(key))) throw inputError('--set', assignment, SYNTAX);
  const copy = structuredClone(spec) as Record<string, unknown>;
  let target = copy;
  path.slice(0, -1).forEach((key, i) => {
    checkKey(target, path, i);
    if (!Object.hasOwn(target, key)) target[key] = {};
    const next = target[key];
    if (typeof next !== 'object' || next === null) {
      throw new InputError(
        `--set ${assignment}: ${path.slice(0, i + 1).join('.')} is ${show(next)}, which has no field ${show(path[i + 1])}`,
        '--set',
      );
    }
    target = next as Record<string, unknown>;
  });
  checkKey(target, path, path.length - 1);
  target[path[path.length - 1]] = readValue(assignment.slice(at + 1));
  return copy;
}

/** A list takes an index of its own, or the next one. */
function checkKey(target: object, path: readonly string[], i: number): void {
  if (!Array.isArray(target)) return;
  if (!/^(0|[1-9]\d*)$/.test(path[i]) || Number(path[i]) > target.length) {
    throw inputError(`--set ${path.slice(0, i + 1).join('.')}`, path[i], `an index from 0 to ${target.length} of the list`);
  }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
