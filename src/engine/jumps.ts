/**
 * Between which reported generations a run jumps (docs/MATH.md#jumps), a function of the spec alone. The digest depends on it:
 * + - * / and sqrt only.
 */
import { LARGEST_ROW } from '../generated/javascript/layout.js';
import { keepsFromJumping } from '../spec/jump.js';
import type { CategoricalSpec } from '../spec/spec.js';

/** A context as far as its cost goes: samples of a training set, tokens of the truth. */
export interface ContextSize {
  size: number;
  types: number;
}

/** Nanoseconds to draw a token of a generation from its counts: what a fast machine may take one day, so that jumps save time for sure. */
const TOKEN_NS = 16;
/** Of a jump, for each generation that it looks at, which are at most sqrt(n): to count ancestors, and to let a token grow. */
const ANCESTORS_NS = 300;
const GROWTH_NS = 35;
/** "auto" jumps where that takes less than this part of the time. */
const WORTH = 0.5;
/** After so many generations a sample a chain has collapsed, nearly always: then generations cost nothing. */
const LIFETIME = 4;

const NO_JUMPS = new Int32Array(0);

/** For each reported generation 1 if it is reached by a jump, else 0; empty if none is. */
export function jumpsOf(spec: CategoricalSpec, contexts: readonly ContextSize[]): Int32Array {
  const { method, generations } = spec;
  if (method === 'forward' || !Array.isArray(generations) || keepsFromJumping(spec) !== undefined) return NO_JUMPS;
  const jumps = Int32Array.from(generations, (m, i) => {
    const before = i === 0 ? 1 : generations[i - 1];
    if (m <= before + 1) return 0;
    return method === 'jump' || isWorth(contexts, before, m) ? 1 : 0;
  });
  return jumps.includes(1) ? jumps : NO_JUMPS;
}

/** Small training sets come from tables, and their collapse is soon: there "auto" never jumps. */
function isWorth(contexts: readonly ContextSize[], before: number, m: number): boolean {
  let forward = 0;
  let jump = 0;
  for (const context of contexts) {
    forward += forwardTime(context, before, m);
    jump += jumpTime(context, before, m);
  }
  return contexts.some(({ size }) => size > LARGEST_ROW) && jump < WORTH * forward;
}

/** Tokens that live in generation m, at most about: those of the lineages that are left. */
function living({ size, types }: ContextSize, m: number): number {
  return Math.min(types, 1 + (2 * size) / m);
}

/** About how many nanoseconds generations before + 1 ... m take one by one. */
export function forwardTime(context: ContextSize, before: number, m: number): number {
  if (context.types === 1) return 0;
  const end = Math.min(m, LIFETIME * context.size);
  let tokens = 0;
  for (let from = before + 1; from <= end; ) {
    // Live tokens change slowly: one look stands for an eighth of the generations so far.
    const to = Math.min(end + 1, from + Math.ceil(from / 8));
    tokens += (to - from) * living(context, from);
    from = to;
  }
  return TOKEN_NS * tokens;
}

/** About how many nanoseconds a jump from generation `before` to m takes. */
export function jumpTime(context: ContextSize, before: number, m: number): number {
  if (context.types === 1) return 0;
  const traced = Math.min(m - before, Math.sqrt(context.size));
  return traced * (ANCESTORS_NS + GROWTH_NS * Math.min(living(context, before), living(context, m - before)));
}
