// A slow simulator that shares nothing with the kernels: one pick at a time, from its own generator.

/** mulberry32: uniform numbers on [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** n picks from weights, each by a walk through the running sum. */
export function slowMultinomial(n: number, weights: ArrayLike<number>, random: () => number): number[] {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i];
  const counts = new Array<number>(weights.length).fill(0);
  for (let j = 0; j < n; j++) {
    let u = random() * total;
    let i = 0;
    while (i < weights.length - 1 && u >= weights[i]) u -= weights[i++];
    counts[i]++;
  }
  return counts;
}
