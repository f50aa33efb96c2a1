/** Pieces of the pages that commands write: text, numbers and lists as HTML. */
import type { Num } from '../engine/result.js';

/** A list of names and values. */
export function pairs(entries: readonly (readonly [string, string])[]): string {
  return `<dl>${entries.map(([name, value]) => `<dt>${text(name)}</dt><dd>${text(value)}</dd>`).join('')}</dl>`;
}

/** A number to so many significant digits, as a reader writes it; infinity as its sign, nothing as a dash. */
export function number(value: Num, digits = 4): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value === 'Infinity' ? '∞' : '−∞';
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    return `${minus(mantissa)} × 10<sup>${minus(String(Number(exponent)))}</sup>`;
  }
  return minus(String(Number(value.toPrecision(digits))));
}

/** A z score. */
export function zText(z: Num): string {
  return typeof z === 'number' && Math.abs(z) < 100 ? minus(z.toFixed(2)) : number(z, 3);
}

/** With a minus sign for a hyphen. */
function minus(value: string): string {
  return value.replace('-', '−');
}

/** Seconds to two digits. */
export function seconds(value: number): string {
  return `${Number(value.toPrecision(2))} s`;
}

/** Text, escaped. */
export function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Text inside the quotes of an attribute, escaped. */
export function attribute(value: string): string {
  return text(value).replaceAll('"', '&quot;');
}
