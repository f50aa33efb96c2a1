/** Where a text stops being JSON. The engine's own message gives the place on some versions of Node only. */

const SPACE = /[ \t\r\n]*/y;
const SCALAR = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** What may stand next. `first...` also allows the closing bracket. */
type Expect = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'separator';

/** Offset of the first character that cannot belong to one JSON value; the text's length if it ends too early. */
export function jsonErrorOffset(text: string): number {
  const open: string[] = [];
  let expect: Expect = 'value';
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    skip(SPACE);
    const character = text[at];
    if (character === undefined) return at;
    if (expect === 'separator' && open.length === 0) return at;
    if (character === (open.at(-1) === '{' ? '}' : ']') && /^(first|separator)/.test(expect) && open.length > 0) {
      open.pop();
      at++;
      expect = 'separator';
    } else if (expect === 'separator') {
      if (character !== ',') return at;
      at++;
      expect = open.at(-1) === '{' ? 'key' : 'value';
    } else if (expect === 'colon') {
      if (character !== ':') return at;
      at++;
      expect = 'value';
    } else if (expect === 'key' || expect === 'firstKey') {
      if (character !== '"' || !skip(SCALAR)) return at;
      expect = 'colon';
    } else if (character === '{' || character === '[') {
      open.push(character);
      at++;
      expect = character === '{' ? 'firstKey' : 'firstValue';
    } else {
      if (!skip(SCALAR)) return at;
      expect = 'separator';
    }
  }
}
