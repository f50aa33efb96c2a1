/** One array of several, in their order; a single one is itself. */
export function concatenate<List extends Float64Array | Int32Array | Uint32Array>(
  type: new (length: number) => List,
  parts: readonly List[],
): List {
  if (parts.length === 1) return parts[0];
  const whole = new type(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
