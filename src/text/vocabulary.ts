/** Divides what was read into training and validation, and numbers the tokens of the training set. */
import type { TokenStore } from './token-store.js';
import { type Tokeniser, UNKNOWN, UNKNOWN_ID } from './tokeniser.js';

/** Documents one after the other. Document d is tokens[offsets[d]] ... tokens[offsets[d + 1] - 1]; none is empty. */
export interface Documents {
  tokens: Int32Array;
  /** One more than there are documents; the last is the number of tokens. */
  offsets: Int32Array;
}

export interface TextSets {
  /**
   * Names of the tokens by their number: 0 is `<unk>`, whether it occurs or not; then the tokens of the training documents, the
   * frequent first, those equally frequent by UTF-16 code units.
   */
  vocabulary: string[];
  /** How often each token occurs in the training documents. */
  counts: Int32Array;
  training: Documents;
  validation: Documents;
  /** Validation tokens that are `<unk>`, and different tokens among them (a token below `minCount` counts too). */
  unknown: { tokens: number; types: number };
}

/**
 * @param store all documents; its token blocks are given back while they are copied, so it is empty afterwards
 * @param heldOut 1 for each validation document
 * @param minCount tokens that the training documents have fewer times become `<unk>`
 */
export function divide(store: TokenStore, tokeniser: Tokeniser, heldOut: Uint8Array, minCount: number): TextSets {
  const found = countTraining(store, tokeniser.size, heldOut);
  const kept: number[] = [];
  for (let id = 1; id < found.length; id++) if (found[id] >= minCount) kept.push(id);
  const names = new Map(kept.map((id) => [id, tokeniser.name(id)]));
  const nameOf = (id: number) => names.get(id) as string;
  kept.sort((a, b) => found[b] - found[a] || (nameOf(a) < nameOf(b) ? -1 : 1));
  const numbers = new Int32Array(found.length).fill(UNKNOWN_ID);
  kept.forEach((id, i) => (numbers[id] = i + 1));
  const counts = new Int32Array(kept.length + 1);
  found.forEach((count, id) => (counts[numbers[id]] += count));
  return { vocabulary: [UNKNOWN, ...kept.map(nameOf)], counts, ...copy(store, heldOut, numbers) };
}

/** Occurrences in the training documents by the numbers of the tokeniser. */
function countTraining({ tokens, ends }: TokenStore, size: number, heldOut: Uint8Array): Int32Array {
  const counts = new Int32Array(size);
  for (let d = 0, at = 0; d < ends.length; d++) {
    const end = ends.get(d);
    if (heldOut[d]) at = end;
    for (; at < end; at++) counts[tokens.get(at)]++;
  }
  return counts;
}

/** The two sets under their new numbers. */
function copy(store: TokenStore, heldOut: Uint8Array, numbers: Int32Array): Omit<TextSets, 'vocabulary' | 'counts'> {
  const { tokens, ends } = store;
  const sets = sizes(store, heldOut).map(({ tokens, documents }) => ({
    tokens: new Int32Array(tokens),
    offsets: new Int32Array(documents + 1),
  }));
  const places = [0, 0];
  const documents = [0, 0];
  const missing = new Set<number>();
  let unknownTokens = 0;
  let block = 0;
  for (let d = 0, at = 0; d < ends.length; d++) {
    const side = heldOut[d];
    const target = sets[side];
    let place = places[side];
    for (const end = ends.get(d); at < end; at++) {
      const token = tokens.get(at);
      const number = numbers[token];
      if (side === 1 && number === UNKNOWN_ID) {
        unknownTokens++;
        missing.add(token);
      }
      target.tokens[place++] = number;
    }
    places[side] = place;
    target.offsets[++documents[side]] = place;
    block = tokens.releaseBefore(at, block);
  }
  const [training, validation] = sets;
  return { training, validation, unknown: { tokens: unknownTokens, types: missing.size } };
}

function sizes({ ends }: TokenStore, heldOut: Uint8Array): { tokens: number; documents: number }[] {
  const sets = [0, 1].map(() => ({ tokens: 0, documents: 0 }));
  for (let d = 0, start = 0; d < ends.length; d++) {
    const end = ends.get(d);
    sets[heldOut[d]].tokens += end - start;
    sets[heldOut[d]].documents++;
    start = end;
  }
  return sets;
}
