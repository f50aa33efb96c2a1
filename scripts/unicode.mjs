// Writes src/models/unicode-tables.ts: letters, marks and digits, and the small letter of every capital, of this Node's Unicode
// version, so that words are the same on every version. A newer Unicode changes digests of texts: see CONTRIBUTING.md.
import { writeFileSync } from 'node:fs';

/** Every code point that can stand in a text. */
function* codePoints() {
  for (let code = 0; code <= 0x10ffff; code++) if (code < 0xd800 || code > 0xdfff) yield code;
}

/** Gap before and length of each range of code points. */
function wordCharacters() {
  const ranges = [];
  for (const code of codePoints()) {
    if (!/[\p{L}\p{M}\p{N}]/u.test(String.fromCodePoint(code))) continue;
    const last = ranges.at(-1);
    if (last && last.last === code - 1) last.last = code;
    else ranges.push({ first: code, last: code });
  }
  return afterGaps(ranges, () => []);
}

/** Gap, length, stride and step of each run of capitals; one code point for each. */
function lowerCase() {
  const runs = [];
  for (const code of codePoints()) {
    // Of the one letter that becomes two code points (U+0130) the first is kept, as in the simple mapping.
    const step = String.fromCodePoint(code).toLowerCase().codePointAt(0) - code;
    if (step === 0) continue;
    const last = runs.at(-1);
    if (last && last.step === step && code - last.last <= 2 && (last.stride === 0 || last.stride === code - last.last)) {
      last.stride = code - last.last;
      last.last = code;
    } else runs.push({ first: code, last: code, stride: 0, step });
  }
  return afterGaps(runs, ({ stride, step }) => [stride || 1, step]);
}

function afterGaps(runs, more) {
  let end = 0;
  return runs.flatMap((run) => {
    const gap = run.first - end;
    end = run.last;
    return [gap, run.last - run.first, ...more(run)];
  });
}

/** Base 36: short, and the same whatever reads it. */
function constant(comment, name, numbers) {
  const text = numbers.map((number) => number.toString(36)).join(' ');
  const lines = text.match(/.{1,120}(?: |$)/g).map((line) => `  '${line}',`);
  return `/** ${comment}; base 36. */\nexport const ${name} = [\n${lines.join('\n')}\n].join('');\n`;
}

writeFileSync(
  new URL('../src/models/unicode-tables.ts', import.meta.url),
  `/** Tables of Unicode ${process.versions.unicode}, written by scripts/unicode.mjs: engines differ in theirs. */

${constant('Letters, marks and digits (categories L, M, N): gap before and length of each range', 'wordCharacters', wordCharacters())}
${constant('Simple lower-case mappings: gap before, length, stride and step of each run of capitals', 'lowerCase', lowerCase())}
/** The numbers of a table, in order. */
export function numbersOf(table: string): number[] {
  return table.split(' ').map((number) => Number.parseInt(number, 36));
}
`,
);
