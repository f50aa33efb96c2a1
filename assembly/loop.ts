// The loop of recursive training: all generations of the chains of a slice, one chain (replicate, context) after the
// other, whatever the model family. Its state lies in the header between calls, so that it can stop at any generation
// and go on later; within a call it lies in module variables, which are much faster in JavaScript.
import * as families from './families';
import { double, headerAt, setDouble, setHeader, setWord, word } from './header';
import * as A from './layout';
import { loadI32, storeI32, toU32 } from './primitives';
import { DOMAIN_CHAIN, restoreStream, saveStream, seedStream } from './stream';

/** Generations that are made before the loop looks up, and about what each costs in look-ups. */
const MOST_AHEAD: i32 = 1024;
const COST_AHEAD: i32 = 8;

let generation: i32 = 0;
let collapsedAt: i32 = 0;
// Of the job.
let lastGeneration: i32 = 0;
let untilCollapse: i32 = 0;
let reported: i32 = 0;
let metrics: i32 = 0;
let asked: i32 = 0;
// Where the next values go.
let out: i32 = 0;
let outEnd: i32 = 0;

/** The next generation that is reported. */
function nextReported(): i32 {
  const index: i32 = word(A.REPORT_INDEX);
  return index < reported ? loadI32(word(A.ADDR_REPORT) + (index << 2)) : lastGeneration;
}

/** The next generation; returns its cost in look-ups. */
function step(): i32 {
  const before: i32 = generation;
  // Where nothing is drawn any more, or a jump is shorter, generations can be left out.
  const skips: bool = reported != 0 && before != 0 && families.skips(before);
  generation++;
  if (skips) {
    const next: i32 = nextReported();
    if (next > generation) generation = next;
  }
  const cost: i32 = families.step(generation, before);
  if (collapsedAt == 0 && families.hasCollapsed()) collapsedAt = generation;
  return cost;
}

/** Several generations where the family can; returns their cost, 0 where there are none. Those that are asked for are recorded. */
function runAhead(): i32 {
  const before: i32 = generation;
  const all: bool = reported == 0;
  if (before == 0 || (all && !families.recordsSimpson(asked, metrics))) return 0;
  let most: i32 = ((all ? lastGeneration : nextReported()) - before) | 0;
  const room: i32 = (outEnd - out) >> 3;
  if (all && room < most) most = room;
  if (most > MOST_AHEAD) most = MOST_AHEAD;
  const made: i32 = families.runOn(before, most, all ? out : 0);
  if (made == 0) return 0;
  generation = (before + made) | 0;
  if (all) out += made << 3;
  else record();
  if (collapsedAt == 0 && families.hasCollapsed()) collapsedAt = generation;
  return made * COST_AHEAD;
}

/** Whether this generation is one of those asked for. */
function isReported(): bool {
  const index: i32 = word(A.REPORT_INDEX);
  if (index >= reported || loadI32(word(A.ADDR_REPORT) + (index << 2)) != generation) return false;
  setWord(A.REPORT_INDEX, (index + 1) | 0);
  return true;
}

/** Writes the metrics of this generation, if it is reported. */
function record(): void {
  if (reported != 0 && !isReported()) return;
  families.record(generation, asked, metrics, out);
  out += metrics << 3;
}

function startChain(): void {
  const replicate: f64 = double(A.REPLICATE);
  const high: f64 = Math.floor(replicate / 4294967296.0);
  const low: i32 = toU32(replicate - high * 4294967296.0);
  seedStream(word(A.SEED_LOW), word(A.SEED_HIGH), word(A.CONTEXT), low, toU32(high), DOMAIN_CHAIN);
  families.openChain();
  collapsedAt = 0;
  setWord(A.REPORT_INDEX, 0);
}

function endChain(): void {
  const index: i32 = word(A.CHAIN_INDEX);
  storeI32(word(A.ADDR_COLLAPSE) + (index << 2), collapsedAt);
  setWord(A.CHAIN_INDEX, (index + 1) | 0);
  setWord(A.CHAINS_LEFT, (word(A.CHAINS_LEFT) - 1) | 0);
  generation = 0;
  const context: i32 = (word(A.CONTEXT) + 1) | 0;
  if (context < word(A.CONTEXTS)) {
    setWord(A.CONTEXT, context);
    return;
  }
  setWord(A.CONTEXT, 0);
  setDouble(A.REPLICATE, double(A.REPLICATE) + 1.0);
}

/** Puts the state that `leave` saved back in place. */
function enter(at: i32): void {
  setHeader(at);
  families.openFamily();
  lastGeneration = word(A.LAST_GENERATION);
  untilCollapse = word(A.UNTIL_COLLAPSE);
  reported = word(A.REPORT_COUNT);
  metrics = word(A.METRICS);
  asked = word(A.ADDR_METRICS);
  out = word(A.ADDR_OUT) + (word(A.OUT_USED) << 3);
  outEnd = word(A.ADDR_OUT) + (word(A.OUT_CAPACITY) << 3);
  generation = word(A.GENERATION);
  if (generation == 0) return;
  families.resume(generation);
  collapsedAt = word(A.COLLAPSED_AT);
  restoreStream(at + (A.STREAM << 2));
}

function leave(status: i32, simulated: f64): i32 {
  setWord(A.OUT_USED, (out - word(A.ADDR_OUT)) >> 3);
  setWord(A.GENERATION, generation);
  families.save();
  setWord(A.COLLAPSED_AT, collapsedAt);
  setDouble(A.PROGRESS, simulated);
  saveStream(headerAt() + (A.STREAM << 2));
  return status;
}

/**
 * Goes on with the slice in the arena at `at` until it is DONE, the output is OUT_FULL, or about `budget` look-ups
 * are spent (PAUSED); call again to go on.
 */
export function advance(at: i32, budget: i32): i32 {
  enter(at);
  const bytes: i32 = metrics << 3;
  let left: i32 = budget;
  let simulated: f64 = double(A.PROGRESS);
  while (word(A.CHAINS_LEFT) > 0) {
    if (generation == 0) startChain();
    while (generation != lastGeneration && (untilCollapse == 0 || collapsedAt == 0)) {
      if (left <= 0) return leave(A.PAUSED, simulated);
      if (outEnd - out < bytes) return leave(A.OUT_FULL, simulated);
      const before: i32 = generation;
      const cost: i32 = runAhead();
      if (cost > 0) {
        left = (left - cost) | 0;
      } else {
        left = (left - step()) | 0;
        record();
      }
      simulated += (generation - before) | 0;
    }
    endChain();
  }
  return leave(A.DONE, simulated);
}
