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

export interface ChainOptions {
  /**
   * Count a run only until its training set is of one type: then the mass at 0 and at `size` in generation m is P(T = m), T the
   * total collapse time of two types.
   */
  absorb?: boolean;
  /** Share of the token in what is sampled of the model of generation m, by its share in the training set. Default: the same. */
  sampled?: (share: number, m: number) => number;
  /** Weight of a real sample, a whole number: counts are then weights. Default: 1. */
  realWeight?: number;
}

type Options = Required<ChainOptions>;

/** Schedules whose chain knows `sampled` and `realWeight`. */
const general: readonly Schedule['kind'][] = ['fully-synthetic', 'partially-synthetic', 'accumulate', 'fresh'];

/** The laws of the count of a token of probability `p` in generations 1, 2, ... . @throws RangeError where there is no exact chain */
export function countLaws(schedule: Schedule, p: number, { absorb = false, sampled, realWeight = 1 }: ChainOptions = {}): Chain {
  const chain = chains[schedule.kind] as ((schedule: Schedule, p: number, options: Options) => Chain) | undefined;
  const special = sampled !== undefined || realWeight !== 1;
  if (!chain || (special && !general.includes(schedule.kind))) throw new RangeError(`${schedule.kind}: no exact chain`);
  return chain(schedule, p, { absorb, sampled: sampled ?? ((share) => share), realWeight });
}

/** The law in one generation. */
export function countLaw(schedule: Schedule, p: number, generation: number, options?: ChainOptions): CountLaw {
  const laws = countLaws(schedule, p, options);
  let law = laws.next().value;
  for (let m = 2; m <= generation; m++) law = laws.next().value;
  return law;
}

/** P(T <= m), m = 1 ... last, of two types. */
export function collapseLaw(schedule: Schedule, p: number, last: number): number[] {
  const laws = countLaws(schedule, p, { absorb: true });
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

function* fullySynthetic({ sampleSize }: ScheduleOf<'fully-synthetic'>, p: number, { absorb, sampled }: Options): Chain {
  const size = Number(sampleSize);
  let law: CountLaw = { size, probability: binomialRow(size, p) };
  for (let m = 1; ; m++) {
    yield law;
    const before = surviving(law, absorb);
    const probability = new Float64Array(size + 1);
    for (let x = 0; x <= size; x++) if (before[x] > NEGLIGIBLE) addBinomial(probability, size, sampled(x / size, m), before[x]);
    law = { size, probability };
  }
}

/** A chain for each count r of the real samples; rows[r] is the law of the synthetic part. */
function* partiallySynthetic({ real, synthetic }: ScheduleOf<'partially-synthetic'>, p: number, options: Options): Chain {
  const { absorb, sampled, realWeight: w } = options;
  const [N, n] = [Number(real), Number(synthetic)];
  const size = w * N + n;
  const first = { size: N, probability: binomialRow(N, p) };
  yield first;
  const start = surviving(first, absorb);
  let rows = Array.from(start, (weight, r) => binomialRow(n, sampled(r / N, 1)).map((value) => weight * value));
  for (let m = 2; ; m++) {
    const law = { size, probability: new Float64Array(size + 1) };
    rows.forEach((row, r) => row.forEach((value, x) => (law.probability[w * r + x] += value)));
    yield law;
    rows = rows.map((row, r) => {
      const next = new Float64Array(n + 1);
      row.forEach((weight, x) => {
        const at = w * r + x;
        const collapsed = at === 0 || at === size;
        if (weight > NEGLIGIBLE && !(absorb && collapsed)) addBinomial(next, n, sampled(at / size, m), weight);
      });
      return next;
    });
  }
}

/** Windows 1 and 2: the state is the last two counts. */
function* mostRecent({ sampleSize, window }: ScheduleOf<'most-recent'>, p: number, options: Options): Chain {
  const { absorb } = options;
  const batch = Math.floor(Number(sampleSize) / window);
  if (window === 1) return yield* fullySynthetic({ kind: 'fully-synthetic', sampleSize: batch }, p, options);
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
function* randomlySampled({ sampleSize }: ScheduleOf<'randomly-sampled'>, p: number, { absorb }: Options): Chain {
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

/** The state is the weight in everything so far, which is the training set. */
function* accumulate({ real, synthetic }: ScheduleOf<'accumulate'>, p: number, { absorb, sampled, realWeight: w }: Options): Chain {
  const [N, n] = [Number(real), Number(synthetic)];
  let law: CountLaw = { size: w * N, probability: new Float64Array(w * N + 1) };
  binomialRow(N, p).forEach((value, r) => (law.probability[w * r] = value));
  for (let m = 1; ; m++) {
    yield law;
    const before = surviving(law, absorb);
    const probability = new Float64Array(law.size + n + 1);
    for (let x = 0; x <= law.size; x++) {
      if (before[x] > NEGLIGIBLE) addBinomial(probability, n, sampled(x / law.size, m), before[x], x);
    }
    law = { size: law.size + n, probability };
  }
}

/** The state is the count in the pool. */
function* accumulateSubsample(schedule: ScheduleOf<'accumulate-subsample'>, p: number, { absorb }: Options): Chain {
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

function* fresh({ real, synthetic }: ScheduleOf<'fresh'>, p: number, { absorb, sampled, realWeight: w }: Options): Chain {
  const [N, n] = [Number(real), Number(synthetic)];
  const newly = binomialRow(N, p);
  let law: CountLaw = { size: N, probability: newly };
  for (let m = 1; ; m++) {
    yield law;
    const made = new Float64Array(n + 1);
    const { size } = law;
    surviving(law, absorb).forEach((weight, x) => addBinomial(made, n, sampled(x / size, m), weight));
    const probability = new Float64Array(w * N + n + 1);
    made.forEach((weight, x) => newly.forEach((value, r) => (probability[x + w * r] += weight * value)));
    law = { size: w * N + n, probability };
  }
}

const chains: { [K in Schedule['kind']]?: (schedule: ScheduleOf<K>, p: number, options: Options) => Chain } = {
  'fully-synthetic': fullySynthetic,
  'partially-synthetic': partiallySynthetic,
  'most-recent': mostRecent,
  'randomly-sampled': randomlySampled,
  accumulate,
  'accumulate-subsample': accumulateSubsample,
  fresh,
};
