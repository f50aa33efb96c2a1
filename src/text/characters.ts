/** What each Unicode code point is to the word tokeniser: tables of our own, so that every engine cuts words alike. */
import { wordRanges } from '../models/word-characters.js';
import { lowerCaseRuns } from './lower-case.js';

/** A visible character that is a token by itself. */
export const MARK = 0;
export const SPACE = 1;
/** Part of a word: letters, marks, digits, apostrophes. */
export const WORD = 2;

const CODE_POINTS = 0x110000;
const APOSTROPHES = [0x27, 0x2019];
/** ECMAScript's white space and line ends. */
const SPACES = [[0x09, 0x0d], [0x20], [0xa0], [0x1680], [0x2000, 0x200a], [0x2028, 0x2029], [0x202f], [0x205f], [0x3000], [0xfeff]];

let knownKinds: Uint8Array | undefined;
let knownSteps: Int32Array | undefined;

/** MARK, SPACE or WORD by code point. */
export function characterKinds(): Uint8Array {
  return (knownKinds ??= makeKinds());
}

/** What is added to a code point to make it small. */
export function lowerCaseSteps(): Int32Array {
  return (knownSteps ??= makeSteps());
}

function makeKinds(): Uint8Array {
  const kinds = new Uint8Array(CODE_POINTS);
  for (const [first, last] of wordRanges()) kinds.fill(WORD, first, last + 1);
  for (const code of APOSTROPHES) kinds[code] = WORD;
  for (const [first, last = first] of SPACES) kinds.fill(SPACE, first, last + 1);
  return kinds;
}

function makeSteps(): Int32Array {
  const steps = new Int32Array(CODE_POINTS);
  for (const { first, last, stride, step } of lowerCaseRuns()) {
    for (let code = first; code <= last; code += stride) steps[code] = step;
  }
  return steps;
}
