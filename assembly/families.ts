// What the loop asks of a model family, passed on to the family of the job.
import * as categorical from './categorical';
import * as gaussian from './gaussian';
import { word } from './header';
import * as A from './layout';

let family: i32 = 0;

/** Reads the job's family from the header. */
export function openFamily(): void {
  family = word(A.FAMILY);
}
/** Starts a chain in the current context; the stream is seeded. */
export function openChain(): void {
  if (family == A.GAUSSIAN) gaussian.openChain();
  else categorical.openChain();
}
/** Goes on with the chain that `save` left in generation m. */
export function resume(m: i32): void {
  if (family == A.GAUSSIAN) gaussian.resume(m);
  else categorical.resume(m);
}
export function save(): void {
  if (family == A.CATEGORICAL) categorical.save();
}
/** Makes generation m; returns its cost in look-ups. */
export function step(m: i32): i32 {
  return family == A.GAUSSIAN ? gaussian.step(m) : categorical.step(m);
}
/** Whether all generations after m are like it. */
export function isFinal(m: i32): bool {
  return family == A.CATEGORICAL && categorical.isFinal(m);
}
export function hasCollapsed(): bool {
  return family == A.GAUSSIAN ? gaussian.hasCollapsed() : categorical.hasCollapsed();
}
/** Writes the metrics of generation m to `out`. */
export function record(m: i32, asked: i32, metrics: i32, out: i32): void {
  if (family == A.GAUSSIAN) gaussian.record(asked, metrics, out);
  else categorical.record(m, asked, metrics, out);
}
