/** Least, middle and largest of some numbers. */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const median = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return { min: sorted[0], median, max: sorted[sorted.length - 1] };
}

/** Three digits, as a table shows them. */
export function short(value) {
  if (value === 0) return '0';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(Math.min(digits, 4));
}
