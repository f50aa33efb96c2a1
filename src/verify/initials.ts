/** The true distributions of the checks. */
import type { Initial } from './observe.js';

/** Two tokens, the first with probability p. */
export const pair = (p: number): Initial => ({ kind: 'explicit', p: [p, 1 - p] });

export const uniform = (tokens: number): Initial => ({ kind: 'uniform', vocabulary: tokens });

/** The distribution of Seddik et al.'s figures: 52 of 600 tokens, Simpson index 0.1. */
export const zipf52: Initial = { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 };

export const zipf = (tokens: number, exponent = 1): Initial => ({ kind: 'zipf', vocabulary: tokens, exponent });

/** Four uneven tokens. */
export const four: Initial = { kind: 'explicit', p: [0.5, 0.3, 0.15, 0.05] };

export const dirichlet = (contexts: number, vocabulary: number): Initial => ({ kind: 'dirichlet', vocabulary, concentration: 1, contexts });
