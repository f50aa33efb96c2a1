// What the loop asks of a model family, passed on to the family of the job.
import * as categorical from './categorical';
import * as gaussian from './gaussian';
import { word } from './header';
import * as A from './layout';
import * as regression from './regression';

let family: i32 = 0;

/** Reads the job's family from the header. */
export function openFamily(): void {
  family = word(A.FAMILY);
}
/** Starts a chain in the current context; the stream is seeded. */
export function openChain(): void {
  if (family == A.GAUSSIAN) gaussian.openChain();
  else if (family == A.REGRESSION) regression.openChain();
  else categorical.openChain();
}
/** Goes on with the chain that `save` left in generation m. */
export function resume(m: i32): void {
  if (family == A.GAUSSIAN) gaussian.resume(m);
  else if (family == A.REGRESSION) regression.resume();
  else categorical.resume(m);
}
export function save(): void {
  if (family == A.CATEGORICAL) categorical.save();
}
/** Makes generation m, the next one after `before` that is made; returns its cost in look-ups. */
export function step(m: i32, before: i32): i32 {
  if (family == A.GAUSSIAN) return gaussian.step(m);
  return family == A.REGRESSION ? regression.step(m) : categorical.step(m, before);
}
/** Up to `most` generations after m at once, where the Simpson index (to `simpson`, unless that is 0) is all that is asked of them; how many. */
export function runOn(m: i32, most: i32, simpson: i32): i32 {
  return family == A.CATEGORICAL ? categorical.runOn(m, most, simpson) : 0;
}
export function recordsSimpson(asked: i32, metrics: i32): bool {
  return family == A.CATEGORICAL && categorical.recordsSimpson(asked, metrics);
}
/** Whether generations after m are left out up to the next that is reported: they are like m, or jumped over. */
export function skips(m: i32): bool {
  return family == A.CATEGORICAL && categorical.skips(m);
}
export function hasCollapsed(): bool {
  if (family == A.GAUSSIAN) return gaussian.hasCollapsed();
  return family == A.CATEGORICAL && categorical.hasCollapsed();
}
/** Writes the metrics of generation m to `out`. */
export function record(m: i32, asked: i32, metrics: i32, out: i32): void {
  if (family == A.GAUSSIAN) gaussian.record(asked, metrics, out);
  else if (family == A.REGRESSION) regression.record(metrics, out);
  else categorical.record(m, asked, metrics, out);
}
