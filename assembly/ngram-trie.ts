// The n-grams of a training set, counted: one table a length, an n-gram is (id of its first n - 1 tokens, last token).
// Ids go by first occurrence, from 1; 0 is the context before a document's first token, at every length. docs/NGRAM.md
import { word } from './header';
import * as G from './ngram-layout';
import { lessU32, loadI32, multiply, storeI32 } from './primitives';

/** Address of the entry of a level. */
export function levelOf(trie: i32, level: i32): i32 {
  return trie + (level << 5);
}

export function nodeAt(level: i32, id: i32): i32 {
  return loadI32(level + G.LEVEL_NODES) + (id << 4);
}

export function linkAt(level: i32, id: i32): i32 {
  return loadI32(level + G.LEVEL_LINKS) + (id << 4);
}

export function countOf(level: i32, id: i32): i32 {
  return loadI32(loadI32(level + G.LEVEL_NODES) + (id << 4) + G.NODE_COUNT);
}

/** Slot of a key in a table of 2^bits. */
function slotOf(prefix: i32, token: i32, bits: i32): i32 {
  let h: i32 = (multiply(prefix, -1640531535) + multiply(token, -2048144789)) | 0;
  h = multiply(h ^ (h >>> 15), 739982445);
  h = h ^ (h >>> 13);
  return multiply(h, -1640531535) >>> (32 - bits);
}

/** The id of an n-gram of a level, -1 if it is not there. */
export function findNode(level: i32, length: i32, prefix: i32, token: i32): i32 {
  if (length == 1) {
    return countOf(level, (token + 1) | 0) == 0 ? -1 : (token + 1) | 0;
  }
  const table: i32 = loadI32(level + G.LEVEL_TABLE);
  const nodes: i32 = loadI32(level + G.LEVEL_NODES);
  const bits: i32 = loadI32(level + G.LEVEL_BITS);
  const mask: i32 = ((1 << bits) - 1) | 0;
  let slot: i32 = slotOf(prefix, token, bits);
  while (true) {
    const id: i32 = loadI32(table + (slot << 2));
    if (id == 0) return -1;
    const node: i32 = nodes + (id << 4);
    if (loadI32(node) == prefix && loadI32(node + G.NODE_TOKEN) == token) return id;
    slot = (slot + 1) & mask;
  }
}

/** The id of an n-gram of a level above 1, made where it is not there. */
export function insertNode(level: i32, prefix: i32, token: i32): i32 {
  const table: i32 = loadI32(level + G.LEVEL_TABLE);
  const nodes: i32 = loadI32(level + G.LEVEL_NODES);
  const bits: i32 = loadI32(level + G.LEVEL_BITS);
  const mask: i32 = ((1 << bits) - 1) | 0;
  let slot: i32 = slotOf(prefix, token, bits);
  let id: i32 = loadI32(table + (slot << 2));
  while (id != 0) {
    const node: i32 = nodes + (id << 4);
    if (loadI32(node) == prefix && loadI32(node + G.NODE_TOKEN) == token) return id;
    slot = (slot + 1) & mask;
    id = loadI32(table + (slot << 2));
  }
  id = loadI32(level + G.LEVEL_SIZE);
  storeI32(table + (slot << 2), id);
  const node: i32 = nodes + (id << 4);
  storeI32(node, prefix);
  storeI32(node + G.NODE_TOKEN, token);
  storeI32(node + G.NODE_COUNT, 0);
  storeI32(node + G.NODE_TYPES, 0);
  const links: i32 = loadI32(level + G.LEVEL_LINKS);
  if (links != 0) clearLink(links + (id << 4));
  const size: i32 = (id + 1) | 0;
  storeI32(level + G.LEVEL_SIZE, size);
  // Two slots of three are taken at most.
  if (!lessU32((size * 3) | 0, 2 << bits)) growTable(level);
  return id;
}

function clearLink(link: i32): void {
  storeI32(link + G.LINK_SUFFIX, 0);
  storeI32(link + G.LINK_BEFORE, 0);
  storeI32(link + G.LINK_AROUND, 0);
}

/** Twice as many slots, filled from the nodes. */
function growTable(level: i32): void {
  const bits: i32 = (loadI32(level + G.LEVEL_BITS) + 1) | 0;
  const table: i32 = loadI32(level + G.LEVEL_TABLE);
  const nodes: i32 = loadI32(level + G.LEVEL_NODES);
  const size: i32 = loadI32(level + G.LEVEL_SIZE);
  const slots: i32 = 1 << bits;
  const mask: i32 = (slots - 1) | 0;
  storeI32(level + G.LEVEL_BITS, bits);
  for (let i: i32 = 0; i < slots; i++) storeI32(table + (i << 2), 0);
  for (let id: i32 = 1; id < size; id++) {
    const node: i32 = nodes + (id << 4);
    let slot: i32 = slotOf(loadI32(node), loadI32(node + G.NODE_TOKEN), bits);
    while (loadI32(table + (slot << 2)) != 0) slot = (slot + 1) & mask;
    storeI32(table + (slot << 2), id);
  }
}

/** log2 of the slots that a table starts with. */
export function firstBits(tokens: i32): i32 {
  let bits: i32 = 4;
  while (1 << bits < tokens >> 1) bits++;
  return bits;
}

/** Empties a trie: levels 0 ... depth, for a training set of so many tokens; returns the cost. */
export function clearTrie(trie: i32, depth: i32, tokens: i32): i32 {
  const words: i32 = word(G.VOCABULARY);
  let cost: i32 = (words + 2) | 0;
  for (let l: i32 = 0; l <= depth; l++) {
    const level: i32 = levelOf(trie, l);
    const direct: i32 = l == 0 ? 1 : l == 1 ? (words + 2) | 0 : 1;
    const links: i32 = loadI32(level + G.LEVEL_LINKS);
    for (let id: i32 = 0; id < direct; id++) {
      const node: i32 = nodeAt(level, id);
      storeI32(node + G.NODE_PREFIX, 0);
      storeI32(node + G.NODE_TOKEN, (id - 1) | 0);
      storeI32(node + G.NODE_COUNT, 0);
      storeI32(node + G.NODE_TYPES, 0);
      if (links != 0) clearLink(links + (id << 4));
    }
    storeI32(level + G.LEVEL_SIZE, direct);
    if (l < 2) continue;
    const bits: i32 = firstBits(tokens);
    const table: i32 = loadI32(level + G.LEVEL_TABLE);
    storeI32(level + G.LEVEL_BITS, bits);
    for (let i: i32 = 0; i < 1 << bits; i++) storeI32(table + (i << 2), 0);
    cost = (cost + (1 << (bits - 2))) | 0;
  }
  return cost;
}
