/** `--set a.b=value`: one field of a spec, by its dotted path. */
import { InputError, inputError, show } from '../errors.js';

const FORBIDDEN = new Set(['__proto__', 'prototype', 'constructor']);
const SYNTAX = 'PATH=VALUE with a dotted path, such as schedule.sampleSize=100';

/**
 * A copy of `spec` with one field set. The value is read as JSON and, where it is not JSON, as a string.
 * @throws InputError on bad syntax, or on a path through something that has no fields.
 */
export function applySet(spec: object, assignment: string): Record<string, unknown> {
  const at = assignment.indexOf('=');
  if (at < 1) throw inputError('--set', assignment, SYNTAX);
  const path = dottedPath(assignment.slice(0, at));
  if (!path) throw inputError('--set', assignment, SYNTAX);
  const copy = structuredClone(spec) as Record<string, unknown>;
  setField(copy, path, readValue(assignment.slice(at + 1)), '--set');
  return copy;
}

/** The keys of a dotted path; undefined where it is none. */
export function dottedPath(text: string): string[] | undefined {
  const path = text.trim().split('.');
  return path.some((key) => key === '' || FORBIDDEN.has(key)) ? undefined : path;
}

/**
 * Sets one field in place. Missing objects on the way are made; in a list the key is an index (from 0).
 * @param option what asks for it, for the message
 * @throws InputError on a path through something that has no fields
 */
export function setField(spec: Record<string, unknown>, path: readonly string[], value: unknown, option: string): void {
  let target = spec;
  path.slice(0, -1).forEach((key, i) => {
    checkKey(target, path, i, option);
    if (!Object.hasOwn(target, key)) target[key] = {};
    const next = target[key];
    if (typeof next !== 'object' || next === null) {
      throw new InputError(
        `${option} ${path.join('.')}: ${path.slice(0, i + 1).join('.')} is ${show(next)}, which has no field ${show(path[i + 1])}`,
        option,
      );
    }
    target = next as Record<string, unknown>;
  });
  checkKey(target, path, path.length - 1, option);
  target[path[path.length - 1]] = value;
}

/** A list takes an index of its own, or the next one. */
function checkKey(target: object, path: readonly string[], i: number, option: string): void {
  if (!Array.isArray(target)) return;
  if (!/^(0|[1-9]\d*)$/.test(path[i]) || Number(path[i]) > target.length) {
    throw inputError(`${option} ${path.slice(0, i + 1).join('.')}`, path[i], `an index from 0 to ${target.length} of the list`);
  }
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
