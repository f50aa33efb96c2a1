/**
 * The exact law of one token's count under every schedule. A token against all others is a model of two types, and then the
 * training set is a Markov chain small enough to be stepped as a whole. Independent of src/theory and of the simulator.
 */
import type { Schedule, ScheduleOf } from '../spec/schedule.js';
import { binomialMass, logGamma } from './tails.js';

/** The law of the count in one training set: probability of 0 ... size; with absorption, of the runs not yet collapsed. */
export interface CountLaw {
  size: number;
  probability: Float64Array;
}

/** What happens to a count that is reached: where its probability goes. */
type Chain = Generator<CountLaw, never>;

/** States less likely than this are left out: over all generations that loses far less than can be seen. */
const NEGLIGIBLE = 1e-17;

/**
 * The laws of the count of a token of probability `p` in generations 1, 2, ... .
 * @param absorb count a run only until its training set is of one type: then the mass at 0 and at `size` in generation m
 *   is P(T = m), T the total collapse time of two types
 */
export function countLaws(schedule: Schedule, p: number, absorb = false): Chain {
  const chain = chains[schedule.kind] as ((schedule: Schedule, p: number, absorb: boolean) => Chain) | undefined;
  if (!chain) throw new RangeError(`${schedule.kind}: no exact chain`);
  return chain(schedule, p, absorb);
}

/** The law in one generation. */
export function countLaw(schedule: Schedule, p: number, generation: number): CountLaw {
  const laws = countLaws(schedule, p);
  let law = laws.next().value;
  for (let m = 2; m <= generation; m++) law = laws.next().value;
  return law;
}

/** P(T <= m), m = 1 ... last, of two types. */
export function collapseLaw(schedule: Schedule, p: number, last: number): number[] {
  const laws = countLaws(schedule, p, true);
  let sum = 0;
  return Array.from({ length: last }, () => {
    const { size, probability } = laws.next().value;
    sum += probability[0] + probability[size];
    return sum;
  });
}

/** Adds `weight` times the Binomial(n, p) law, moved by `shift`. */
function addBinomial(target: Float64Array, n: number, p: number, weight: number, shift = 0): void {
  if (p <= 0 || p >= 1) {
    target[shift + (p >= 1 ? n : 0)] += weight;
    return;
  }
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const odds = p / (1 - p);
  const top = weight * binomialMass(mode, n, p);
  const least = top * NEGLIGIBLE;
  target[shift + mode] += top;
  for (let k = mode, mass = top; k > 0 && mass > least; k--) target[shift + k - 1] += mass *= k / (n - k + 1) / odds;
  for (let k = mode, mass = top; k < n && mass > least; k++) target[shift + k + 1] += mass *= ((n - k) / (k + 1)) * odds;
}

function binomialRow(n: number, p: number): Float64Array {
  const row = new Float64Array(n + 1);
  addBinomial(row, n, p, 1);
  return row;
}

/** P(X = x) for `drawn` items of `size`, `marked` of them marked, without replacement. */
function hypergeometricRow(drawn: number, marked: number, size: number): Float64Array {
  const choose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
  const row = new Float64Array(drawn + 1);
  for (let x = Math.max(0, drawn - (size - marked)); x <= Math.min(drawn, marked); x++) {
    row[x] = Math.exp(choose(marked, x) + choose(size - marked, drawn - x) - choose(size, drawn));
  }
  return row;
}

/** Without the collapsed training sets. */
function surviving({ size, probability }: CountLaw, absorb: boolean): Float64Array {
  const rest = probability.slice();
  if (absorb) rest[0] = rest[size] = 0;
  return rest;
}

function* fullySynthetic({ sampleSize }: ScheduleOf<'fully-synthetic'>, p: number, absorb: boolean): Chain {
  const size = Number(sampleSize);
  let law: CountLaw = { size, probability: binomialRow(size, p) };
  for (;;) {
    yield law;
    const before = surviving(law, absorb);
    const probability = new Float64Array(size + 1);
    for (let x = 0; x <= size; x++) if (before[x] > NEGLIGIBLE) addBinomial(probability, size, x / size, before[x]);
    law = { size, probability };
  }
}

/** A chain for each count r of the real samples; rows[r] is the law of the synthetic part. */
function* partiallySynthetic({ real, synthetic }: ScheduleOf<'partially-synthetic'>, p: number, absorb: boolean): Chain {
  const [N, n] = [Number(real), Number(synthetic)];
  const first = { size: N, probability: binomialRow(N, p) };
  yield first;
  const start = surviving(first, absorb);
  let rows = Array.from(start, (weight, r) => binomialRow(n, r / N).map((value) => weight * value));
  for (;;) {
    const law = { size: N + n, probability: new Float64Array(N + n + 1) };
    rows.forEach((row, r) => row.forEach((value, x) => (law.probability[r + x] += value)));
    yield law;
    rows = rows.map((row, r) => {
      const next = new Float64Array(n + 1);
      row.forEach((weight, x) => {
        const collapsed = r + x === 0 || r + x === N + n;
        if (weight > NEGLIGIBLE && !(absorb && collapsed)) addBinomial(next, n, (r + x) / (N + n), weight);
      });
      return next;
    });
  }
}

/** Windows 1 and 2: the state is the last two counts. */
function* mostRecent({ sampleSize, window }: ScheduleOf<'most-recent'>, p: number, absorb: boolean): Chain {
  const batch = Math.floor(Number(sampleSize) / window);
  if (window === 1) return yield* fullySynthetic({ kind: 'fully-synthetic', sampleSize: batch }, p, absorb);
  if (window > 2) throw new RangeError(`most-recent: the exact chain has windows 1 and 2, not ${window}`);
  const size = 2 * batch;
  // joint[a][b]: `a` in the source before the last (share a / sizes[0]), b in the last one.
  let sizes = [1, batch];
  let shares = [Float64Array.of(p)];
  let joint = [binomialRow(batch, p)];
  yield { size: batch, probability: joint[0] };
  for (;;) {
    const last = sizes[1];
    const next = Array.from({ length: last + 1 }, () => new Float64Array(size + 1));
    joint.forEach((row, a) => {
      const older = binomialRow(batch, shares[0][a]);
      row.forEach((weight, b) => {
        if (weight <= NEGLIGIBLE || (absorb && (b === 0 || b === last))) return;
        older.forEach((value, x) => addBinomial(next[b], batch, b / last, weight * value, x));
      });
    });
    sizes = [last, size];
    shares = [Float64Array.from({ length: last + 1 }, (_, b) => b / last)];
    joint = next;
    const probability = new Float64Array(size + 1);
    for (const row of joint) row.forEach((value, x) => (probability[x] += value));
    yield { size, probability };
  }
}

/** The state is the sum of all counts so far. */
function* randomlySampled({ sampleSize }: ScheduleOf<'randomly-sampled'>, p: number, absorb: boolean): Chain {
  const size = Number(sampleSize);
  let sums = Float64Array.of(1);
  for (let m = 1; ; m++) {
    const probability = new Float64Array(size + 1);
    const next = new Float64Array(m * size + 1);
    sums.forEach((weight, sum) => {
      if (weight <= NEGLIGIBLE) return;
      const row = binomialRow(size, (p + sum / size) / m);
      row.forEach((value, x) => {
        probability[x] += weight * value;
        if (!(absorb && (x === 0 || x === size))) next[sum + x] += weight * value;
      });
    });
    yield { size, probability };
    sums = next;
  }
}

/** The state is the count in everything so far, which is the training set. */
function* accumulate({ real, synthetic }: ScheduleOf<'accumulate'>, p: number, absorb: boolean): Chain {
  const n = Number(synthetic);
  let law: CountLaw = { size: Number(real), probability: binomialRow(Number(real), p) };
  for (;;) {
    yield law;
    const before = surviving(law, absorb);
    const probability = new Float64Array(law.size + n + 1);
    for (let x = 0; x <= law.size; x++) if (before[x] > NEGLIGIBLE) addBinomial(probability, n, x / law.size, before[x], x);
    law = { size: law.size + n, probability };
  }
}

/** The state is the count in the pool. */
function* accumulateSubsample(schedule: ScheduleOf<'accumulate-subsample'>, p: number, absorb: boolean): Chain {
  const size = Number(schedule.corpusSize);
  const batch = Math.round(schedule.rate * size);
  let pool = binomialRow(size, p);
  for (;;) {
    const held = pool.length - 1;
    const probability = new Float64Array(size + 1);
    const next = new Float64Array(held + batch + 1);
    pool.forEach((weight, count) => {
      if (weight <= NEGLIGIBLE) return;
      const row = schedule.replacement ? binomialRow(size, count / held) : hypergeometricRow(size, count, held);
      row.forEach((value, x) => {
        probability[x] += weight * value;
        if (!(absorb && (x === 0 || x === size))) addBinomial(next, batch, x / size, weight * value, count);
      });
    });
    yield { size, probability };
    pool = next;
  }
}

function* fresh({ real, synthetic }: ScheduleOf<'fresh'>, p: number, absorb: boolean): Chain {
  const [N, n] = [Number(real), Number(synthetic)];
  const newly = binomialRow(N, p);
  let law: CountLaw = { size: N, probability: newly };
  for (;;) {
    yield law;
    const made = new Float64Array(n + 1);
    const { size } = law;
    surviving(law, absorb).forEach((weight, x) => addBinomial(made, n, x / size, weight));
    const probability = new Float64Array(N + n + 1);
    made.forEach((weight, x) => newly.forEach((value, r) => (probability[x + r] += weight * value)));
    law = { size: N + n, probability };
  }
}

const chains: { [K in Schedule['kind']]?: (schedule: ScheduleOf<K>, p: number, absorb: boolean) => Chain } = {
  'fully-synthetic': fullySynthetic,
  'partially-synthetic': partiallySynthetic,
  'most-recent': mostRecent,
  'randomly-sampled': randomlySampled,
  accumulate,
  'accumulate-subsample': accumulateSubsample,
  fresh,
};
