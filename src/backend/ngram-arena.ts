/** The arena of the portable n-gram kernels (layout in assembly/ngram-layout.ts): its size, what goes in, what comes out. */
import { inputError } from '../errors.js';
import * as G from '../generated/javascript/ngram-layout.js';
import type { Memory } from './arena.js';
import { type NgramJob, ngramSmoothings, programWords, truthDoubles, watchWords } from './ngram-job.js';
import { type NgramPlan, ngramPlan } from './ngram-plan.js';

/** How a job is cut for one kernel. */
export interface NgramShape {
  job: NgramJob;
  /** Values that the kernel holds before it hands them over; at least those of one generation. */
  outCapacity: number;
}

/** Addresses are 31 bits. */
const MOST_BYTES = 2 ** 31 - 65536;

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Words of sample text that the kernel holds: at least those of one generation. */
function textCapacity({ samples }: NgramJob): number {
  return samples.documents === 0 ? 0 : samples.documents * (samples.length + 3) + (1 << 16);
}

/** Most ids of n-grams of a length. */
function mostIds(job: NgramJob, plan: NgramPlan, length: number): number {
  if (length === 0) return 1;
  if (length === 1) return job.vocabulary + 2;
  return Math.min(plan.setTokens, (job.vocabulary + 2) ** length) + 1;
}

/** log2 of the most slots that the table of a length may take (growTable, firstBits in assembly/ngram-trie.ts). */
function mostBits(ids: number, tokens: number): number {
  let bits = 4;
  while (2 ** bits < tokens / 2 || 3 * (ids + 1) >= 2 * 2 ** bits) bits++;
  return bits;
}

/** Takes 64-byte aligned regions one after the other. */
class Cursor {
  constructor(public at: number) {}
  take(bytes: number): number {
    const start = this.at;
    this.at += aligned(bytes);
    return start;
  }
}

/** Where everything is, from the address `base`. */
export class NgramLayout {
  readonly words = new Int32Array(G.HEADER_BYTES / 4);
  /** Tables of addresses: (address, contents). */
  readonly tables: { at: number; words: Int32Array }[] = [];
  readonly bytes: number;
  private readonly cursor: Cursor;

  constructor(
    readonly job: NgramJob,
    readonly plan: NgramPlan,
    outCapacity: number,
    base: number,
  ) {
    this.cursor = new Cursor(base + aligned(G.HEADER_BYTES));
    this.placeJob(outCapacity);
    this.placeData();
    this.placeTries();
    this.placeModels();
    this.bytes = this.cursor.at - base;
  }

  private place(word: number, bytes: number): void {
    this.words[word] = this.cursor.take(bytes);
  }

  private table(word: number, length: number): Int32Array {
    const words = new Int32Array(length);
    this.words[word] = this.cursor.take(4 * length);
    this.tables.push({ at: this.words[word], words });
    return words;
  }

  private placeJob(outCapacity: number): void {
    const { job, plan } = this;
    const { lines, blocks } = programWords(job);
    this.place(G.ADDR_PROGRAM, 4 * lines.length);
    this.place(G.ADDR_BLOCKS, 4 * blocks.length);
    this.place(G.ADDR_SIZES, 4 * job.sizes.length);
    this.place(G.ADDR_METRICS, 4 * job.metrics.length);
    this.place(G.ADDR_REPORT, 4 * (job.report?.length ?? 0));
    this.place(G.ADDR_WATCH, 4 * G.WATCH_WORDS * job.watch.length);
    this.place(G.ADDR_TRUTH, 16 * job.truth.length);
    this.place(G.ADDR_CORPUS, 4 * job.corpus.length);
    this.place(G.ADDR_HELD, 4 * job.heldOut.length);
    this.place(G.ADDR_CORPUS_STARTS, 4 * plan.documents);
    this.place(G.ADDR_REAL_COUNTS, 4 * job.vocabulary);
    this.place(G.ADDR_HASHES, plan.wanted & G.WANT_VERBATIM ? 8 * 2 ** this.hashBits() : 0);
    this.place(G.ADDR_OUT, 8 * outCapacity);
    this.place(G.ADDR_TEXT, 4 * textCapacity(job));
  }

  /** At most half of the slots are taken. */
  hashBits(): number {
    return Math.ceil(Math.log2(Math.max(8, 2 * this.plan.documents)));
  }

  private placeData(): void {
    const { job, plan } = this;
    this.place(G.ADDR_FIRST, 4 * plan.firstDocuments);
    this.place(G.ADDR_KEPT_REAL, plan.keepsReal ? 4 * plan.documents : 0);
    this.place(G.ADDR_POOL, 4 * plan.poolTokens);
    this.place(G.ADDR_POOL_STARTS, 4 * plan.poolTokens);
    this.place(G.ADDR_COMPOSITION, 4 * (job.lastGeneration + 1));
    // A document is written behind the training set before it is taken in.
    const sets = this.table(G.ADDR_SETS, 2 * plan.sets);
    for (let s = 0; s < plan.sets; s++) sets[2 * s] = this.cursor.take(4 * (plan.setTokens + plan.longest));
    const kept = this.table(G.ADDR_KEPT, 3 * plan.kept);
    for (let k = 0; k < plan.kept; k++) kept[3 * k] = this.cursor.take(4 * plan.keptTokens);
    const smoothing = ngramSmoothings.indexOf(job.smoothing);
    const [shortest, longest] = smoothing >= G.WITTEN_BELL ? [1, job.order - 1] : [job.order - 1, job.order - 1];
    const stride = aligned(4 * (plan.setTokens + 1));
    // Contexts shorter than the shortest have no lists: the first list stands where theirs would end.
    this.words[G.CONTEXT_STRIDE] = stride;
    this.words[G.ADDR_CONTEXTS] = this.cursor.take(stride * Math.max(0, longest - shortest + 1)) - shortest * stride;
    this.place(G.ADDR_NEW, smoothing === G.KNESER_NEY ? 4 * plan.setTokens : 0);
    this.place(G.ADDR_STAMPS, plan.repetition > 0 ? 4 * mostIds(job, plan, plan.repetition) : 0);
    const tokens = job.rule === 0 ? 0 : job.vocabulary + 1;
    this.place(G.ADDR_MARKS, 4 * tokens);
    this.place(G.ADDR_WEIGHTS, 8 * tokens);
    this.place(G.ADDR_DENSE, smoothing === G.NONE ? 0 : 8 * tokens);
    this.place(G.ADDR_BASE, smoothing === G.NONE ? 0 : 8 * tokens);
    this.place(G.ADDR_ORDER, 4 * tokens);
  }

  private placeTries(): void {
    const { job, plan } = this;
    const smoothed = job.smoothing !== 'none';
    const tries = smoothed ? plan.models : 1;
    this.words[G.TRIES] = tries;
    const levels = this.table(G.ADDR_LEVELS, (tries * G.LEVELS * G.LEVEL_BYTES) / 4);
    for (let trie = 0; trie < tries; trie++) {
      for (let length = 0; length <= plan.reportDepth; length++) {
        const ids = mostIds(job, plan, length);
        const entry = ((trie * G.LEVELS + length) * G.LEVEL_BYTES) / 4;
        levels[entry + G.LEVEL_NODES / 4] = this.cursor.take(16 * ids);
        levels[entry + G.LEVEL_LINKS / 4] = smoothed ? this.cursor.take(16 * ids) : 0;
        levels[entry + G.LEVEL_TABLE / 4] = length < 2 ? 0 : this.cursor.take(4 * 2 ** mostBits(ids, plan.setTokens));
      }
    }
  }

  private placeModels(): void {
    const { job, plan } = this;
    const models = this.table(G.ADDR_MODELS, (plan.models * G.MODEL_BYTES) / 4);
    const longest = job.order - 1;
    const shortest = ngramSmoothings.indexOf(job.smoothing) >= G.WITTEN_BELL ? 0 : longest;
    const paired = job.rule !== 0 && job.smoothing === 'none';
    const contexts = mostIds(job, plan, longest);
    for (let m = 0; m < plan.models; m++) {
      const entry = (m * G.MODEL_BYTES) / 4;
      for (let length = shortest; length <= longest; length++) {
        models[entry + G.MODEL_GROUPS / 4 + length] = this.cursor.take(4 * (mostIds(job, plan, length) + 2));
        models[entry + G.MODEL_RECORDS / 4 + length] = this.cursor.take(8 * plan.setTokens);
      }
      models[entry + G.MODEL_TYPES / 4] = this.cursor.take(job.smoothing === 'none' ? 0 : 4 * (job.vocabulary + 1));
      models[entry + G.MODEL_PAIR_STARTS / 4] = this.cursor.take(paired ? 4 * (contexts + 2) : 0);
      models[entry + G.MODEL_PAIRS / 4] = this.cursor.take(paired ? 4 * plan.setTokens : 0);
      models[entry + G.MODEL_NEXTS / 4] = this.cursor.take(paired ? 4 * plan.setTokens : 0);
      models[entry + G.MODEL_SHARES / 4] = this.cursor.take(paired ? 8 * plan.setTokens : 0);
    }
  }
}

/** Bytes of memory that one portable kernel needs for a job: upper bounds from its sizes. */
export function ngramArenaBytes({ job, outCapacity }: NgramShape): number {
  return new NgramLayout(job, ngramPlan(job), outCapacity, 0).bytes;
}

/**
 * The layout of a job from `base` on.
 * @throws InputError where it is too large for the portable kernels.
 */
export function ngramLayout({ job, outCapacity }: NgramShape, base: number): NgramLayout {
  const layout = new NgramLayout(job, ngramPlan(job), outCapacity, base);
  if (base + layout.bytes <= MOST_BYTES) return layout;
  const allowed = `jobs of at most ${MOST_BYTES} bytes; the native backend has no such limit`;
  throw inputError('corpus', `${job.corpus.length} tokens, which take ${layout.bytes} bytes`, allowed);
}

/** Writes a job into memory that is large enough for its layout; `ngramPrepare` does the rest. */
export function writeNgram(memory: Memory, layout: NgramLayout, outCapacity: number): void {
  const { job, plan } = layout;
  const header = new Int32Array(memory.buffer, memory.base, G.HEADER_BYTES / 4);
  header.set(layout.words);
  const doubles = new Float64Array(memory.buffer, memory.base, G.HEADER_BYTES / 8);
  const scalars: [word: number, value: number][] = [
    [G.SEED_LOW, (job.seed % 2 ** 32) | 0],
    [G.SEED_HIGH, Math.floor(job.seed / 2 ** 32)],
    [G.OUT_CAPACITY, outCapacity],
    [G.TEXT_CAPACITY, textCapacity(job)],
    [G.VOCABULARY, job.vocabulary],
    [G.ORDER, job.order],
    [G.SMOOTHING, ngramSmoothings.indexOf(job.smoothing)],
    [G.RULE, job.rule],
    [G.LAST_GENERATION, job.lastGeneration],
    [G.REPORT_COUNT, job.report?.length ?? 0],
    [G.METRICS, job.metrics.length / 2],
    [G.PROGRAM_LENGTH, job.generations.length],
    [G.MODELS, plan.models],
    [G.SETS, plan.sets],
    [G.KEPT, plan.kept],
    [G.MAX_DOCUMENT, job.maxDocument],
    [G.TRAIN_DEPTH, plan.trainDepth],
    [G.REPORT_DEPTH, plan.reportDepth],
    [G.CORPUS_LENGTH, job.corpus.length],
    [G.CORPUS_DOCUMENTS, plan.documents],
    [G.HELD_LENGTH, job.heldOut.length],
    [G.REPEAT_LENGTH, plan.repetition],
    [G.SAMPLE_DOCUMENTS, job.samples.documents],
    [G.SAMPLE_LENGTH, job.samples.length],
    [G.SAMPLE_REPLICATES, job.samples.replicates],
    [G.WANTED, plan.wanted],
    [G.HASH_BITS, plan.wanted & G.WANT_VERBATIM ? layout.hashBits() : 0],
    [G.KL_ENTRIES, job.truth.length],
  ];
  for (const [word, value] of scalars) header[word] = value;
  doubles[G.SMOOTHING_PARAMETER / 2] = job.smoothingParameter;
  doubles[G.RULE_PARAMETER / 2] = job.ruleParameter;
  for (const { at, words } of layout.tables) new Int32Array(memory.buffer, at, words.length).set(words);
  const { lines, blocks } = programWords(job);
  const put = (word: number, values: ArrayLike<number>) => new Int32Array(memory.buffer, header[word], values.length).set(values);
  put(G.ADDR_PROGRAM, lines);
  put(G.ADDR_BLOCKS, blocks);
  put(G.ADDR_SIZES, job.sizes);
  put(G.ADDR_METRICS, job.metrics);
  put(G.ADDR_REPORT, job.report ?? []);
  put(G.ADDR_WATCH, watchWords(job));
  put(G.ADDR_CORPUS, job.corpus);
  put(G.ADDR_HELD, job.heldOut);
  const truth = truthDoubles(job);
  new Float64Array(memory.buffer, header[G.ADDR_TRUTH], truth.length).set(truth);
  // The memory may be used: what the kernel expects to be zero.
  const zero = (word: number, length: number) => new Int32Array(memory.buffer, header[word], length).fill(0);
  zero(G.ADDR_REAL_COUNTS, job.vocabulary);
  zero(G.ADDR_MARKS, job.rule === 0 ? 0 : job.vocabulary + 1);
  zero(G.ADDR_HASHES, plan.wanted & G.WANT_VERBATIM ? 2 * 2 ** layout.hashBits() : 0);
}
