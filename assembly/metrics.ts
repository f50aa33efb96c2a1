// What is measured of a training set: shares p_i = count / total over its live tokens. docs/MATH.md#metrics
// Sums run in list order, so that they are the same everywhere. Adding a metric: one function, one line in `metric`,
// the same in native/metrics.h, and one line in src/metrics/registry.ts.
import {
  ADDR_FIRST,
  ADDR_LOG_P,
  ADDR_P,
  ADDR_TOKEN_IDS,
  FIRST_SQUARES,
  FIRST_TOTAL,
} from './layout';
import { log } from './math';
import { loadCount, loadF64, loadI32 } from './primitives';
import { countAt, isWeighted } from './sets';

/** The training set being measured: `live` token indices at `tokens`, their counts at `counts`; `entry` is the
 * context's line in the table of contexts. */
export function metric(
  id: i32,
  argument: i32,
  header: i32,
  entry: i32,
  tokens: i32,
  counts: i32,
  live: i32,
  total: f64,
): f64 {
  if (id == 0) return simpson(counts, live, total);
  if (id == 1) return largest(counts, live) / total;
  if (id == 2) return live;
  if (id == 3) return entropy(counts, live, total);
  if (id == 4) return l1First(header, tokens, counts, live, total);
  if (id == 5) return l2First(header, tokens, counts, live, total);
  const start: i32 = loadI32(entry);
  const p: i32 = loadI32(header + (ADDR_P << 2)) + (start << 3);
  if (id == 6) return l1Truth(p, tokens, counts, live, total);
  if (id == 7) return l2Truth(p, loadF64(entry + 8), tokens, counts, live, total);
  if (id == 8) return klTruth(loadI32(header + (ADDR_LOG_P << 2)) + (start << 3), tokens, counts, live, total);
  if (id == 10) return outside(p, tokens, counts, live, total);
  return share(loadI32(header + (ADDR_TOKEN_IDS << 2)) + (start << 2), argument, tokens, counts, live, total);
}

export function simpson(counts: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  if (isWeighted()) {
    for (let i: i32 = 0; i < live; i++) sum += countAt(counts, i) * countAt(counts, i);
    return sum / (total * total);
  }
  for (let i: i32 = 0; i < live; i++) {
    const count: f64 = loadCount(counts + (i << 2));
    sum += count * count;
  }
  return sum / (total * total);
}

function largest(counts: i32, live: i32): f64 {
  let most: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const count: f64 = countAt(counts, i);
    if (count > most) most = count;
  }
  return most;
}

function entropy(counts: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const p: f64 = countAt(counts, i) / total;
    sum += p * log(p);
  }
  return 0.0 - sum;
}

/** ||p - p^(1)||_1; tokens that died add what they had. */
function l1First(header: i32, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  const first: i32 = loadI32(header + (ADDR_FIRST << 2));
  const firstTotal: f64 = loadF64(header + (FIRST_TOTAL << 2));
  let sum: f64 = 0.0;
  let covered: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const before: f64 = countAt(first, loadI32(tokens + (i << 2)));
    covered += before;
    sum += Math.abs(countAt(counts, i) / total - before / firstTotal);
  }
  return sum + (firstTotal - covered) / firstTotal;
}

/** ||p - p^(1)||_2^2 */
function l2First(header: i32, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  const first: i32 = loadI32(header + (ADDR_FIRST << 2));
  const firstTotal: f64 = loadF64(header + (FIRST_TOTAL << 2));
  let sum: f64 = 0.0;
  let covered: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const before: f64 = countAt(first, loadI32(tokens + (i << 2)));
    covered += before * before;
    const difference: f64 = countAt(counts, i) / total - before / firstTotal;
    sum += difference * difference;
  }
  const dead: f64 = loadF64(header + (FIRST_SQUARES << 2)) - covered;
  return dead > 0.0 ? sum + dead / (firstTotal * firstTotal) : sum;
}

/** ||p - p^(0)||_1 */
function l1Truth(p: i32, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  let covered: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const truth: f64 = loadF64(p + (loadI32(tokens + (i << 2)) << 3));
    covered += truth;
    sum += Math.abs(countAt(counts, i) / total - truth);
  }
  return covered < 1.0 ? sum + (1.0 - covered) : sum;
}

/** ||p - p^(0)||_2^2; `squares` is the sum of the truth's squared probabilities. */
function l2Truth(p: i32, squares: f64, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  let covered: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const truth: f64 = loadF64(p + (loadI32(tokens + (i << 2)) << 3));
    covered += truth * truth;
    const difference: f64 = countAt(counts, i) / total - truth;
    sum += difference * difference;
  }
  return covered < squares ? sum + (squares - covered) : sum;
}

/** KL(p || p^(0)) in nats; infinite where p has a token that p^(0) has not. */
function klTruth(logP: i32, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    const p: f64 = countAt(counts, i) / total;
    sum += p * (log(p) - loadF64(logP + (loadI32(tokens + (i << 2)) << 3)));
  }
  return sum > 0.0 ? sum : 0.0;
}

/** Share of one token, by its number in the vocabulary. */
function share(ids: i32, token: i32, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  for (let i: i32 = 0; i < live; i++) {
    if (loadI32(ids + (loadI32(tokens + (i << 2)) << 2)) == token) return countAt(counts, i) / total;
  }
  return 0.0;
}

/** Probability outside the truth's support, where a model has errors. */
function outside(p: i32, tokens: i32, counts: i32, live: i32, total: f64): f64 {
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < live; i++) {
    if (loadF64(p + (loadI32(tokens + (i << 2)) << 3)) == 0.0) sum += countAt(counts, i);
  }
  return sum / total;
}
