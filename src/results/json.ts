/** JSON text in pieces: a long run's result is longer than the longest string (half a gigabyte) that V8 can hold. */

/** Array entries in one piece. */
const CHUNK = 50_000;

/** The same text as `JSON.stringify(value)`, for plain data. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value)) yield* arrayPieces(value);
  else if (typeof value === 'object' && value !== null) yield* objectPieces(value as Record<string, unknown>);
  else yield JSON.stringify(value) ?? 'null';
}

function* arrayPieces(values: readonly unknown[]): Generator<string> {
  yield '[';
  if (values.some((value) => typeof value === 'object' && value !== null)) {
    for (const [i, value] of values.entries()) {
      if (i > 0) yield ',';
      yield* jsonPieces(value);
    }
  } else {
    for (let start = 0; start < values.length; start += CHUNK) {
      const text = JSON.stringify(values.slice(start, start + CHUNK));
      yield `${start > 0 ? ',' : ''}${text.slice(1, -1)}`;
    }
  }
  yield ']';
}

function* objectPieces(object: Record<string, unknown>): Generator<string> {
  let separator = '{';
  for (const [key, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${separator}${JSON.stringify(key)}:`;
    yield* jsonPieces(value);
    separator = ',';
  }
  yield separator === '{' ? '{}' : '}';
}

/** Joins pieces to about a megabyte each, so that writing them costs few calls. */
export function* batched(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < 1 << 20) continue;
    yield text;
    text = '';
  }
  yield text;
}
