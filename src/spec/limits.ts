/** The largest numbers that a spec takes. */

/** Most samples that one generation may draw from one distribution. */
export const MAX_SAMPLES = 2 ** 31;
/** Most tokens of a vocabulary, and most contexts of a drawn truth. */
export const MAX_VOCABULARY = 1e6;
/** Most generations, and most replicates. */
export const MAX_COUNT = 1e9;
/** Most probabilities, contexts x vocabulary, that a truth may hold. */
export const MAX_PROBABILITIES = 1e8;
