// Whole jobs through the facade, backend against backend: one suite for every schedule.
import { simulate } from 'model-collapse';
import { backendNames } from '../dist/backend/select.js';
import { save } from './report.mjs';
import { suite } from './suite.mjs';

const initial = { kind: 'zipf', vocabulary: 600, support: 52, simpson: 0.1 };
const kinds = [
  { kind: 'fully-synthetic', sampleSize: 100 },
  { kind: 'fully-synthetic', sampleSize: 1_000_000 },
  { kind: 'partially-synthetic', real: 100, synthetic: 100 },
  { kind: 'most-recent', sampleSize: 100, window: 5 },
  { kind: 'randomly-sampled', sampleSize: 100 },
];

export async function schedules({ out }) {
  const results = [];
  for (const schedule of kinds) {
    const spec = { model: { kind: 'categorical', initial }, schedule, generations: 50, replicates: 100, metrics: ['simpson'] };
    const run = (backend) => async () => {
      const { digest } = await simulate(spec, { backend, threads: 1 });
      return Number.parseInt(digest.slice(0, 12), 16);
    };
    const n = schedule.sampleSize ?? schedule.real + schedule.synthetic;
    results.push(
      await suite(
        `${schedule.kind}, n = ${n}: 100 replicates x 50 generations`,
        Object.fromEntries(backendNames.map((name) => [name, run(name)])),
      ),
    );
  }
  await save(out, 'schedules', { results });
}
