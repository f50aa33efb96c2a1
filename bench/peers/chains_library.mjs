// The library itself, one thread. The first argument is the backend, the second what is timed: `chains` (the chains and handing over
// what they recorded), `kernel` (the same without the handing over: wall time inside the kernel) or `simulate` (the whole call:
// checks, tables, summaries with quantiles, digest).
import { simulate } from 'model-collapse';
import { giveRoom } from '../../dist/backend/buffers.js';
import { closeLanes, openLanes } from '../../dist/backend/select.js';
import { prepare } from '../../dist/engine/prepare.js';
import { slices } from '../../dist/engine/slices.js';
import { parseSpec } from '../../dist/spec/spec.js';

const [backend, timed] = process.argv.splice(2, 2);
const { job, serve } = await import('./chains.mjs');

const spec = (sampleSize, seed) => ({
  model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: job.support, exponent: job.exponent } },
  schedule: { kind: 'fully-synthetic', sampleSize },
  generations: job.generations || 'until-collapse',
  replicates: job.replicates,
  seed,
  metrics: ['simpson'],
});

/** What a chain is asked for: its collapse time, or the last value recorded. */
const answers = (times, values) =>
  job.generations === 0 ? Array.from(times) : times.map((_, chain) => values[(chain + 1) * job.generations - 1]);

async function whole(seed) {
  const values = [];
  for (const n of job.sizes) {
    const list = [];
    const onChains = ({ collapseTimes, values }) => void list.push(...answers(Array.from(collapseTimes), values));
    await simulate(spec(n, seed), { backend, threads: 1, onChains });
    values.push(list);
  }
  return { values };
}

async function chains(seed) {
  const values = [];
  let seconds = 0;
  for (const n of job.sizes) {
    const { job: loaded, shape } = await prepare(parseSpec(spec(n, seed)), 1, backend);
    // Inline, as simulate() would: in this thread, whose processor time is all there is.
    const [lane] = await openLanes(backend, 1, true);
    await lane.open(shape);
    const list = [];
    for (const { slice } of slices(job.replicates, loaded.contextCount, shape.chainsPerSlice)) {
      const before = process.cpuUsage();
      const result = await lane.run(slice);
      const { user, system } = process.cpuUsage(before);
      const inside = result.busy.reduce((sum, time, i) => sum + (i % 2 === 0 ? -time : time), 0) / 1000;
      seconds += timed === 'kernel' ? inside : (user + system) / 1e6;
      list.push(...answers(Array.from(result.collapseTimes), result.values));
      giveRoom(result.values); // as simulate() does
    }
    values.push(list);
    closeLanes(backend, [lane]); // the next job finds it with its tables, as after a call of simulate()
  }
  return { values, seconds };
}

await serve(timed === 'simulate' ? whole : chains);
