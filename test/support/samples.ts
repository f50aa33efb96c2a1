/** A small simulator for tests of theory: slow, plain, and independent of the kernels. */

/** mulberry32: uniform numbers in [0, 1). */
export function uniforms(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An index, with the probabilities given. */
export function draw(from: ArrayLike<number>, random: () => number): number {
  let u = random();
  let i = 0;
  while (i < from.length - 1) {
    u -= from[i];
    if (u < 0) break;
    i++;
  }
  return i;
}

/** How one training set is made of the truth (source 0) and all earlier ones. */
export type Pick = (sources: number[][], random: () => number) => number[];

/** `size` new samples of `from`, as frequencies. */
export function sample(from: readonly number[], size: number, random: () => number): number[] {
  const counts = from.map(() => 0);
  for (let i = 0; i < size; i++) counts[draw(from, random)]++;
  return counts.map((c) => c / size);
}

/** Frequencies of several sets of given sizes together. */
export function mix(parts: readonly [number[], number][]): number[] {
  const total = parts.reduce((sum, [, size]) => sum + size, 0);
  return parts[0][0].map((_, i) => parts.reduce((sum, [q, size]) => sum + (q[i] * size) / total, 0));
}

/** `size` items of an urn of `counts`, one by one and without replacement, as frequencies. */
export function withoutReplacement(counts: readonly number[], size: number, random: () => number): number[] {
  const left = [...counts];
  const taken = counts.map(() => 0);
  let items = left.reduce((sum, c) => sum + c, 0);
  for (let k = 0; k < size; k++) {
    const i = draw(
      left.map((c) => c / items),
      random,
    );
    left[i]--;
    taken[i]++;
    items--;
  }
  return taken.map((c) => c / size);
}
