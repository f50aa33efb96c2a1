/** Random numbers for the verification: nothing here is shared with the simulator's generator. */

/** The seed of a check: 53 bits of a hash of its name (FNV-1a, 64 bits), so that no two checks share random numbers. */
export function seedOf(name: string): number {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return Number(mixed(hash) >> 11n);
}

/** One output of splitmix64 (Steele, Lea, Flood 2014). */
function mixed(state: bigint): bigint {
  let z = (state + 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & 0xffffffffffffffffn;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & 0xffffffffffffffffn;
  return z ^ (z >> 31n);
}

/** xoshiro128** (Blackman, Vigna 2018), seeded by splitmix64, handing out fair bits. */
export class FairBits {
  private readonly state = new Uint32Array(4);
  private word = 0;
  private left = 0;

  constructor(seed: number) {
    for (let i = 0; i < 4; i += 2) {
      const word = mixed(BigInt(seed) + BigInt(i) * 0x9e3779b97f4a7c15n);
      this.state[i] = Number(word & 0xffffffffn);
      this.state[i + 1] = Number(word >> 32n);
    }
  }

  /** 32 fair bits. */
  next(): number {
    const s = this.state;
    const x = Math.imul(s[1], 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  bit(): number {
    if (this.left === 0) {
      this.word = this.next();
      this.left = 32;
    }
    this.left--;
    const bit = this.word & 1;
    this.word >>>= 1;
    return bit;
  }

  /** A uniform index below `range` (up to 2^30), exact: halving by fair bits, starting again where the bits run over (Lumbroso 2013). */
  below(range: number): number {
    let values = 1;
    let value = 0;
    for (;;) {
      values *= 2;
      value = 2 * value + this.bit();
      if (values < range) continue;
      if (value < range) return value;
      values -= range;
      value -= range;
    }
  }

  /** A uniform number in (0, 1) with 52 bits. */
  uniform(): number {
    return ((this.next() >>> 6) * 67108864 + (this.next() >>> 6) + 0.5) / 4503599627370496;
  }
}
