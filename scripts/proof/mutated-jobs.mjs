// Jobs of every family, changed at random, given to the addon and run for a moment: `node mutated-jobs.mjs SEED CALLS`. Each call works or
// throws one error that names a field. Prints how they ended; a crash or a hang is for the parent to see.
import { createRequire } from 'node:module';
import { root } from '../tools.mjs';
import { jobOf } from './jobs.mjs';
import { generator } from './random.mjs';
import { specsWithDigests } from './specs.mjs';

const addon = createRequire(import.meta.url)('node-gyp-build')(process.env.PROOF_ADDON ?? root);
const [seed, calls] = process.argv.slice(2).map(Number);
const { below, chance, pick } = generator(seed);
const odd = [
  -1,
  0,
  1,
  2,
  3,
  7,
  64,
  1e3,
  1e5,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 31),
  0.5,
  1e-12,
  5e-324,
  1e300,
  Infinity,
  NaN,
];
const lists = [Int32Array, Uint32Array, Float64Array, Uint8Array, Array];

/** A number near the one that was there, or one of those that checks forget. */
function otherNumber(value) {
  return chance(0.4) ? pick(odd) : chance(0.5) ? value + pick([-1, 1]) : value * pick([-1, 0.5, 2, 1 + 2 ** -52]);
}

function otherList(list) {
  const way = below(8);
  const copy = list.slice();
  if (way === 0) return copy.subarray(0, below(copy.length + 1));
  if (way === 1) return new list.constructor([...copy, ...copy.subarray(0, below(copy.length + 1))]);
  if (way === 2) return pick(lists).from(copy);
  if (copy.length === 0) return list.constructor.of(pick(odd));
  for (let k = 1 + below(3); k > 0; k--) {
    const at = below(copy.length);
    copy[at] = chance(0.3) ? pick(copy) : otherNumber(copy[at]);
  }
  return copy;
}

function changed(fields) {
  const job = { ...fields };
  for (let k = 1 + below(3); k > 0; k--) {
    const name = pick(Object.keys(job));
    const value = job[name];
    const way = below(50);
    if (way === 0) delete job[name];
    else if (way === 1) job[name] = pick([null, 'x', [], {}, 1n, true, Symbol('s')]);
    else if (typeof value === 'number') job[name] = otherNumber(value);
    else if (typeof value === 'boolean') job[name] = !value;
    else if (ArrayBuffer.isView(value)) job[name] = otherList(value);
  }
  return job;
}

const outcomes = { calls: 0, jobs: 0, refused: 0, finished: 0, cancelled: 0, full: 0 };
const ends = ['finished', undefined, 'full', 'cancelled'];
/** One call: what it gives back, or undefined where it was refused as it should be. */
async function attempt(call) {
  outcomes.calls++;
  try {
    return { value: await call() };
  } catch (error) {
    const clear = error instanceof Error && /^[\w, ]+: .+|^not enough memory/.test(error.message);
    if (!clear) throw new Error(`call ${outcomes.calls}: ${error.stack ?? String(error)}`);
    outcomes.refused++;
    return undefined;
  }
}

const moment = () => new Promise((resolve) => setImmediate(resolve));
const jobs = [];
for (const { spec } of await specsWithDigests()) jobs.push(await jobOf(spec));
while (outcomes.calls < calls) {
  const { ngram, fields } = pick(jobs);
  const Kernel = ngram ? addon.NgramKernel : addon.Kernel;
  outcomes.jobs++;
  const made = await attempt(() => new Kernel(changed(fields), pick([20, 100, 1000, 1e5]), pick(addon.instructionSets)));
  if (!made) continue;
  const kernel = made.value;
  const slice = [pick([0, 1, 1023, 2 ** 40]), ...(ngram ? [] : [chance(0.9) ? 0 : below(4)]), 1 + below(40)];
  if (!(await attempt(() => kernel.open(...slice)))) continue;
  // A job may have become a long one: a moment is enough to reach what a check missed.
  const running = attempt(() => kernel.advance());
  for (let turns = below(4); turns > 0; turns--) await moment();
  await attempt(() => kernel.cancel());
  const ended = await running;
  if (ended) outcomes[ends[ended.value]]++;
  const values = await attempt(() => kernel.drain());
  if (!(values?.value instanceof Float64Array)) throw new Error('drain gave no numbers');
  await attempt(() => kernel.collapseTimes());
}
console.log(JSON.stringify(outcomes));
