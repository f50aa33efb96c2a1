/** Which documents are for validation. */
import { inputError } from '../errors.js';
import { bounded } from '../generated/javascript/stream.js';
import { DOMAIN_SPLIT, startStream } from './streams.js';

/**
 * Chooses round(share x documents) documents at random without replacement (selection sampling, Knuth, TAOCP 2, 3.4.2 S), the
 * same for a seed everywhere.
 * @param seed 0 ... 2^53 - 1
 * @returns 1 for a document held out, 0 for one to train on
 * @throws InputError where training or validation would have no document.
 */
export function heldOut(documents: number, share: number, seed: number): Uint8Array {
  const wanted = Math.round(share * documents);
  if (documents < 2) {
    const allowed = 'a corpus of at least 2 documents: one to train on, one to validate with (model.documents says what separates them)';
    throw inputError('model.corpus', `${documents} document`, allowed);
  }
  if (wanted < 1 || wanted >= documents) {
    const [least, most] = [0.5 / documents, (documents - 0.5) / documents].map((bound) => Number(bound.toPrecision(3)));
    throw inputError('model.validation', share, `a share that leaves each side one of ${documents} documents: about ${least} to ${most}`);
  }
  const chosen = new Uint8Array(documents);
  startStream(seed, 0, DOMAIN_SPLIT);
  for (let d = 0, left = wanted; left > 0; d++) {
    // bounded() gives a u32 as i32.
    if (bounded(documents - d) >>> 0 >= left) continue;
    chosen[d] = 1;
    left--;
  }
  return chosen;
}
