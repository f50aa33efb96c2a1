// How many of n boxes hold 2, 3, ... of k balls thrown at random, without throwing them. docs/MATH.md#occupancy
import { binomial } from './binomial';
import { exp, log } from './math';
import { loadF64, storeF64, storeI32, toI32 } from './primitives';
import { logMass, poisson } from './poisson';
import { uniform } from './stream';

/** Boxes of more balls than are looked at are less likely than those of two by this factor. */
const NEGLIGIBLE: f64 = 1e-20;
/** Numbers of balls in a box that are looked at: 2 ... 24 at most, as k <= n. */
export const MOST_BALLS: i32 = 32;

/**
 * Writes the numbers of boxes with 2, 3, ... balls from `at` on and returns how many numbers that are; 1 <= k <= n <= 2^31.
 * `shares`: room for MOST_BALLS doubles.
 */
export function occupancy(k: f64, n: f64, shares: i32, at: i32): i32 {
  const mean: f64 = k / n;
  const none: f64 = exp(-mean);
  const top: i32 = fillShares(mean, none, shares);
  const emptyMean: f64 = n * none;
  const singleMean: f64 = n * none * mean;
  const crowdedMean: f64 = n * loadF64(shares);
  while (true) {
    // Boxes are Poisson, kind by kind, given the numbers of balls and of boxes: the empty ones and the single balls take the rest.
    let boxes: f64 = poisson(crowdedMean);
    let singles: f64 = k;
    let empty: f64 = n;
    let kinds: i32 = 0;
    while (boxes > 0.0) {
      const share: i32 = shares + (kinds << 3);
      const more: f64 = kinds < top ? binomial(boxes, loadF64(share + 8), loadF64(share)) : 0.0;
      const these: f64 = boxes - more;
      const balls: f64 = (kinds + 2) | 0;
      storeI32(at + (kinds << 2), toI32(these));
      singles -= these * balls;
      empty -= these;
      boxes = more;
      kinds++;
    }
    empty -= singles;
    if (singles >= 0.0 && empty >= 0.0 && isKept(singles, singleMean, empty, emptyMean)) return kinds;
  }
}

/** P(X >= 2), P(X >= 3), ... of a Poisson variable; returns the index of the last. */
function fillShares(mean: f64, none: f64, shares: i32): i32 {
  let share: f64 = none * mean * mean * 0.5;
  const least: f64 = share * NEGLIGIBLE;
  let top: i32 = 0;
  storeF64(shares, share);
  while (share > least) {
    top++;
    const balls: f64 = (top + 2) | 0;
    share *= mean / balls;
    storeF64(shares + (top << 3), share);
  }
  for (let i: i32 = (top - 1) | 0; i >= 0; i--) {
    storeF64(shares + (i << 3), loadF64(shares + (i << 3)) + loadF64(shares + ((i + 1) << 3)));
  }
  return top;
}

/** True with the probability of these two Poisson numbers, each against that of its mode. */
function isKept(singles: f64, singleMean: f64, empty: f64, emptyMean: f64): bool {
  const u: f64 = uniform();
  const singleMode: f64 = Math.floor(singleMean);
  const emptyMode: f64 = Math.floor(emptyMean);
  // At a distance d from the mode the mass is at least 1 - d (d + 1) / (2 mean) of that of the mode.
  const d: f64 = Math.abs(singles - singleMode);
  const e: f64 = Math.abs(empty - emptyMode);
  if (u < 1.0 - (d * (d + 1.0)) / (2.0 * singleMean) - (e * (e + 1.0)) / (2.0 * emptyMean)) return true;
  const single: f64 = logMass(singles, singleMean) - logMass(singleMode, singleMean);
  return log(u) <= single + (logMass(empty, emptyMean) - logMass(emptyMode, emptyMean));
}
