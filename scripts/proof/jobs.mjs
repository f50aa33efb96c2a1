// Jobs of specs as a flat file that native/driver.cc reads, and digests of what it gives back: the kernels without Node.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../tools.mjs';
import { specsWithDigests } from './specs.mjs';

const load = (file) => import(join(root, 'dist', file));
const { NativeKernel } = await load('backend/native.js');
const { nativeNgramJob } = await load('backend/ngram-kernel.js');
const { Digest } = await load('engine/digest.js');
const { prepare } = await load('engine/prepare.js');
const { slices } = await load('engine/slices.js');
const { parseSpec } = await load('spec/spec.js');

const kinds = new Map([
  [Int32Array, 3],
  [Uint32Array, 4],
  [Float64Array, 5],
]);

/** What the library gives to the addon for a spec. @returns the addon's fields, its room for values, and the slices of the run */
export async function jobOf(spec) {
  const checked = parseSpec(spec);
  const { shape } = await prepare(checked, 1, 'wasm');
  const cut = [...slices(checked.replicates, shape.job.contextCount, shape.chainsPerSlice)].map(({ slice }) => slice);
  const ngram = shape.job.family === 'ngram';
  return { ngram, fields: ngram ? nativeNgramJob(shape.job.ngram) : loopFields(shape), ...shape, slices: cut };
}

/** NativeKernel writes the fields; an addon that only looks at them takes them down. */
function loopFields(shape) {
  let seen;
  class Kernel {
    constructor(fields) {
      seen = fields;
    }
  }
  new NativeKernel({ Kernel }).load(shape);
  return seen;
}

/** The jobs of all specs with a known digest, in a file of their own. */
export async function pinnedJobs(folder) {
  const specs = await specsWithDigests();
  const jobs = [];
  for (const { spec } of specs) jobs.push(await jobOf(spec));
  const file = join(folder, 'jobs');
  writeJobs(file, jobs);
  return { specs, jobs, file };
}

/** Writes the jobs to a file; little-endian, as the machines that this runs on are. */
function writeJobs(file, jobs) {
  const parts = [];
  const word = (...numbers) => parts.push(Buffer.from(Uint32Array.from(numbers).buffer));
  const double = (...numbers) => parts.push(Buffer.from(Float64Array.from(numbers).buffer));
  word(jobs.length);
  for (const { ngram, fields, outCapacity, slices } of jobs) {
    const entries = Object.entries(fields).filter(([, value]) => ['number', 'boolean'].includes(typeof value) || ArrayBuffer.isView(value));
    word(Number(ngram), entries.length);
    for (const [name, value] of entries) {
      const kind = kinds.get(value.constructor);
      word(name.length);
      parts.push(Buffer.from(name));
      if (kind) {
        word(kind, value.length);
        parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
      } else {
        word(typeof value === 'number' ? 1 : 2, 1);
        double(Number(value));
      }
    }
    word(outCapacity, slices.length);
    for (const { replicate, context, chains } of slices) double(replicate, context, chains);
  }
  writeFileSync(file, Buffer.concat(parts));
}

/** The digests of the jobs from what the driver wrote. */
export function digestsOf(output, jobs) {
  let at = 0;
  const take = (type) => {
    const count = output.readUInt32LE(at);
    const from = at + 4;
    at = from + count * type.BYTES_PER_ELEMENT;
    return new type(output.buffer.slice(output.byteOffset + from, output.byteOffset + at));
  };
  return jobs.map(({ job, slices }) => {
    const digest = new Digest(job.contextCount);
    for (const _ of slices) digest.add({ values: take(Float64Array), collapseTimes: take(Uint32Array) });
    return digest.finish();
  });
}
