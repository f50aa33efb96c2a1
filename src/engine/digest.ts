/** SHA-256 over the SHA-256s of the raw results of blocks of 1,024 replicates: what every backend must agree on. */
import { hex, type Sha256, sha256 } from '#platform';
import type { SliceResult } from '../backend/job.js';
import { BLOCK_REPLICATES } from './slices.js';

/** A block's bytes: all metric values in order of chain and generation, then the chains' collapse times (u32);
 * little-endian. */
export class Digest {
  private readonly whole = sha256();
  private block: Sha256 | undefined;
  private times: Uint32Array[] = [];
  private chains = 0;
  private readonly chainsPerBlock: number;

  constructor(contexts: number) {
    this.chainsPerBlock = BLOCK_REPLICATES * contexts;
  }

  /** Takes slices in order; none crosses a block. */
  add({ values, collapseTimes }: SliceResult): void {
    this.block ??= sha256();
    this.block.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    this.times.push(collapseTimes);
    this.chains += collapseTimes.length;
    if (this.chains === this.chainsPerBlock) this.closeBlock();
  }

  /** In hexadecimal. */
  finish(): string {
    if (this.block) this.closeBlock();
    return hex(this.whole.digest());
  }

  private closeBlock(): void {
    for (const times of this.times) this.block?.update(new Uint8Array(times.buffer, times.byteOffset, times.byteLength));
    if (this.block) this.whole.update(this.block.digest());
    this.block = undefined;
    this.times = [];
    this.chains = 0;
  }
}
