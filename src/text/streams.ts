/** Random streams of the text floor: apart from those of chains (domain 0) and truths (1). */
import { seedStream } from '../generated/javascript/stream.js';

/** Which documents are held out. */
export const DOMAIN_SPLIT = 0x73706c74;
/** The stories of the grammar. */
export const DOMAIN_STORIES = 0x73746f72;

/** Starts the thread's stream for (seed, index, domain). Seed 0 ... 2^53 - 1, index 0 ... 2^32 - 1. Seed again after every pause. */
export function startStream(seed: number, index: number, domain: number): void {
  seedStream(seed | 0, Math.floor(seed / 2 ** 32) | 0, 0, index | 0, 0, domain);
}
