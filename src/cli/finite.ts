import { num } from '../engine/result.js';

/** The same document with infinite numbers as text, which JSON has no word for. */
export function finite(value: unknown): unknown {
  if (typeof value === 'number') return num(value);
  if (Array.isArray(value)) return value.map(finite);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, finite(entry)]));
}
