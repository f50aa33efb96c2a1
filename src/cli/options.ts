import type { SimulateOptions } from '../engine/result.js';
import { inputError, nearest } from '../errors.js';
import { MAX_COUNT } from '../spec/limits.js';

export type BackendChoice = NonNullable<SimulateOptions['backend']>;
export const BACKENDS: readonly BackendChoice[] = ['auto', 'native', 'wasm', 'javascript'];

/** The largest number of threads that can be asked for. */
export const MAX_THREADS = 1024;
/** The largest number of replicates: a spec's. */
export const MAX_REPLICATES = MAX_COUNT;

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A parser of integer options; `name` is the option as the user typed it. */
export function integer(name: string, min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const allowed = `an integer from ${min} to ${max}`;
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!Number.isInteger(value) || value < min || value > max) throw inputError(name, asTyped(text), allowed);
    return value;
  };
}

/** What the option for checkpoints says of itself. */
export const CHECKPOINT_HELP = 'seconds between two checkpoints of what runs (default: 60; 0: none)';
const MAX_SECONDS = 86_400;

/** A parser of options in seconds, fractions allowed. */
export function seconds(name: string): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!(value >= 0 && value <= MAX_SECONDS)) throw inputError(name, asTyped(text), `seconds, from 0 (none) to ${MAX_SECONDS}`);
    return value;
  };
}

/** A parser of options that take one of a few words. */
export function oneOf<T extends string>(name: string, words: readonly T[]): (text: string) => T {
  return (text) => {
    const word = words.find((candidate) => candidate === text);
    if (word !== undefined) return word;
    const near = nearest(text, words);
    throw inputError(name, text, `one of ${words.join(', ')}${near ? ` (did you mean ${near}?)` : ''}`);
  };
}

/** Collects a repeatable option. */
export function collect(text: string, earlier: readonly string[] = []): string[] {
  return [...earlier, text];
}

/** Numbers are shown bare in messages, other text in quotes. */
function asTyped(text: string): string | number {
  return NUMBER.test(text) && String(Number(text)) === text ? Number(text) : text;
}
