// New samples from the sources of a training set: the truth and earlier models.
import { addPicks, add } from './added';
import { binomial } from './binomial';
import { word } from './header';
import * as A from './layout';
import { modelSize, modelTokens, modelWeights } from './model';
import { binomialsOfReals, conditionalBinomials, directFromWeights, isDirect } from './multinomial';
import { poissonised } from './poissonised';
import { loadCount, loadF64, loadI32, toI32 } from './primitives';
import { openRate } from './rate-rows';
import { TEMPERATURE } from './sampling';
import { isWeighted, ringSlot, slotCounts, slotLive, slotTokens, slotTotal } from './sets';

/** An alias pick costs about a sixteenth of a conditional binomial. */
const ALIAS_BELOW: f64 = 16.0;
/** A search in running sums costs about as much as this many draws from Poisson rows. */
const FAR_FEWER: f64 = 16.0;

/** n new samples of the truth of the context at `entry`. */
export function drawTruth(entry: i32, n: f64): void {
  const start: i32 = loadI32(entry);
  const size: i32 = loadI32(entry + 4);
  const tokens: f64 = size;
  if (n < ALIAS_BELOW * tokens) {
    addPicks((entry - word(A.ADDR_CONTEXTS)) >> 4, toI32(n));
    return;
  }
  const p: i32 = word(A.ADDR_P) + (start << 3);
  const suffix: i32 = word(A.ADDR_SUFFIX) + (start << 3);
  let left: f64 = n;
  for (let i: i32 = 0; i < size && left > 0.0; i++) {
    const last: bool = i == size - 1;
    const x: f64 = last ? left : binomial(left, loadF64(p + (i << 3)), loadF64(suffix + (i << 3)));
    if (x > 0.0) add(i, x);
    left -= x;
  }
}

/** n new samples of the double weights at ADDR_WEIGHTS, whose tokens are listed at `list`; `real`: they are no integers. */
export function drawWeights(n: f64, list: i32, size: i32, sum: f64, real: bool): void {
  const weights: i32 = word(A.ADDR_WEIGHTS);
  const drawn: i32 = word(A.ADDR_DRAW);
  if (isDirect(n, size)) directFromWeights(n, weights, size, sum, word(A.ADDR_PREFIX), drawn, real);
  else if (real) binomialsOfReals(n, weights, size, word(A.ADDR_PREFIX), drawn);
  else conditionalBinomials(n, weights, size, sum, drawn);
  addDrawn(list, size);
}

/** Adds what a multinomial draw gave the tokens at `list`. */
function addDrawn(list: i32, size: i32): void {
  const drawn: i32 = word(A.ADDR_DRAW);
  for (let i: i32 = 0; i < size; i++) {
    const x: f64 = loadCount(drawn + (i << 2));
    if (x > 0.0) add(loadI32(list + (i << 2)), x);
  }
}

/** n new samples of the model of generation m. */
export function drawModel(entry: i32, m: i32, n: f64): void {
  const slot: i32 = ringSlot(m);
  const live: i32 = slotLive(slot);
  const tokens: f64 = live;
  if (n * FAR_FEWER >= tokens && openRate(n, slotTotal(slot))) {
    poissonised(n, slotCounts(slot), live, slotTotal(slot), word(A.ADDR_DRAW), word(A.ADDR_SLOTS));
    addDrawn(slotTokens(slot), live);
    return;
  }
  const sum: f64 = modelWeights(entry, slot, m);
  drawWeights(n, modelTokens(), modelSize(), sum, isWeighted() || word(A.RULE) == TEMPERATURE);
}
