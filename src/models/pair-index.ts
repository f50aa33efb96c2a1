/** Numbers pairs of small integers in the order in which they first come: a hash table without objects. */
export class PairIndex {
  private keys = new Float64Array(1024).fill(-1);
  private ids = new Int32Array(1024);
  /** How many different pairs there have been. */
  size = 0;

  /** Pairs are (a, b) with 0 <= b < width and a * width + b below 2^53. */
  constructor(private readonly width: number) {}

  /** The number of the pair (a, b), a new one if it has not come before. */
  id(a: number, b: number): number {
    const key = a * this.width + b;
    const slot = this.slotOf(key);
    if (this.keys[slot] === key) return this.ids[slot];
    const id = this.size++;
    this.keys[slot] = key;
    this.ids[slot] = id;
    if (this.size * 2 > this.keys.length) this.grow();
    return id;
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1;
    const mixed = Math.imul((key | 0) ^ Math.imul((key / 4294967296) | 0, 0x85ebca6b), 0x9e3779b1);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    while (this.keys[slot] !== -1 && this.keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, ids } = this;
    this.keys = new Float64Array(keys.length * 2).fill(-1);
    this.ids = new Int32Array(keys.length * 2);
    keys.forEach((key, i) => {
      if (key === -1) return;
      const slot = this.slotOf(key);
      this.keys[slot] = key;
      this.ids[slot] = ids[i];
    });
  }
}
