// Writes src/text/lower-case.ts: the small letter of every capital of this Node's Unicode version, one code point each, so that
// lower-casing is the same on every version. Running it again with a newer Unicode changes digests of texts: see CONTRIBUTING.md.
import { writeFileSync } from 'node:fs';

const runs = [];
for (let code = 0; code <= 0x10ffff; code++) {
  if (code >= 0xd800 && code <= 0xdfff) continue;
  // Of the one letter that becomes two code points (U+0130) the first is kept, as in the simple mapping.
  const step = String.fromCodePoint(code).toLowerCase().codePointAt(0) - code;
  if (step === 0) continue;
  const last = runs[runs.length - 1];
  if (last && last.step === step && code - last.last <= 2 && (last.stride === 0 || last.stride === code - last.last)) {
    last.stride = code - last.last;
    last.last = code;
  } else runs.push({ first: code, last: code, stride: 0, step });
}
let end = 0;
const numbers = runs.flatMap(({ first, last, stride, step }) => {
  const run = [first - end, last - first, stride || 1, step];
  end = last;
  return run.map((number) => number.toString(36));
});
const lines = numbers
  .join(' ')
  .match(/.{1,120}(?: |$)/g)
  .map((line) => `  '${line}',`);
writeFileSync(
  new URL('../src/text/lower-case.ts', import.meta.url),
  `/** Simple lower-case mappings of Unicode ${process.versions.unicode}, written by scripts/lower-case.mjs: engines differ in theirs. */
const encoded = [
${lines.join('\n')}
].join('');

/** Code points first, first + stride, ... last become small by adding \`step\`. */
export interface LowerCaseRun {
  first: number;
  last: number;
  stride: number;
  step: number;
}

/** Runs of capital letters, increasing. */
export function lowerCaseRuns(): LowerCaseRun[] {
  const numbers = encoded
    .trim()
    .split(' ')
    .map((number) => Number.parseInt(number, 36));
  const runs: LowerCaseRun[] = [];
  let end = 0;
  for (let i = 0; i < numbers.length; i += 4) {
    const first = end + numbers[i];
    end = first + numbers[i + 1];
    runs.push({ first, last: end, stride: numbers[i + 2], step: numbers[i + 3] });
  }
  return runs;
}
`,
);
