/** Argument checks of the linear laws. */
import { inputError } from '../../errors.js';
import { checkSize } from '../check.js';

/** Throws unless `value` is a finite number, 0 or more. */
export function checkNonNegative(field: string, value: number): void {
  if (!(value >= 0 && value < Infinity)) throw inputError(field, value, 'a finite number, 0 or more');
}

/** Throws unless `value` is in [0, 1]. */
export function checkShare(field: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw inputError(field, value, 'a number from 0 to 1');
}

/** Throws unless `value` is a whole number from 1 to 1e12, or infinite, for the limit. */
export function checkSizeOrLimit(field: string, value: number): void {
  if (value !== Infinity) checkSize(field, value);
}

/** x y with 0 x infinity = 0: a term whose factor is 0 is 0 all the way to the limit. */
export function product(x: number, y: number): number {
  return x === 0 || y === 0 ? 0 : x * y;
}
