// Specs, sweeps and payloads of the queue: anything at all, and good ones with one thing changed.
import { join } from 'node:path';
import fc from 'fast-check';
import { root } from '../tools.mjs';
import { specsWithDigests } from './specs.mjs';

const load = (file) => import(join(root, 'dist', file));
const { InputError } = await load('errors.js');
const { parseSpec } = await load('spec/spec.js');
const { readSweep } = await load('sweep/points.js');
const { readPayload } = await load('sweep/queue.js');

/** Places in a document, as lists of keys. */
function places(value, path = []) {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, entry]) => places(entry, [...path, key]))];
}

function withAt(value, [key, ...rest], entry) {
  if (key === undefined) return entry;
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[key] = withAt(copy[key], rest, entry);
  return copy;
}

const anything = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
});
const numbers = [-1, 0, 1, 0.5, 2 ** 31, 2 ** 31 + 1, 2 ** 53, 1e300, 5e-324, Infinity, NaN, -0];
const words = ['', 'kind', 'auto', 'text', '../..', '__proto__', 'constructor', 'until-collapse', '\u0000', 'simpson', 'probability:0'];
const odd = fc.oneof(fc.constantFrom(...numbers, ...words, null, true, [], {}), fc.double(), fc.string(), anything);

/** Up to three things of a good document changed, or moved to another place. */
function changed(documents) {
  const change = fc.tuple(fc.nat(), fc.nat(), fc.oneof(odd, fc.nat()), fc.boolean());
  return fc.tuple(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 3 })).map(([document, changes]) => {
    let made = document;
    for (const [at, from, entry, moves] of changes) {
      const all = places(made);
      const source = all[from % all.length];
      made = withAt(made, all[at % all.length], moves ? source.reduce((value, key) => value?.[key], made) : entry);
    }
    return made;
  });
}

function check(name, parse, arbitrary, runs) {
  const counts = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(arbitrary, (input) => {
      try {
        parse(input);
        counts.taken++;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        counts.refused++;
      }
    }),
    { numRuns: runs, seed: 1 },
  );
  return `${name}: ${runs} inputs, ${counts.taken} taken, ${counts.refused} refused by an InputError`;
}

/** @param runs of specs; others are a fifth of that */
export async function fuzzSpecs(runs) {
  const specs = (await specsWithDigests()).map(({ spec }) => spec);
  const sweeps = [
    { base: specs[0], vary: { seed: { from: 0, count: 3 }, 'schedule.sampleSize': [10, 20] }, combine: 'product' },
    { specs: specs.slice(0, 3) },
  ];
  const payload = { format: 1, version: '0', identity: '0'.repeat(64), point: 0, block: 0, spec: specs[0], vary: { seed: 0 }, corpora: {} };
  return [
    check('specs', parseSpec, fc.oneof({ weight: 5, arbitrary: changed(specs) }, { weight: 1, arbitrary: anything }), runs),
    check('sweeps', readSweep, fc.oneof({ weight: 5, arbitrary: changed(sweeps) }, { weight: 1, arbitrary: anything }), runs / 5),
    check('payloads of the queue', readPayload, fc.oneof(changed([payload]), anything), runs / 5),
  ];
}
