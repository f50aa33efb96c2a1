import { selectBackend } from '../../backend/select.js';
import { checkThreads } from '../../engine/prepare.js';
import { inputError } from '../../errors.js';
import { mergeSweeps } from '../../sweep/merge.js';
import { pointName } from '../../sweep/points.js';
import { interruptible } from '../interrupt.js';
import type { MergeCommandOptions } from '../merge.js';
import { note } from '../print.js';
import { printJsonResult, printTableOf } from './print.js';

/** Points that a message names. */
const NAMED = 3;

/** `merge DIR... --out DIR` */
export async function merge(dirs: readonly string[], { out, json }: MergeCommandOptions): Promise<void> {
  if (dirs.length === 0) throw inputError('DIR', undefined, 'one folder of a sweep or more');
  if (out === undefined) throw inputError('--out', undefined, 'the folder where the whole sweep goes');
  const { name: backend } = await selectBackend();
  const { sweep, missing, digest } = await interruptible((signal) =>
    mergeSweeps(dirs, out, { backend, threads: checkThreads(undefined), signal, onNote: (text) => note(`merge: ${text}`) }),
  );
  if (digest !== undefined) return json ? printJsonResult(out) : printTableOf(sweep, out, digest);
  const named = missing.slice(0, NAMED).map((index) => pointName(sweep.points[index]));
  if (missing.length > NAMED) named.push(`${missing.length - NAMED} more`);
  throw new Error(
    `blocks are missing of ${missing.length} of ${sweep.points.length} points (${named.join('; ')}); finish their shards and merge again, or go on with: model-collapse sweep SWEEP --out ${out} --resume`,
  );
}
