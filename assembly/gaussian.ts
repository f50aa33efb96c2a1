// The Gaussian family: generation m's model is the Gaussian fitted to its training set, of which only the moments are
// drawn, whatever its size. Only a pool that is subsampled holds samples. docs/MATH.md#gaussian
import { binomial } from './binomial';
import {
  addMoments,
  addSample,
  clearMoments,
  copyMoments,
  countOf,
  dimension,
  drawMoments,
  drawSample,
  fit,
  logDeterminantOf,
  meanOf,
  momentBytes,
  openMoments,
  varianceOf,
} from './gaussian-moments';
import { double, setDouble, setWord, word } from './header';
import * as A from './layout';
import { useNormals } from './normal';
import { loadF64, loadI32, multiply, storeF64, storeI32, toI32, toU32 } from './primitives';
import { blockAt, blockCount, blockMode, blockSize, blockSource, blockThrough, blockWeight } from './program';
import { TEMPERATURE } from './sampling';
import { bounded } from './stream';

let set: i32 = 0; // the current training set, in the ring

/** Moments of the model of generation m. */
function slotOf(m: i32): i32 {
  return word(A.ADDR_RING) + multiply(m % word(A.RING_SIZE), momentBytes());
}
/** The kept batch of the model of generation m: its generation (0: not drawn yet), then its moments. */
function batchOf(m: i32): i32 {
  return word(A.ADDR_BATCHES) + multiply(m % word(A.RING_SIZE), (8 + momentBytes()) | 0);
}

function openContext(): void {
  openMoments();
  useNormals(word(A.ADDR_NORMALS));
}

/** Forgets the chain before. */
export function openChain(): void {
  openContext();
  setDouble(A.POOL_TOTAL, 0.0);
  setDouble(A.LOG_DETERMINANT, 0.0);
  setWord(A.REAL_LIVE, 0);
  if (word(A.POOL) == A.POOL_BLOCKS && word(A.POOL_SAMPLES) == 0) clearMoments(word(A.ADDR_POOL));
  if (word(A.KEPT) != 0) for (let i: i32 = 0; i < word(A.RING_SIZE); i++) storeI32(batchOf(i), 0);
}

/** Goes on with the chain that stopped in generation m. */
export function resume(m: i32): void {
  openContext();
  set = slotOf(m);
}

/** Whether the mean variance has fallen below what counts as a collapse. */
export function hasCollapsed(): bool {
  return varianceOf(set) < double(A.COLLAPSE_VARIANCE);
}

/** Factor of a model's covariance when it is sampled: its temperature. */
function heat(): f64 {
  return word(A.RULE) == TEMPERATURE ? double(A.RULE_PARAMETER) : 1.0;
}
function realWeight(): f64 {
  return loadF64(word(A.ADDR_REAL_WEIGHTS));
}

/** The batch in ADDR_BATCH becomes part of the training set. */
function addBatch(weight: f64): void {
  addMoments(word(A.ADDR_SET), word(A.ADDR_BATCH), weight);
}

/** n new samples of the truth, or of the model of generation m. */
function addTruth(n: f64, weight: f64): void {
  drawMoments(word(A.ADDR_TRUTH), 1.0, n, word(A.ADDR_BATCH));
  addBatch(weight * realWeight());
}
function addModel(m: i32, n: f64, weight: f64): void {
  drawMoments(slotOf(m), heat(), n, word(A.ADDR_BATCH));
  addBatch(weight);
}

/** n new samples, each from a source drawn uniformly from the truth and the m - 1 models so far. */
function addMixture(m: i32, n: f64, weight: f64): void {
  let left: f64 = n;
  for (let t: i32 = 0; t < m && left > 0.0; t++) {
    const sources: f64 = (m - t) | 0;
    const count: f64 = binomial(left, 1.0, sources);
    if (count == 0.0) continue;
    if (t == 0) addTruth(count, weight);
    else addModel(t, count, weight);
    left -= count;
  }
}

/** Address of sample i of the pool: its weight, then its coordinates. */
function pooledSample(i: i32): i32 {
  return word(A.ADDR_POOL) + (multiply(i, (dimension() + 1) | 0) << 3);
}

/** New samples for the pool: as samples where it is subsampled, else as moments. */
function fillPool(source: i32, m: i32, n: f64): void {
  const model: i32 = source == A.SOURCE_TRUTH ? word(A.ADDR_TRUTH) : slotOf((m - source) | 0);
  const warmth: f64 = source == A.SOURCE_TRUTH ? 1.0 : heat();
  const weight: f64 = source == A.SOURCE_TRUTH ? realWeight() : 1.0;
  if (word(A.POOL_SAMPLES) == 0) {
    drawMoments(model, warmth, n, word(A.ADDR_BATCH));
    addMoments(word(A.ADDR_POOL), word(A.ADDR_BATCH), weight);
    return;
  }
  const first: i32 = toI32(double(A.POOL_TOTAL));
  const last: i32 = (first + toI32(n)) | 0;
  for (let i: i32 = first; i < last; i++) {
    const at: i32 = pooledSample(i);
    storeF64(at, weight);
    drawSample(model, warmth, at + 8);
    storeI32(word(A.ADDR_POOL_ORDER) + (i << 2), i);
  }
  setDouble(A.POOL_TOTAL, double(A.POOL_TOTAL) + n);
}

/** n samples of the pool; without replacement a shuffle of its order as far as n. */
function subsample(n: f64, replaced: bool, weight: f64): void {
  const order: i32 = word(A.ADDR_POOL_ORDER);
  const all: f64 = double(A.POOL_TOTAL);
  const size: i32 = toI32(all);
  const count: i32 = toI32(replaced || n < all ? n : all);
  for (let i: i32 = 0; i < count; i++) {
    let chosen: i32 = 0;
    if (replaced) {
      chosen = bounded(size);
    } else {
      const left: f64 = (size - i) | 0;
      const at: i32 = order + ((i + bounded(toU32(left))) << 2);
      chosen = loadI32(at);
      storeI32(at, loadI32(order + (i << 2)));
      storeI32(order + (i << 2), chosen);
    }
    addSample(word(A.ADDR_SET), pooledSample(chosen) + 8, weight * loadF64(pooledSample(chosen)));
  }
}

/** The fixed real samples: drawn at their first use. */
function addRealBatch(n: f64, weight: f64): void {
  const batch: i32 = word(A.ADDR_REAL_BATCH);
  if (word(A.REAL_LIVE) == 0) {
    drawMoments(word(A.ADDR_TRUTH), 1.0, n, batch);
    setWord(A.REAL_LIVE, 1);
  }
  addMoments(word(A.ADDR_SET), batch, weight * realWeight());
}

/** The batch of the model of generation m: drawn at its first use. */
function addKept(m: i32, n: f64, weight: f64): void {
  const batch: i32 = batchOf(m);
  if (loadI32(batch) != m) {
    drawMoments(slotOf(m), heat(), n, batch + 8);
    storeI32(batch, m);
  }
  addMoments(word(A.ADDR_SET), batch + 8, weight);
}

function addFixed(source: i32, m: i32, n: f64, weight: f64): void {
  if (source == A.SOURCE_TRUTH) addRealBatch(n, weight);
  else if (source == A.SOURCE_POOL) addMoments(word(A.ADDR_SET), word(A.ADDR_POOL), weight);
  else addMoments(word(A.ADDR_SET), slotOf((m - source) | 0), weight);
}

function addNew(source: i32, m: i32, n: f64, weight: f64): void {
  if (source == A.SOURCE_TRUTH) addTruth(n, weight);
  else if (source == A.SOURCE_MIXTURE) addMixture(m, n, weight);
  else if (source == A.SOURCE_POOL || source == A.SOURCE_POOL_REPLACED) subsample(n, source == A.SOURCE_POOL_REPLACED, weight);
  else addModel((m - source) | 0, n, weight);
}

/** Adds a block to the training set of generation m. */
function addBlock(block: i32, m: i32): void {
  const source: i32 = blockSource(block);
  const mode: i32 = blockMode(block);
  const n: f64 = blockSize(block);
  const weight: f64 = blockWeight(block);
  const through: i32 = source > A.SOURCE_TRUTH ? blockThrough(block, m) : source;
  if (mode == A.INTO_POOL) {
    fillPool(source, m, n);
    return;
  }
  for (let k: i32 = source; k <= through; k++) {
    if (mode == A.FIXED) addFixed(k, m, n, weight);
    else if (mode == A.KEPT_BATCH && k == A.SOURCE_TRUTH) addRealBatch(n, weight);
    else if (mode == A.KEPT_BATCH) addKept((m - k) | 0, n, weight);
    else addNew(k, m, n, weight);
  }
}

/** Generation m; returns its cost in look-ups. */
export function step(m: i32): i32 {
  const d: i32 = dimension();
  if (m > 1) setDouble(A.LOG_DETERMINANT, logDeterminantOf(set));
  clearMoments(word(A.ADDR_SET));
  const blocks: i32 = blockCount(m);
  for (let i: i32 = 0; i < blocks; i++) addBlock(blockAt(m, i), m);
  set = slotOf(m);
  copyMoments(word(A.ADDR_SET), set);
  fit(set);
  // The first generation's real samples stay what `fixed` means, unless a block has set some aside.
  if (m == 1 && word(A.REAL_LIVE) == 0) keepFirst();
  const samples: i32 = word(A.POOL_SAMPLES) == 0 ? 1 : toI32(countOf(set));
  return (50 + multiply(d, multiply(d, (d + samples) | 0))) | 0;
}

/** Generation 1's training set as the fixed real samples, without their weight. */
function keepFirst(): void {
  const batch: i32 = word(A.ADDR_REAL_BATCH);
  clearMoments(batch);
  addMoments(batch, set, 1.0 / realWeight());
  setWord(A.REAL_LIVE, 1);
}

/** ||mu||^2 / d */
function meanShift(): f64 {
  const d: i32 = dimension();
  const size: f64 = d;
  let sum: f64 = 0.0;
  for (let i: i32 = 0; i < d; i++) {
    const x: f64 = loadF64(meanOf(set) + (i << 3));
    sum += x * x;
  }
  return sum / size;
}

function metric(id: i32): f64 {
  const size: f64 = dimension();
  const logDeterminant: f64 = logDeterminantOf(set);
  if (id == 0) return varianceOf(set);
  if (id == 1) return logDeterminant;
  if (id == 2) return meanShift();
  if (id == 3) return 0.5 * (size * (varianceOf(set) + meanShift() - 1.0) - logDeterminant);
  // From a singular covariance to a singular one: still -Infinity.
  return logDeterminant == -1.0 / 0.0 ? logDeterminant : logDeterminant - double(A.LOG_DETERMINANT);
}

/** Writes the metrics of the generation to `out`. */
export function record(asked: i32, metrics: i32, out: i32): void {
  for (let i: i32 = 0; i < metrics; i++) storeF64(out + (i << 3), metric(loadI32(asked + (i << 3))));
}
