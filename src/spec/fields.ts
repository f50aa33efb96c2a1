/**
 * The building blocks of the spec's schema. Every schema's error message says what is allowed; `issues.ts` puts the
 * field and the value in front of it.
 */
import { z } from 'zod';
import { nearest } from '../errors.js';

export { MAX_COUNT, MAX_PROBABILITIES, MAX_SAMPLES, MAX_VOCABULARY } from './limits.js';

/** A whole number in [minimum, maximum]; `or` adds to what the message says is allowed. */
export function integer(minimum: number, maximum: number, or = '') {
  const error = `a whole number from ${minimum} to ${maximum}${or}`;
  return z.int({ error }).min(minimum, { error }).max(maximum, { error });
}

/** A finite number; `check` narrows it, `allowed` says how. */
export function real(allowed: string, check: (number: z.ZodNumber, error: { error: string }) => z.ZodNumber) {
  return check(z.number({ error: allowed }), { error: allowed });
}

/** An object that refuses unknown keys, naming the nearest known one. */
export function strict<Shape extends z.core.$ZodLooseShape>(shape: Shape, allowed = 'an object') {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `${hint((issue.keys as string[])[0], keys)}known keys: ${keys.join(', ')}` : allowed,
  });
}

/** One of several objects told apart by `key`. */
export function kinds<Options extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]]>(
  options: Options,
  key = 'kind',
) {
  const names = options.flatMap((option) => [...((option as z.core.$ZodType)._zod.propValues?.[key] ?? [])]).map(String);
  return z.discriminatedUnion(key, options, {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return `an object with a ${key}: ${names.join(', ')}`;
      const given = (issue.input as Record<string, unknown>)[key];
      return `${typeof given === 'string' ? hint(given, names) : ''}known ${key === 'kind' ? 'kinds' : `values of ${key}`}: ${names.join(', ')}`;
    },
  });
}

/** One of a few words. */
export function word<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: words.map((word) => JSON.stringify(word)).join(' or ') });
}

/** A refusal of one field, from a check across fields. */
export function refuse(context: z.core.$RefinementCtx, path: PropertyKey[], message: string, input?: unknown): void {
  context.addIssue({ code: 'custom', path, message, input });
}

/** JSON Schema for "exactly one of these fields": an object that gives `key`. */
export function giving(key: string, type: string, choice: string) {
  return { type: 'object', properties: { [key]: { type, description: `Exactly one of ${choice}.` } }, required: [key] };
}

/** The `kind` of an object. */
export function kind<Name extends string>(name: Name, description: string) {
  return z.literal(name).describe(description);
}

/** "did you mean X? " or nothing. */
export function hint(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `did you mean ${JSON.stringify(near)}? `;
}
