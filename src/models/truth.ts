/** p^(0) of every context: what a categorical model's `initial` resolves to. Plain data, cloneable. */
export interface Truth {
  /** Vocabulary size s. */
  vocabulary: number;
  contexts: TruthContext[];
  /** Names of the tokens, where they have names (text). */
  tokenNames?: string[];
  corpus?: { path: string; sha256: string; bytes: number; tokens: number };
}

export interface TruthContext {
  /** Name of the context (its characters or words), or its index. */
  label: string;
  /** Number of observations in the corpus ("sampleSize": "corpus"); undefined where there is no corpus. */
  count?: number;
  /** Weight in averages over contexts; the weights of a truth sum to 1. */
  weight: number;
  /** Tokens with p > 0, increasing. */
  tokens: Int32Array;
  /** Their probabilities, in the same order; positive, summing to 1 (up to rounding). */
  p: Float64Array;
}
