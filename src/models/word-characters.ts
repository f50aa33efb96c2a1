import { numbersOf, wordCharacters } from './unicode-tables.js';

/** Ranges of code points of letters, marks and digits, first and last, increasing. */
export function wordRanges(): [first: number, last: number][] {
  const numbers = numbersOf(wordCharacters);
  const ranges: [number, number][] = [];
  let end = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    const first = end + numbers[i];
    end = first + numbers[i + 1];
    ranges.push([first, end]);
  }
  return ranges;
}
