// One point of a scale curve, in a process of its own, so that its memory is its own: node scale-point.mjs SPEC THREADS BACKEND
import { simulate } from 'model-collapse';

const [given, threads, backend] = process.argv.slice(2);
const spec = JSON.parse(given);
// The first call of a process loads the addon and compiles: no part of a curve.
await simulate(
  { ...spec, model: { kind: 'categorical', initial: { kind: 'uniform', vocabulary: 3 } }, generations: 2, replicates: 1 },
  { threads: 1, backend },
);
const base = process.resourceUsage().maxRSS;
const start = performance.now();
const { user, system } = process.cpuUsage();
const { metrics } = await simulate(spec, { threads: Number(threads), backend });
const milliseconds = performance.now() - start;
const used = process.cpuUsage();
console.log(
  JSON.stringify({
    milliseconds,
    cpuMilliseconds: (used.user + used.system - user - system) / 1000,
    megabytes: process.resourceUsage().maxRSS / 1024,
    baseMegabytes: base / 1024,
    simpson: metrics.simpson?.mean.at(-1),
  }),
);
