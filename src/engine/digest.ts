/** SHA-256 over the SHA-256s of the raw results of blocks of 1,024 replicates: what every backend must agree on. */
import { hex, type Sha256, sha256 } from '#platform';
import type { SliceResult } from '../backend/job.js';
import { BLOCK_REPLICATES } from './slices.js';

/** The hash of one block: all metric values in order of chain and generation, then the chains' collapse times (u32);
 * little-endian. */
export class BlockHash {
  private readonly hash = sha256();
  private readonly times: Uint32Array[] = [];
  /** Chains taken so far. */
  chains = 0;

  /** Takes the block's slices in order. */
  add({ values, collapseTimes }: SliceResult): void {
    update(this.hash, values);
    this.times.push(collapseTimes);
    this.chains += collapseTimes.length;
  }

  /** 32 bytes. */
  finish(): Uint8Array {
    for (const times of this.times) update(this.hash, times);
    return this.hash.digest();
  }
}

/** The digest of a run from the hashes of its blocks, or of a sweep from the digests of its points. */
export class HashOfHashes {
  private readonly whole = sha256();

  /** Takes hashes of 32 bytes in order. */
  add(hash: Uint8Array): void {
    this.whole.update(hash);
  }

  /** In hexadecimal. */
  finish(): string {
    return hex(this.whole.digest());
  }
}

/** The digest of a run from its slices. */
export class Digest {
  private readonly whole = new HashOfHashes();
  private block: BlockHash | undefined;
  private readonly chainsPerBlock: number;

  constructor(contexts: number) {
    this.chainsPerBlock = BLOCK_REPLICATES * contexts;
  }

  /** Takes slices in order; none crosses a block. */
  add(slice: SliceResult): void {
    this.block ??= new BlockHash();
    this.block.add(slice);
    if (this.block.chains === this.chainsPerBlock) this.closeBlock();
  }

  /** In hexadecimal. */
  finish(): string {
    this.closeBlock();
    return this.whole.finish();
  }

  private closeBlock(): void {
    if (this.block) this.whole.add(this.block.finish());
    this.block = undefined;
  }
}

function update(hash: Sha256, { buffer, byteOffset, byteLength }: Float64Array | Uint32Array): void {
  hash.update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
}
