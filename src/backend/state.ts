/**
 * The state of a chain as bytes, little-endian and the same on every backend (native/state.h). One description serves both ways: it
 * reads what an arena holds, or writes it there and checks that it fits.
 */
import type { Memory } from './arena-view.js';

const SHORT = 'a state of another job, or a part of one';

export class ChainState {
  private readonly pieces: Uint8Array[] = [];
  private at = 0;

  /** @param from the state to be put into the arena; without it the arena's is taken */
  constructor(
    private readonly memory: Memory,
    private readonly from?: Uint8Array,
  ) {}

  /** Whether a state is put into the arena. */
  get restores(): boolean {
    return this.from !== undefined;
  }

  /** @throws Error unless it holds of what is put into the arena */
  require(holds: boolean): void {
    if (this.restores && !holds) throw new Error(SHORT);
  }

  /** So many bytes of the arena. */
  copy(address: number, bytes: number): void {
    const there = new Uint8Array(this.memory.buffer, address, bytes);
    if (this.from) there.set(this.take(bytes));
    else this.pieces.push(there.slice());
  }

  /** A word of the arena's header, and a double. */
  word(index: number): void {
    this.copy(this.memory.base + 4 * index, 4);
  }
  double(index: number): void {
    this.copy(this.memory.base + 4 * index, 8);
  }

  /** An i32 that is held elsewhere: what it is from here on. */
  value(number: number): number {
    return this.array(Int32Array.of(number))[0];
  }
  flag(holds: boolean): boolean {
    return this.value(holds ? 1 : 0) !== 0;
  }
  /** The length of a list, at most `most`. */
  count(size: number, most: number): number {
    const length = this.value(size);
    this.require(length >= 0 && length <= most);
    return length;
  }

  /** A list that is held elsewhere, of at most `most` words: what it is from here on. */
  list(values: Int32Array, most: number): Int32Array {
    const length = this.count(values.length, most);
    return this.array(this.from ? new Int32Array(length) : values);
  }

  /** Numbers that are held elsewhere, as many as there are in `values`. */
  private array(values: Int32Array): Int32Array {
    if (this.from) return new Int32Array(this.take(values.byteLength).slice().buffer);
    this.pieces.push(new Uint8Array(values.slice().buffer));
    return values;
  }

  /** Entries of a table that a list of `size` indices (all below `most`) names: words or, if `wide`, doubles. */
  entries(list: number, size: number, table: number, most: number, wide: boolean): void {
    const indices = new Int32Array(this.memory.buffer, list, size);
    const Numbers = wide ? Float64Array : Int32Array;
    const cells = new Numbers(this.memory.buffer, table, most);
    const values = new Numbers(size);
    if (this.from) new Uint8Array(values.buffer).set(this.take(values.byteLength));
    for (let i = 0; i < size; i++) {
      this.require(indices[i] >= 0 && indices[i] < most);
      if (this.from) cells[indices[i]] = values[i];
      else values[i] = cells[indices[i]];
    }
    if (!this.from) this.pieces.push(new Uint8Array(values.buffer));
  }

  /** The state, all of it. @throws Error where more was given than was taken */
  finish(): Uint8Array {
    if (this.from && this.at !== this.from.length) throw new Error(SHORT);
    const whole = new Uint8Array(this.pieces.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  private take(bytes: number): Uint8Array {
    const from = this.from as Uint8Array;
    if (this.at + bytes > from.length) throw new Error(SHORT);
    this.at += bytes;
    return from.subarray(this.at - bytes, this.at);
  }
}

/** How many of an increasing list are at most `last`. */
export function countThrough(list: Int32Array | null, last: number): number {
  let count = 0;
  while (list && count < list.length && list[count] <= last) count++;
  return count;
}
