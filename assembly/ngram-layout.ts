// The arena of the n-gram kernel: header words, tables of levels, models and training sets, and the numbers that the
// host and the kernel share. Words are i32; a double takes two and stands at an even index. ADDR_ words are addresses.

export const PROGRESS: i32 = 0; // double: generations simulated
export const REPLICATE: i32 = 2; // double
export const SEED_LOW: i32 = 4;
export const SEED_HIGH: i32 = 5;
export const CHAINS_LEFT: i32 = 6;
export const CHAIN_INDEX: i32 = 7;
export const REPORT_INDEX: i32 = 8;
export const OUT_USED: i32 = 9; // doubles at ADDR_OUT
export const OUT_CAPACITY: i32 = 10;
export const TEXT_USED: i32 = 11; // words at ADDR_TEXT
export const TEXT_CAPACITY: i32 = 12;

// Where the chain stands.
export const GENERATION: i32 = 13; // 0: not started
export const PHASE: i32 = 14;
export const CURSOR: i32 = 15; // of the phase: a position, a document or an id
export const LEVEL: i32 = 16; // of the phase
export const BLOCK: i32 = 17; // of the generation's line
export const BACK: i32 = 18; // the model of how many generations ago, in a block with several
export const SUPPLY: i32 = 19; // where the block's documents come from
export const SUPPLY_AT: i32 = 20;
export const SUPPLY_LENGTH: i32 = 21;
export const TAKEN: i32 = 22; // tokens of the block so far
export const SERIAL: i32 = 23; // number of the next generated document of this generation
export const STREAM: i32 = 24; // four words: the generation's stream for choices
export const REPORTED: i32 = 28; // whether this generation's metrics are asked for
export const DEPTH: i32 = 29; // levels that are counted
export const DOCUMENTS: i32 = 30; // of the training set
export const CUT: i32 = 31; // documents of this generation that reached the longest length
export const IN_DOCUMENT: i32 = 32; // position in the current document
export const REPEATS: i32 = 33; // n-grams of the current document that stood in it before
export const POOL_LENGTH: i32 = 34; // tokens
export const POOL_DOCUMENTS: i32 = 35;
export const FIRST_DOCUMENTS: i32 = 36; // real documents of generation 1
export const KEPT_DOCUMENTS: i32 = 37; // real documents that blocks keep
export const PAIRS: i32 = 38; // written so far
export const UNSEEN: i32 = 39; // held-out tokens of probability zero
export const VERBATIM: i32 = 40; // generated documents that stand in the corpus
export const SYNTHETIC: i32 = 41; // generated documents of the training set
export const LOG_SUM: i32 = 42; // double: of the held-out tokens
export const ENTROPY: i32 = 44; // double
export const REPETITION: i32 = 46; // double: sum over documents
export const REPEAT_DOCUMENTS: i32 = 48;
export const DISTINCT: i32 = 50; // per length 1 ... 3: types, windows
export const STATE: i32 = 56; // eight words: contexts of lengths 0 ... 6 at CURSOR

// The job.
export const VOCABULARY: i32 = 64; // words are 0 ... VOCABULARY - 1; VOCABULARY + t ends a document that generation t wrote
export const ORDER: i32 = 65;
export const SMOOTHING: i32 = 66;
export const RULE: i32 = 67;
export const SMOOTHING_PARAMETER: i32 = 68; // double
export const RULE_PARAMETER: i32 = 70; // double
export const LAST_GENERATION: i32 = 72;
export const REPORT_COUNT: i32 = 73;
export const METRICS: i32 = 74;
export const PROGRAM_LENGTH: i32 = 75;
export const MODELS: i32 = 76; // models kept
export const SETS: i32 = 77; // training sets kept, with the current one
export const KEPT: i32 = 78; // batches kept
export const MAX_DOCUMENT: i32 = 79; // tokens, the end included
export const TRAIN_DEPTH: i32 = 80;
export const REPORT_DEPTH: i32 = 81;
export const CORPUS_LENGTH: i32 = 82;
export const CORPUS_DOCUMENTS: i32 = 83;
export const HELD_LENGTH: i32 = 84;
export const REPEAT_LENGTH: i32 = 85; // n of rep-n, 0: not asked
export const SAMPLE_DOCUMENTS: i32 = 86; // per generation reported
export const SAMPLE_LENGTH: i32 = 87; // tokens shown of each
export const SAMPLE_REPLICATES: i32 = 88; // of the first replicates
export const WANTED: i32 = 89; // bits of the passes that the metrics need
export const HASH_BITS: i32 = 90;
export const KL_ENTRIES: i32 = 91; // watched pairs that make up the truth

export const ADDR_PROGRAM: i32 = 96; // per generation: first block, number of blocks; the last repeats
export const ADDR_BLOCKS: i32 = 97; // per block: source, through, size, mode
export const ADDR_SIZES: i32 = 98; // tokens
export const ADDR_METRICS: i32 = 99; // id, argument
export const ADDR_REPORT: i32 = 100;
export const ADDR_WATCH: i32 = 101; // per pair WATCH_WORDS: length of the context, its tokens, the token
export const ADDR_TRUTH: i32 = 102; // per pair two doubles: probability, weight of the context
export const ADDR_CORPUS: i32 = 103;
export const ADDR_HELD: i32 = 104;
export const ADDR_CORPUS_STARTS: i32 = 105; // in an order that choices change
export const ADDR_REAL_COUNTS: i32 = 106; // per word
export const ADDR_HASHES: i32 = 107; // two words a slot: documents of the corpus
export const ADDR_FIRST: i32 = 108; // starts of documents in the corpus
export const ADDR_KEPT_REAL: i32 = 109;
export const ADDR_POOL: i32 = 110;
export const ADDR_POOL_STARTS: i32 = 111;
export const ADDR_COMPOSITION: i32 = 112; // tokens per generation that wrote them
export const ADDR_LEVELS: i32 = 113; // per trie and level LEVEL_BYTES
export const ADDR_MODELS: i32 = 114; // per model MODEL_BYTES
export const ADDR_SETS: i32 = 115; // per set two words: address, length
export const ADDR_KEPT: i32 = 116; // per batch three words: address, length, generation
export const ADDR_CONTEXTS: i32 = 117; // per position the id of its context, for each length CONTEXT_STRIDE bytes apart
export const CONTEXT_STRIDE: i32 = 118;
export const ADDR_NEW: i32 = 119; // per position the length of the shortest n-gram that is new there
export const ADDR_STAMPS: i32 = 120; // per n-gram: the last document that had it
export const ADDR_MARKS: i32 = 121; // per word: its place in a list
export const ADDR_WEIGHTS: i32 = 122; // doubles, one a word
export const ADDR_DENSE: i32 = 123; // doubles, one a word
export const ADDR_BASE: i32 = 92; // doubles, one a word: the probabilities without a context
export const BASE_OF: i32 = 93; // of which model, 0: of none
export const PAUSE: i32 = 94; // asks for PAUSED before the next generation, once
export const ADDR_ORDER: i32 = 124; // words, one a word
export const ADDR_OUT: i32 = 125;
export const ADDR_TEXT: i32 = 126;
export const TRIES: i32 = 127; // one, or one a model

export const HEADER_BYTES: i32 = 512;

// A level of a trie: n-grams of one length.
export const LEVEL_BYTES: i32 = 32;
export const LEVEL_NODES: i32 = 0; // byte offsets in the entry
export const LEVEL_LINKS: i32 = 4;
export const LEVEL_TABLE: i32 = 8;
export const LEVEL_BITS: i32 = 12; // log2 of the table's slots
export const LEVEL_SIZE: i32 = 16; // ids in use, 0 included
/** Levels 0 ... 6. */
export const LEVELS: i32 = 7;

// A node: 16 bytes, and 16 more where models are smoothed.
export const NODE_PREFIX: i32 = 0;
export const NODE_TOKEN: i32 = 4;
export const NODE_COUNT: i32 = 8;
export const NODE_TYPES: i32 = 12; // different tokens that follow it
export const LINK_SUFFIX: i32 = 0; // the id of the n-gram without its first token
export const LINK_BEFORE: i32 = 4; // different tokens before it
export const LINK_AROUND: i32 = 8; // different pairs of a token before and one after it

// A model of the ring.
export const MODEL_BYTES: i32 = 96;
export const MODEL_GROUPS: i32 = 0; // addresses for contexts of lengths 0 ... 5
export const MODEL_RECORDS: i32 = 24; // the same: token and next context
export const MODEL_TYPES: i32 = 48; // address of the list of its tokens
export const MODEL_TYPE_COUNT: i32 = 52;
export const MODEL_TRIE: i32 = 56; // address of its levels
export const MODEL_PAIR_STARTS: i32 = 60;
export const MODEL_PAIRS: i32 = 64; // the different tokens after a context
export const MODEL_NEXTS: i32 = 68; // and the contexts they lead to
export const MODEL_SHARES: i32 = 72; // doubles: running sums of their weights

/** Words of an entry of the watch list. */
export const WATCH_WORDS: i32 = 8;
/** In a watched context: the start of a document is VOCABULARY + 1. */

// Smoothing.
export const NONE: i32 = 0;
export const ADD_K: i32 = 1;
export const WITTEN_BELL: i32 = 2;
export const KNESER_NEY: i32 = 3;

// Sources and modes of a block.
export const SOURCE_TRUTH: i32 = 0;
export const SOURCE_MIXTURE: i32 = -1;
export const SOURCE_POOL: i32 = -2;
export const SOURCE_POOL_REPLACED: i32 = -3;
export const REDRAWN: i32 = 0;
export const FIXED: i32 = 1;
export const INTO_POOL: i32 = 2;
export const KEPT_MODE: i32 = 3;

// Passes that metrics need (WANTED).
export const WANT_HELD: i32 = 1;
export const WANT_ENTROPY: i32 = 2;
export const WANT_DISTINCT: i32 = 4;
export const WANT_VERBATIM: i32 = 8;

// What `ngramAdvance` returns: as the other kernels.
export const DONE: i32 = 0;
export const PAUSED: i32 = 1;
export const OUT_FULL: i32 = 2;
export const CANCELLED: i32 = 3;

// Domains of the random streams (stream.ts has the first ones).
export const DOMAIN_CHOICE: i32 = 16; // which documents, per generation
export const DOMAIN_DOCUMENT: i32 = 17; // one stream for every generated document
export const DOMAIN_SAMPLE: i32 = 18; // documents written to be read
