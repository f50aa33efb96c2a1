import { lowerCase, numbersOf } from '../models/unicode-tables.js';

/** Code points first, first + stride, ... last become small by adding `step`. */
export interface LowerCaseRun {
  first: number;
  last: number;
  stride: number;
  step: number;
}

/** Runs of capital letters, increasing. */
export function lowerCaseRuns(): LowerCaseRun[] {
  const numbers = numbersOf(lowerCase);
  const runs: LowerCaseRun[] = [];
  let end = 0;
  for (let i = 0; i < numbers.length; i += 4) {
    const first = end + numbers[i];
    end = first + numbers[i + 1];
    runs.push({ first, last: end, stride: numbers[i + 2], step: numbers[i + 3] });
  }
  return runs;
}
