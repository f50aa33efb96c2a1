/**
 * Random vectors known by their means and mean inner products alone (docs/MATH.md#second-moments). A vector is the mean of a
 * distribution: for a categorical model the shares themselves, for a Gaussian mu. Everything is taken relative to the truth's mean.
 * `spread` is the mean variance of one sample of the distribution (the trace of its covariance): 1 - sum_i p_i^2 for a categorical
 * one. Sums of vectors are held as vectors too, so that a window or the whole past costs no more than one source.
 */

/** A share of a training set: `share` of each vector summed in `slot`. */
export interface Part {
  slot: number;
  share: number;
}

/** Slot of the truth: mean 0 here, so that its products are 0. */
export const TRUTH = 0;

export class Vectors {
  private readonly products: Float64Array;
  /** Mean variance of one sample; of a sum, the sum of these. */
  readonly spread: Float64Array;
  /** Mean of one sample's squared distance from the truth's mean: spread and own product; of a sum, the sum of these. */
  readonly raw: Float64Array;
  /** Coefficients of the two error directions in the mean. */
  readonly bias: [Float64Array, Float64Array];
  private readonly live: number[] = [];
  private readonly free: number[];

  constructor(
    private readonly capacity: number,
    truthSpread: number,
  ) {
    this.products = new Float64Array(capacity * capacity);
    this.spread = new Float64Array(capacity);
    this.raw = new Float64Array(capacity);
    this.bias = [new Float64Array(capacity), new Float64Array(capacity)];
    this.free = Array.from({ length: capacity }, (_, i) => capacity - 1 - i);
    this.describe(this.take(), truthSpread);
  }

  /** E<X_i, X_j>. */
  product(i: number, j: number): number {
    return this.products[i * this.capacity + j];
  }

  /** E||X_i||^2. */
  own(i: number): number {
    return this.products[i * this.capacity + i];
  }

  /** E||X_i - X_j||^2. */
  distance(i: number, j: number): number {
    return i === j ? 0 : Math.max(0, this.own(i) - 2 * this.product(i, j) + this.own(j));
  }

  /** E||sum of the parts||^2. */
  ownOf(parts: readonly Part[]): number {
    let sum = 0;
    for (const a of parts) for (const b of parts) sum += a.share * b.share * this.product(a.slot, b.slot);
    return sum;
  }

  /** A new vector with the mean products of the parts; its own product is theirs and `noise`, its spread to be described. */
  add(parts: readonly Part[], noise = 0): number {
    const own = this.ownOf(parts) + noise;
    const slot = this.take();
    for (const u of this.live) {
      let sum = 0;
      if (u !== slot) for (const { slot: part, share } of parts) sum += share * this.product(part, u);
      this.set(slot, u, sum);
    }
    this.set(slot, slot, own);
    for (const bias of this.bias) {
      bias[slot] = 0;
      for (const { slot: part, share } of parts) bias[slot] += share * bias[part];
    }
    return slot;
  }

  /** Says what one sample of the vector's distribution is like. */
  describe(slot: number, spread: number, raw = spread + this.own(slot)): number {
    this.spread[slot] = spread;
    this.raw[slot] = raw;
    return slot;
  }

  /** An error direction: products with the truth's mean are 0, as all are relative to it. */
  addDirection(which: 0 | 1, own: number, spread: number, withOther = 0, other = -1): number {
    const slot = this.add([], own);
    if (other >= 0) this.set(slot, other, withOther);
    this.bias[which][slot] = 1;
    return this.describe(slot, spread);
  }

  /** `size` new samples of a vector's distribution, as a vector of their own. */
  batch(of: number, size: number): number {
    const spread = this.spread[of];
    return this.describe(this.add([{ slot: of, share: 1 }], spread / size), spread * (1 - 1 / size));
  }

  /** A sum without terms. */
  emptySum(): number {
    return this.describe(this.add([]), 0, 0);
  }

  /** sum += sign x vector. */
  accumulate(sum: number, slot: number, sign: 1 | -1): void {
    const own = this.own(sum) + sign * 2 * this.product(sum, slot) + this.own(slot);
    for (const u of this.live) if (u !== sum) this.set(sum, u, this.product(sum, u) + sign * this.product(slot, u));
    this.set(sum, sum, own);
    for (const bias of this.bias) bias[sum] += sign * bias[slot];
    this.describe(sum, Math.max(0, this.spread[sum] + sign * this.spread[slot]), this.raw[sum] + sign * this.raw[slot]);
  }

  /** Sums up anew what belongs to a sum alone: taking terms out again and again would let rounding errors grow. */
  refresh(sum: number, terms: readonly number[]): void {
    let own = 0;
    let spread = 0;
    let raw = 0;
    for (const slot of terms) {
      own += this.product(sum, slot);
      spread += this.spread[slot];
      raw += this.raw[slot];
    }
    this.set(sum, sum, own);
    this.describe(sum, spread, raw);
  }

  release(slot: number): void {
    this.live.splice(this.live.indexOf(slot), 1);
    this.free.push(slot);
  }

  private take(): number {
    const slot = this.free.pop() as number;
    this.live.push(slot);
    return slot;
  }

  private set(i: number, j: number, value: number): void {
    this.products[i * this.capacity + j] = this.products[j * this.capacity + i] = value;
  }
}
