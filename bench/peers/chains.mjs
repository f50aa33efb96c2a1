// What the peers in JavaScript share, and the protocol of all of them: a program is started with SUPPORT EXPONENT REPLICATES
// GENERATIONS N...; for every seed, a line on its standard input, it simulates REPLICATES chains of fully synthetic training for
// each N from a Zipf distribution of SUPPORT tokens, records the Simpson index of every generation, and writes a line:
// the processor seconds that took, then for each N a mean and its standard error, of the collapse times (GENERATIONS 0) or
// of the Simpson index of the last generation. What happens before the first seed is not timed.
import { createInterface } from 'node:readline';

const [support, exponent, replicates, generations, ...sizes] = process.argv.slice(2).map(Number);
export const job = { support, exponent, replicates, generations, sizes };

function zipf() {
  const p = Float64Array.from({ length: support }, (_, i) => (i + 1) ** -exponent);
  const total = p.reduce((sum, x) => sum + x, 0);
  return p.map((x) => x / total);
}

/** @param run seed -> the values of each sample size, one a replicate, and the processor seconds if it knows better. */
export async function serve(run) {
  for await (const line of createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    const { values, seconds } = await run(Number(line));
    const { user, system } = process.cpuUsage(before);
    const moments = values.flatMap((list) => {
      const mean = list.reduce((sum, x) => sum + x, 0) / list.length;
      const squares = list.reduce((sum, x) => sum + (x - mean) ** 2, 0);
      return [mean, Math.sqrt(squares / (list.length - 1) / list.length)];
    });
    console.log([seconds ?? (user + system) / 1e6, ...moments].join(' '));
  }
}

/** Draws sample by sample: a uniform number and a binary search in the cumulative sums. */
export function picker(random, largest) {
  const cumulative = new Float64Array(largest);
  return (n, weights, live, drawn) => {
    let total = 0;
    for (let i = 0; i < live; i++) {
      cumulative[i] = total += weights[i];
      drawn[i] = 0;
    }
    for (let k = 0; k < n; k++) {
      const u = random() * total;
      let low = 0;
      let high = live - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulative[middle] > u) high = middle;
        else low = middle + 1;
      }
      drawn[low]++;
    }
  };
}

/**
 * The chains of a peer that draws a generation from weights.
 * @param draw (n, weights, live, drawn): fills drawn[0 ... live - 1] with a multinomial of the weights (of any sum)
 */
export function simulateChains(draw) {
  const p = zipf();
  const weights = new Float64Array(support);
  const drawn = new Uint32Array(support);
  const chain = (n) => {
    weights.set(p);
    let live = support;
    const simpson = [];
    for (let generation = 1; ; generation++) {
      draw(n, weights, live, drawn);
      let kept = 0;
      let sum = 0;
      for (let i = 0; i < live; i++) {
        if (drawn[i] === 0) continue;
        weights[kept++] = drawn[i];
        sum += drawn[i] * drawn[i];
      }
      live = kept;
      simpson.push(sum / (n * n));
      if (generations === 0 && live === 1) return generation;
      if (generation === generations) return simpson[generation - 1];
    }
  };
  return { values: sizes.map((n) => Array.from({ length: replicates }, () => chain(n))) };
}
