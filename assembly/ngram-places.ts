// Where training sets, models and their parts are.
import { word } from './header';
import * as G from './ngram-layout';
import { loadI32 } from './primitives';

/** Address of the entry of a training set in the ring. */
export function setOf(generation: i32): i32 {
  return word(G.ADDR_SETS) + ((generation % word(G.SETS)) << 3);
}
export function setTokens(set: i32): i32 {
  return loadI32(set);
}
export function setLength(set: i32): i32 {
  return loadI32(set + 4);
}
/** Address of the model that a generation was trained to. */
export function modelOf(generation: i32): i32 {
  return word(G.ADDR_MODELS) + (generation % word(G.MODELS)) * G.MODEL_BYTES;
}
export function trieOf(generation: i32): i32 {
  return word(G.ADDR_LEVELS) + ((generation % word(G.TRIES)) * G.LEVELS) * G.LEVEL_BYTES;
}

/** Whether a model can back off to shorter contexts, so that it has groups for each length. */
export function backsOff(): bool {
  return word(G.SMOOTHING) >= G.WITTEN_BELL;
}
/** The shortest context with groups of its own. */
export function lowestGroups(): i32 {
  return backsOff() ? 0 : (word(G.ORDER) - 1) | 0;
}
export function contextsOf(length: i32): i32 {
  return word(G.ADDR_CONTEXTS) + length * word(G.CONTEXT_STRIDE);
}
