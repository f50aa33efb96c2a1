import type { Num } from '../engine/result.js';

/** A number for people: five significant digits, "-" where undefined. */
export function formatNumber(value: Num | undefined): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return value === 'Infinity' ? '∞' : '-∞';
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const text = value.toPrecision(5);
  if (text.includes('e')) return text.replace(/\.?0*e\+?/, 'e');
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** A standard error or z score for people: two significant digits. */
export function formatError(value: Num | undefined): string {
  if (typeof value !== 'number' || value === 0) return formatNumber(value);
  return Math.abs(value) < 1e6 ? String(Number(value.toPrecision(2))) : value.toExponential(1).replace('e+', 'e');
}

/** Seconds for people: "3.2 ms", "4.2 s", "3 min 20 s", "5 h 3 min", "2 days". */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Number((seconds * 1000).toPrecision(2))} ms`;
  if (seconds < 59.95) return `${Number(seconds.toPrecision(3))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.round(seconds / 86_400).toLocaleString('en')} days`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes for people, in powers of 1,000. */
export function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${UNITS[unit]}`;
}
