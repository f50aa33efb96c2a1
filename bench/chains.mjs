// Chains without what is around them, one suite for each way to draw a generation, on every instruction set and backend.
import { openLanes } from '../dist/backend/select.js';
import { prepare } from '../dist/engine/prepare.js';
import { parseSpec } from '../dist/spec/spec.js';
import { instructionSets } from './contenders.mjs';
import { save } from './report.mjs';
import { suite } from './suite.mjs';

const uniform = (vocabulary) => ({ kind: 'categorical', initial: { kind: 'uniform', vocabulary } });
const zipf = { kind: 'categorical', initial: { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 } };
const full = (sampleSize) => ({ kind: 'fully-synthetic', sampleSize });

/** What dominates, and a spec where it does. */
export const chainSpecs = {
  'alias tables: one generation of 10^4 of 50,257 tokens': {
    model: uniform(50_257),
    schedule: full(10_000),
    generations: 1,
    replicates: 4,
  },
  'direct picks: n = 100, 90 tokens': { model: uniform(90), schedule: full(100), generations: 3, replicates: 64 },
  'Poisson rows: n = 400 until collapse': { model: uniform(4), schedule: full(400), generations: 'until-collapse', replicates: 32 },
  'small Poisson rows: n = 60 until collapse': { model: uniform(4), schedule: full(60), generations: 'until-collapse', replicates: 200 },
  'Poisson rows in groups: n = 500, 60 tokens': { model: uniform(60), schedule: full(500), generations: 10, replicates: 64 },
  'large counts: n = 10^6, 500 tokens': { model: uniform(500), schedule: full(1_000_000), generations: 20, replicates: 2 },
  'real and synthetic: 100 + 100': {
    model: zipf,
    schedule: { kind: 'partially-synthetic', real: 100, synthetic: 100 },
    generations: 100,
    replicates: 16,
  },
  'Gaussian, d = 4': { model: { kind: 'gaussian', dimension: 4 }, schedule: full(100), generations: 100, replicates: 16 },
};

/** A spec's chains on a kernel that is loaded and ready. @returns a function that runs them all and gives the result of the slice */
export async function chainsOf(spec, backend, set = '') {
  process.env.MODEL_COLLAPSE_SIMD = set;
  const metrics = spec.model.kind === 'categorical' ? ['simpson'] : ['variance'];
  const { job, shape } = await prepare(parseSpec({ seed: 1, metrics, ...spec }), 1, backend);
  const [lane] = await openLanes(backend, 1, true);
  await lane.open({ ...shape, chainsPerSlice: spec.replicates });
  return () => lane.run({ replicate: 0, context: 0, chains: spec.replicates * job.contextCount });
}

export async function chains({ out }) {
  const results = [];
  for (const [title, spec] of Object.entries(chainSpecs)) {
    const cases = {};
    const add = async (name, ...given) => {
      const run = await chainsOf(spec, ...given);
      cases[name] = async () => (await run()).values.reduce((sum, x) => sum + x, 0);
    };
    for (const set of instructionSets()) await add(`native, ${set}`, 'native', set);
    for (const backend of ['wasm', 'javascript']) await add(backend, backend);
    results.push(await suite(title, cases));
  }
  await save(out, 'chains', { results });
}
