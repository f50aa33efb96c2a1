/** Numbers strings in the order in which they first come: a hash table on code units, without making strings. */
export class TypeTable {
  /** How many different strings there have been. */
  size = 0;
  /** Number + 1 of the string in each slot; 0 is free. */
  private slots = new Int32Array(4096);
  private hashes = new Int32Array(1024);
  /** String i is pool[starts[i]] ... pool[starts[i + 1] - 1]. */
  private starts = new Int32Array(1025);
  private pool = new Uint16Array(8192);

  /** The number of the string units[0] ... units[length - 1], a new one if it has not come before. */
  id(units: Uint16Array, length: number): number {
    let hash = length;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ units[i], 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    const mask = this.slots.length - 1;
    let slot = hash & mask;
    while (this.slots[slot] !== 0) {
      const id = this.slots[slot] - 1;
      if (this.hashes[id] === hash && this.equals(id, units, length)) return id;
      slot = (slot + 1) & mask;
    }
    this.slots[slot] = this.size + 1;
    return this.add(hash, units, length);
  }

  name(id: number): string {
    // In parts: a call takes so many arguments only.
    let name = '';
    for (let at = this.starts[id]; at < this.starts[id + 1]; at += 8192) {
      name += String.fromCharCode(...this.pool.subarray(at, Math.min(at + 8192, this.starts[id + 1])));
    }
    return name;
  }

  private equals(id: number, units: Uint16Array, length: number): boolean {
    const start = this.starts[id];
    if (this.starts[id + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.pool[start + i] !== units[i]) return false;
    return true;
  }

  private add(hash: number, units: Uint16Array, length: number): number {
    const id = this.size++;
    const start = this.starts[id];
    if (this.size === this.hashes.length) {
      this.hashes = grown(this.hashes, Int32Array);
      this.starts = grown(this.starts, Int32Array);
    }
    while (start + length > this.pool.length) this.pool = grown(this.pool, Uint16Array);
    this.pool.set(units.subarray(0, length), start);
    this.hashes[id] = hash;
    this.starts[id + 1] = start + length;
    if (this.size * 2 > this.slots.length) this.rehash();
    return id;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    const mask = this.slots.length - 1;
    for (let id = 0; id < this.size; id++) {
      let slot = this.hashes[id] & mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
      this.slots[slot] = id + 1;
    }
  }
}

/** A copy twice as long. */
export function grown<T extends Int32Array | Uint16Array>(array: T, type: new (length: number) => T): T {
  const longer = new type(array.length * 2);
  longer.set(array as never);
  return longer;
}
