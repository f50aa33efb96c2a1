// The arena: one block of memory that the host sizes and fills and a kernel works in, the same on every backend.
// It starts with a header of 32-bit words; these are the words' indices. ADDR_ words hold byte addresses.
// A double takes two words and stands at an even index.

export const PROGRESS: i32 = 2; // double: generations simulated

// Which chain, and where it stands. The host sets SEED, REPLICATE, CONTEXT and CHAINS_LEFT before a slice.
export const SEED_LOW: i32 = 4;
export const SEED_HIGH: i32 = 5;
export const REPLICATE: i32 = 6; // double
export const CONTEXT: i32 = 8;
export const CHAINS_LEFT: i32 = 9;
export const CONTEXTS: i32 = 10;
export const GENERATION: i32 = 11; // of the current chain; 0: not started
export const LIVE: i32 = 12; // tokens with a count in the current training set
export const COLLAPSED_AT: i32 = 13; // first generation with one live token, 0: none yet
export const TOTAL: i32 = 14; // double: size of the current training set
export const STREAM: i32 = 16; // four words of generator state
export const CHAIN_INDEX: i32 = 20; // of the current chain in its slice
export const REPORT_INDEX: i32 = 21;
export const OUT_USED: i32 = 22; // doubles written to ADDR_OUT
export const FIRST_LIVE: i32 = 23;
export const FIRST_TOTAL: i32 = 24; // double: size of generation 1's training set
export const FIRST_SQUARES: i32 = 26; // double: sum of squared shares of generation 1
export const POOL_LIVE: i32 = 28;
export const POOL_TOTAL: i32 = 30; // double: samples in the pool

// The job, fixed for a run.
export const OUT_CAPACITY: i32 = 32;
export const LAST_GENERATION: i32 = 33;
export const UNTIL_COLLAPSE: i32 = 34;
export const REPORT_COUNT: i32 = 35; // 0: every generation is reported
export const METRICS: i32 = 36;
export const PROGRAM_LENGTH: i32 = 37;
export const RING_SIZE: i32 = 38; // training sets kept: the longest look-back
export const POOL: i32 = 39; // what goes into the pool: POOL_NONE, POOL_ALL, POOL_BLOCKS
export const SIZE_SLOTS: i32 = 40;
export const RING_CAPACITY: i32 = 42; // entries of one training set of the ring
export const RULE: i32 = 43; // the sampling rule (sampling.ts)

export const ADDR_ROWS: i32 = 44; // Poisson rows of integer means (poisson-rows.ts)
export const ROWS_BUILT: i32 = 45; // the largest mean that has one; what is built stays for the next job (src/backend/arena.ts)
export const ADDR_SCRATCH: i32 = 46; // MOST_COLUMNS doubles and 2 x MOST_COLUMNS words
export const ADDR_PROGRAM: i32 = 47; // per generation: first block, number of blocks; the last entry repeats
export const ADDR_BLOCKS: i32 = 48; // per block 24 bytes: source, size slot, mode, last source (words), weight (double)
export const ADDR_SIZES: i32 = 49; // u32 per context and slot
export const ADDR_CONTEXTS: i32 = 50; // per context 16 bytes: first token, number of tokens, sum of p^2 (double)
export const ADDR_TOKEN_IDS: i32 = 51; // i32 per token of all contexts
export const ADDR_P: i32 = 52; // double per token of all contexts, as the next two
export const ADDR_LOG_P: i32 = 53;
export const ADDR_SUFFIX: i32 = 54; // sum of p from this token to the context's last
export const ADDR_CELLS: i32 = 55; // two words per column: the contexts' alias tables (alias-pick.ts)
export const ADDR_CELL_STARTS: i32 = 56; // i32 per context and one more: its first column
export const ADDR_RING: i32 = 57;
export const ADDR_ADDED: i32 = 58; // u32 per token: the training set being put together
export const ADDR_TOUCHED: i32 = 59; // i32 per token
export const ADDR_FIRST: i32 = 60; // u32 per token: generation 1's counts
export const ADDR_FIRST_LIST: i32 = 61;
export const ADDR_DRAW: i32 = 62; // u32 per live token: what a multinomial step drew
export const ADDR_WEIGHTS: i32 = 63; // double per live token
export const ADDR_PREFIX: i32 = 64; // double per live token
export const ADDR_SLOTS: i32 = 65; // i32 per sample of a direct pick
export const ADDR_POOL: i32 = 66; // double per token: samples in the pool
export const ADDR_POOL_LIST: i32 = 67;
export const ADDR_REPORT: i32 = 68; // the generations reported, where not all are
export const ADDR_METRICS: i32 = 69; // per metric: id, argument
export const ADDR_OUT: i32 = 70;
export const ADDR_COLLAPSE: i32 = 71; // u32 per chain of the slice
export const RULE_PARAMETER: i32 = 72; // double

export const FAMILY: i32 = 74; // the model family: CATEGORICAL, ...
export const WEIGHTED: i32 = 75; // training sets hold weights (doubles) instead of counts (u32)
export const ADDR_REAL_WEIGHTS: i32 = 76; // double per context: weight of a real sample against 1 for a generated one
export const ERROR_COUNT: i32 = 77;
export const ADDR_ERROR_SIZES: i32 = 78; // double per generation, the last repeats: size of a model's error
export const ADDR_ERROR_SHARES: i32 = 79; // double per token of all contexts: how the error is spread
export const ADDR_MASSES: i32 = 80; // double per token: the training set being put together, weighted
export const ADDR_MASS_LIST: i32 = 81;
export const ADDR_MODEL_LIST: i32 = 82; // i32 per token: tokens of a model with an error
export const ADDR_POOL_REAL: i32 = 83; // double per token: real samples in the pool
export const KEPT: i32 = 84; // models' batches are kept
export const ADDR_BATCHES: i32 = 85; // as the ring: the batch of each model, once it is drawn
export const ADDR_REAL_BATCH: i32 = 86; // double per token: the real samples that stay the same
export const ADDR_REAL_LIST: i32 = 87;
export const REAL_LIVE: i32 = 88;

// The Gaussian family; its ring, batches and pool hold moments (gaussian-moments.ts).
export const DIMENSION: i32 = 89;
export const UNBIASED: i32 = 90;
export const COLLAPSE_VARIANCE: i32 = 92; // double: a mean variance below it is a collapse
export const LOG_DETERMINANT: i32 = 94; // double: of the generation before
export const ADDR_NORMALS: i32 = 96; // the table of normal.ts
export const ADDR_TRUTH: i32 = 97; // moments of the truth
export const ADDR_SET: i32 = 98; // the training set being put together
export const ADDR_BATCH: i32 = 99; // the batch being drawn
export const ADDR_VECTORS: i32 = 100; // two vectors and a matrix to work with
export const ADDR_POOL_ORDER: i32 = 101; // i32 per sample of a pool of samples; 0: it holds moments
export const POOL_SAMPLES: i32 = 102; // samples that such a pool has room for

// The regression family; DIMENSION, ADDR_NORMALS and ADDR_VECTORS (regression-draw.ts) are its own too.
export const FEATURES: i32 = 103; // unknowns of a fit: the dimension, or fewer projections
export const WAY: i32 = 104; // how a training set is drawn: ROWS, PARTS or JOINT
export const KEEP_REAL: i32 = 105; // the real samples of generation 1 are those of all
export const WIDTH: i32 = 106; // double: number of projections, 0: none
export const PENALISED: i32 = 108; // whether some penalty is not 0
export const ADDR_PENALTY: i32 = 109; // double per unknown (ROWS: per sample): what the diagonal of the system gets
export const ADDR_PARTS: i32 = 110; // per part, real and synthetic, PART_BYTES
export const ADDR_SYSTEM: i32 = 111; // the matrix of the system
export const ADDR_RESPONSES: i32 = 112; // double per row of the data
export const ADDR_DATA: i32 = 113; // covariates
export const ADDR_FEATURES: i32 = 114; // their projections
export const ADDR_PROJECTION: i32 = 115; // features x dimension
export const ADDR_KEPT: i32 = 116; // the real part's share of the system and of its right side (ROWS: its responses)
export const STEP_COST: i32 = 117; // of a generation, in look-ups

// More of the categorical family: the rates at which Poisson rows are used (rate-rows.ts).
export const RATE_COUNT: i32 = 118;
export const ADDR_RATES: i32 = 119; // double per rate
export const ADDR_RATE_INDEX: i32 = 120; // per rate an index of rows
export const ADDR_RATE_FREE: i32 = 121; // room for them

// Jumps of the categorical family (ancestors.ts, jump.ts).
export const JUMPS: i32 = 122; // whether there are any
export const ADDR_JUMPS: i32 = 123; // i32 per generation reported: whether a jump leads to it
export const HAZARD_SIZE: i32 = 124; // double: the sample size whose hazards are there, 0: none
export const ADDR_HAZARD: i32 = 126; // doubles
export const ADDR_ANCESTRY: i32 = 127; // i32: records of generations
export const ADDR_OCCUPANCY: i32 = 128; // MOST_BALLS doubles

// Binomial rows of the categorical family (binomial-rows.ts).
export const ADDR_BINOMIALS: i32 = 129; // room for them; what is built stays, as the Poisson rows
export const BINOMIAL_BYTES: i32 = 130;
export const ADDR_BINOMIAL_INDEX: i32 = 131; // by n: address of its rows, 0: not built
export const ADDR_BINOMIAL_FREE: i32 = 132;
export const ROWS_READY: i32 = 133; // the tables of Poisson rows are there, built or zero

export const HEADER_BYTES: i32 = 640;

// Model families.
export const CATEGORICAL: i32 = 0;
export const GAUSSIAN: i32 = 1;
export const REGRESSION: i32 = 2;

// How a training set of the regression family is drawn.
export const ROWS: i32 = 0; // fewer samples than unknowns: sample by sample, and the system has one row for each
export const PARTS: i32 = 1; // each part by itself
export const JOINT: i32 = 2; // both at once, as one Wishart matrix
/** Of a part of the data: number of samples, root of their weight, noise of generation 1 and of later ones (standard deviations), 1 for a Wishart factor. */
export const PART_BYTES: i32 = 40;
/** Samples drawn at a time where a part is drawn sample by sample. */
export const CHUNK: i32 = 64;

// Sources of a block: 0 is the truth, k >= 1 the model of k generations ago (fixed: its training set), and
export const SOURCE_TRUTH: i32 = 0;
export const SOURCE_MIXTURE: i32 = -1; // a source drawn uniformly from the truth and all earlier models, per sample
export const SOURCE_POOL: i32 = -2; // the pool, without replacement
export const SOURCE_POOL_REPLACED: i32 = -3; // the pool, with replacement

// Modes of a block.
export const REDRAWN: i32 = 0; // new samples
export const FIXED: i32 = 1; // the samples themselves again: generation 1's real ones, an earlier training set, the whole pool
export const INTO_POOL: i32 = 2; // new samples that go into the pool, not into the training set
export const KEPT_BATCH: i32 = 3; // the samples drawn at the first use, again

// What goes into the pool.
export const POOL_NONE: i32 = 0; // there is none
export const POOL_ALL: i32 = 1; // every training set
export const POOL_BLOCKS: i32 = 2; // what blocks put there

// What `advance` returns.
export const DONE: i32 = 0;
export const PAUSED: i32 = 1;
export const OUT_FULL: i32 = 2;
export const CANCELLED: i32 = 3;

/** Largest count with a Poisson row of its own, and the largest sample drawn by rejection from rows. */
export const LARGEST_ROW: i32 = 512;
/** Columns of the largest row of all. */
export const MOST_COLUMNS: i32 = 4096;
/** log2 of the bytes of a row at a rate in its index: lowest value, log2 of the columns, address of the cells, nothing. */
export const ROW_ENTRY_BITS: i32 = 4;
