// Calls everything that the native addon exports with wrong arguments: `node hostile.mjs SEED CALLS`. Prints the number of
// calls and how they ended; a crash or a hang is for the parent to see.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const addon = createRequire(import.meta.url)('node-gyp-build')(process.env.PROOF_ADDON ?? fileURLToPath(new URL('../..', import.meta.url)));
const [seed, calls] = process.argv.slice(2).map(Number);

// mulberry32
let state = seed | 0;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];

function detached(array) {
  structuredClone(array.buffer, { transfer: [array.buffer] });
  return array;
}

/** A length-tracking array whose buffer shrinks behind its back. */
function shrunk(Type) {
  const buffer = new ArrayBuffer(64, { maxByteLength: 128 });
  const array = new Type(buffer, 16, 4);
  buffer.resize(8);
  return array;
}

const thrower = new Proxy(
  {},
  {
    get() {
      throw new Error('trap');
    },
  },
);
const numbers = [
  0,
  -0,
  1,
  2,
  -1,
  0.5,
  NaN,
  Infinity,
  -Infinity,
  1e308,
  5e-324,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  255,
  1e9,
];
const makers = [
  () => undefined,
  () => null,
  () => true,
  () => '',
  () => '7',
  () => 7n,
  () => Symbol('s'),
  () => ({}),
  () => [],
  () => [1, 2, 3],
  () => () => 1,
  () => thrower,
  () => new Proxy(new Float64Array(4), {}),
  () => new Proxy(() => 1, {}),
  () => new Date(),
  () => new Map(),
  () => Promise.resolve(1),
  () => Object.create(null),
  () => ({
    valueOf() {
      throw new Error('valueOf');
    },
  }),
  () => new ArrayBuffer(8),
  () => new DataView(new ArrayBuffer(8)),
  () => new BigInt64Array(2),
  () => new Float32Array(3),
  () => new Uint8Array(5),
  () => new Int16Array(1),
  () => new Float64Array(0),
  () => new Int32Array(0),
  () => new Uint32Array(0),
  () => new Uint32Array(3),
  () => new Uint32Array(4),
  () => Float64Array.of(NaN, Infinity, -1, 5e-324),
  () => Int32Array.of(-1, 2147483647, -2147483648, 0),
  () => Uint32Array.of(4294967295, 0, 1, 2147483648),
  () => detached(new Float64Array(4)),
  () => detached(new Int32Array(4)),
  () => detached(new Uint32Array(4)),
  () => shrunk(Int32Array),
  () => shrunk(Uint32Array),
  () => new Int32Array(new SharedArrayBuffer(16)),
  () => new Float64Array(new SharedArrayBuffer(32)),
];
const anything = () => (random() < 0.5 ? pick(numbers) : pick(makers)());

/** A regression that the addon takes: each way of drawing, with and without projections. */
function goodRegression() {
  const dimension = pick([1, 2, 5, 9]);
  const width = pick([0, 0, 1, 4, 20]);
  const features = width === 0 ? dimension : Math.min(width, dimension);
  const wayId = features > 1 ? pick([0, 1, 2]) : pick([1, 2]);
  const counts =
    wayId === 0
      ? pick([
          [1, 0],
          [0, features - 1],
        ])
      : pick([
          [dimension, 0],
          [dimension, 70],
          [1000, dimension],
        ]);
  const unknowns = wayId === 0 ? counts[0] + counts[1] : features;
  const part = (count) => [count, wayId === 1 ? pick([1, 0.3]) : 1, 0.5, 0, wayId === 1 && count >= dimension ? pick([0, 1]) : 0];
  const vector = (length) => new Float64Array(length).fill(pick([0, 1, 1e-200, 1e100]));
  return {
    familyId: 2,
    seed: below(1000),
    lastGeneration: pick([1, 3]),
    untilCollapse: false,
    metrics: Int32Array.of(0, 0),
    report: new Int32Array(0),
    dimension,
    features,
    width,
    wayId,
    keepReal: wayId === 2 ? false : pick([true, false]),
    scale: vector(dimension),
    signal: vector(dimension),
    shift: vector(dimension),
    penalty: vector(unknowns),
    parts: Float64Array.from([...part(counts[0]), ...part(counts[1])]),
  };
}

/** A job of a Gaussian that the addon takes. */
function goodGaussian() {
  const pool = pick([-2, -3]);
  const kept = random() < 0.5;
  return {
    familyId: 1,
    seed: below(1000),
    lastGeneration: pick([1, 5, 30]),
    untilCollapse: random() < 0.3,
    dimension: pick([1, 2, 5, 64]),
    unbiased: random() < 0.5,
    collapseVariance: pick([0, 0.001, 1]),
    rule: pick([0, 1]),
    ruleParameter: pick([0.5, 1, 2]),
    realWeight: pick([1, 0.618, 1e-12, 1e12]),
    pool: 1,
    sizeSlots: 2,
    // As a mixture may ask any model.
    lookBack: 30,
    metrics: Int32Array.from({ length: 10 }, (_, i) => (i % 2 ? 0 : i / 2)),
    report: new Int32Array(0),
    // Truth; real samples and a model or several; a mixture; samples for the pool, and a subsample or all of it.
    lines: Int32Array.of(0, 1, 1, 2, 3, 1, 4, 2),
    blocks: Int32Array.from(
      [
        [0, 0, 0, 0],
        [0, 0, 0, pick([0, 1, 3])],
        [1, pick([1, 1, 7]), 1, pick([0, 3])],
        [-1, -1, 0, 0],
        [1, 1, 1, 2],
        [kept ? -2 : pool, kept ? -2 : pool, 0, kept ? 1 : 0],
      ].flatMap(([source, through, size, mode]) => [source, size, mode, through]),
    ),
    blockWeights: Float64Array.from({ length: 6 }, () => pick([1, 0.3, 1e-12, 1e12])),
    sizes: Uint32Array.of(pick([1, 2, 40]), pick([1, 3, 40])),
  };
}

/** A job that the addon takes. */
function goodJob() {
  return pick([goodCategorical, goodJumping, goodGaussian, goodRegression])();
}

/** Fully synthetic training with jumps. */
function goodJumping() {
  const report = pick([Int32Array.of(1, 2, 9), Int32Array.of(5, 30, 2000), Int32Array.of(100_000)]);
  const job = goodCategorical();
  return {
    ...job,
    lastGeneration: report[report.length - 1],
    untilCollapse: false,
    pool: 0,
    rule: 0,
    ruleParameter: 1,
    lookBack: 1,
    report,
    jumps: new Int32Array(report.length).fill(1),
    lines: Int32Array.of(0, 1, 1, 1),
    blocks: Int32Array.of(0, 0, 0, 0, 1, 1, 0, 1),
    blockWeights: Float64Array.of(1, 1),
    weighted: false,
    realWeights: new Float64Array(job.starts.length - 1).fill(1),
    errorSizes: new Float64Array(0),
    errorShares: new Float64Array(0),
  };
}

/** Alias tables that always take the column, or its alias where it is none of a token. */
function cellsOf(tokens, contexts) {
  const columns = 2 ** Math.max(1, Math.ceil(Math.log2(tokens)));
  const cells = Uint32Array.from({ length: 2 * columns * contexts }, (_, i) =>
    i % 2 === 0 ? ((i / 2) % columns < tokens ? 4294967295 : 0) : ((i - 1) / 2) % tokens,
  );
  return { cells, cellStarts: Int32Array.from({ length: contexts + 1 }, (_, j) => columns * j) };
}

/** One of a categorical model with one or two contexts. */
function goodCategorical() {
  const tokens = pick([1, 2, 5, 30]);
  const contexts = pick([1, 2]);
  const all = tokens * contexts;
  const n = pick([1, 3, 40, 600]);
  const pool = pick([-2, -3]);
  const weighted = random() < 0.5;
  const errors = weighted && random() < 0.5;
  const rule = pick([0, 0, 1, 2, 3, 4]);
  return {
    familyId: 0,
    seed: below(1000),
    lastGeneration: pick([1, 5, 30]),
    untilCollapse: random() < 0.3,
    pool: 1,
    rule,
    ruleParameter: pick([0.5, 1, 2, 3.7]),
    sizeSlots: 2,
    lookBack: 2,
    metrics: Int32Array.from({ length: 22 }, (_, i) => (i % 2 ? 0 : i / 2)),
    report: new Int32Array(0),
    lines: Int32Array.of(0, 1, 1, 2, 3, 1, 4, 2),
    // Truth; fixed real samples and a model; a mixture; samples for the pool and a subsample of it.
    blocks: Int32Array.of(
      0,
      0,
      0,
      0,
      0,
      0,
      weighted ? pick([1, 3]) : 1,
      0,
      1,
      1,
      weighted ? pick([0, 3]) : 0,
      2,
      -1,
      1,
      0,
      -1,
      1,
      1,
      2,
      1,
      pool,
      1,
      pool === -2 && weighted ? pick([0, 1]) : 0,
      pool,
    ),
    blockWeights: Float64Array.from({ length: 6 }, () => (weighted ? pick([1, 0.3, 1e-12, 1e12]) : 1)),
    weighted,
    realWeights: new Float64Array(contexts).fill(weighted ? pick([1, 0.618, 1e12]) : 1),
    rates: weighted || rule !== 0 ? new Float64Array(0) : Float64Array.of(1, 0.5, 1 / 3),
    errorSizes: errors ? Float64Array.of(0, 0.1, 1e12) : new Float64Array(0),
    errorShares: errors ? new Float64Array(all).fill(1 / tokens) : new Float64Array(0),
    jumps: new Int32Array(0),
    sizes: Uint32Array.from({ length: 2 * contexts }, () => n),
    starts: Int32Array.from({ length: contexts + 1 }, (_, j) => j * tokens),
    tokens: Int32Array.from({ length: all }, (_, i) => i % tokens),
    p: new Float64Array(all).fill(1 / tokens),
    logP: new Float64Array(all),
    suffix: Float64Array.from({ length: all }, (_, i) => 1 - (i % tokens) / tokens + 1e-15),
    ...cellsOf(tokens, contexts),
  };
}

/** Changes single numbers to near ones, so that what a check misses is reached. */
function tweak(job) {
  if (job.familyId === 2) {
    tweakRegression(job);
    return;
  }
  const fields = [
    'blockWeights',
    'realWeights',
    'rates',
    'errorSizes',
    'errorShares',
    'lines',
    'blocks',
    'sizes',
    'starts',
    'cells',
    'cellStarts',
    'metrics',
    'report',
    'jumps',
    'tokens',
  ].filter((name) => name in job);
  for (let k = 1 + below(3); k > 0; k--) {
    const name = pick(fields);
    const copy = job[name].slice();
    if (copy.length > 0) copy[below(copy.length)] = pick([-2, -1, 0, 1, 2, 3, 4, 10, 50, 100_000]);
    job[name] = random() < 0.2 ? copy.slice(0, below(copy.length + 1)) : copy;
  }
  if (random() < 0.3) job.lookBack = pick([1, 2, 3, 1000]);
  if (random() < 0.3) job.sizeSlots = pick([1, 2, 3]);
  if (random() < 0.2) job.pool = pick([-1, 0, 1, 2, 3]);
  if (random() < 0.1) job.weighted = !job.weighted;
  if (random() < 0.1) job.familyId = pick([-1, 0, 1, 2]);
  if (random() < 0.1) job.dimension = pick([-1, 0, 1, 3, 64, 65, 1e6]);
  if (random() < 0.1) job.lastGeneration = pick([-1, 0, 1, 31, 100_000]);
  if (random() < 0.1) job.realWeight = pick([-1, 0, 1e-12, 5e-324, 1e12, Infinity, Number.NaN]);
  if (random() < 0.1) job.collapseVariance = pick([-1, 0, 2, Number.NaN]);
  if (random() < 0.1) job.rule = pick([-1, 0, 1, 2, 3, 4, 5]);
  if (random() < 0.1) job.ruleParameter = pick([-1, 0, 1e-300, 1e300, 1e-9, Number.NaN]);
}

function tweakRegression(job) {
  for (let k = 1 + below(3); k > 0; k--) {
    const name = pick(['scale', 'signal', 'shift', 'penalty', 'parts', 'parts', 'parts', 'metrics']);
    const copy = job[name].slice();
    if (copy.length > 0) copy[below(copy.length)] = pick([-1, 0, 1, 2, 3, 4, 10, 0.5, 1e12, 1e13, Number.NaN, Infinity, 1e250]);
    job[name] = random() < 0.2 ? copy.slice(0, below(copy.length + 1)) : copy;
  }
  if (random() < 0.3) job.dimension = pick([0, 1, 2, 4, 9, 100_000]);
  if (random() < 0.3) job.features = pick([0, 1, 2, 4, 9, 100_000]);
  if (random() < 0.3) job.width = pick([-1, 0, 0.5, 1, 3, 1e12, 1e13, Number.NaN]);
  if (random() < 0.3) job.wayId = pick([-1, 0, 1, 2, 3]);
  if (random() < 0.2) job.keepReal = !job.keepReal;
}

/** A job with a few fields replaced, removed, or behind getters that throw or pull the rug. */
function badJob() {
  const job = goodJob();
  const way = random();
  if (way < 0.5) {
    tweak(job);
    return job;
  }
  for (let k = 1 + below(2); k > 0; k--) {
    const name = pick(Object.keys(job));
    const kind = below(4);
    if (kind === 0) delete job[name];
    else if (kind === 1) job[name] = anything();
    else if (kind === 2)
      Object.defineProperty(job, name, {
        get() {
          throw new RangeError(name);
        },
        configurable: true,
      });
    else {
      const value = job[name];
      Object.defineProperty(job, name, {
        configurable: true,
        get() {
          for (const other of ['p', 'sizes', 'lines']) if (ArrayBuffer.isView(job[other])) detached(job[other]);
          return value;
        },
      });
    }
  }
  return random() < 0.2 ? new Proxy(job, {}) : job;
}

class Derived extends addon.Kernel {
  extra = 1;
}

const outcomes = { returned: 0, threw: 0, rejected: 0, odd: 0 };
const kernels = [];
const methods = [
  ...['open', 'advance', 'advanceHere', 'status', 'pending', 'drain', 'collapseTimes', 'progress', 'elapsed'],
  ...['cancel', 'pause', 'save', 'restore', 'load', 'free'],
];
/** States that kernels have saved, of any jobs. */
const states = [];

function save(kernel) {
  const state = kernel.save();
  if (state?.length > 0) states[states.length < 100 ? states.length : below(100)] = state;
}

/** Puts a chain where another one stood, or a damaged one. */
function restore(kernel) {
  const state = pick(states).slice(0);
  for (let changes = below(3); changes > 0; changes--) state[below(state.length)] = pick([0, 1, 127, 255]);
  if (random() < 0.8) kernel.open(below(5), 0, 1 + below(6));
  kernel.restore(random() < 0.1 ? state.subarray(0, below(state.length)) : state);
}

/** Nothing can cancel it, so it is given a few chains; the room is what the job may write at once, or too little. */
function advanceHere(kernel) {
  kernel.open(below(5), 0, 1 + below(3));
  return kernel.advanceHere(new Float64Array(pick([0, 9, 100, 100_000])));
}

function makeKernel() {
  const Type = pick([addon.Kernel, Derived]);
  const simd = random() < 0.9 ? pick(addon.instructionSets) : anything();
  const kernel = new Type(random() < 0.4 ? goodJob() : badJob(), random() < 0.7 ? pick([10, 100, 100_000]) : anything(), simd);
  if (kernels.length < 40) kernels.push(kernel);
  else kernels[below(40)] = kernel;
  return kernel;
}

function call() {
  const what = random();
  if (what < 0.25) return makeKernel();
  if (what < 0.3)
    return pick([
      () => addon.Kernel(goodJob(), 10),
      () => Reflect.construct(addon.Kernel, [goodJob(), 10], pick([Array, Map, Derived, Function])),
      () => new addon.Kernel(),
      () => new addon.Kernel(anything(), anything()),
    ])();
  if (what < 0.5) {
    const name = pick(Object.keys(addon.probes));
    const args = Array.from({ length: below(7) }, anything);
    // The number of draws is a length: it may be large, but then it takes its time.
    if (/^(binomials|poissons|occupancies)$/.test(name) && args[1] > 1000) args[1] = 1000;
    return addon.probes[name].apply(anything(), args);
  }
  const kernel = kernels.length > 0 ? pick(kernels) : makeKernel();
  const method = pick(methods);
  if (what < 0.6)
    return addon.Kernel.prototype[method].apply(
      pick([anything, () => Object.create(kernel), () => new Proxy(kernel, {}), () => addon.Kernel.prototype, () => addon])(),
      Array.from({ length: 3 }, anything),
    );
  if (method === 'save') return save(kernel);
  if (method === 'restore' && states.length > 0 && random() < 0.9) return restore(kernel);
  if (method === 'load' && random() < 0.7)
    return kernel.load(random() < 0.7 ? goodJob() : badJob(), pick([10, 100, 100_000]), pick(addon.instructionSets));
  if (method === 'free' && random() < 0.7) return undefined;
  if (method === 'advanceHere' && random() < 0.7) return advanceHere(kernel);
  if (method === 'drain' && random() < 0.5) return kernel.drain(new Float64Array(random() < 0.7 ? kernel.pending() : below(20)));
  if (method === 'open' && random() < 0.7) return kernel.open(below(5), 0, 1 + below(40));
  return kernel[method](...Array.from({ length: below(5) }, anything));
}

/** A good job with a fixed batch whose size is said to be smaller than generation 1: what is drawn from it would not fit. */
function lyingJob(real) {
  return {
    ...goodCategorical(),
    untilCollapse: false,
    lastGeneration: 30,
    lookBack: 1,
    pool: 0,
    rule: 0,
    ruleParameter: 1,
    lines: Int32Array.of(0, 1, 1, 1, 2, 1),
    blocks: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 1),
    blockWeights: new Float64Array(3).fill(1),
    weighted: false,
    realWeights: Float64Array.of(1),
    rates: new Float64Array(0),
    errorSizes: new Float64Array(0),
    errorShares: new Float64Array(0),
    jumps: new Int32Array(0),
    sizes: Uint32Array.of(real, 10),
    starts: Int32Array.of(0, 10),
    ...tenTokens(),
  };
}

function tenTokens() {
  return {
    tokens: Int32Array.from({ length: 10 }, (_, i) => i),
    p: new Float64Array(10).fill(0.1),
    logP: new Float64Array(10),
    suffix: Float64Array.from({ length: 10 }, (_, i) => 1.001 - i / 10),
    ...cellsOf(10, 1),
  };
}

const running = new Set();
async function settle() {
  for (const kernel of kernels) kernel.cancel();
  await Promise.all(running);
}

async function run(promise) {
  try {
    await promise;
    outcomes.returned++;
  } catch {
    outcomes.rejected++;
  }
}

for (let i = 0; i < calls; i++) {
  try {
    const value = i % 1000 === 0 ? new addon.Kernel(lyingJob(pick([11, 1000, 1e8])), 1000) : call();
    if (i % 1000 === 0) {
      value.open(0, 0, 1);
      await run(value.advance());
    } else if (value instanceof Promise) {
      const task = run(value);
      running.add(task);
      task.then(() => running.delete(task));
    } else outcomes.returned++;
  } catch (error) {
    if (error instanceof Error) outcomes.threw++;
    else outcomes.odd++;
  }
  if (i % 50 === 0) await settle();
  if (i % 5000 === 0) globalThis.gc?.();
}
await settle();
console.log(JSON.stringify({ calls, ...outcomes }));
