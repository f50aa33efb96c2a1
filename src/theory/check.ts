/** Argument checks shared by the closed forms: one InputError naming the field, the value given and what is allowed. */
import { inputError } from '../errors.js';

/** The largest sample or corpus size that the closed forms take. */
export const largestSize = 1e12;

/** Throws unless `value` is an integer in [1, most]. */
export function checkSize(field: string, value: number, most = largestSize): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most) {
    throw inputError(field, value, `a whole number from 1 to ${most}`);
  }
}

/** Throws unless every generation is a whole number of at least `least` (0 is the truth itself, 1 the first trained model). */
export function checkGenerations(generations: readonly number[], least = 0): void {
  for (const m of generations) {
    if (!Number.isSafeInteger(m) || m < least) throw inputError('generations', m, `whole numbers of at least ${least}`);
  }
}

/** Throws unless `simpson0` is in [1/support, 1] (in (0, 1] when the support is not known), up to rounding. */
export function checkSimpson(simpson0: number, support?: number): void {
  const least = support === undefined ? 0 : 1 / support;
  const inside = simpson0 > 0 && simpson0 >= least * (1 - 1e-9) && simpson0 <= 1 + 1e-12;
  if (!inside) throw inputError('simpson0', simpson0, support === undefined ? 'above 0, at most 1' : `from 1/support = ${least} to 1`);
}
