// Writes src/models/word-characters.ts: the letters, marks and digits of this Node's Unicode version, so that words are the
// same on every version. Running it again with a newer Unicode changes digests of texts: see CONTRIBUTING.md.
import { writeFileSync } from 'node:fs';

const wanted = /[\p{L}\p{M}\p{N}]/u;
const ranges = [];
for (let code = 0; code <= 0x10ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  if (!wanted.test(String.fromCodePoint(code))) continue;
  const last = ranges[ranges.length - 1];
  if (last && last[1] === code - 1) last[1] = code;
  else ranges.push([code, code]);
}
// Gaps and lengths in turn, base 36: short, and the same whatever reads it.
let end = 0;
const numbers = ranges.flatMap(([from, to]) => {
  const pair = [from - end, to - from];
  end = to;
  return pair.map((number) => number.toString(36));
});
const lines = numbers
  .join(' ')
  .match(/.{1,120}(?: |$)/g)
  .map((line) => `  '${line}',`);
writeFileSync(
  new URL('../src/models/word-characters.ts', import.meta.url),
  `/** Letters, marks and digits of Unicode ${process.versions.unicode} (categories L, M, N), written by scripts/word-characters.mjs: engines differ in theirs. */
const encoded = [
${lines.join('\n')}
].join('');

/** Ranges of code points, first and last, increasing. */
export function wordRanges(): [first: number, last: number][] {
  const numbers = encoded.trim().split(' ').map((number) => Number.parseInt(number, 36));
  const ranges: [number, number][] = [];
  let end = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    const first = end + numbers[i];
    end = first + numbers[i + 1];
    ranges.push([first, end]);
  }
  return ranges;
}
`,
);
