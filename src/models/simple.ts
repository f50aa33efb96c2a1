/** The initial distributions that are written down as they are. */
import type { InitialOf } from '../spec/initial.js';
import { normalise } from './distribution.js';
import type { Truth } from './truth.js';

/** p^(0) of `initial.kind: "uniform"`: 1/support on tokens 0 ... support - 1. */
export function uniformTruth({ vocabulary, support }: InitialOf<'uniform'>): Truth {
  return { vocabulary, contexts: [{ label: '0', weight: 1, ...normalise(new Float64Array(support).fill(1)) }] };
}

/** p^(0) of `initial.kind: "explicit"`: the probabilities given, divided by their sum. */
export function explicitTruth({ p }: InitialOf<'explicit'>): Truth {
  return { vocabulary: p.length, contexts: [{ label: '0', weight: 1, ...normalise(p) }] };
}
