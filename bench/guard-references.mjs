// Loops of about a quarter of a millisecond that have nothing to do with the library: arithmetic, branches, reading memory in order.

const steps = 60_000;
const cumulative = Float64Array.from({ length: 64 }, (_, i) => (i + 1) / 64);
const memory = Float64Array.from({ length: 4096 }, (_, i) => i / 4096);
let kept = 0;

export const references = {
  /** A chain of multiplications, and a branch that cannot be foreseen. */
  arithmetic() {
    let x = 0.3;
    let sum = 0;
    for (let i = 0; i < steps; i++) {
      x = 3.9 * x * (1 - x);
      sum += x > 0.5 ? x * x : x / 3;
    }
    kept += sum;
  },
  /** Sample by sample, as one would write it first. */
  search() {
    let state = 12345;
    let sum = 0;
    for (let k = 0; k < steps / 5; k++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const u = (state >>> 0) / 4294967296;
      let low = 0;
      let high = 63;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulative[middle] > u) high = middle;
        else low = middle + 1;
      }
      sum += low;
    }
    kept += sum;
  },
  reading() {
    let sum = 0;
    for (let i = 0; i < 4 * steps; i++) sum += memory[i & 4095] * memory[~i & 4095];
    kept += sum;
  },
};

/** What the loops have added up: it keeps them from being left out. */
export const sum = () => kept;
