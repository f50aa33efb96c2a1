// What is around the kernels: the overhead of a call, the first call of a process, the second thread.
import { execFileSync } from 'node:child_process';
import { simulate } from 'model-collapse';
import { backendNames } from '../dist/backend/select.js';
import { headlineJob } from './headline.mjs';
import { plainTable, save } from './report.mjs';
import { spread } from './statistics.mjs';

const spec = (sampleSize, replicates, generations, metrics = ['simpson']) => ({
  model: { kind: 'categorical', initial: { kind: 'zipf', vocabulary: headlineJob.support, exponent: headlineJob.exponent } },
  schedule: { kind: 'fully-synthetic', sampleSize },
  generations,
  replicates,
  metrics,
});

async function wall(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const row = (values, unit) => {
  const { min, median, max } = spread(values);
  return { [`${unit}, best`]: min, median, worst: max };
};

/** A job of two generations of one chain, again and again in one process: everything but the chain is overhead. */
export async function facade({ out }) {
  const tiny = spec(10, 1, 2);
  const calls = 1000;
  const rows = [];
  for (const backend of backendNames) {
    const call = () => simulate(tiny, { backend, threads: 1 });
    for (let i = 0; i < calls; i++) await call();
    const times = [];
    const before = process.cpuUsage();
    for (let i = 0; i < calls; i++) times.push(1000 * (await wall(call)));
    const { user, system } = process.cpuUsage(before);
    rows.push({ 'call overhead': backend, ...row(times, 'us'), 'us of processor, mean': (user + system) / calls });
  }
  console.log(`${plainTable(rows)}\n`);
  await save(out, 'facade', { spec: tiny, rows });
}

/** From importing the library to the first result, in processes of their own. */
export async function start({ rounds, out }) {
  const rows = [];
  for (const [name, given] of Object.entries({ 'two generations': spec(10, 1, 2), 'rows up to 400': spec(400, 4, 2) })) {
    for (const backend of backendNames) {
      const program = `const start = performance.now();
        const { simulate } = await import('model-collapse');
        const loaded = performance.now();
        await simulate(${JSON.stringify(given)}, { backend: '${backend}', threads: 1 });
        console.log(JSON.stringify([loaded - start, performance.now() - loaded]));`;
      const run = () =>
        JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: import.meta.dirname, encoding: 'utf8' }));
      const times = Array.from({ length: rounds }, run);
      const load = spread(times.map(([value]) => value)).min;
      rows.push({
        'first call of a process': `${backend}, ${name}`,
        'ms to import, best': load,
        ...row(
          times.map(([, value]) => value),
          'ms of the call',
        ),
      });
    }
  }
  console.log(`${plainTable(rows)}\n`);
  await save(out, 'start', { rows });
}

/** 10^5 replicates on one thread and on two, by the clock, in turns. */
export async function threads({ rounds, out }) {
  const rows = [];
  const jobs = {
    'n = 400, collapse times': spec(400, 100_000, [1, 10, 100, 1000, 10_000]),
    'n = 100, collapse times': spec(100, 100_000, [1, 10, 100, 1000]),
    'n = 100, every generation to the 100th': spec(100, 100_000, 100),
    'n = 100, until collapse': spec(100, 100_000, 'until-collapse'),
  };
  for (const [name, given] of Object.entries(jobs)) {
    const times = { 1: [], 2: [] };
    const processors = { 1: [], 2: [] };
    const digests = new Set();
    for (let round = 0; round < Math.min(rounds, 5); round++) {
      for (const threads of [1, 2]) {
        const before = process.cpuUsage();
        times[threads].push(await wall(async () => digests.add((await simulate(given, { backend: 'native', threads })).digest)));
        const { user, system } = process.cpuUsage(before);
        processors[threads].push((user + system) / 1000);
      }
    }
    if (digests.size !== 1) throw new Error(`${name}: digests differ between threads`);
    const [one, two] = [spread(times[1]), spread(times[2])];
    rows.push({
      '10^5 replicates': name,
      'one thread, ms': one.min,
      'two, ms': two.min,
      'times as fast, best': one.min / two.min,
      'in a round, median': spread(times[1].map((value, i) => value / times[2][i])).median,
      'processors, one': spread(processors[1]).min,
      'processors, two': spread(processors[2]).min,
    });
  }
  console.log(`${plainTable(rows)}\n`);
  await save(out, 'threads', { rows });
}
