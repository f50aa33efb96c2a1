/**
 * The state of a chain of n-gram models between two generations; the twin of native/ngram-state.cc. Of a model it holds the tokens
 * that it was trained on: training it again gives the same model.
 */
import * as G from '../generated/javascript/ngram-layout.js';
import type { Memory } from './arena-view.js';
import type { NgramJob } from './ngram-job.js';
import type { NgramPlan } from './ngram-plan.js';
import { ChainState, countThrough } from './state.js';

/** An n-gram job in an arena. */
export interface NgramPlace {
  memory: Memory;
  job: NgramJob;
  plan: NgramPlan;
}

const wordsOf = ({ memory: { buffer, base } }: NgramPlace) => new Int32Array(buffer, base, G.HEADER_BYTES / 4);

/** Where the chain in an arena stands: no bytes between two chains, undefined in the middle of a generation. */
export function saveNgram(place: NgramPlace): Uint8Array | undefined {
  const words = wordsOf(place);
  if (words[G.PHASE] !== 0) return undefined;
  if (words[G.GENERATION] === 0) return new Uint8Array(0);
  const state = new ChainState(place.memory);
  transfer(place, state);
  return state.finish();
}

/**
 * Puts the slice's first chain where `saveNgram` left it.
 * @param train trains the model of a generation to the set that is in its place
 * @throws Error for bytes that are not of this job
 */
export function restoreNgram(place: NgramPlace, bytes: Uint8Array, train: (generation: number) => void): void {
  const words = wordsOf(place);
  const state = new ChainState(place.memory, bytes);
  try {
    const old = transfer(place, state);
    state.finish();
    const last = words[G.GENERATION];
    const first = oldest(last, place.plan.models);
    for (let m = first; m <= last; m++) {
      const set = setOf(place, m);
      const there = set.tokens().slice();
      if (m - first < old.length) set.put(old[m - first]);
      train(m);
      set.put(there);
    }
  } catch (error) {
    words[G.CHAINS_LEFT] = 0;
    throw error;
  }
}

/** The oldest of so many generations of which something is kept. */
function oldest(generation: number, kept: number): number {
  return Math.max(1, generation - kept + 1);
}

/** Reads or writes all that a chain holds; gives the training sets of models that are older than the sets of the ring. */
function transfer(place: NgramPlace, state: ChainState): Int32Array[] {
  const { memory, job, plan } = place;
  const words = wordsOf(place);
  /** A list of words of the arena, its length in a word of the header. */
  const list = (length: number, address: number, most: number) => {
    words[length] = state.count(words[length], most);
    state.copy(words[address], 4 * words[length]);
  };
  state.word(G.GENERATION);
  const generation = words[G.GENERATION];
  state.require(generation >= 1 && generation < job.lastGeneration);
  words[G.REPORT_INDEX] = countThrough(job.report, generation);
  state.require(state.count(plan.documents, plan.documents) === plan.documents);
  state.copy(words[G.ADDR_CORPUS_STARTS], 4 * plan.documents);
  list(G.FIRST_DOCUMENTS, G.ADDR_FIRST, plan.firstDocuments);
  list(G.KEPT_DOCUMENTS, G.ADDR_KEPT_REAL, plan.keepsReal ? plan.documents : 0);
  list(G.POOL_LENGTH, G.ADDR_POOL, plan.poolTokens);
  list(G.POOL_DOCUMENTS, G.ADDR_POOL_STARTS, plan.poolTokens);
  if (plan.kept > 0) {
    for (let m = oldest(generation, plan.kept); m <= generation; m++) {
      const batch = new Int32Array(memory.buffer, words[G.ADDR_KEPT] + 12 * (m % plan.kept), 3);
      batch[2] = state.flag(batch[2] === m) ? m : 0;
      if (batch[2] === 0) continue;
      batch[1] = state.count(batch[1], plan.keptTokens);
      state.copy(batch[0], 4 * batch[1]);
    }
  }
  const sets = oldest(generation, plan.sets);
  const old: Int32Array[] = [];
  for (let m = oldest(generation, plan.models); m < sets; m++) {
    old.push(state.list(state.restores ? new Int32Array(0) : trainedOn(place, m), plan.setTokens));
  }
  for (let m = sets; m <= generation; m++) {
    const set = new Int32Array(memory.buffer, words[G.ADDR_SETS] + 8 * (m % plan.sets), 2);
    set[1] = state.count(set[1], plan.setTokens);
    state.copy(set[0], 4 * set[1]);
  }
  return old;
}

/** The place of a training set. */
function setOf(place: NgramPlace, m: number) {
  const { buffer } = place.memory;
  const entry = new Int32Array(buffer, wordsOf(place)[G.ADDR_SETS] + 8 * (m % place.plan.sets), 2);
  const tokens = (length: number) => new Int32Array(buffer, entry[0], length);
  return {
    tokens: () => tokens(entry[1]),
    put: (values: Int32Array) => {
      entry[1] = values.length;
      tokens(values.length).set(values);
    },
  };
}

/** A model's training set, without who wrote its documents: the positions of every context are in their order. */
function trainedOn(place: NgramPlace, generation: number): Int32Array {
  const { memory, job, plan } = place;
  const words = wordsOf(place);
  const model = words[G.ADDR_MODELS] + G.MODEL_BYTES * (generation % plan.models);
  const longest = job.order - 1;
  const at = (offset: number) => new Int32Array(memory.buffer, model + offset + 4 * longest, 1)[0];
  const starts = new Int32Array(memory.buffer, at(G.MODEL_GROUPS));
  const records = new Int32Array(memory.buffer, at(G.MODEL_RECORDS));
  const next = new Map<number, number>();
  const tokens: number[] = [];
  for (let context = 0; ; ) {
    const position = next.get(context) ?? starts[context];
    if (context === 0 && position === starts[1]) return Int32Array.from(tokens);
    next.set(context, position + 1);
    const token = records[2 * position] & 0x7fffffff;
    tokens.push(token);
    context = token === job.vocabulary ? 0 : records[2 * position + 1];
  }
}
