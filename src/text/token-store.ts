/** Growing lists of numbers in blocks: no copy while they grow. */

const BLOCK_BITS = 16;
const BLOCK = 2 ** BLOCK_BITS;
const MASK = BLOCK - 1;
/** Most tokens of a corpus: what the index of a typed array of the kernels can address. */
export const MAX_TOKENS = 2 ** 30;

/** A list of 32-bit numbers. */
export class IntList {
  length = 0;
  private readonly blocks: Int32Array[] = [];
  private block: Int32Array = new Int32Array(0);

  push(value: number): void {
    const at = this.length & MASK;
    if (at === 0) this.block = this.blocks[this.length >>> BLOCK_BITS] ??= new Int32Array(BLOCK);
    this.block[at] = value;
    this.length++;
  }

  get(index: number): number {
    return this.blocks[index >>> BLOCK_BITS][index & MASK];
  }

  /** Takes the last numbers away. */
  drop(count: number): void {
    this.length -= count;
    // `push` looks the block up by itself where a block begins.
    if ((this.length & MASK) !== 0) this.block = this.blocks[this.length >>> BLOCK_BITS];
  }

  /** Gives back the blocks before an index, from block `from` on: they are not read again. Returns the first block kept. */
  releaseBefore(index: number, from: number): number {
    let block = from;
    for (; block < index >>> BLOCK_BITS; block++) this.blocks[block] = new Int32Array(0);
    return block;
  }
}

/** Documents as token numbers while they are read. */
export class TokenStore {
  readonly tokens = new IntList();
  /** Where each document ends. */
  readonly ends = new IntList();

  /** @param full makes the error to throw beyond `MAX_TOKENS` */
  constructor(private readonly full: () => Error) {}

  add(id: number): void {
    this.tokens.push(id);
  }

  /** The token before the last by `back`: 0 is the last one. */
  recent(back: number): number {
    return this.tokens.get(this.tokens.length - 1 - back);
  }

  endDocument(): void {
    if (this.tokens.length > MAX_TOKENS) throw this.full();
    this.ends.push(this.tokens.length);
  }
}
