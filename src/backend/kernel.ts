/** What every backend gives: memory to work in and the two calls of the whole-chain kernel. */
export interface Kernel {
  /** Makes an arena of at least `bytes`; earlier arenas of this kernel are void. Rows already built are kept. */
  reserve(bytes: number): void;
  /** The arena's memory (read anew after every `reserve`) and its first byte. */
  readonly memory: ArrayBuffer;
  readonly base: number;
  /** Builds the Poisson rows of means 1 ... largest that are missing. */
  buildRows(largest: number): void;
  /** Goes on with the slice in the arena; returns a status of `layout.ts`. */
  advance(budget: number): number | Promise<number>;
}
